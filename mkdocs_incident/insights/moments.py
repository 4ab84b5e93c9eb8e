"""What moments of a response are called, and when two of them are the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from mkdocs_incident.language import gettext, marked
from mkdocs_incident.source.times import in_utc

EVENTS = {
    "started": marked("start"),
    "detected": marked("detection"),
    "declared": marked("declaration"),
    "classified": marked("classification"),
    "ic_assigned": marked("assignment of the incident commander"),
    "acknowledged": marked("acknowledgement"),
    "engaged": marked("engagement of the responders"),
    "identified": marked("identification of the cause"),
    "mitigated": marked("mitigation"),
    "resolved": marked("resolution"),
}
"""Milestones as prose names them."""

SAME = timedelta(minutes=1)
"""Times that differ by less are the same, written to the second here and to the minute there."""


def event_words(name: str) -> str:
    """Return a milestone as prose names it, in the language in force."""
    return gettext(EVENTS[name])


def comparable(one: datetime, other: datetime) -> bool:
    """Whether both moments know their zone, or neither does."""
    return (one.tzinfo is None) == (other.tzinfo is None)


def same(one: datetime, other: datetime) -> bool:
    """Whether two comparable moments are the same to the minute."""
    return comparable(one, other) and abs(one - other) < SAME


def written(*moments: datetime) -> list[str]:
    """Return moments as one message shows them: local times, with days and zones where they differ."""
    if len({moment.utcoffset() for moment in moments}) > 1:
        moments = tuple(map(in_utc, moments))
    if len({moment.date() for moment in moments}) > 1:
        return [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
    return [f"{moment:%H:%M}" for moment in moments]
