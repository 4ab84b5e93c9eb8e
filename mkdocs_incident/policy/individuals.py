"""People of a policy, and which of them a text may name: hundreds are listed, a text names one or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mkdocs_incident.patterns import regex

_WORD = regex(r"\w+")
_ONE_I = str.maketrans("İı", "ii")
"""A pattern that ignores case takes these for an ``i``; folding alone would make others of them."""


class Said(NamedTuple):
    """A text as names and handles are looked for in it, be it within words."""

    plain: str
    """With one kind of space and of apostrophe."""
    folded: str
    """That, without letter case."""

    @classmethod
    def of(cls, text: str) -> Said:
        """Return what a text says."""
        said = plain(text)
        return cls(said, folded(said))

    def handles_among(self, handles: Iterable[str]) -> set[str]:
        """Return the handles, as `folded` writes them, that stand in it."""
        return {handle for handle in handles if plain(handle) in self.folded}

    def names_among(self, names: Iterable[str]) -> set[str]:
        """Return the names that stand in it."""
        return {name for name in names if plain(name) in self.plain}


class Individuals:
    """People by the word that each handle and each name begins with."""

    def __init__(self, handles: Iterable[str], names: Iterable[str]) -> None:
        """Take handles, as `folded` writes them, and names as they are."""
        self._handles = _by_word((plain(handle), handle) for handle in handles)
        self._names = _by_word((plain(name), name) for name in names)

    def within(self, said: Said) -> tuple[set[str], set[str]]:
        """Return the handles and the names that stand in a text."""
        return (
            said.handles_among(_beginning(self._handles, said.folded)),
            said.names_among(_beginning(self._names, said.plain)),
        )


def plain(text: str) -> str:
    """Return a text with one kind of space and of apostrophe."""
    return " ".join(text.replace("’", "'").split())


def folded(text: str) -> str:
    """Return a text without letter case, so that what a pattern takes for the same is the same."""
    return text.translate(_ONE_I).casefold()


def _by_word(written: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, one in written:
        word = _WORD.search(text)
        found.setdefault(word[0] if word is not None else "", []).append(one)
    return found


def _beginning(known: Mapping[str, list[str]], text: str) -> list[str]:
    """Return those that begin with a word of a text, and those without any word."""
    return [one for word in {"", *_WORD.findall(text)} for one in known.get(word, ())]
