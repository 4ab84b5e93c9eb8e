"""The root cause that the records of one incident name, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.demands import states_unknown_cause
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.source.document import Document


class RootCause(msgspec.Struct, frozen=True):
    """What caused an incident, or that nobody knows."""

    words: str
    path: str
    """Of the record that says it."""
    is_known: bool
    """Whether the words name a cause; they may say that it is unknown."""


def root_cause(corpus: Corpus, incident: Incident) -> RootCause | None:
    """Return what the records of an incident say about its cause; None where none says anything.

    A review knows most, then the incident's own record, then its plans, active ones before executed
    ones; what a superseded plan took for the cause may be why it was replaced. A cause that one of
    them names goes before the word of another that it is unknown, unless a review ended with that.
    """
    unknown = None
    for document, ends in _said_in(corpus, incident):
        words = document.record.get("root_cause")
        if not isinstance(words, str):
            continue
        is_unknown = states_unknown_cause(words)
        if not is_unknown and text(document.record, "root_cause") is None:
            continue
        found = RootCause(words, document.path, is_known=not is_unknown)
        if found.is_known or ends:
            return found
        unknown = unknown or found
    return unknown


def known_cause(corpus: Corpus, incident: Incident) -> RootCause | None:
    """Return the cause that the records of an incident name; None as long as it is unknown."""
    found = root_cause(corpus, incident)
    return found if found is not None and found.is_known else None


def _said_in(corpus: Corpus, incident: Incident) -> Iterator[tuple[Document, bool]]:
    """Yield each record that may name the cause, and whether its word is the last."""
    for review in corpus.postmortems_of(incident):
        yield review.document, review.status == "final"
    yield incident.document, False
    plans = [plan for plan in corpus.plans_of(incident) if plan.status != "superseded"]
    for plan in sorted(plans, key=lambda plan: plan.status != "active"):
        yield plan.document, False
