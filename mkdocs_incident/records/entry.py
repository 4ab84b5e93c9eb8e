"""What the rest of a repository needs of a record to link it: ids, and what decides who stands for whom."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import msgspec

from mkdocs_incident.records.postmortem import Postmortem, is_own_review
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.times import parse_date, parse_instant

_DECIDED = ("severity", "incident_commander", "incident_status")
"""What only an incident has: a postmortem that names none is taken for one that stands for it."""
_STANDS_FOR = (
    *_DECIDED,
    "id",
    "timeline",
    "impact",
    "started_at",
    "detected_at",
    "resolved_at",
    "duration",
)

NOT_COMPARED = frozenset(
    [
        "action_items",
        "authors",
        "communications",
        "evidence",
        "horizons",
        "lessons",
        "mitigations",
        "responders",
        "roles",
        "runbook_updates",
        "runbooks",
        "what_went_poorly",
        "what_went_well",
        "where_we_got_lucky",
    ]
)
"""Fields that `insights.similarity` and the rule on undeclared recurrences never look at."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A record as an index knows it; thousands are kept in one blob, without the names of their fields."""

    id: str | None
    incidents: tuple[str, ...]
    """Ids that a postmortem is about: those it names, else its own."""
    incident: str | None
    """Id of the incident that a plan is for."""
    named: tuple[str, ...]
    """All ids under ``incidents`` and ``incident``, whatever the kind."""
    major_incident: str | None
    runbooks: tuple[str, ...]
    """Ids of the runbooks that were used, each once."""
    day: date | None
    """The day that the record gives: its date, a ``*_at``, or its timeline's first entry."""
    is_final: bool
    """Whether it is final as a review, be it of its own incident."""
    is_own_review: bool
    """Whether it would be its incident's review, were it an incident's record."""
    is_decided: bool
    """Whether it carries what only an incident has."""
    carries_incident: bool
    """Whether it carries an incident's own facts, and so may stand for it."""
    says_what_it_is: bool
    """Whether it gives a kind or an id, and so is a record whatever its file is called."""
    likeness: bytes
    """Stands for all that incidents are compared by, and for where the title stands."""

    @classmethod
    def of(cls, document: Document) -> Entry:
        """Return the entry of a document."""
        record = document.record
        ident, named = text(record, "id"), texts(record, "incidents")
        used = (text(use, "id") for _, use in mappings(record, "runbooks"))
        return cls(
            id=ident,
            incidents=named or texts(record, "id"),
            incident=text(record, "incident"),
            named=(*named, *texts(record, "incident")),
            major_incident=text(record, "major_incident"),
            runbooks=tuple(dict.fromkeys(filter(None, used))),
            day=day_of(document),
            is_final=Postmortem(document, ()).status == "final",
            is_own_review=is_own_review(document),
            is_decided=any(name in record for name in _DECIDED),
            carries_incident=any(name in record for name in _STANDS_FOR),
            says_what_it_is="kind" in record or bool(record.get("id")),
            likeness=_likeness(document),
        )


def _likeness(document: Document) -> bytes:
    compared = {name: value for name, value in document.record.items() if name not in NOT_COMPARED}
    written = repr((compared, document.at("title")))
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def day_of(document: Document) -> date | None:
    """Return the day that a record gives: its date, a ``*_at``, or its timeline's first entry."""
    record = document.record
    day = parse_date(record.get("date"))
    if day is not None:
        return day
    moments = [parse_instant(value) for name, value in record.items() if name.endswith("_at")]
    timeline = record.get("timeline")
    if isinstance(timeline, list):
        moments += [parse_instant(e.get("at")) for e in timeline if isinstance(e, dict)]
    return min((moment.date() for moment in moments if moment is not None), default=None)
