"""What is wrong with a policy file that its schema can't see: names that don't exist, and the like."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mkdocs_incident.acceptance import acceptance
from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy.model import DEFAULT_SOURCES, handle_key
from mkdocs_incident.policy.presets import DEFAULT_SCHEME, SCHEMES
from mkdocs_incident.schema.explanation import near_value, place
from mkdocs_incident.schema.formats import FORMATS
from mkdocs_incident.schema.validation import RecordSchema
from mkdocs_incident.source.alert_rules import matching_files
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.wording import clip, listed

_HANDLE = regex(r"@?\w[\w./-]*")


def mistakes(data: dict[str, Any], positions: Positions, root: Path, name: str) -> list[Finding]:
    """Return the mistakes in a file that its schema allows; `root` is its folder."""
    return [
        *_wrong_fields(data, positions, name),
        *_wrong_sources(data, positions, root),
        *_wrong_patterns(data, positions),
        *_wrong_alert_rules(data, positions, root),
        *_unknown_levels(data, positions, name),
        *_wrong_names(data, positions, name),
        *_wrong_support_hours(data, positions, name),
    ]


def _unknown_levels(data: dict[str, Any], positions: Positions, name: str) -> Iterator[Finding]:
    """Levels are named in several places: each must be one of the scheme's."""
    chosen = data.get("severity", DEFAULT_SCHEME)
    names = chosen if isinstance(chosen, list) else [level.name for level in SCHEMES[chosen].levels]
    used: list[tuple[Route, str]] = [(("levels", level), level) for level in data.get("levels", {})]
    for impact, row in data.get("matrix", {}).items():
        used += [(("matrix", impact, urgency), level) for urgency, level in row.items()]
    for i, tier in enumerate(data.get("escalation", [])):
        used += [(("escalation", i, "after", level), level) for level in tier["after"]]
    for route, level in used:
        if level in names:
            continue
        same = [known for known in names if known.casefold() == level.casefold()]
        near = f"Did you mean `{same[0]}`?" if same else near_value(level, names)
        where = positions.keys.get(route) if route[-1] == level else positions.values.get(route)
        yield Finding(
            where or place(positions, route, Location(name)),
            f"Level `{clip(level)}` is not one of {listed(names)}",
            near
            or "Use one of them, or list your own levels: `severity: [critical, major, minor]`",
            rule="value-not-allowed",
        )


def _wrong_names(data: dict[str, Any], positions: Positions, name: str) -> Iterator[Finding]:
    """Names that records refer to: each stands once, and people and teams have handles."""
    for topic in ("severity", "services", "people", "teams"):
        given = data.get(topic, [])
        known: dict[str, str] = {}
        for i, word in enumerate(given if isinstance(given, list | dict) else ()):
            route: Route = (topic, i if isinstance(given, list) else word)
            here = positions.keys.get(route) or place(positions, route, Location(name))
            is_handle = topic in {"people", "teams"}
            if is_handle and not _HANDLE.fullmatch(word):
                yield Finding(
                    here,
                    f"`{clip(word)}` is no handle, expected one such as `@payments-team`",
                    "Give the handle that records use; `name` holds what people are called",
                    rule="bad-format",
                )
            key = handle_key(word) if is_handle else word.casefold()
            if key in known:
                yield Finding(
                    here,
                    f"`{clip(word)}` is given twice in `{topic}`, first as `{clip(known[key])}`",
                    "Take one of the two out",
                    rule="value-not-allowed",
                )
            known.setdefault(key, word)


def _wrong_support_hours(
    data: dict[str, Any], positions: Positions, name: str
) -> Iterator[Finding]:
    hours = data.get("support_hours", {})
    if hours and hours["from"] >= hours["to"]:
        yield Finding(
            place(positions, ("support_hours", "to"), Location(name)),
            f"Support ends at `{hours['to']}`, expected a time after `{hours['from']}`",
            'Give the hours of one day, such as `from: "09:00"` and `to: "17:00"`',
            rule="value-not-allowed",
        )
    if "zone" in hours:
        try:
            ZoneInfo(hours["zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield Finding(
                place(positions, ("support_hours", "zone"), Location(name)),
                f"Time zone `{clip(hours['zone'])}` is not known",
                "Name it as the IANA database does, such as `Europe/Berlin` or `UTC`",
                rule="value-not-allowed",
            )


def _wrong_patterns(data: dict[str, Any], positions: Positions) -> Iterator[Finding]:
    """A bracket that is not closed matches only itself: nothing would be excluded."""
    for i, pattern in enumerate(data.get("exclude", [])):
        if "[" in pattern and "]" not in pattern.partition("[")[2]:
            yield Finding(
                positions.values["exclude", i],
                f"Pattern `{clip(pattern)}` opens a bracket that it does not close",
                "Close it, or write `[[]` for the character itself",
                rule="value-not-allowed",
            )


def _wrong_fields(data: dict[str, Any], positions: Positions, name: str) -> list[Finding]:
    """A team's own fields must be JSON Schemas and must not redefine ours."""
    findings = []
    for kind, fields in data.get("fields", {}).items():
        known = RecordSchema(kind).document["properties"]
        for field_name, schema in fields.items():
            route: Route = ("fields", kind, field_name)
            here = positions.keys.get(route) or Location(name)
            if field_name in known:
                findings.append(
                    Finding(
                        here,
                        f"Field `{clip(field_name)}` exists already in `{kind}`",
                        "Choose another name",
                        rule="value-not-allowed",
                    )
                )
            if reference := _reference(schema):
                findings.append(
                    Finding(
                        here,
                        f"Field `{clip(field_name)}` uses `{reference}`, "
                        "expected a schema that is complete in itself",
                        "Write out what it refers to",
                        rule="value-not-allowed",
                    )
                )
            if reference or acceptance(schema, FORMATS) is None:
                findings += _no_schema(field_name, schema, here)
    return findings


def _no_schema(name: str, schema: Any, here: Location) -> Iterator[Finding]:
    """Yield what is wrong with a field's schema, as JSON Schema itself says it."""
    import jsonschema  # noqa: PLC0415 - see `RecordSchema`

    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        where = ".".join(str(part) for part in error.absolute_path)
        yield Finding(
            here,
            f"Field `{clip(name)}` has no valid JSON Schema: `{where}` is `{clip(error.instance)}`",
            "Write it as JSON Schema 2020-12",
            rule="bad-format",
        )


def _is_below(root: Path, folder: Path) -> bool:
    try:
        real = folder.resolve()
        return real.is_relative_to(root.resolve()) and real != root.resolve()
    except (OSError, RuntimeError, ValueError):  # a link to itself, a name no folder can have
        return False


def _reference(schema: Any) -> str | None:
    """Return the first keyword that leads out of a field's schema: what it names may not be there."""
    if not isinstance(schema, dict | list):
        return None
    own = [keyword for keyword in ("$ref", "$dynamicRef", "$id") if keyword in schema]
    children = schema.values() if isinstance(schema, dict) else schema
    return next(filter(None, [*own, *map(_reference, children)]), None)


def _wrong_sources(data: dict[str, Any], positions: Positions, root: Path) -> list[Finding]:
    """A folder that was named must be there and inside the repository: a typo would hide records."""
    findings = []
    for i, source in enumerate(data.get("sources", [])):
        here = positions.values[("sources", i)]
        if source.startswith("/") or not _is_below(root, root / source):
            findings.append(
                Finding(
                    here,
                    f"Source `{clip(source)}` is not a folder below this file's own",
                    "Name a folder inside the repository",
                    rule="value-not-allowed",
                )
            )
        elif source not in DEFAULT_SOURCES and not (root / source).is_dir():
            folders = [path.name for path in root.iterdir() if path.is_dir()]
            near = difflib.get_close_matches(source, folders, n=1)
            findings.append(
                Finding(
                    here,
                    f"Source `{clip(source)}` is not a folder here",
                    f"Did you mean `{near[0]}`?" if near else "Create it or take it out",
                    rule="value-not-allowed",
                )
            )
    return findings


def _wrong_alert_rules(data: dict[str, Any], positions: Positions, root: Path) -> Iterator[Finding]:
    """A pattern must match files, and inside the repository: a typo would leave alerts unchecked."""
    for i, pattern in enumerate(data.get("alert_rules", [])):
        here = positions.values["alert_rules", i]
        leads_out = f"{posixpath.normpath(pattern)}/".startswith(("/", "../"))
        files = [] if leads_out else matching_files(root, pattern)
        if leads_out or not all(_is_below(root, root / path) for path in files):
            yield Finding(
                here,
                f"Path `{clip(pattern)}` leads out of this file's folder",
                "Name rule files inside the repository",
                rule="value-not-allowed",
            )
        elif not files:
            inside = f"`{clip(pattern.rstrip('/'))}/*.yml`"
            yield Finding(
                here,
                f"Path `{clip(pattern)}` matches no file",
                f"Name the files in the folder, such as {inside}"
                if (root / pattern).is_dir()
                else "Name rule files that are there, or take it out",
                rule="value-not-allowed",
            )
