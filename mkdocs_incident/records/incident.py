"""Incidents: what happened, when, who led the response."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.records.communications import Update, speaks_of, updates
from mkdocs_incident.records.record import NamedRecord
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.times import in_utc, parse_instant


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

    def has_told(self, audience: str) -> bool:
        """Return whether an update went to an audience, or the timeline says that it was told."""
        audiences = (update.audience or "" for update in self.communications)
        events = (f"{event.event} {event.notes or ''}" for event in self.timeline)
        return any(speaks_of(words, audience) for words in (*audiences, *events))

    def milestone(self, name: str) -> datetime | None:
        """Return when the response passed a milestone such as ``resolved``, in UTC."""
        found = self.document.milestones.get(name)
        moment = parse_instant(found.at) if found is not None else None
        return in_utc(moment) if moment is not None else None

    @cached_property
    def began(self) -> datetime | None:
        """When it began, else was first noticed, else the first timeline entry; in UTC."""
        started = parse_instant(self.record.get("started_at"))
        if started is not None:
            return in_utc(started)
        moments = [in_utc(event.at) for event in self.timeline if event.at is not None]
        day = parse_instant(f"{self.record.get('date')}T00:00Z")
        return self.milestone("detected") or (min(moments) if moments else day)

    @cached_property
    def lasted(self) -> timedelta | None:
        """From start or detection to resolution; None where either is not recorded."""
        started = parse_instant(self.record.get("started_at"))
        begin = in_utc(started) if started is not None else self.milestone("detected")
        end = self.milestone("resolved")
        return end - begin if begin is not None and end is not None and end >= begin else None

    @property
    def written_duration(self) -> str | None:
        """The duration as the record states it."""
        return text(self.record, "duration")
