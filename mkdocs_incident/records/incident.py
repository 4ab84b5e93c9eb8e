"""Incidents: what happened, when, who led the response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import msgspec

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.records.communications import Update, speaks_of, tells, updates
from mkdocs_incident.records.record import NamedRecord, kept
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import WrittenDuration, read_written
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import ROLL_OVER, in_utc, later, parse_instant

_DAY = timedelta(days=1)
_MARK = regex(r"\(([^()]{1,40})\)[\s.*_]*$")
"""What stands in brackets at the end of an entry: ``Pool runs empty (started)``."""


class TimelineEvent(msgspec.Struct, frozen=True):
    """One entry of the timeline."""

    document: Document
    route: Route
    at: datetime | None
    """None where the written time is not certain."""
    written_at: str
    event: str
    milestone: str | None
    actor: str | None
    notes: str | None
    link: str | None
    approximate: bool

    @property
    def location(self) -> Location:
        """Where the entry begins."""
        return self.document.at(*self.route)

    @property
    def is_start(self) -> bool:
        """Whether the entry is marked as the one with which harm began."""
        mark = _MARK.search(self.event)
        words = self.milestone or (mark[1] if mark is not None else "")
        return synonyms().labels["record"].get(normalised(words.replace("_", " "))) == "started_at"

    @property
    def in_utc(self) -> datetime | None:
        """The moment in UTC."""
        return in_utc(self.at) if self.at is not None else None

    @property
    def words(self) -> str:
        """The event with its notes."""
        return f"{self.event} — {self.notes}" if self.notes else self.event

    def tells(self, audience: str) -> bool:
        """Return whether the entry says that an audience was told."""
        return tells(self.words, audience)


@kept
def timeline_of(document: Document) -> tuple[TimelineEvent, ...]:
    """Return a record's own timeline, in its own order."""
    return tuple(
        TimelineEvent(
            document=document,
            route=("timeline", i),
            at=parse_instant(entry.get("at")),
            written_at=str(entry.get("at", "")),
            event=text(entry, "event") or "",
            milestone=text(entry, "milestone"),
            actor=text(entry, "actor"),
            notes=text(entry, "notes"),
            link=text(entry, "link"),
            approximate=entry.get("approximate") is True,
        )
        for i, entry in mappings(document.record, "timeline")
    )


class Begin(msgspec.Struct, frozen=True):
    """When an incident began, and what told it."""

    at: datetime
    """In UTC."""
    told_by: Literal["field", "entry", "duration", "detection", "first-entry"]
    """``started_at``, a timeline entry marked as the start, the first end of the duration; else of
    its detection or of what is known first."""
    approximate: bool


class Telling(msgspec.Struct, frozen=True):
    """One place that tells when a milestone was passed."""

    name: str
    at: datetime
    """As written; without a zone it is naive."""
    told_by: Literal["field", "milestone", "words"]
    approximate: bool
    document: Document
    route: Route
    text: str
    """The field's name, or the entry's event."""

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.document.at(*self.route)


class RunbookUse(msgspec.Struct, frozen=True):
    """A runbook that responders used, and how it did; or one that they left alone."""

    route: Route
    id: str
    verdict: str | None
    note: str | None

    @property
    def was_used(self) -> bool:
        """Whether they used it: ``not-used`` says why not, and is no use."""
        return self.verdict != "not-used"


def runbook_uses(record: dict[str, Any]) -> tuple[RunbookUse, ...]:
    """Return what a record says of runbooks; entries without an id are left out."""
    return tuple(
        RunbookUse(("runbooks", i), name, text(use, "verdict"), text(use, "note"))
        for i, use in mappings(record, "runbooks")
        if (name := text(use, "id"))
    )


class Incident(NamedRecord, frozen=True, dict=True):
    """An incident, read from its own record or from the postmortem that stands for it.

    When things happened is told by all its records: many write the timeline in the postmortem only.
    """

    reviews: tuple[Document, ...] = ()
    """Records of reviews that are about no other incident; without them its own record tells all."""

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The records that tell when things happened, its own first, each once."""
        found = (self.document, *self.reviews)
        return tuple({document.path: document for document in found}.values())

    @cached_property
    def _tellers(self) -> tuple[Incident, ...]:
        """The incident as each of several records tells it alone; empty where there is one."""
        if len(self.documents) == 1:
            return ()
        return tuple(Incident(document, self.id) for document in self.documents)

    @property
    def is_postmortem(self) -> bool:
        """Whether a postmortem's record stands for the incident."""
        return self.document.kind == "postmortem"

    @cached_property
    def severity(self) -> str | None:
        """The level's name as declared."""
        return text(self.record, "severity")

    @cached_property
    def status(self) -> str:
        """The state; a missing one is the strictest, ``closed``."""
        name = "incident_status" if self.is_postmortem else "status"
        return text(self.record, name) or "closed"

    @property
    def is_live(self) -> bool:
        """Whether the response still runs."""
        return self.status in LIVE

    @cached_property
    def commander(self) -> str | None:
        """The incident commander's handle."""
        return text(self.record, "incident_commander")

    @cached_property
    def services(self) -> tuple[str, ...]:
        """Services affected."""
        return texts(self.record, "services")

    @cached_property
    def alerts(self) -> tuple[str, ...]:
        """Alert names that fired."""
        return texts(self.record, "alerts")

    @property
    def timeline(self) -> tuple[TimelineEvent, ...]:
        """The record's own timeline, in its own order."""
        return timeline_of(self.document)

    @cached_property
    def runbooks(self) -> tuple[RunbookUse, ...]:
        """Runbooks that responders used or left alone."""
        return runbook_uses(self.record)

    @cached_property
    def communications(self) -> tuple[Update, ...]:
        """Updates that people outside of the response were sent."""
        return updates(self.document)

    def told_at(self, audience: str) -> tuple[datetime | None, ...]:
        """Return when an audience was told, in UTC: by updates, then as the timeline says.

        None stands for an update or an entry whose time is not known.
        """
        updates = (u.at for u in self.communications if speaks_of(u.audience or "", audience))
        return (*updates, *(event.in_utc for event in self.timeline if event.tells(audience)))

    def has_told(self, audience: str, by: datetime | None = None) -> bool:
        """Return whether an audience was told, or was told by a moment."""
        told = self.told_at(audience)
        return any(at is None or by is None or at <= by for at in told)

    @cached_property
    def tellings(self) -> dict[str, list[Telling]]:
        """All that tells a milestone's time, the own record first, in each the surest first."""
        found: dict[str, list[Telling]] = {}
        for teller in self._tellers:
            for name, told in teller.tellings.items():
                found.setdefault(name, []).extend(told)
        for telling in self._told() if not self._tellers else ():
            found.setdefault(telling.name, []).append(telling)
        return found

    def _told(self) -> Iterator[Telling]:
        """Yield what the own record tells."""
        started = parse_instant(self.record.get("started_at"))
        if started is not None:
            route: Route = ("started_at",)
            yield Telling("started", started, "field", False, self.document, route, "started_at")
        for name in MILESTONES:
            first = self.document.milestones.get(name)
            for milestone in (first, *first.others) if first is not None else ():
                at = parse_instant(milestone.at)
                index = milestone.route[-1]
                event = self.timeline[index] if isinstance(index, int) else None
                what = event.event if event is not None else str(index)
                vague = event is not None and event.approximate
                if at is not None:
                    yield Telling(
                        name, at, milestone.told_by, vague, self.document, milestone.route, what
                    )

    def milestone(self, name: str, by: datetime | None = None) -> datetime | None:
        """Return when the response passed a milestone such as ``resolved``, in UTC.

        With `by`, what was told later counts as not told.
        """
        told = (in_utc(telling.at) for telling in self.tellings.get(name, ()))
        return next((at for at in told if by is None or at <= by), None)

    @cached_property
    def start(self) -> Begin | None:
        """When harm began, as somebody wrote it; None where the records only tell its detection.

        A marked entry and a duration's first end are no start where the same record has a detection
        before them.
        """
        if self._tellers:
            return next((teller.start for teller in self._tellers if teller.start), None)
        field = parse_instant(self.record.get("started_at"))
        if field is not None:
            return Begin(in_utc(field), "field", approximate=False)
        detected = self.milestone("detected")
        return next(
            (start for start in self._starts() if detected is None or start.at <= detected), None
        )

    def _starts(self) -> Iterator[Begin]:
        for event in self.timeline:
            if event.at is not None and event.is_start:
                yield Begin(in_utc(event.at), "entry", approximate=event.approximate)
        if self._ends is not None:
            begin, _, approximate = self._ends
            yield Begin(begin, "duration", approximate=approximate)

    @cached_property
    def _ends(self) -> tuple[datetime, datetime, bool] | None:
        """From when to when the written duration says that it lasted, and whether that is vague."""
        written = self.written_duration or ""
        stated = read_written(written)
        if stated is None or ("/" in written and stated != read_written(written, "day-first")):
            return None  # `06/07` has two readings, and only the policy knows which is meant
        begin, end = stated.begin, stated.end
        if begin is None or end is None or (begin.tzinfo is None) != (end.tzinfo is None):
            return None
        zone = next((e.at.tzinfo for e in self.timeline if e.at is not None and e.at.tzinfo), None)
        if begin.tzinfo is None:
            begin, end = begin.replace(tzinfo=zone), end.replace(tzinfo=zone)
        if end < begin:
            return None
        if stated.has_days:
            return in_utc(begin), in_utc(end), stated.approximate
        return self._on_day_of_detection(in_utc(begin), in_utc(end), stated)

    def _on_day_of_detection(
        self, begin: datetime, end: datetime, stated: WrittenDuration
    ) -> tuple[datetime, datetime, bool] | None:
        """Place ``14:18–15:47``, which names no day, before the detection that it leads to."""
        detected = self.milestone("detected")
        if detected is None or (stated.claim is not None and stated.claim.high >= _DAY):
            return None
        ahead = (detected - begin) % _DAY
        placed = later(detected, -ahead)
        ended = later(placed, end - begin) if placed is not None else None
        if placed is None or ended is None or ahead >= ROLL_OVER:
            return None
        return placed, ended, stated.approximate

    @cached_property
    def begin(self) -> Begin | None:
        """When it began: its start, else its detection, else its first known moment."""
        if self.start is not None:
            return self.start
        detected = next(iter(self.tellings.get("detected", ())), None)
        if detected is not None:
            return Begin(in_utc(detected.at), "detection", detected.approximate)
        for teller in self._tellers or (self,):
            moments = [in_utc(event.at) for event in teller.timeline if event.at is not None]
            if moments:
                return Begin(min(moments), "first-entry", approximate=True)
        return None

    @property
    def first_known(self) -> datetime | None:
        """When it began, else was detected, else the first timeline entry; in UTC."""
        return self.begin.at if self.begin is not None else None

    @cached_property
    def began(self) -> datetime | None:
        """When it began as far as the records tell, at worst the day that its own names; in UTC."""
        return self.first_known or parse_instant(f"{self.record.get('date')}T00:00Z")

    @property
    def day(self) -> date | None:
        """The day on which it began, in UTC."""
        return self.began.date() if self.began is not None else None

    @cached_property
    def ended(self) -> datetime | None:
        """When it was resolved, else the second end of a written duration; in UTC."""
        resolved = self.milestone("resolved")
        if resolved is not None or not self._tellers:
            return resolved or (self._ends[1] if self._ends is not None else None)
        return next((teller.ended for teller in self._tellers if teller.ended), None)

    @cached_property
    def lasted(self) -> timedelta | None:
        """The time from begin to end; None where either is not known or the end comes first."""
        begin, end = self.first_known, self.ended
        return end - begin if begin is not None and end is not None and end >= begin else None

    @property
    def written_duration(self) -> str | None:
        """The duration as the record states it."""
        return text(self.record, "duration")
