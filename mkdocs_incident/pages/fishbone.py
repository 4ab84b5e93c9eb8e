"""Contributing factors as a fishbone, drawn on the server as inline SVG.

Here everything gets its place; the template ``fishbone.html`` writes it down and escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from mkdocs_incident.insights.directory import CATEGORIES
from mkdocs_incident.language import marked
from mkdocs_incident.pages.lettering import wrapped
from mkdocs_incident.pages.markup import plain
from mkdocs_incident.wording import capitalised, words

_LINE = 15
_LETTERS = 30
"""Letters of a line beside a rib."""
_MOST_LINES = 5
_MOST_FACTORS = 6
_COLUMN = 270
_HEAD = 132
_HEAD_LETTERS = 15
_LEAN = 46
"""How far a rib leans back from the spine."""


class Twig(msgspec.Struct, frozen=True):
    """A factor beside a rib: its lines, and where its twig meets the rib."""

    lines: tuple[str, ...]
    y: float
    """Of the first base line."""
    x: float
    """Where the lines end and the twig begins."""
    rib_x: float


class Rib(msgspec.Struct, frozen=True):
    """A category with its factors, above or below the spine."""

    name: str
    top_x: float
    y: float
    """Where the rib begins, beside its name."""
    spine_x: float
    name_y: float
    twigs: tuple[Twig, ...]
    more: int
    """Factors that only the list names."""


class Fishbone(msgspec.Struct, frozen=True, dict=True):
    """Contributing factors by category, and what they led to."""

    effect: tuple[str, ...]
    """What happened, line by line."""
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    """Category → its factors, for the list."""

    @property
    def drawn(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The categories that get a rib: four at most, so that words stay readable on the page."""
        return tuple(group for group in self.groups if group[0] in CATEGORIES)

    @property
    def is_drawn(self) -> bool:
        """Whether there are categories enough for a picture."""
        return len(self.drawn) > 1

    @property
    def columns(self) -> int:
        """Ribs on one side of the spine."""
        return (len(self.drawn) + 1) // 2

    @property
    def spine(self) -> int:
        """How long the spine is, in pixels."""
        return self.columns * _COLUMN + 20

    @property
    def width(self) -> int:
        """Of the picture, in pixels."""
        return self.spine + _HEAD

    @cached_property
    def spine_y(self) -> float:
        """Where the spine runs: below what stands above it."""
        return max(self._height(self.drawn[0::2]), self._head / 2 + 4)

    @property
    def _head(self) -> float:
        return (len(self.effect) + 1) * _LINE

    @property
    def head_height(self) -> float:
        """Of the box that says what happened."""
        return self._head

    @cached_property
    def height(self) -> float:
        """Of the whole picture."""
        return self.spine_y + max(self._height(self.drawn[1::2]), self._head / 2 + 4)

    def _height(self, groups: Sequence[tuple[str, tuple[str, ...]]]) -> float:
        return max((_tall(_lines_of(factors)) for _, factors in groups), default=0) + 30

    @property
    def ribs(self) -> list[Rib]:
        """The ribs, above and below in turns, from the left."""
        return [self._rib(position, *group) for position, group in enumerate(self.drawn)]

    def _rib_x(self, spine_x: float, y: float, tall: float) -> float:
        """Return where a rib of a height is at `y`: it leans back from the spine."""
        return spine_x - abs(y - self.spine_y) / tall * _LEAN

    def _rib(self, position: int, name: str, factors: tuple[str, ...]) -> Rib:
        below = position % 2 == 1
        spine_x = (position // 2 + 1) * _COLUMN
        lines = _lines_of(factors)
        tall = _tall(lines) + 10
        end = self.spine_y + tall if below else self.spine_y - tall
        twigs = []
        y = self.spine_y + 22 if below else end + 14
        for factor in lines:
            last = y + (len(factor) - 1) * _LINE
            rib_x = self._rib_x(spine_x, y - 4, tall)
            x = min(rib_x, self._rib_x(spine_x, last, tall)) - 12
            twigs.append(Twig(factor, round(y, 1), round(x, 1), round(rib_x, 1)))
            y = last + _LINE + 4
        return Rib(
            capitalised(words(name)),
            round(spine_x - _LEAN, 1),
            round(end, 1),
            spine_x,
            round(end + 14 if below else end - 5, 1),
            tuple(twigs),
            len(factors) - len(lines),
        )


def _tall(lines: Iterable[Sequence[str]]) -> float:
    return sum(len(factor) * _LINE + 4 for factor in lines)


def _lines_of(factors: Sequence[str]) -> list[tuple[str, ...]]:
    return [wrapped(plain(factor), _LETTERS, _MOST_LINES) for factor in factors[:_MOST_FACTORS]]


def fishbone(effect: str, factors: Iterable[tuple[str | None, str]]) -> Fishbone | None:
    """Return contributing factors by category; None where there is none.

    Args:
        effect: what they led to, in a few words.
        factors: category as written and text; those of no usual category come last, as ``other``, and keep
            their own in front.
    """
    groups: dict[str, list[str]] = {category: [] for category in (*CATEGORIES, marked("other"))}
    for category, text in factors:
        key = (category or "").casefold()
        is_known = key in CATEGORIES
        own = "" if is_known or not category or key == "other" else f"{capitalised(category)}: "
        groups[key if is_known else "other"].append(own + text)
    found = tuple((name, tuple(texts)) for name, texts in groups.items() if texts)
    return Fishbone(wrapped(plain(effect), _HEAD_LETTERS, 6), found) if found else None
