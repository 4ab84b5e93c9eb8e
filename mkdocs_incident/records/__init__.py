"""Typed views of documents: frozen, no I/O; what a record does not say is None or empty."""

from mkdocs_incident.records.actions import ActionItem, PlanAction
from mkdocs_incident.records.communications import Update
from mkdocs_incident.records.incident import (
    Begin,
    Incident,
    RunbookUse,
    Telling,
    TimelineEvent,
    runbook_uses,
)
from mkdocs_incident.records.plan import MitigationPlan
from mkdocs_incident.records.postmortem import Postmortem, RunbookUpdate, Why
from mkdocs_incident.records.runbook import Runbook

__all__ = [
    "ActionItem",
    "Begin",
    "Incident",
    "MitigationPlan",
    "PlanAction",
    "Postmortem",
    "Runbook",
    "RunbookUpdate",
    "RunbookUse",
    "Telling",
    "TimelineEvent",
    "Update",
    "Why",
    "runbook_uses",
]
