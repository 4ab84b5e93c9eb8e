"""What a record is compared with others by: the words that tell it from them, names, declared relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

from mkdocs_incident.patterns import regex
from mkdocs_incident.records.record import kept
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.synonyms import synonyms

_NO_WORDS = regex(r"://\S+|(?<=\])\([^()]*\)|@[\w./-]+")
"""Addresses, targets of links, handles."""
_ID = regex(r"[A-Z][A-Z0-9]*-[\d-]+")
_WORD = regex(r"\w(?:[\w.'’-]*\w)?")
_HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINT = regex(r"[._-]+")
_GENITIVE = regex(r"['’]s?$")


class Likeness(NamedTuple):
    """What comparing asks of a record; the cache keeps it apart, for all records are compared at once.

    Terms are one string, one a line: there are hundreds in a record, and most are asked for once.
    """

    cause: str
    """Terms of the root cause, the whys and the contributing factors."""
    cause_phrases: str
    """Each two of them that stand beside each other."""
    title: str
    title_phrases: str
    other: str
    """Terms of the other texts that are worth comparing."""
    services: tuple[str, ...]
    alerts: tuple[str, ...]
    systems: tuple[str, ...]
    category: str | None
    recurrence_of: tuple[str, ...]
    related: tuple[str, ...]
    major_incident: tuple[str, ...]

    @property
    def terms(self) -> list[str]:
        """All terms and phrases; one that several fields have is in it several times."""
        fields = (self.cause, self.cause_phrases, self.title, self.title_phrases, self.other)
        return "\n".join(filter(None, fields)).splitlines()


@kept
def likeness_of(document: Document) -> Likeness:
    """Return what a document is compared by."""
    record = document.record
    cause, title = _words(_causes(document)), _words([text(record, "title")])
    return Likeness(
        cause=_listed(_terms(cause)),
        cause_phrases=_listed(_phrases(cause)),
        title=_listed(_terms(title)),
        title_phrases=_listed(_phrases(title)),
        other=_listed(_terms(_words(_others(document)))),
        services=texts(record, "services"),
        alerts=texts(record, "alerts"),
        systems=texts(record, "affected_systems"),
        category=text(record, "category"),
        recurrence_of=texts(record, "recurrence_of"),
        related=texts(record, "related"),
        major_incident=texts(record, "major_incident"),
    )


def spellings(document: Document) -> dict[str, str]:
    """Return how a record spells words that are more than capitalised: ``dns`` → ``DNS``."""
    values = [*_causes(document), text(document.record, "title"), *_others(document)]
    return {
        part.casefold(): part
        for value in filter(None, values)
        for word in _WORD.findall(value)
        if word[1:] != word[1:].lower()  # else none of its parts is
        for part in (word, *_JOINT.split(word))
        if part[1:] != part[1:].lower()
    }


def _causes(document: Document) -> Iterator[str | None]:
    record = document.record
    cause = text(record, "root_cause")
    if cause is not None and not synonyms().is_unknown_cause(cause):
        yield cause
    for _, entry in mappings(record, "five_whys"):
        yield text(entry, "why")
        yield text(entry, "because")
    for _, entry in mappings(record, "contributing_factors"):
        yield text(entry, "factor")


def _others(document: Document) -> Iterator[str | None]:
    record = document.record
    yield text(record, "impact", "summary")
    yield text(record, "summary")
    for name in ("keywords", "tags"):
        yield from texts(record, name)
    for _, entry in mappings(record, "timeline"):
        yield text(entry, "event")
        yield text(entry, "notes")


def _words(values: Iterable[str | None]) -> list[list[tuple[str, ...]]]:
    """Return the terms of each word of each text."""
    return [[*terms_in(value)] for value in values if value]


def _terms(said: list[list[tuple[str, ...]]]) -> Iterator[str]:
    return chain.from_iterable(chain.from_iterable(said))


def _phrases(said: list[list[tuple[str, ...]]]) -> Iterator[str]:
    """Yield each two terms that stand beside each other."""
    for words in said:
        yield from (f"{one[-1]} {two[0]}" for one, two in pairwise(words) if one and two)


def _listed(terms: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(terms))


def terms_in(value: str) -> Iterator[tuple[str, ...]]:
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
