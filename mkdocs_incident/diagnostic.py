"""What the product says about a file: a place, a rule, a message and a remedy."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import msgspec

from mkdocs_incident.patterns import regex


class Level(IntEnum):
    """How much a diagnostic weighs; *severity* is a word that belongs to incidents."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Level:
        """Return the level that `word` (``error``, ``warning`` or ``note``) names.

        Raises:
            KeyError: `word` names none.
        """
        return cls[word.upper()]


class Location(NamedTuple):
    """A range in a file; lines and columns count from 1, in characters, the end is exclusive."""

    path: str
    """POSIX path relative to the root of the repository."""
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


class Related(msgspec.Struct, frozen=True):
    """Another place that a diagnostic speaks of, and what is there."""

    location: Location
    message: str


class Repair(msgspec.Struct, frozen=True):
    """What to write instead of what stands at a finding's place."""

    old: str
    new: str


class Finding(msgspec.Struct, frozen=True):
    """A defect as the layer that saw it states it, before the registry gives it code and level."""

    location: Location
    message: str
    """One line: the thing in backticks, what was seen, what was expected; no full stop."""
    hint: str = ""
    """What to do about it."""
    related: tuple[Related, ...] = ()
    rule: str = ""
    """The rule's name where the finding is raised below the rules; a rule leaves it empty."""
    level: Level | None = None
    """Weighs this finding differently from its rule's default (a draft, for example)."""
    repair: Repair | None = None
    """The one right answer, where there is one; None where a person has to judge."""


_THINGS_AND_WORDS = regex(r"`[^`]*`|[^\W\d_]+")
_UNITS = frozenset(
    [
        "d",
        "h",
        "min",
        "s",
        "day",
        "days",
        "hour",
        "hours",
        "minute",
        "minutes",
        "week",
        "weeks",
        "less",
        "than",
        "an",
        "a",
    ]
)
"""Words of spans: an overdue finding is the same finding tomorrow."""


class Diagnostic(msgspec.Struct, frozen=True):
    """One defect at one place."""

    location: Location
    code: str
    """Stable short code, such as ``ACT001``; never reused."""
    name: str
    """The rule's name, such as ``action-without-owner``: what people write in configuration."""
    level: Level
    message: str
    hint: str = ""
    related: tuple[Related, ...] = ()
    repair: Repair | None = None

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By place, then code, then what is said: the order in which diagnostics are printed."""
        related = tuple((other.location, other.message) for other in self.related)
        return (self.location, self.code, self.message, related, self.hint)

    @property
    def identity(self) -> str:
        """What the finding says wherever it stands in its file, and on any day: no place, no numbers."""
        return " ".join([self.code, *self.lasting_words])

    @property
    def lasting_words(self) -> list[str]:
        """The message without its numbers, which time changes."""
        words = _THINGS_AND_WORDS.findall(self.message)
        return [word for word in words if word not in _UNITS]
