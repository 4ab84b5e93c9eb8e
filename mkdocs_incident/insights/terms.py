"""How an incident uses the terms of its records, and how much each weighs in it."""

from __future__ import annotations

from typing import NamedTuple

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.records import Incident
from mkdocs_incident.records.likeness import terms_in

_CAUSE_WEIGHT = 2.0
"""Of a word in the root cause, the whys or the contributing factors; in other fields it is 1."""
_TITLE_WEIGHT = 1.5
_PHRASE_WEIGHT = 0.5
"""Two neighbouring words of a cause or a title count beside each of them."""
_NAME_WEIGHT = 0.4
"""A word of the incident's own services and alerts: whoever shares those shares it anyway."""


class Use(NamedTuple):
    """How an incident uses a term, in the weightiest field that has it."""

    share: float
    is_new: bool
    """Whether it is a term by itself, and the incident's services and alerts don't give it away."""
    is_cause: bool


class _Field:
    """The few uses that terms of one field can have: made once, there are millions of terms."""

    def __init__(self, weight: float) -> None:
        is_cause, phrase = weight == _CAUSE_WEIGHT, weight * _PHRASE_WEIGHT
        self.term = Use(weight, is_new=True, is_cause=is_cause)
        self.name = Use(weight * _NAME_WEIGHT, is_new=False, is_cause=is_cause)
        self.phrase = Use(phrase, is_new=False, is_cause=is_cause)
        self.name_phrase = Use(phrase * _NAME_WEIGHT, is_new=False, is_cause=is_cause)

    def uses(self, terms: list[str], phrases: list[str], names: set[str]) -> dict[str, Use]:
        """Return how terms and phrases are used, given the terms of the incident's own names."""
        found = dict.fromkeys(terms, self.term)
        found.update(dict.fromkeys(names.intersection(terms), self.name))
        found.update(dict.fromkeys(phrases, self.phrase))
        for phrase in phrases:
            first, _, second = phrase.partition(" ")
            if first in names and second in names:
                found[phrase] = self.name_phrase
        return found


_CAUSE, _TITLE, _OTHER = map(_Field, (_CAUSE_WEIGHT, _TITLE_WEIGHT, 1.0))


def terms_of(corpus: Corpus, incident: Incident) -> set[str]:
    """Return an incident's terms."""
    records = corpus.records_about(incident)
    return {term for document in records for term in corpus.likeness(document).terms}


def uses_in(corpus: Corpus, incident: Incident) -> dict[str, Use]:
    """Return an incident's terms, and how it uses each."""
    own = corpus.likeness(incident.document)
    services = {term for name in own.services for terms in terms_in(name) for term in terms}
    alerts = {term for name in own.alerts for terms in terms_in(name) for term in terms}
    names = services | alerts
    records = [corpus.likeness(document) for document in corpus.records_about(incident)]
    found: dict[str, Use] = {}
    for record in records:
        found |= _OTHER.uses(record.other.splitlines(), [], names)
    for record in records:
        found |= _TITLE.uses(record.title.splitlines(), record.title_phrases.splitlines(), names)
    for record in records:
        # A cause that takes up the alert's words says something; a title that does repeats the alert.
        found |= _CAUSE.uses(record.cause.splitlines(), record.cause_phrases.splitlines(), services)
    return found
