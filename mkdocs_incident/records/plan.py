"""Mitigation plans: what is done now, soon and for good."""

from __future__ import annotations

import posixpath
from functools import cached_property

from mkdocs_incident.records.actions import PlanAction, plan_actions
from mkdocs_incident.records.record import Record
from mkdocs_incident.records.values import text


class MitigationPlan(Record, frozen=True, dict=True):
    """A mitigation plan."""

    incident_id: str | None

    @property
    def title(self) -> str:
        """The title, else what it is a plan for."""
        return (
            text(self.record, "title") or f"Mitigation plan for {self.incident_id or 'an incident'}"
        )

    @cached_property
    def status(self) -> str:
        """``active``, ``executed`` or ``superseded``; a missing one is ``active``."""
        return text(self.record, "status") or "active"

    @cached_property
    def severity(self) -> str | None:
        """The level's name as declared."""
        return text(self.record, "severity")

    @cached_property
    def successor(self) -> str | None:
        """Path of the plan that replaces it, relative to the root."""
        path = text(self.record, "superseded_by")
        if path is None:
            return None
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.document.path), path))

    @cached_property
    def actions(self) -> tuple[PlanAction, ...]:
        """All actions, horizon by horizon."""
        return plan_actions(self.document)
