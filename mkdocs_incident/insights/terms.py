"""The terms of an incident's records: the words that tell it from others, and how much each weighs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.synonyms import synonyms

_CAUSE_WEIGHT = 2.0
"""Of a word in the root cause, the whys or the contributing factors; in other fields it is 1."""
_TITLE_WEIGHT = 1.5
_PHRASE_WEIGHT = 0.5
"""Two neighbouring words of a cause or a title count beside each of them."""
_NAME_WEIGHT = 0.4
"""A word of the incident's own services and alerts: whoever shares those shares it anyway."""

_NO_WORDS = regex(r"://\S+|(?<=\])\([^()]*\)|@[\w./-]+")
"""Addresses, targets of links, handles."""
_ID = regex(r"[A-Z][A-Z0-9]*-[\d-]+")
_WORD = regex(r"\w(?:[\w.'’-]*\w)?")
_HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINT = regex(r"[._-]+")
_GENITIVE = regex(r"['’]s?$")


class Use(NamedTuple):
    """How an incident uses a term, in the weightiest field that has it."""

    share: float
    is_subject: bool
    is_cause: bool


class _Uses(msgspec.Struct, frozen=True):
    """The few uses that terms of one field can have: made once, there are millions of terms."""

    word: Use
    identifier: Use
    name: Use
    phrase: Use
    name_phrase: Use


@lru_cache(maxsize=8)
def _uses(weight: float) -> _Uses:
    cause = weight == _CAUSE_WEIGHT
    phrase = weight * _PHRASE_WEIGHT
    return _Uses(
        word=Use(weight, is_subject=True, is_cause=cause),
        identifier=Use(weight, is_subject=False, is_cause=cause),
        name=Use(weight * _NAME_WEIGHT, is_subject=False, is_cause=cause),
        phrase=Use(phrase, is_subject=False, is_cause=cause),
        name_phrase=Use(phrase * _NAME_WEIGHT, is_subject=False, is_cause=cause),
    )


def terms_in(corpus: Corpus, incident: Incident) -> dict[str, Use]:
    """Return an incident's terms, and how it uses each."""
    found: dict[str, Use] = {}
    services = {term for name in incident.services for terms in _terms(name) for term in terms}
    alerts = {term for name in incident.alerts for terms in _terms(name) for term in terms}
    for weight, value in sorted(_texts(corpus, incident), reverse=True):
        uses = _uses(weight)
        # A cause that takes up the alert's words says something; a title that does repeats the alert.
        names = services if weight == _CAUSE_WEIGHT else services | alerts
        before: tuple[str, ...] = ()
        for terms in _terms(value):
            for term in terms:
                if term not in found:
                    plain = uses.word if term.isalpha() else uses.identifier
                    found[term] = uses.name if term in names else plain
            if weight > 1 and before and terms:
                known = before[-1] in names and terms[0] in names
                phrase = f"{before[-1]} {terms[0]}"
                found.setdefault(phrase, uses.name_phrase if known else uses.phrase)
            before = terms
    return found


def spellings(corpus: Corpus, incident: Incident) -> dict[str, str]:
    """Return how a record spells words that are more than capitalised: ``dns`` → ``DNS``."""
    return {
        part.casefold(): part
        for _, value in _texts(corpus, incident)
        for word in _WORD.findall(value)
        if word[1:] != word[1:].lower()  # else none of its parts is
        for part in (word, *_JOINT.split(word))
        if part[1:] != part[1:].lower()
    }


def _texts(corpus: Corpus, incident: Incident) -> Iterator[tuple[float, str]]:
    """Yield what the records of an incident say that is worth comparing, with its weight."""
    for document in corpus.records_about(incident):
        for weight, value in _texts_of(document):
            if value is not None:
                yield weight, value


def _texts_of(document: Document) -> Iterator[tuple[float, str | None]]:
    record = document.record
    cause = text(record, "root_cause")
    if cause is not None and not synonyms().is_unknown_cause(cause):
        yield _CAUSE_WEIGHT, cause
    for _, entry in mappings(record, "five_whys"):
        yield _CAUSE_WEIGHT, text(entry, "why")
        yield _CAUSE_WEIGHT, text(entry, "because")
    for _, entry in mappings(record, "contributing_factors"):
        yield _CAUSE_WEIGHT, text(entry, "factor")
    yield _TITLE_WEIGHT, text(record, "title")
    yield 1.0, text(record, "impact", "summary")
    yield 1.0, text(record, "summary")
    for name in ("keywords", "tags"):
        for word in texts(record, name):
            yield 1.0, word
    for _, entry in mappings(record, "timeline"):
        yield 1.0, text(entry, "event")
        yield 1.0, text(entry, "notes")


def _terms(value: str) -> Iterator[tuple[str, ...]]:
    """Return the terms of each word of a text, none for a word that tells nothing.

    An identifier gives itself and its parts: ``payments-api``, ``payment``, ``api``.
    """
    return map(_terms_of, _WORD.findall(_NO_WORDS.sub(" 0 ", value)))


@lru_cache(maxsize=50_000)
def _terms_of(word: str) -> tuple[str, ...]:
    word = _GENITIVE.sub("", word.replace("’", "'"))
    if not word or word[0].isdigit() or _ID.fullmatch(word) or word.casefold() in stop_words():
        return ()
    written = _JOINT.split(_HUMP.sub("_", word))
    parts = [singular(part.casefold()) for part in written if len(part) > 2 and part.isalpha()]
    found = [part for part in parts if part not in stop_words()]
    is_identifier = len(written) > 1 and not any(c.isdigit() for c in word)
    if is_identifier and found and word.casefold() not in stop_words():
        found.insert(0, word.casefold())
    return tuple(dict.fromkeys(found))


def singular(word: str) -> str:
    """Return a word without the ending of an English plural; other endings stay."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "xes", "ches")) and word != "caches":
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return the words that tell nothing, from ``stop_words.txt``: of all languages at once."""
    lines = Path(__file__).with_name("stop_words.txt").read_text("utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(form for word in words for form in (word, singular(word)))
