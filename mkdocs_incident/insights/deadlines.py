"""What is due by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.demands import postmortem_due_after
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.source.times import later


@dataclass(frozen=True)
class PostmortemDeadline:
    """When an incident's postmortem is due, and which review (if any) answers it."""

    incident: Incident
    due_at: datetime
    review: Postmortem | None


def requires_postmortem(corpus: Corpus, incident: Incident) -> bool:
    """Return whether the incident's level or category asks for a postmortem."""
    return postmortem_due_after(corpus.policy, incident) is not None


def postmortem_deadline(corpus: Corpus, incident: Incident) -> PostmortemDeadline | None:
    """Return the deadline, counted from resolution; None where none is required or can be told."""
    due_after = postmortem_due_after(corpus.policy, incident)
    resolved_at = incident.milestone("resolved")
    if due_after is None or resolved_at is None or incident.is_live:
        return None
    due_at = later(resolved_at, due_after)
    reviews = corpus.postmortems_of(incident)
    if due_at is None:
        return None
    return PostmortemDeadline(incident, due_at, reviews[0] if reviews else None)


def unfinished_postmortems(corpus: Corpus) -> list[PostmortemDeadline]:
    """Return the deadlines of all reviews that are not final yet, earliest first."""
    deadlines = [
        deadline
        for incident in corpus.incidents
        if (deadline := postmortem_deadline(corpus, incident)) is not None
        and (deadline.review is None or deadline.review.status != "final")
    ]
    return sorted(deadlines, key=lambda deadline: deadline.due_at)
