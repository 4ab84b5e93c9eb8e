"""When an incident's records say that something happened, and how surely: what arithmetic stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.records import Incident, TimelineEvent
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import in_utc, parse_instant

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


@dataclass(frozen=True)
class Telling:
    """One place that tells when a milestone was passed."""

    name: str
    at: datetime
    """As written; without a zone it is naive."""
    told_by: Literal["field", "milestone", "words"]
    approximate: bool
    location: Location
    text: str
    """The field's name, or the entry's event."""


def event_words(name: str) -> str:
    """Return a milestone as prose names it, in the language in force."""
    return gettext(EVENTS[name])


def comparable(one: datetime, other: datetime) -> bool:
    """Whether both moments know their zone, or neither does."""
    return (one.tzinfo is None) == (other.tzinfo is None)


def same(one: datetime, other: datetime) -> bool:
    """Whether two comparable moments are the same to the minute."""
    return comparable(one, other) and abs(one - other) < SAME


def documents_of(corpus: Corpus, incident: Incident) -> tuple[Document, ...]:
    """Return the incident's record and the reviews that are about no other incident."""
    reviews = [review for review in corpus.postmortems_of(incident) if len(review.incident_ids) < 2]
    found = [incident.document, *(review.document for review in reviews)]
    return tuple({document.path: document for document in found}.values())


def tellings(corpus: Corpus, incident: Incident) -> dict[str, list[Telling]]:
    """Return all that tells a milestone's time, the record's own and the surest first."""
    found: dict[str, list[Telling]] = {}
    for document in documents_of(corpus, incident):
        started = parse_instant(document.record.get("started_at"))
        if started is not None:
            place = document.at("started_at")
            telling = Telling("started", started, "field", False, place, "started_at")
            found.setdefault("started", []).append(telling)
        events = Incident(document, incident.id).timeline
        for name in MILESTONES:
            for telling in _told(document, events, name):
                found.setdefault(name, []).append(telling)
    return found


def _told(document: Document, events: tuple[TimelineEvent, ...], name: str) -> list[Telling]:
    first = document.milestones.get(name)
    found = []
    for milestone in (first, *first.others) if first is not None else ():
        at = parse_instant(milestone.at)
        index = milestone.route[-1]
        event = events[index] if isinstance(index, int) else None
        place = event.location if event is not None else document.at(*milestone.route)
        what = event.event if event is not None else str(index)
        vague = event is not None and event.approximate
        if at is not None:
            found.append(Telling(name, at, milestone.told_by, vague, place, what))
    return found


def written(*moments: datetime) -> list[str]:
    """Return moments as one message shows them: local times, with days and zones where they differ."""
    if len({moment.utcoffset() for moment in moments}) > 1:
        moments = tuple(map(in_utc, moments))
    if len({moment.date() for moment in moments}) > 1:
        return [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
    return [f"{moment:%H:%M}" for moment in moments]
