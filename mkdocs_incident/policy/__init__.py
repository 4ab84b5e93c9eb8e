"""What a team decides: ``incident.yml``, read with its places and judged by its own schema."""

from __future__ import annotations

import difflib
import os
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema

from mkdocs_incident.diagnostic import Finding, Level, Location, clip
from mkdocs_incident.policy.presets import DEFAULT_SCHEME, SCHEMES, SeverityLevel
from mkdocs_incident.schema import RECORD_KINDS, RecordSchema
from mkdocs_incident.source.document import DEFAULT_MAX_SIZE, ReadOptions
from mkdocs_incident.source.front_matter import Positions, Route, read_mapping
from mkdocs_incident.source.text import decode

CONFIG_NAME = "incident.yml"
DEFAULT_SOURCES = ("incidents", "runbooks")


class PolicyError(Exception):
    """The policy can't be used; `findings` say where and why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Service:
    """A service that records may name."""

    name: str
    owner: str | None = None
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """The rules of one repository; every default holds where the file is silent."""

    root: Path = field(default_factory=Path.cwd)
    """Folder that all paths are relative to."""
    sources: tuple[str, ...] = DEFAULT_SOURCES
    exclude: tuple[str, ...] = ()
    levels: tuple[SeverityLevel, ...] = SCHEMES[DEFAULT_SCHEME]
    """Severity levels, gravest first."""
    rule_levels: Mapping[str, Level | None] = field(default_factory=dict)
    """Rule name → level, None for off."""
    services: tuple[Service, ...] = ()
    people: tuple[str, ...] = ()
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Record kind → a team's own fields, name to JSON Schema."""
    read_options: ReadOptions = field(default_factory=ReadOptions)
    positions: Positions = field(default_factory=Positions)
    config_name: str | None = None
    """Path of the file relative to the root; None without one."""

    def with_all_levels(self) -> Policy:
        """Return the policy with the levels of every scheme, to read records of any team."""
        levels = {level.name: level for scheme in SCHEMES.values() for level in scheme}
        return replace(self, levels=tuple(levels.values()))

    def level(self, name: str | None) -> SeverityLevel | None:
        """Return the level called `name`, None if the scheme has none."""
        return next((level for level in self.levels if level.name == name), None)

    @cached_property
    def schemas(self) -> dict[str, RecordSchema]:
        """The schema of each record kind, with this policy's levels and fields."""
        names = [level.name for level in self.levels]
        return {kind: RecordSchema(kind, names, self.fields.get(kind)) for kind in RECORD_KINDS}

    def at(self, *route: str | int) -> Location:
        """Return where `route` stands in the file."""
        path = self.config_name or CONFIG_NAME
        return self.positions.keys.get(route) or self.positions.values.get(route) or Location(path)


def find_config(folder: Path) -> Path | None:
    """Return ``incident.yml`` of `folder`, None if there is none."""
    path = folder / CONFIG_NAME
    return path if os.path.lexists(path) else None


def load_policy(config: Path | None, root: Path) -> Policy:
    """Read the policy file; without one return the defaults for `root`.

    Raises:
        PolicyError: the file can't be read, or what it says is wrong.
    """
    if config is None:
        return Policy(root)
    root = config.parent
    name = config.name
    try:
        content = config.read_bytes()
    except OSError as error:
        raise PolicyError(
            [
                Finding(
                    Location(name),
                    f"`{config}` can't be read: {error.strerror}",
                    "Check the path and its permissions",
                    rule="unreadable-path",
                )
            ]
        ) from error
    source = decode(name, content)
    if isinstance(source, Finding):
        raise PolicyError([source])
    data, positions, findings = read_mapping(source)
    if data is not None:
        data = {key: value for key, value in data.items() if value is not None}
        schema = RecordSchema("config")
        findings += schema.findings(data, positions, Location(name))
        if not findings:
            findings += _wrong_fields(data, positions, name) + _wrong_sources(data, positions, root)
    if findings or data is None:
        raise PolicyError(findings)
    return Policy(
        root=root,
        sources=tuple(map(posixpath.normpath, data.get("sources", DEFAULT_SOURCES))),
        exclude=tuple(data.get("exclude", ())),
        levels=SCHEMES[data.get("severity", DEFAULT_SCHEME)],
        rule_levels={
            rule: None if level == "off" else Level.parse(level)
            for rule, level in data.get("rules", {}).items()
        },
        services=_services(data.get("services", [])),
        people=tuple(data.get("people", ())),
        fields=data.get("fields", {}),
        read_options=ReadOptions(
            order=data.get("date_order", "month-first"),
            max_size=data.get("max_file_size", DEFAULT_MAX_SIZE),
        ),
        positions=positions,
        config_name=name,
    )


def _services(value: Any) -> tuple[Service, ...]:
    if isinstance(value, list):
        return tuple(Service(name) for name in value)
    return tuple(
        Service(name, (about or {}).get("owner"), tuple((about or {}).get("alerts", ())))
        for name, about in value.items()
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
            try:
                jsonschema.Draft202012Validator.check_schema(schema)
            except jsonschema.SchemaError as error:
                where = ".".join(str(part) for part in error.absolute_path)
                findings.append(
                    Finding(
                        here,
                        f"Field `{clip(field_name)}` has no valid JSON Schema: "
                        f"`{where}` is `{clip(error.instance)}`",
                        "Write it as JSON Schema 2020-12",
                        rule="bad-format",
                    )
                )
    return findings


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
        elif not (root / source).is_dir():
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
