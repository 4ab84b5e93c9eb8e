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
    is_subject: bool
    is_cause: bool


class _Field:
    """The few uses that terms of one field can have: made once, there are millions of terms."""

    def __init__(self, weight: float) -> None:
        is_cause, phrase = weight == _CAUSE_WEIGHT, weight * _PHRASE_WEIGHT
        self._word = Use(weight, is_subject=True, is_cause=is_cause)
        self._identifier = Use(weight, is_subject=False, is_cause=is_cause)
        self._name = Use(weight * _NAME_WEIGHT, is_subject=False, is_cause=is_cause)
        self._phrase = Use(phrase, is_subject=False, is_cause=is_cause)
        self._name_phrase = Use(phrase * _NAME_WEIGHT, is_subject=False, is_cause=is_cause)

    def use(self, term: str, names: set[str]) -> Use:
        """Return how a term is used, given the terms of the incident's own names."""
        if term.isalpha():
            return self._name if term in names else self._word
        if " " in term:
            return self._name_phrase if names.issuperset(term.split(" ")) else self._phrase
        return self._name if term in names else self._identifier


_CAUSE, _TITLE, _OTHER = map(_Field, (_CAUSE_WEIGHT, _TITLE_WEIGHT, 1.0))


def uses_in(corpus: Corpus, incident: Incident) -> dict[str, Use]:
    """Return an incident's terms, and how it uses each."""
    found: dict[str, Use] = {}
    own = corpus.likeness(incident.document)
    services = {term for name in own.services for terms in terms_in(name) for term in terms}
    alerts = {term for name in own.alerts for terms in terms_in(name) for term in terms}
    records = [corpus.likeness(document) for document in corpus.records_about(incident)]
    # A cause that takes up the alert's words says something; a title that does repeats the alert.
    for field, names, listed in (
        (_CAUSE, services, [record.cause for record in records]),
        (_TITLE, services | alerts, [record.title for record in records]),
        (_OTHER, services | alerts, [record.other for record in records]),
    ):
        for terms in listed:
            for term in terms.splitlines():
                if term not in found:
                    found[term] = field.use(term, names)
    return found
