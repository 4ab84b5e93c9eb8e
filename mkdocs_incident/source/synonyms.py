"""What people call things, from ``synonyms.yml``: all languages at once."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTCODE = regex(r":[a-z0-9_+-]{2,40}:")
_EMPHASIS = regex(r"[*_`]+")
_PARENTHESES = regex(r"[(\[（][^)\]）]*[)\]）]?")
_NUMBERING = regex(
    r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.):]|[ivx]{1,4}[.)]|(?:step|phase|part) [0-9]+[:.]?)\s+"
)
_EDGES = regex(r"^[^\w#?]+|[^\w#?!]+$")
_PLACEHOLDER = regex(r"<[^<>:/]{1,80}>|\[[^\[\]]{1,80}\]|\{[^{}]{1,80}\}")
"""What a template leaves to be filled in, such as ``<owner>`` or ``[Action 1]``."""
_SPACES = regex(r"\s+")
_LONGEST_MISSING = 100
"""Characters; no longer text says that nothing is known yet."""


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """Return a heading, label or word as it is compared: no case, emphasis, emoji or numbering."""
    if len(text) > 200:
        return ""
    text = _SHORTCODE.sub("", text) if text.count(":") > 1 else text
    text = _PARENTHESES.sub(" ", _EMPHASIS.sub("", text)).replace("’", "'").lower()
    text = _EDGES.sub("", _SPACES.sub(" ", text))
    return _EDGES.sub("", _NUMBERING.sub("", text))


class Synonyms(msgspec.Struct, frozen=True, dict=True):
    """Lookup tables; every key is in normalised form."""

    titles: dict[str, str]
    """First words of a title → record kind."""
    sections: dict[str, frozenset[str]]
    """Heading → what its section can hold; some words mean different things in different places."""
    labels: dict[str, dict[str, str]]
    """Context (record, plan, action_item …) → label → field, nested fields with ``/``."""
    values: dict[str, dict[str, str]]
    """Vocabulary (status_incident, level …) → spelling → canonical value."""
    words: dict[str, frozenset[str]]
    months: dict[str, int]
    zones: dict[str, str]
    """Name of a time zone → its key in the time zone database."""
    milestones: tuple[tuple[str, re.Pattern[str]], ...]
    runbook_request: re.Pattern[str]
    """What an action item says that asks for a change of a runbook."""
    stakeholders_told: re.Pattern[str]
    """What a text says that tells that those who depend on a service heard of it."""

    @cached_property
    def sections_as_labels(self) -> dict[str, str]:
        """What went well, poorly and where we got lucky, as labels of a list's entries."""
        wanted = ("what_went_well", "what_went_poorly", "where_we_got_lucky")
        return {h: kind for h, kinds in self.sections.items() for kind in wanted if kind in kinds}

    @cached_property
    def factors(self) -> dict[str, str]:
        """Spelling → category of a contributing factor: people, process, technology, environment."""
        return {
            heading: kind.removeprefix("factor_")
            for heading, kinds in self.sections.items()
            for kind in kinds
            if kind.startswith("factor_")
        }

    def value(self, vocabulary: str, text: str) -> str | None:
        """Return the canonical value that `text` certainly means, else None."""
        return self.values.get(vocabulary, {}).get(normalised(text))

    def is_unknown_cause(self, text: str) -> bool:
        """Return whether a root cause is nothing but the statement that it is not known."""
        return normalised(text) in self.words["unknown_cause"]

    def is_missing(self, value: Any) -> bool:
        """Return whether a value (empty, ``TBD``, ``N/A`` …) says that nothing is known yet."""
        if not isinstance(value, str):
            return value is None
        text = value.strip()
        if text.startswith(("<", "[", "{")) and _PLACEHOLDER.fullmatch(text):
            return True
        text = text.strip("*_`<>{}[]().").strip()[:_LONGEST_MISSING].lower().removeprefix("@")
        return text in self.words["missing"] or text.startswith(("tbd ", "to be assigned", "tba "))


@lru_cache(maxsize=1)
def synonyms() -> Synonyms:
    """Return the tables of all languages together; where two disagree, the first one wins."""
    path = Path(__file__).with_name("synonyms.yml")
    languages = vocabulary(path)
    sections: dict[str, set[str]] = {}
    words: dict[str, set[str]] = {}
    months: dict[str, int] = {}
    milestones: dict[str, list[str]] = {}
    for language in languages:
        for kind, spelling in _pairs(language["sections"]):
            name = normalised(spelling).rstrip("?")
            for heading in (name, f"{name}?"):  # "What went well?"
                sections.setdefault(heading, set()).add(kind)
        for number, name in enumerate(language["words"].pop("months"), start=1):
            months.setdefault(name[:3], number)
            months.setdefault(name, number)
        for group, spellings in language["words"].items():
            words.setdefault(group, set()).update(word.lower() for word in spellings)
        for milestone, patterns in language["milestones"].items():
            milestones.setdefault(milestone, []).extend(patterns)
    return Synonyms(
        titles=_by_spelling([language["titles"] for language in languages]),
        sections={heading: frozenset(kinds) for heading, kinds in sections.items()},
        labels=_by_context([language["labels"] for language in languages]),
        values=_by_context([language["values"] for language in languages]),
        words={group: frozenset(spellings) for group, spellings in words.items()},
        months=months,
        zones={name: key for language in languages for name, key in language["zones"].items()},
        milestones=tuple(
            (name, regex(_alternatives(patterns), re.IGNORECASE))
            for name, patterns in milestones.items()
        ),
        runbook_request=_any_of(language["runbook_request"] for language in languages),
        stakeholders_told=_any_of(language["stakeholders_told"] for language in languages),
    )


def _any_of(patterns: Iterable[list[str]]) -> re.Pattern[str]:
    return regex(_alternatives(chain.from_iterable(patterns)), re.IGNORECASE)


def _alternatives(patterns: Iterable[str]) -> str:
    """Join patterns in their order; what several in a row begin with is tried once for all of them."""
    parts = []
    for beginning, group in groupby(patterns, _beginning):
        rests = "|".join(pattern.removeprefix(beginning) for pattern in group)
        parts.append(f"{beginning}(?:{rests})")
    return "|".join(parts)


def _beginning(pattern: str) -> str:
    return next((start for start in (r"\b", r"^\W*") if pattern.startswith(start)), "")


def _by_context(tables: list[dict[str, dict[str, list[str]]]]) -> dict[str, dict[str, str]]:
    contexts = {context for table in tables for context in table}
    return {
        context: _by_spelling([table[context] for table in tables if context in table])
        for context in contexts
    }


def _by_spelling(tables: list[dict[str, list[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        for meaning, spelling in _pairs(table):
            found.setdefault(normalised(spelling) or spelling, meaning)
    return found


def _pairs(table: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for meaning, spellings in table.items():
        for spelling in spellings:
            yield meaning, spelling
