"""Updates to people outside of the response: which were sent, and which are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.policy import SeverityLevel
from mkdocs_incident.records import Incident, Update
from mkdocs_incident.records.communications import speaks_of

_NOT_STAKEHOLDERS = ("team", "legal", "executives", "management", "review-invite")
_AUDIENCES = ("status_page", "management", "executives")
"""Fields of a level that give an audience a deadline of its own."""


def is_for_stakeholders(update: Update) -> bool:
    """Return whether an update goes to those who depend on the service: the cadence is theirs."""
    return update.audience is None or not any(
        speaks_of(update.audience, audience) for audience in _NOT_STAKEHOLDERS
    )


@dataclass(frozen=True)
class OpenIncident:
    """A live incident at a moment, with the level that decides its deadlines."""

    incident: Incident
    level: SeverityLevel
    detected: datetime
    waited: timedelta
    """Since detection, as the level counts time."""
    last: Update | None
    """The last update to stakeholders."""


def has_ended(incident: Incident, as_of: datetime) -> bool:
    """Return whether the response was over at a moment: by its status, or as its timeline tells.

    A status that nobody moved on must not ask for updates for ever.
    """
    resolved_at = incident.milestone("resolved")
    return not incident.is_live or (resolved_at is not None and resolved_at <= as_of)


def open_incident(corpus: Corpus, incident: Incident, as_of: datetime) -> OpenIncident | None:
    """Return what deadlines are judged by; None where the incident is over or its times unknown."""
    level = corpus.policy.level(incident.severity)
    if has_ended(incident, as_of):
        return None
    detected = incident.milestone("detected") or incident.began
    if level is None or detected is None or detected > as_of:
        return None
    sent = [u for u in incident.communications if u.at is not None and u.at <= as_of]
    last = max(filter(is_for_stakeholders, sent), key=lambda u: u.at or detected, default=None)
    waited = corpus.policy.elapsed(level, detected, as_of)
    return OpenIncident(incident, level, detected, waited, last)


def first_words_due(state: OpenIncident) -> list[tuple[str, timedelta]]:
    """Return the audiences that nobody told yet although their time is over, each with that time."""
    due = []
    every = state.level.update_every
    if every is not None and state.last is None and state.waited > every:
        due.append(("stakeholders", every))
    for audience in _AUDIENCES:
        allowed: timedelta | None = getattr(state.level, audience)
        name = audience.replace("_", " ")
        if allowed is not None and state.waited > allowed and not state.incident.has_told(name):
            due.append(("the status page" if audience == "status_page" else name, allowed))
    return due
