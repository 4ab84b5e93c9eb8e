"""When an incident was detected, acknowledged, mitigated … as the record tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mkdocs_incident.source.synonyms import synonyms

if TYPE_CHECKING:
    from mkdocs_incident.source.front_matter import Route

MILESTONES = ("detected", "declared", "classified", "ic_assigned", "acknowledged", "engaged",
              "identified", "mitigated", "resolved")  # fmt: skip
"""In the order in which a response passes them."""

_LAST = {"resolved"}
"""Told several times, the last one counts; of all others the first."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A moment of the response and what told it."""

    at: str
    told_by: Literal["field", "milestone", "words"]
    """A ``*_at`` field, a timeline entry's ``milestone``, or an entry's words."""
    route: Route


def find_milestones(record: dict[str, Any]) -> dict[str, Milestone]:
    """Return the milestones of a merged record, in order; an entry's words are the last resort.

    Timeline entries whose words told a milestone get it as their ``milestone``.
    """
    timeline = record.get("timeline")
    entries = [e for e in timeline if isinstance(e, dict)] if isinstance(timeline, list) else []
    numbered = list(enumerate(entries)) if entries and len(entries) == len(timeline or ()) else []
    words = _by_words(numbered)
    found: dict[str, Milestone] = {}
    for name in MILESTONES:
        at = record.get(f"{name}_at")
        marked = [i for i, entry in numbered if entry.get("milestone") == name]
        if isinstance(at, str):
            found[name] = Milestone(at, "field", (f"{name}_at",))
        elif marked:
            i = marked[-1 if name in _LAST else 0]
            found[name] = Milestone(str(entries[i].get("at", "")), "milestone", ("timeline", i))
        elif name in words:
            i = words[name]
            found[name] = Milestone(str(entries[i].get("at", "")), "words", ("timeline", i))
    for name in ("resolved", *MILESTONES[:-1]):
        if name in words and "milestone" not in entries[words[name]]:
            entries[words[name]]["milestone"] = name
    return found


def _by_words(numbered: list[tuple[int, dict[str, Any]]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, entry in numbered:
        event = entry.get("event")
        if not isinstance(event, str) or "milestone" in entry:
            continue
        for name, pattern in synonyms().milestones:
            if (name not in found or name in _LAST) and pattern.search(event[:400]):
                found[name] = i
    return found
