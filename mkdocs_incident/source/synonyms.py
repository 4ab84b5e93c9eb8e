"""What people call things, from ``synonyms.yml``: all languages at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_EMPHASIS = re.compile(r"[*_`]+")
_PARENTHESES = re.compile(r"[(\[（][^)\]）]*[)\]）]?")
_NUMBERING = re.compile(
    r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.):]|[ivx]{1,4}[.)]|(?:step|phase|part) [0-9]+[:.]?)\s+"
)
_EDGES = re.compile(r"^[^\w#?]+|[^\w#?!]+$")
_SPACES = re.compile(r"\s+")


def normalised(text: str) -> str:
    """Return a heading, label or word as it is compared: no case, emphasis, emoji or numbering."""
    if len(text) > 200:
        return ""
    text = _SHORTCODE.sub("", text) if text.count(":") > 1 else text
    text = _PARENTHESES.sub(" ", _EMPHASIS.sub("", text)).replace("’", "'").lower()
    text = _EDGES.sub("", _SPACES.sub(" ", text))
    return _EDGES.sub("", _NUMBERING.sub("", text))


@dataclass(frozen=True)
class Synonyms:
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
    milestones: tuple[tuple[str, re.Pattern[str]], ...]

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

    def is_missing(self, value: Any) -> bool:
        """Return whether a value says that nothing is known yet: empty, ``TBD``, ``N/A`` …"""
        if value is None:
            return True
        if not isinstance(value, str):
            return False
        text = value.strip().strip("*_`<>{}[]().").strip().lower()
        return text in self.words["missing"] or text.startswith(("tbd ", "to be assigned", "tba "))


@lru_cache(maxsize=1)
def synonyms() -> Synonyms:
    """Return the tables of all languages together; where two disagree, the first one wins."""
    path = Path(__file__).with_name("synonyms.yml")
    languages = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # noqa: S506 - our own file
    sections: dict[str, set[str]] = {}
    titles: dict[str, str] = {}
    labels: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, str]] = {}
    words: dict[str, set[str]] = {}
    months: dict[str, int] = {}
    milestones: dict[str, list[str]] = {}
    for language in languages.values():
        for kind, spelling in _pairs(language["titles"]):
            titles.setdefault(normalised(spelling), kind)
        for kind, spelling in _pairs(language["sections"]):
            sections.setdefault(normalised(spelling), set()).add(kind)
        for context, fields in language["labels"].items():
            for name, spelling in _pairs(fields):
                labels.setdefault(context, {}).setdefault(normalised(spelling) or spelling, name)
        for vocabulary, meanings in language["values"].items():
            for meaning, spelling in _pairs(meanings):
                values.setdefault(vocabulary, {}).setdefault(normalised(spelling), meaning)
        for group, spellings in language["words"].items():
            if group == "months":
                for number, name in enumerate(spellings, start=1):
                    months.setdefault(name[:3], number)
                    months.setdefault(name, number)
            else:
                words.setdefault(group, set()).update(str(word).lower() for word in spellings)
        for milestone, patterns in language["milestones"].items():
            milestones.setdefault(milestone, []).extend(patterns)
    return Synonyms(
        titles=titles,
        sections={heading: frozenset(kinds) for heading, kinds in sections.items()},
        labels=labels,
        values=values,
        words={group: frozenset(spellings) for group, spellings in words.items()},
        months=months,
        milestones=tuple(
            (name, re.compile("|".join(patterns), re.IGNORECASE))
            for name, patterns in milestones.items()
        ),
    )


def _pairs(table: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for meaning, spellings in table.items():
        for spelling in spellings:
            yield meaning, str(spelling)
