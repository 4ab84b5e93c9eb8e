"""The meeting in which a postmortem is reviewed: when it is, and who is asked to come."""

from __future__ import annotations

from datetime import datetime

import msgspec

from mkdocs_incident.authoring.rendering import render
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.policy.model import handle_key
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.records.values import text, texts
from mkdocs_incident.source.times import in_utc, parse_instant

INVITED = "review-invite"
"""The audience under which invitations are recorded."""


class Review(msgspec.Struct, frozen=True):
    """What an invitation says of a review meeting."""

    identity: str
    title: str
    text: str
    begins: datetime | None
    """In UTC; None where no record says it."""
    organizer: str | None
    people: tuple[str, ...]
    sent: int
    """How many invitations are on record."""


def review_of(corpus: Corpus, incident: Incident) -> Review:
    """Return what the records of an incident say of its review.

    Invited are those who led, filled a role, responded or write the postmortem, each once.

    Raises:
        EditError: the project's own template is wrong.
    """
    reviews = corpus.postmortems_of(incident)
    review = reviews[0] if reviews else None
    incidents = corpus.incidents_of(review) if review is not None else [incident]
    authors = texts(review.record, "authors") if review is not None else ()
    handles = [*authors, *(name for one in incidents for name in _people(one))]
    people: dict[str, str] = {}
    for name in handles:
        people.setdefault(handle_key(name), name)
    sent = [u for one in incidents for u in one.communications if u.audience == INVITED]
    ids = [one.id or one.title for one in incidents]
    facts = {
        "ids": ids,
        "incidents": [
            {"id": one.id or "Incident", "title": one.title, "path": one.document.path}
            for one in incidents
        ],
        "review": review.document.path if review is not None and not review.is_one_file else None,
    }
    return Review(
        identity=f"review of {', '.join(sorted(ids))}",
        title=f"Review of {', '.join(ids)}: {(review or incident).title}",
        text=render(corpus.policy, "comms/review-invite.txt", facts),
        begins=_meeting(review, incidents),
        organizer=authors[0] if authors else next((i.commander for i in incidents), None),
        people=tuple(people.values()),
        sent=len(sent),
    )


def _people(incident: Incident) -> list[str]:
    roles = incident.record.get("roles")
    named = [incident.commander]
    named += [text(roles, role) for role in roles] if isinstance(roles, dict) else []
    named += texts(incident.record, "responders")
    return [name for name in named if name is not None]


def _meeting(review: Postmortem | None, incidents: list[Incident]) -> datetime | None:
    records = [review.record] if review is not None else []
    records += [incident.record for incident in incidents]
    moments = (parse_instant(record.get("review_meeting_at")) for record in records)
    found = next((moment for moment in moments if moment is not None), None)
    return in_utc(found) if found is not None else None
