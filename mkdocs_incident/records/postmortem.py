"""Postmortems: why it happened, what was learned, what changes."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import msgspec

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.records.actions import ActionItem, action_items
from mkdocs_incident.records.record import Record
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.times import parse_date

REVIEW_FIELDS = (
    "root_cause",
    "five_whys",
    "contributing_factors",
    "action_items",
    "lessons",
    "what_went_well",
    "what_went_poorly",
    "where_we_got_lucky",
)
"""An incident that is over and carries one of these is its own postmortem."""


class Why(msgspec.Struct, frozen=True):
    """A question of the five whys and its answer."""

    why: str | None
    because: str | None


class RunbookUpdate(msgspec.Struct, frozen=True):
    """What a review wants a runbook to say."""

    document: Document
    route: Route
    runbook: str | None
    scenario: str | None
    steps: dict[str, tuple[str, ...]]
    """symptoms, diagnosis, mitigation, escalation, prevention: lines, where given."""
    status: str
    reason: str | None

    @property
    def location(self) -> Location:
        """Where the entry stands."""
        return self.document.at(*self.route)


class Postmortem(Record, frozen=True, dict=True):
    """A review, in a file of its own or in the incident's."""

    incident_ids: tuple[str, ...]

    @property
    def is_one_file(self) -> bool:
        """Whether the incident's own record holds the review."""
        return self.document.kind == "incident"

    @cached_property
    def status(self) -> str:
        """The state; a missing one is the strictest, ``final``.

        A review in its incident's own file is final when the incident is closed.
        """
        written = text(self.record, "status")
        if self.is_one_file:
            return "final" if written in {None, "closed"} else "in-review"
        return written or "final"

    @cached_property
    def published_on(self) -> date | None:
        """The day it was published."""
        return parse_date(self.record.get("published_on"))

    @cached_property
    def root_cause(self) -> str | None:
        """What caused the incident, as prose."""
        return text(self.record, "root_cause")

    @cached_property
    def learned(self) -> tuple[str, ...]:
        """What was learned, the most general first: lessons, then what went poorly, luckily, well."""
        lessons = [text(entry, "text") for _, entry in mappings(self.record, "lessons")]
        kinds = ("what_went_poorly", "where_we_got_lucky", "what_went_well")
        rest = [line for kind in kinds for line in texts(self.record, kind)]
        return tuple(line for line in (*lessons, *rest) if line)

    @cached_property
    def five_whys(self) -> tuple[Why, ...]:
        """The chain of whys."""
        return tuple(
            Why(text(entry, "why"), text(entry, "because"))
            for _, entry in mappings(self.record, "five_whys")
        )

    @cached_property
    def action_items(self) -> tuple[ActionItem, ...]:
        """Action items that this record holds itself."""
        return action_items(self.document)

    @cached_property
    def runbook_updates(self) -> tuple[RunbookUpdate, ...]:
        """What runbooks should say."""
        names = ("symptoms", "diagnosis", "mitigation", "escalation", "prevention")
        return tuple(
            RunbookUpdate(
                document=self.document,
                route=("runbook_updates", i),
                runbook=text(entry, "runbook"),
                scenario=text(entry, "scenario"),
                steps={name: lines for name in names if (lines := texts(entry, name))},
                status=text(entry, "status") or "proposed",
                reason=text(entry, "reason"),
            )
            for i, entry in mappings(self.record, "runbook_updates")
        )


def is_own_review(document: Document) -> bool:
    """Whether an incident's record holds its review: it is over and a review's field is there."""
    status = text(document.record, "status") or "closed"
    return status not in LIVE and any(document.record.get(name) for name in REVIEW_FIELDS)
