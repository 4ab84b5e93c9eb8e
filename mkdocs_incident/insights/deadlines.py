"""What is due by when."""

from __future__ import annotations

from datetime import datetime

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.demands import postmortem_due_after
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.source.times import later


class PostmortemDeadline(msgspec.Struct, frozen=True):
    """When an incident's postmortem is due, and which review (if any) answers it."""

    incident: Incident
    due_at: datetime | None
    """In UTC; None where no record tells when the incident was resolved."""
    review: Postmortem | None

    @property
    def is_met(self) -> bool:
        """Whether a review is final."""
        return self.review is not None and self.review.status == "final"

    def is_late(self, as_of: datetime) -> bool:
        """Return whether it has passed at a moment and no review was final."""
        return self.due_at is not None and as_of > self.due_at and not self.is_met


def requires_postmortem(corpus: Corpus, incident: Incident) -> bool:
    """Return whether the incident's level or category asks for a postmortem."""
    return postmortem_due_after(corpus.policy, incident) is not None


def postmortem_deadline(corpus: Corpus, incident: Incident) -> PostmortemDeadline | None:
    """Return the deadline, counted from resolution; None where none is required, or not yet."""
    due_after = postmortem_due_after(corpus.policy, incident)
    if due_after is None or incident.is_live:
        return None
    resolved_at = incident.milestone("resolved")
    due_at = later(resolved_at, due_after) if resolved_at is not None else None
    reviews = corpus.postmortems_of(incident)
    return PostmortemDeadline(incident, due_at, reviews[0] if reviews else None)


def unfinished_postmortems(corpus: Corpus) -> list[PostmortemDeadline]:
    """Return the deadlines of all reviews that are not final yet, earliest first; unknown ones last."""
    deadlines = [
        deadline
        for incident in corpus.incidents
        if (deadline := postmortem_deadline(corpus, incident)) is not None and not deadline.is_met
    ]
    return sorted(deadlines, key=lambda d: (d.due_at is None, d.due_at))
