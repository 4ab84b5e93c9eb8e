"""The root cause that the records of one incident name, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.synonyms import normalised, synonyms


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
        words = stated_cause(document)
        if words is None:
            continue
        found = RootCause(words, document.path, is_known=not states_unknown_cause(words))
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


def stated_cause(document: Document) -> str | None:
    """Return what one record says of the cause, that it is unknown included; None for a placeholder."""
    words = document.record.get("root_cause")
    if isinstance(words, str) and states_unknown_cause(words):
        return words
    return text(document.record, "root_cause")


def states_unknown_cause(cause: str) -> bool:
    """Return whether a root cause says that it is not known, instead of naming it."""
    words = normalised(cause[:200].split(".", maxsplit=1)[0].split("\n", maxsplit=1)[0])
    begin, end = _unknown_cause()
    return begin.match(words) is not None or end.search(words) is not None


@lru_cache(maxsize=1)
def _unknown_cause() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return how a sentence begins, and how one about the cause ends, that says it is not known.

    ``Unknown clients flooded the endpoint`` names a cause, ``Unknown, logs were rotated`` does not.
    """
    words = synonyms().words
    cause, unknown, goes_on = (
        "|".join(re.escape(word) for word in sorted(words[name], key=len, reverse=True))
        for name in ("cause", "unknown_cause", "unknown_goes_on")
    )
    subject = rf"(?:(?:the|die) )?(?:\w+ )?(?:{cause})\b(?: (?:is|was|remains|ist|war|bleibt))?\W*"
    follows = rf"(?=\s*(?:$|[,;:()—–]|- )|\s(?:{goes_on})\b)"
    said = rf"(?: (?:is|was|remains|are|ist|war|bleibt|still|noch))+ (?:{unknown})$"
    return (
        re.compile(rf"(?:{subject})?(?:{unknown}){follows}"),
        re.compile(rf"(?:\b(?:{cause}|why|what|warum|was)\b.*){said}"),
    )
