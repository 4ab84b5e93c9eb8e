"""What records refer to, and where that would be."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Any

from mkdocs_incident.diagnostic import Repair
from mkdocs_incident.records.values import mappings
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.wording import listed

_INCIDENT_LISTS = ("incidents", "related", "learned_from")
_INCIDENT_FIELDS = ("incident", "recurrence_of", "major_incident")


def references(record: dict[str, Any], to: str) -> Iterator[tuple[Route, str]]:
    """Yield route and id of all references of a record to incidents or runbooks."""
    if to == "runbook":
        for i, use in mappings(record, "runbooks"):
            if isinstance(use.get("id"), str):
                yield ("runbooks", i, "id"), use["id"]
        for i, update in mappings(record, "runbook_updates"):
            if isinstance(update.get("runbook"), str) and update.get("status") != "rejected":
                yield ("runbook_updates", i, "runbook"), update["runbook"]
        return
    for name in _INCIDENT_LISTS:
        values = record.get(name)
        for i, ident in enumerate(values if isinstance(values, list) else ()):
            if isinstance(ident, str):
                yield (name, i), ident
    for name in _INCIDENT_FIELDS:
        if isinstance(record.get(name), str):
            yield (name,), record[name]


def nearest(
    ident: str, known: Collection[str], otherwise: str = "Write its record, or correct the id"
) -> str:
    """Return the hint for an unknown name: the near misses, if there are any."""
    # All ids that end in a number look alike: only one digit off, or two swapped, is near.
    cutoff = 0.9 if ident[-1:].isdigit() else 0.7
    near = [other for other in known if other.casefold() == ident.casefold()]
    near = near or difflib.get_close_matches(ident, known, n=3, cutoff=cutoff)
    if near:
        return f"Did you mean {listed(near)}?"
    return otherwise


def same_but_case(ident: str, known: Collection[str]) -> Repair | None:
    """Return the repair of a name that is known in another letter case, and in one only."""
    found = [other for other in known if other.casefold() == ident.casefold()]
    return Repair(ident, found[0]) if len(found) == 1 else None
