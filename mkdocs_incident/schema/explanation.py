"""What a validator refused, in our own words: the message, the place, and the hint that mends it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.wording import clip, listed

if TYPE_CHECKING:
    import jsonschema

_TYPES = {"string": "text", "array": "a list", "object": "a mapping", "integer": "a whole number",
          "number": "a number", "boolean": "true or false", "null": "empty"}  # fmt: skip
_FORMATS = {
    "instant": "a time such as `2025-06-15T14:23Z`",
    "date-time": "a time such as `2025-06-15T14:23Z`",
    "date": "a date such as `2025-06-15`",
    "words": "text",
    "channel": "a name in which `{date}`, `{title}`, `{id}` or `{severity}` are filled in",
    "clock": "a time of day such as `09:00`",
    "duration": "a span such as `15 min`, `4 h` or `7 days`",
    "duration-or-none": "a span such as `15 min`, `4 h` or `7 days`, or `none`",
    "uri": "an address such as `https://…`",
    "uri-reference": "an address or a path",
}
_JUDGED_BY_RULES = {
    ("incident", "severity"),
    ("incident", "incident_commander"),
    ("postmortem", "incidents"),
}
"""Missing, these are findings of their own rules, whatever kind of record stands for the incident."""

_SCHEME_HINT = "Correct it, or name another scheme in incident.yml: `severity: p0-p3` or `p1-p4`"
_LIMITS = {"minimum": "at least {}", "exclusiveMinimum": "more than {}",
           "maximum": "at most {}", "exclusiveMaximum": "less than {}",
           "multipleOf": "a multiple of {}",
           "minLength": "{} or more characters", "maxLength": "{} or fewer characters",
           "minItems": "{} or more entries", "maxItems": "{} or fewer entries",
           "uniqueItems": "each entry once"}  # fmt: skip
_NOTHING = {"integer": "`0` asks for none", "array": "`[]` asks for none",
            "object": "Leave it out to ask for none"}  # fmt: skip
"""Type → how to write what people mean by ``none``."""
_LONGEST_EXAMPLE = 80


class Explanation(msgspec.Struct, frozen=True):
    """Says what a schema refuses in one record."""

    name: str
    """Of the schema."""
    document: dict[str, Any]
    """The schema itself, with all it refers to."""
    positions: Positions
    top: Location
    """Where a field that is missing altogether is reported."""

    def findings(self, errors: Iterable[jsonschema.ValidationError]) -> list[Finding]:
        """Return what `errors` say, each at its place; times without a date as one."""
        found: list[Finding] = []
        required: set[Route] = set()
        dateless: list[Finding] = []
        for error in errors:
            route: Route = tuple(error.absolute_path)
            if error.validator == "minItems" and (self.name, *route) in _JUDGED_BY_RULES:
                continue
            if error.validator == "required":
                if route in required:
                    continue
                required.add(route)
            for finding in self.of(error, route):
                clock_only = route[:1] == ("timeline",) and re.fullmatch(
                    r"\d{1,2}:\d{2}", str(error.instance)
                )
                (dateless if clock_only else found).append(finding)
        if dateless:
            found.append(_dateless(dateless))
        return found

    def of(self, error: jsonschema.ValidationError, route: Route) -> Iterator[Finding]:
        """Yield what one error says of the value at `route`."""
        here = place(self.positions, route, self.top)
        name = readable(route)
        value: Any = error.instance
        keyword: str = str(error.validator)
        expected: Any = error.validator_value
        schema: Any = error.schema
        match keyword:
            case "required":
                for field in expected:
                    if field in value or ((self.name, field) in _JUDGED_BY_RULES and not route):
                        continue
                    at = place(self.positions, (*route, field), self.top)
                    yield Finding(
                        at,
                        f"`{name}` has no `{field}`" if route else f"Field `{field}` is missing",
                        hint=self._description(schema, field),
                        rule="missing-field",
                    )
            case "additionalProperties":
                known = list(schema.get("properties", {}))
                patterns = list(schema.get("patternProperties", {}))
                for key in value:
                    if key in known or any(re.search(pattern, key) for pattern in patterns):
                        continue
                    at = self.positions.keys.get((*route, key)) or place(
                        self.positions, (*route, key), self.top
                    )
                    yield Finding(
                        at,
                        f"Field `{clip(key)}` is not known" + (f" in `{name}`" if route else ""),
                        hint=_nearest(key, known, own_fields=not route and self.name != "config"),
                        rule="unknown-field",
                    )
            case "type":
                wanted = [expected] if isinstance(expected, str) else list(expected)
                yield Finding(
                    here,
                    f"`{name}` is {_type_of(value)}, expected {' or '.join(_TYPES[t] for t in wanted)}",
                    hint=_hint_for_type(value, wanted, schema, route),
                    rule="wrong-type",
                )
            case "enum" | "const":
                allowed = [expected] if keyword == "const" else list(expected)
                label = schema.get("title") or f"`{name}` is"
                scheme = _SCHEME_HINT if label == "Severity" else ""
                yield Finding(
                    here,
                    f"{label} `{_scalar(value)}`{' is' if 'title' in schema else ','} not one of "
                    + listed([_scalar(a) for a in allowed], 20),
                    hint=near_value(value, allowed) or scheme or "Write one of them",
                    rule="value-not-allowed",
                )
            case "format" | "pattern":
                wanted_form = _FORMATS.get(str(expected), f"text matching `{expected}`")
                yield Finding(
                    here,
                    f"`{name}` is {_shown(value)}, expected {wanted_form}",
                    hint=_example(schema, route) or "Write it in that form",
                    rule="bad-format",
                )
            case "anyOf" | "oneOf" if error.context and not _asks_for_fields(expected):
                import jsonschema  # noqa: PLC0415 - see `RecordSchema`

                best = jsonschema.exceptions.best_match(_of_its_type(error) or error.context)
                yield from self.of(best, tuple(best.absolute_path))
            case "anyOf":
                options = [field for option in expected for field in option["required"]]
                yield Finding(
                    here,
                    f"`{name}` has none of {listed(options)}",
                    hint="Give at least one of them",
                    rule="missing-field",
                )
            case _:
                wanted_value = _LIMITS.get(keyword, f"what `{keyword}` of its schema allows")
                yield Finding(
                    here,
                    f"`{name}` is {_shown(value)}, expected {wanted_value.format(clip(expected))}",
                    hint=_example(schema, route) or "Correct it, or take it out",
                    rule="value-not-allowed",
                )

    def _description(self, schema: Mapping[str, Any], field: str) -> str:
        node: Mapping[str, Any] = schema.get("properties", {}).get(field, {})
        while "description" not in node and node.get("$ref", "").startswith("#/"):
            target: Any = self.document
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return str(node.get("description", "")).removesuffix(".")


def _asks_for_fields(options: Sequence[Mapping[str, Any]]) -> bool:
    return all(isinstance(option, dict) and "required" in option for option in options)


def _of_its_type(error: jsonschema.ValidationError) -> list[jsonschema.ValidationError]:
    """Return what the alternatives that take this type of value say: a list is no misspelt word."""
    is_scalar = not isinstance(error.instance, list | dict)
    wrong = {"type"} if is_scalar else {"type", "enum", "const"}
    return [
        inner
        for inner in error.context
        if inner.validator not in wrong or list(inner.absolute_path) != list(error.absolute_path)
    ]


def _scalar(value: Any) -> str:
    return clip(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _shown(value: Any) -> str:
    """Return a value for a message: a scalar as it is, of anything larger only the type."""
    if value in ("", [], {}):
        return "empty"
    return _type_of(value) if isinstance(value, dict | list) else f"`{_scalar(value)}`"


def place(positions: Positions, route: Route, top: Location) -> Location:
    """Return where `route` stands: the value, else its key, else its nearest parent's key."""
    if route in positions.values and route:
        return positions.values[route]
    if route in positions.keys:
        return positions.keys[route]
    for end in range(len(route) - 1, 0, -1):
        found = positions.keys.get(route[:end]) or positions.values.get(route[:end])
        if found is not None:
            return found
    return top


def readable(route: Route) -> str:
    """Return a route as people write it: ``action_items[0].due``."""
    text = ""
    for part in route:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return clip(text) or "record"


def _dateless(findings: list[Finding]) -> Finding:
    first = findings[0]
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    time = re.search(r"`(\d{1,2}:\d{2})`", first.message)
    lack = "have" if more else "has"
    return Finding(
        first.location,
        f"Timeline time `{time[1] if time else '?'}`{more} {lack} no date",
        hint="Give the day once: a line `**Date:** 2025-06-15`, or a full time in the first entry",
        rule="bad-format",
    )


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    for kind, name in (
        (str, "text"),
        (list, "a list"),
        (dict, "a mapping"),
        (int, "a whole number"),
    ):
        if isinstance(value, kind):
            return name
    return "a number" if isinstance(value, float) else "empty"


def _nearest(key: str, known: list[str], *, own_fields: bool) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    if own_fields:
        return "Name it `x-…`, or declare it under `fields` in incident.yml"
    return "Known here: " + listed(known, 12)


def near_value(value: Any, allowed: list[Any]) -> str:
    """Return the hint that names the one allowed value that is nearest; empty where none is."""
    words = [str(word) for word in allowed]
    if isinstance(value, int):
        numbered = [word for word in words if re.fullmatch(rf"\D+{value}", word)]
        if len(numbered) == 1:  # `2` is `SEV2`
            return f"Did you mean `{numbered[0]}`?"
    near = difflib.get_close_matches(str(value), words, n=2, cutoff=0.6)
    ratios = {difflib.SequenceMatcher(None, word, str(value)).ratio() for word in near}
    if near and len(ratios) == len(near):  # `SEV9` is as near to each level: no guess
        return f"Did you mean `{near[0]}`?"
    return ""


def _hint_for_type(
    value: Any, wanted: Sequence[str], schema: Mapping[str, Any], route: Route
) -> str:
    if value == "none":
        return next((_NOTHING[name] for name in wanted if name in _NOTHING), "")
    is_name = "string" in wanted and schema.get("format") in {None, "words"}
    if is_name and isinstance(value, bool | int | float):
        return "Put it into quotes"
    return _example(schema, route)


def _example(schema: Mapping[str, Any], route: Route) -> str:
    """Return the hint that shows a whole example; what is too long for a line is described."""
    examples = schema.get("examples") or []
    if not examples or not route or isinstance(route[-1], int):
        return ""
    written = json.dumps(examples[0], ensure_ascii=False)
    if len(written) > _LONGEST_EXAMPLE:
        return str(schema.get("description", "")).partition(". ")[0].removesuffix(".")
    return f"For example `{route[-1]}: {clip(written, _LONGEST_EXAMPLE)}`"
