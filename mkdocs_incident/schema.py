"""The JSON Schemas of ``schemas/``, and what they have to say about a record in our own words."""

from __future__ import annotations

import copy
import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs_incident.acceptance import Accepts, acceptance
from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import exact_duration
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.source.times import parse_date, parse_instant
from mkdocs_incident.wording import clip, listed

if TYPE_CHECKING:
    import jsonschema

SCHEMAS = (
    "incident",
    "postmortem",
    "runbook",
    "mitigation-plan",
    "config",
    "action-item",
    "timeline-event",
    "incidents",
)
RECORD_KINDS = SCHEMAS[:4]

_URN = "urn:mkdocs-incident:schema:"
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

_CHANNEL = regex(r"(?:[^{}]|\{(?:date|title|id|severity)\})*")
_CLOCK = regex(r"([01]\d|2[0-3]):[0-5]\d")
_SPACE = regex(r"\s")


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or parse_instant(value) is not None


def _is_instant_with_zone(value: object) -> bool:
    """A team's own field says it in JSON Schema's own word."""
    moment = parse_instant(value)
    return not isinstance(value, str) or (moment is not None and moment.tzinfo is not None)


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or parse_date(value) is not None


def _is_channel(value: object) -> bool:
    return not isinstance(value, str) or _CHANNEL.fullmatch(value) is not None


def _is_clock(value: object) -> bool:
    return not isinstance(value, str) or _CLOCK.fullmatch(value) is not None


def _is_words(value: object) -> bool:
    return not isinstance(value, str) or not value or bool(value.strip())


def _is_duration(value: object) -> bool:
    return not isinstance(value, str) or exact_duration(value) is not None


def _is_duration_or_none(value: object) -> bool:
    return value == "none" or _is_duration(value)


def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return _is_uri_reference(value) and bool(urlsplit(value).scheme)


def _is_uri_reference(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        urlsplit(value)
    except ValueError:
        return False
    return _SPACE.search(value) is None


FORMATS: dict[str, Callable[[object], bool]] = {
    "instant": _is_instant,
    "date-time": _is_instant_with_zone,
    "date": _is_date,
    "channel": _is_channel,
    "clock": _is_clock,
    "words": _is_words,
    "duration": _is_duration,
    "duration-or-none": _is_duration_or_none,
    "uri": _is_uri,
    "uri-reference": _is_uri_reference,
}
"""Every format that is checked, by its name in a schema; what is no text has all of them."""


@cache
def format_checker() -> jsonschema.FormatChecker:
    """Return `FORMATS` as the library takes them."""
    import jsonschema  # noqa: PLC0415 - see `RecordSchema`

    checker = jsonschema.FormatChecker(formats=())
    for name, has_it in FORMATS.items():
        checker.checks(name)(has_it)
    return checker


def schema_folder() -> Path:
    """Return the folder that holds the schemas: in the package, or beside it in a checkout."""
    package = Path(__file__).parent
    folder = package / "schemas"
    return folder if folder.is_dir() else package.parent / "schemas"


@cache
def _text(name: str) -> str:
    return (schema_folder() / f"{name}.schema.json").read_text("utf-8")


def _raw(name: str) -> dict[str, Any]:
    """Return a schema as its file has it, the caller's own: parsing takes a third of a deep copy."""
    content: dict[str, Any] = json.loads(_text(name))
    return content


def bundled(
    name: str,
    levels: Sequence[str] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the schema `name` with all it refers to inside, so that any validator can use it.

    Args:
        name: one of `SCHEMAS`.
        levels: severity levels in force; None leaves the schema's own.
        fields: a team's own fields, name to JSON Schema.
    """
    root = _raw(name)
    pending = [root]
    parts: dict[str, Any] = {}
    while pending:
        for node in _nodes(pending.pop()):
            reference = node.get("$ref", "")
            if not reference.startswith(_URN):
                continue
            target, _, pointer = reference.removeprefix(_URN).partition("#")
            if target != name and target not in parts:
                parts[target] = _raw(target)
                pending.append(parts[target])
            base = "#" if target == name else f"#/$defs/{target}"
            node["$ref"] = base + pointer
    for target, part in parts.items():
        part.pop("$id", None)
        part.pop("$schema", None)
        root.setdefault("$defs", {})[target] = part
    if levels is not None:
        for schema in (root, *parts.values()):
            severity = schema.get("properties", {}).get("severity", {})
            if name == "config" or "enum" not in severity:
                continue
            severity["enum"] = list(levels)
            severity["examples"] = [levels[min(1, len(levels) - 1)]]
    root.get("properties", {}).update(copy.deepcopy(dict(fields or {})))
    return root


def field_order(name: str, route: Route = ()) -> list[str]:
    """Return the fields of the mapping at `route` in the order in which the schema `name` has them."""
    return list(field_schema(bundled(name), route).get("properties", {}))


def field_schema(root: dict[str, Any], route: Route) -> dict[str, Any]:
    """Return what a bundled schema says of the value at `route`; empty where it says nothing."""
    node: dict[str, Any] = root
    for step in (*route, None):
        while reference := node.get("$ref"):
            node = root
            for part in reference.removeprefix("#/").split("/"):
                node = node.get(part, {}) if part else node
        if step is not None:
            inner = (
                node.get("items", {})
                if isinstance(step, int)
                else node.get("properties", {}).get(step, node.get("additionalProperties", {}))
            )
            node = inner if isinstance(inner, dict) else {}
    return node


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from _nodes(child)


class RecordSchema:
    """One schema, ready to judge; say what it finds as findings at the values' places.

    A record that is surely valid is not looked at again. Only to say what is wrong with another is the
    library `jsonschema` loaded: that takes longer than to read some hundred records.
    """

    def __init__(
        self,
        name: str,
        levels: Sequence[str] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self._levels = levels
        self._fields = fields

    @cached_property
    def document(self) -> dict[str, Any]:
        """The schema itself, with all it refers to."""
        return bundled(self.name, self._levels, self._fields)

    @cached_property
    def _accepts(self) -> Accepts | None:
        return acceptance(self.document, FORMATS)

    @cached_property
    def _validator(self) -> jsonschema.protocols.Validator:
        import jsonschema  # noqa: PLC0415 - see above

        return jsonschema.Draft202012Validator(self.document, format_checker=format_checker())

    def findings(
        self, record: Mapping[str, Any], places: Callable[[], Positions], top: Location
    ) -> list[Finding]:
        """Return what is wrong with `record`, each at its place.

        Args:
            record: what is judged.
            places: tells where values stand; not asked where nothing is wrong.
            top: where a field that is missing altogether is reported.
        """
        if self._accepts is not None and self._accepts(record):
            return []
        positions = places()
        found: list[Finding] = []
        required: set[Route] = set()
        dateless: list[Finding] = []
        for error in self._validator.iter_errors(record):
            route: Route = tuple(error.absolute_path)
            if error.validator == "minItems" and (self.name, *route) in _JUDGED_BY_RULES:
                continue
            if error.validator == "required":
                if route in required:
                    continue
                required.add(route)
            for finding in self._explain(error, route, positions, top):
                clock_only = route[:1] == ("timeline",) and re.fullmatch(
                    r"\d{1,2}:\d{2}", str(error.instance)
                )
                (dateless if clock_only else found).append(finding)
        if dateless:
            found.append(_dateless(dateless))
        return found

    def _explain(
        self, error: jsonschema.ValidationError, route: Route, positions: Positions, top: Location
    ) -> Iterator[Finding]:
        here = place(positions, route, top)
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
                    at = place(positions, (*route, field), top)
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
                    at = positions.keys.get((*route, key)) or place(positions, (*route, key), top)
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
                import jsonschema  # noqa: PLC0415 - as above

                best = jsonschema.exceptions.best_match(_of_its_type(error) or error.context)
                yield from self._explain(best, tuple(best.absolute_path), positions, top)
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


def judge(document: Document, schema: RecordSchema) -> list[Finding]:
    """Return what the schema finds in a document's merged record."""
    return schema.findings(document.record, lambda: document.positions, document.top)


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
    near = difflib.get_close_matches(str(value), [str(a) for a in allowed], n=2, cutoff=0.6)
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
