"""Who should have heard of an open incident by now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.cadence import (
    OpenIncident,
    first_words_due,
    has_ended,
    open_incident,
)
from mkdocs_incident.records import Incident
from mkdocs_incident.records.communications import STAKEHOLDERS
from mkdocs_incident.wording import moment, span


class DueWord(msgspec.Struct, frozen=True):
    """An audience that should have been told."""

    incident: Incident
    audience: str
    why: str
    """What is asked, and how long they have waited."""


def words_due(corpus: Corpus, as_of: datetime) -> list[DueWord]:
    """Return who should have been told by a moment, in the order of the incidents."""
    states = (open_incident(corpus, incident, as_of) for incident in corpus.incidents)
    return [due for state in states if state is not None for due in _due(corpus, state)]


def _due(corpus: Corpus, state: OpenIncident) -> Iterator[DueWord]:
    incident, level = state.incident, state.level
    for audience, allowed in first_words_due(state):
        yield DueWord(
            incident,
            audience,
            f"nobody told them {span(state.waited)} after detection, "
            f"{level.name} asks for it within {span(allowed)}",
        )
    last = state.last
    if last is None or last.at is None:
        return
    promised = last.update.next_update_at if last.update is not None else None
    if promised is not None and promised < state.as_of:
        late = span(state.as_of - promised)
        yield DueWord(incident, STAKEHOLDERS, f"promised for {moment(promised)}, {late} ago")
        return
    silent = corpus.policy.elapsed(level, last.at, state.as_of)
    if level.update_every is not None and silent > level.update_every:
        yield DueWord(
            incident,
            STAKEHOLDERS,
            f"the last update was sent {span(silent)} ago ({moment(last.at)}), "
            f"{level.name} asks for one every {span(level.update_every)}",
        )


def not_judged(corpus: Corpus, as_of: datetime) -> list[Incident]:
    """Return the open incidents whose level or time of detection is not known."""
    return [
        incident
        for incident in corpus.incidents
        if not has_ended(incident, as_of)
        and (
            corpus.policy.level(incident.severity) is None
            or (incident.milestone("detected") or incident.began) is None
        )
    ]
