"""What a runbook should say, and the edit that makes it say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.language import gettext
from mkdocs_incident.records import Incident, Postmortem, Runbook

Reason = Literal["declared", "verdict", "uncovered", "requested"]
Edit = Callable[[str], str]


class Suggestion(msgspec.Struct, frozen=True):
    """One thing that a runbook should say."""

    reason: Reason
    headline: str
    """What is lacking, in one sentence without full stop."""
    taught: tuple[str, ...]
    """What the incident taught, line by line."""
    location: Location
    """Where the record says so."""
    path: str
    """The runbook's file: an existing one, or the new one that the draft would be."""
    runbook: Runbook | None
    """None where the runbook does not exist yet."""
    incident: Incident | None
    review: Postmortem | None
    edit: Edit


def id_of(incident: Incident) -> str:
    """Return what a sentence calls an incident."""
    return incident.id or gettext("an incident")
