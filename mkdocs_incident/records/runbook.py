"""Runbooks: what to do when it happens again."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from mkdocs_incident.records.record import NamedRecord
from mkdocs_incident.records.values import text, texts
from mkdocs_incident.source.times import parse_date


class Runbook(NamedRecord, frozen=True, dict=True):
    """A runbook."""

    @cached_property
    def owner(self) -> str | None:
        """The handle that answers for it."""
        return text(self.record, "owner")

    @cached_property
    def status(self) -> str:
        """``draft``, ``active`` or ``deprecated``; a missing one is ``active``."""
        return text(self.record, "status") or "active"

    @cached_property
    def services(self) -> tuple[str, ...]:
        """Services that it covers."""
        return texts(self.record, "services")

    @cached_property
    def alerts(self) -> tuple[str, ...]:
        """Alerts that lead to it."""
        return texts(self.record, "alerts")

    @cached_property
    def learned_from(self) -> tuple[str, ...]:
        """Incidents whose learnings it carries."""
        return texts(self.record, "learned_from")

    @cached_property
    def reviewed_on(self) -> date | None:
        """The day somebody last read it through."""
        return parse_date(self.record.get("reviewed_on"))
