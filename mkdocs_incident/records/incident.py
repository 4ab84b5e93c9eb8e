"""Incidents: what happened, when, who led the response."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.records.communications import Update, speaks_of, tells, updates
from mkdocs_incident.records.record import NamedRecord
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.source.durations import WrittenDuration, read_written
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import ROLL_OVER, in_utc, later, parse_instant

_DAY = timedelta(days=1)
_MARK = re.compile(r"\(([^()]{1,40})\)[\s.*_]*$")
"""What stands in brackets at the end of an entry: ``Pool runs empty (started)``."""


@dataclass(frozen=True)
class TimelineEvent:
    """One entry of the timeline."""

    location: Location
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


@dataclass(frozen=True)
class Start:
    """When harm began, and what told it."""

    at: datetime
    """In UTC."""
    told_by: Literal["field", "entry", "duration"]
    """``started_at``, a timeline entry marked as the start, or the first end of the duration."""
    approximate: bool


@dataclass(frozen=True)
class RunbookUse:
    """A runbook that responders used, and how it did."""

    route: Route
    id: str
    verdict: str | None
    note: str | None


@dataclass(frozen=True)
class Incident(NamedRecord):
    """An incident, read from its own record or from the postmortem that stands for it."""

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

    @cached_property
    def timeline(self) -> tuple[TimelineEvent, ...]:
        """The record's own timeline, in its own order."""
        return tuple(
            TimelineEvent(
                location=self.document.at("timeline", i),
                at=parse_instant(entry.get("at")),
                written_at=str(entry.get("at", "")),
                event=text(entry, "event") or "",
                milestone=text(entry, "milestone"),
                actor=text(entry, "actor"),
                notes=text(entry, "notes"),
                link=text(entry, "link"),
                approximate=entry.get("approximate") is True,
            )
            for i, entry in mappings(self.record, "timeline")
        )

    @cached_property
    def runbooks(self) -> tuple[RunbookUse, ...]:
        """Runbooks used."""
        return tuple(
            RunbookUse(("runbooks", i), name, text(use, "verdict"), text(use, "note"))
            for i, use in mappings(self.record, "runbooks")
            if (name := text(use, "id"))
        )

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

    def milestone(self, name: str, by: datetime | None = None) -> datetime | None:
        """Return when the response passed a milestone such as ``resolved``, in UTC.

        With `by`, what was told later counts as not told.
        """
        found = self.document.milestones.get(name)
        for telling in (found, *found.others) if found is not None else ():
            moment = parse_instant(telling.at)
            if moment is None:
                return None
            if by is None or in_utc(moment) <= by:
                return in_utc(moment)
        return None

    @cached_property
    def start(self) -> Start | None:
        """When harm began, as somebody wrote it; None where the record only tells its detection.

        A marked entry and a duration's first end are no start where detection came before them.
        """
        field = parse_instant(self.record.get("started_at"))
        if field is not None:
            return Start(in_utc(field), "field", approximate=False)
        detected = self.milestone("detected")
        return next(
            (start for start in self._starts() if detected is None or start.at <= detected), None
        )

    def _starts(self) -> Iterator[Start]:
        for event in self.timeline:
            if event.at is not None and event.is_start:
                yield Start(in_utc(event.at), "entry", approximate=event.approximate)
        if self._ends is not None:
            begin, _, approximate = self._ends
            yield Start(begin, "duration", approximate=approximate)

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
    def first_known(self) -> datetime | None:
        """When it began, else was detected, else the first timeline entry; in UTC."""
        if self.start is not None:
            return self.start.at
        moments = [in_utc(event.at) for event in self.timeline if event.at is not None]
        return self.milestone("detected") or min(moments, default=None)

    @cached_property
    def began(self) -> datetime | None:
        """When it began as far as the record tells, at worst the day that it names; in UTC."""
        return self.first_known or parse_instant(f"{self.record.get('date')}T00:00Z")

    @cached_property
    def ended(self) -> datetime | None:
        """When it was resolved, else the second end of its written duration; in UTC."""
        return self.milestone("resolved") or (self._ends[1] if self._ends is not None else None)

    @property
    def written_duration(self) -> str | None:
        """The duration as the record states it."""
        return text(self.record, "duration")
