"""The policy in force: what a team decides, on top of what its severity scheme asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from mkdocs_incident.diagnostic import Level, Location
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.policy.calendar import SupportHours
from mkdocs_incident.policy.individuals import Individuals, folded
from mkdocs_incident.policy.presets import (
    CATEGORIES,
    CHANNEL,
    DEFAULT_SCHEME,
    HORIZONS,
    LIMITS,
    SCHEMES,
    Category,
    Matrix,
    Profile,
    SeverityLevel,
    Tier,
)
from mkdocs_incident.policy.waivers import Waiver
from mkdocs_incident.schema.validation import RecordSchema
from mkdocs_incident.source.document import ReadOptions
from mkdocs_incident.source.front_matter import Positions
from mkdocs_incident.source.phrases import is_role
from mkdocs_incident.source.title import KINDS

DEFAULT_SOURCES = ("incidents", "runbooks")
_DEFAULT = SCHEMES[DEFAULT_SCHEME]
_NAMES = tuple(level.name for level in _DEFAULT.levels)


class Service(msgspec.Struct, frozen=True):
    """A service that records may name."""

    name: str
    owner: str | None = None
    alerts: tuple[str, ...] = ()


class Person(msgspec.Struct, frozen=True):
    """Somebody whom records may name, by handle."""

    handle: str
    name: str | None = None
    """A name that stands beside the handle in texts."""
    team: str | None = None


def handle_key(handle: str) -> str:
    """Return a handle or a name as it is compared: without ``@``, letter case and doubled spaces."""
    return folded(" ".join(handle.split()).removeprefix("@"))


class Policy(msgspec.Struct, frozen=True, dict=True):
    """The rules of one repository; every default holds where the file is silent."""

    root: Path = msgspec.field(default_factory=Path.cwd)
    """Folder that all paths are relative to."""
    sources: tuple[str, ...] = DEFAULT_SOURCES
    exclude: tuple[str, ...] = ()
    alert_rules: tuple[str, ...] = ()
    """Paths and globs of Prometheus rule files; empty checks no alerts."""
    profile: Profile = "standard"
    scheme: str | None = DEFAULT_SCHEME
    """Name of the preset that the levels come from; None for a team's own."""
    levels: tuple[SeverityLevel, ...] = _DEFAULT.levels
    """Severity levels, gravest first."""
    matrix: Matrix = msgspec.field(default_factory=lambda: _DEFAULT.matrix)
    escalation: tuple[Tier, ...] = _DEFAULT.escalation
    channel: str = CHANNEL
    """Name of an incident's channel, with ``{date}``, ``{title}``, ``{id}`` and ``{severity}``."""
    categories: Mapping[str, Category] = msgspec.field(default_factory=lambda: CATEGORIES)
    horizons: Mapping[str, timedelta] = msgspec.field(default_factory=lambda: HORIZONS)
    limits: Mapping[str, timedelta] = msgspec.field(default_factory=lambda: LIMITS)
    support_hours: SupportHours | None = None
    rule_levels: Mapping[str, Level | None] = msgspec.field(default_factory=dict)
    """Rule name → level, None for off."""
    waivers: tuple[Waiver, ...] = ()
    services: tuple[Service, ...] = ()
    people: tuple[Person, ...] = ()
    teams: tuple[str, ...] = ()
    """Handles of teams."""
    fields: Mapping[str, Mapping[str, Any]] = msgspec.field(default_factory=dict)
    """Record kind → a team's own fields, name to JSON Schema."""
    read_options: ReadOptions = msgspec.field(default_factory=lambda: ReadOptions(levels=_NAMES))
    positions: Positions = msgspec.field(default_factory=Positions)
    digest: bytes = b""
    """Stands for the content of the file; empty without one."""
    config_name: str | None = None
    """Path of the file relative to the root; None without one."""

    def with_all_levels(self) -> Policy:
        """Return the policy with the levels of every scheme, to read records of any team."""
        schemes = (scheme.levels for scheme in SCHEMES.values())
        levels = {level.name: level for scheme in schemes for level in scheme}
        levels |= {level.name: level for level in self.levels}
        options = replace(self.read_options, levels=())
        return replace(self, levels=tuple(levels.values()), read_options=options)

    def level(self, name: str | None) -> SeverityLevel | None:
        """Return the level called `name`, None if the scheme has none."""
        return next((level for level in self.levels if level.name == name), None)

    def graver(self, name: str, than: str) -> bool:
        """Return whether a level is graver than another; False where either is unknown."""
        names = [level.name for level in self.levels]
        return name in names and than in names and names.index(name) < names.index(than)

    def elapsed(self, level: SeverityLevel, start: datetime, end: datetime) -> timedelta:
        """Return the time between two instants as a level's targets count it."""
        if level.support_hours and self.support_hours is not None:
            return self.support_hours.elapsed(start, end)
        return end - start

    @cached_property
    def handles(self) -> frozenset[str]:
        """Handles of all people and teams, as `handle_key` compares them."""
        return frozenset(map(handle_key, (*(p.handle for p in self.people), *self.teams)))

    @cached_property
    def handles_and_names(self) -> frozenset[str]:
        """What people and teams go by, as `handle_key` compares it."""
        names = (person.name for person in self.people if person.name)
        return self.handles.union(map(handle_key, names))

    @cached_property
    def groups(self) -> frozenset[str]:
        """Teams and services, as `handle_key` compares handles."""
        services = (folded(service.name) for service in self.services)
        return frozenset([*map(handle_key, self.teams), *services])

    @cached_property
    def individuals(self) -> Individuals:
        """People who are no group, role or machine."""
        handles, names = set(), set()
        for person in self.people:
            is_named_role = bool(person.name) and is_role(person.name or "")
            if person.name and not is_named_role:
                names.add(person.name)
            if not is_named_role and not is_role(person.handle):
                handles.add(handle_key(person.handle))
        named = (name for name in names if folded(name) not in self.groups)
        return Individuals(handles - self.groups, named)

    @cached_property
    def schemas(self) -> dict[str, RecordSchema]:
        """The schema of each record kind, with this policy's levels and fields."""
        names = [level.name for level in self.levels]
        return {kind: RecordSchema(kind, names, self.fields.get(kind)) for kind in KINDS}

    def at(self, *route: str | int) -> Location:
        """Return where `route` stands in the file."""
        path = self.config_name or CONFIG_NAME
        return self.positions.keys.get(route) or self.positions.values.get(route) or Location(path)
