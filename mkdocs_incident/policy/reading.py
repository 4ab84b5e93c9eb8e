"""``incident.yml`` becomes the policy in force, or the findings that say what is wrong with it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from mkdocs_incident.diagnostic import Finding, Level, Location
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.policy.calendar import SupportHours
from mkdocs_incident.policy.mistakes import mistakes
from mkdocs_incident.policy.model import DEFAULT_SOURCES, Person, Policy, Service
from mkdocs_incident.policy.presets import (
    CATEGORIES,
    CHANNEL,
    DEFAULT_SCHEME,
    HORIZONS,
    LIMITS,
    SCHEMES,
    TARGETS,
    Category,
    Matrix,
    Scheme,
    SeverityLevel,
    Tier,
)
from mkdocs_incident.policy.waivers import Waiver
from mkdocs_incident.schema.validation import RecordSchema
from mkdocs_incident.source.document import DEFAULT_MAX_SIZE, ReadOptions
from mkdocs_incident.source.durations import exact_duration
from mkdocs_incident.source.front_matter import Positions, read_mapping
from mkdocs_incident.source.text import decode

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PolicyError(Exception):
    """The policy can't be used; `findings` say where and why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = tuple(findings)


def find_config(folder: Path) -> Path | None:
    """Return ``incident.yml`` of `folder`, None if there is none."""
    path = folder / CONFIG_NAME
    return path if os.path.lexists(path) else None


def load_policy(config: Path | None, root: Path, content: bytes | None = None) -> Policy:
    """Read the policy file; without one return the defaults for `root`.

    Args:
        config: the file.
        root: the folder of the defaults.
        content: what an editor has for the file; None reads the disk.

    Raises:
        PolicyError: the file can't be read, or what it says is wrong.
    """
    if config is None:
        return Policy(root)
    root = config.parent
    name = config.name
    try:
        content = config.read_bytes() if content is None else content
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
        findings += RecordSchema("config").findings(data, lambda: positions, Location(name))
        if not findings:
            findings += mistakes(data, positions, root, name)
    if findings or data is None:
        raise PolicyError(findings)
    return replace(_policy(data, positions, root, name), digest=sha256(content).digest())


def _policy(data: dict[str, Any], positions: Positions, root: Path, name: str) -> Policy:
    """Return the policy that a file without mistakes states."""
    chosen = data.get("severity", DEFAULT_SCHEME)
    own = isinstance(chosen, list)
    scheme = (
        Scheme(levels=tuple(SeverityLevel(name=level) for level in chosen))
        if own
        else SCHEMES[chosen]
    )
    levels = tuple(_level(level, data.get("levels", {})) for level in scheme.levels)
    categories = data.get("categories", {})
    return Policy(
        root=root,
        sources=tuple(map(posixpath.normpath, data.get("sources", DEFAULT_SOURCES))),
        exclude=tuple(data.get("exclude", ())),
        alert_rules=tuple(data.get("alert_rules", ())),
        profile=data.get("profile", "standard"),
        scheme=None if own else chosen,
        levels=levels,
        matrix=_matrix(scheme.matrix, data.get("matrix", {})),
        escalation=(
            tuple(map(_tier, data["escalation"])) if "escalation" in data else scheme.escalation
        ),
        channel=data.get("channel", CHANNEL),
        categories={
            key: _category(CATEGORIES.get(key, Category(name=key)), categories.get(key) or {})
            for key in (*CATEGORIES, *(key for key in categories if key not in CATEGORIES))
        },
        horizons=HORIZONS | _spans(data.get("horizons", {})),
        limits=LIMITS | _spans(data.get("limits", {})),
        support_hours=_support_hours(data.get("support_hours")),
        rule_levels={
            rule: None if level == "off" else Level.parse(level)
            for rule, level in data.get("rules", {}).items()
        },
        waivers=tuple(
            Waiver(
                rule=entry["rule"],
                record=entry["record"],
                item=entry.get("item"),
                reason=entry["reason"],
                expires=date.fromisoformat(entry["expires"]),
                location=positions.keys.get(("waivers", i)) or positions.values["waivers", i],
            )
            for i, entry in enumerate(data.get("waivers", ()))
        ),
        services=tuple(
            Service(key, about.get("owner"), tuple(about.get("alerts", ())))
            for key, about in _named(data.get("services", []))
        ),
        people=tuple(
            Person(key, about.get("name"), about.get("team"))
            for key, about in _named(data.get("people", []))
        ),
        teams=tuple(key for key, _ in _named(data.get("teams", []))),
        fields=data.get("fields", {}),
        read_options=ReadOptions(
            order=data.get("date_order", "month-first"),
            max_size=data.get("max_file_size", DEFAULT_MAX_SIZE),
            levels=tuple(level.name for level in levels),
        ),
        positions=positions,
        config_name=name,
    )


def _named(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return names and what is said about each, from a list of names or from a mapping."""
    if isinstance(value, list):
        return [(name, {}) for name in value]
    return [(name, about or {}) for name, about in value.items()]


def _spans(written: Mapping[str, str]) -> dict[str, timedelta]:
    return {key: exact_duration(value) or timedelta() for key, value in written.items()}


def _demands(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a level or a category asks as field values; ``none`` asks nothing."""
    return {
        key: exact_duration(value)
        if key in TARGETS
        else tuple(value)
        if isinstance(value, list)
        else value
        for key, value in written.items()
    }


def _level(level: SeverityLevel, written: Mapping[str, Any]) -> SeverityLevel:
    return replace(level, **_demands(written.get(level.name) or {}))


def _category(category: Category, written: Mapping[str, Any]) -> Category:
    return replace(category, **_demands(written))


def _matrix(preset: Matrix, written: Matrix) -> Matrix:
    return {
        impact: {**preset.get(impact, {}), **written.get(impact, {})}
        for impact in dict.fromkeys((*preset, *written))
    }


def _tier(written: Mapping[str, Any]) -> Tier:
    notify = written.get("notify", [])
    return Tier(
        name=written["name"],
        notify=(notify,) if isinstance(notify, str) else tuple(notify),
        after=_spans(written["after"]),
    )


def _support_hours(written: Mapping[str, Any] | None) -> SupportHours | None:
    if written is None:
        return None
    return SupportHours(
        days=frozenset(WEEKDAYS.index(day) for day in written.get("days", WEEKDAYS[:5])),
        begin=time.fromisoformat(written["from"]),
        end=time.fromisoformat(written["to"]),
        zone=ZoneInfo(written.get("zone", "UTC")),
        holidays=frozenset(map(date.fromisoformat, written.get("holidays", ()))),
    )
