"""The policy in force, value by value, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from mkdocs_incident.policy.model import Policy
from mkdocs_incident.policy.presets import Category, SeverityLevel
from mkdocs_incident.policy.reading import WEEKDAYS
from mkdocs_incident.source.front_matter import Route


class Setting(msgspec.Struct, frozen=True):
    """One value of the policy, under the name that ``incident.yml`` gives it."""

    route: Route
    value: Any
    """As the file would hold it: text, numbers, lists and mappings."""
    origin: str
    """``incident.yml:12``, ``preset sev1-sev4`` or ``default``."""


def settings(policy: Policy) -> Iterator[Setting]:
    """Yield every setting in force, in the order of the file's reference."""
    preset = f"preset {policy.scheme}"
    names = [level.name for level in policy.levels]
    yield _setting(policy, ("profile",), policy.profile)
    yield _setting(policy, ("severity",), policy.scheme or names)
    for level in policy.levels:
        yield from _demands(policy, ("levels", level.name), level, preset)
    for impact, row in policy.matrix.items():
        for urgency, name in row.items():
            yield _setting(policy, ("matrix", impact, urgency), name, preset)
    if policy.escalation or ("escalation",) in policy.positions.keys:
        tiers = [
            {
                "name": tier.name,
                **({"notify": list(tier.notify)} if tier.notify else {}),
                "after": {name: in_units(after) for name, after in tier.after.items()},
            }
            for tier in policy.escalation
        ]
        yield _setting(policy, ("escalation",), tiers, preset)
    yield _setting(policy, ("channel",), policy.channel)
    for category in policy.categories.values():
        yield from _demands(policy, ("categories", category.name), category, "default")
    for name, longest in policy.horizons.items():
        yield _setting(policy, ("horizons", name), in_units(longest))
    for name, limit in policy.limits.items():
        yield _setting(policy, ("limits", name), in_units(limit))
    yield from _support_hours(policy)
    for name, rule_level in policy.rule_levels.items():
        word = "off" if rule_level is None else str(rule_level)
        yield _setting(policy, ("rules", name), word)
    yield from _lists(policy)


def _demands(
    policy: Policy, route: Route, asked: SeverityLevel | Category, origin: str
) -> Iterator[Setting]:
    """Yield what a level or a category asks; what it does not ask only if the file says so."""
    for name in asked.__struct_fields__:
        value = getattr(asked, name)
        here = (*route, name)
        is_written = here in policy.positions.keys
        if name == "name" or (not value and not is_written):
            continue
        if isinstance(value, timedelta):
            value = in_units(value)
        elif value is None:
            value = "none"
        elif isinstance(value, tuple):
            value = list(value)
        yield _setting(policy, here, value, origin)


def _support_hours(policy: Policy) -> Iterator[Setting]:
    hours = policy.support_hours
    if hours is None:
        return
    written = {
        "days": [day for i, day in enumerate(WEEKDAYS) if i in hours.days],
        "from": f"{hours.begin:%H:%M}",
        "to": f"{hours.end:%H:%M}",
        "zone": hours.zone.key,
        "holidays": [day.isoformat() for day in sorted(hours.holidays)],
    }
    for name, value in written.items():
        yield _setting(policy, ("support_hours", name), value)


def _lists(policy: Policy) -> Iterator[Setting]:
    yield _setting(policy, ("sources",), list(policy.sources))
    yield _setting(policy, ("exclude",), list(policy.exclude))
    yield _setting(policy, ("alert_rules",), list(policy.alert_rules))
    yield _setting(policy, ("date_order",), policy.read_options.order)
    yield _setting(policy, ("max_file_size",), policy.read_options.max_size)
    if policy.waivers:
        waivers = [
            {
                "rule": waiver.rule,
                "record": waiver.record,
                **({"item": waiver.item} if waiver.item else {}),
                "reason": waiver.reason,
                "expires": waiver.expires.isoformat(),
            }
            for waiver in policy.waivers
        ]
        yield _setting(policy, ("waivers",), waivers)
    for service in policy.services:
        about: dict[str, Any] = {"owner": service.owner} if service.owner else {}
        about |= {"alerts": list(service.alerts)} if service.alerts else {}
        yield _setting(policy, ("services", service.name), about)
    for person in policy.people:
        about = {"name": person.name} if person.name else {}
        about |= {"team": person.team} if person.team else {}
        yield _setting(policy, ("people", person.handle), about)
    yield _setting(policy, ("teams",), list(policy.teams))
    for kind, own in policy.fields.items():
        for name, schema in own.items():
            yield _setting(policy, ("fields", kind, name), schema)


def _setting(policy: Policy, route: Route, value: Any, origin: str = "default") -> Setting:
    """Return a setting; one that the file gives, itself or with the whole it is part of, is the file's."""
    places: list[Mapping[Route, Any]] = [policy.positions.keys, policy.positions.values]
    for place in places:
        if route in place:
            return Setting(route, value, f"{policy.config_name}:{place[route].line}")
    parent = route[:1]
    if parent in policy.positions.keys and parent in {("services",), ("people",)}:
        return Setting(route, value, f"{policy.config_name}:{policy.positions.keys[parent].line}")
    return Setting(route, value, origin)


def in_units(value: timedelta) -> str:
    """Return a span as the file writes it: ``15 min``, ``48 h``, ``7 days``."""
    seconds = int(value.total_seconds())
    if not seconds % 86_400 and seconds >= 3 * 86_400:
        return f"{seconds // 86_400} days"
    if not seconds % 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if not seconds % 60 else f"{seconds} s"
