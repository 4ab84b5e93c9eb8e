"""People of a policy, and which of them a text may name: hundreds are listed, a text names one or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mkdocs_incident.patterns import regex

_WORD = regex(r"\w+")


class Said(NamedTuple):
    """A text as names and handles are looked for in it."""

    plain: str
    """With one kind of space and of apostrophe."""
    folded: str
    """That, as handles are compared."""

    @classmethod
    def of(cls, text: str) -> Said:
        """Return what a text says."""
        said = plain(text)
        return cls(said, said.casefold())

    def handles(self, handles: Iterable[str]) -> set[str]:
        """Return the handles that stand in it, be it within a word."""
        return {handle for handle in handles if handle in self.folded}

    def names(self, names: Iterable[str]) -> set[str]:
        """Return the names that stand in it, be it within a word."""
        return {name for name in names if plain(name) in self.plain}


class Individuals(NamedTuple):
    """Handles, as `handle_key` compares them, and names of people, by the word that each begins with."""

    handles: Mapping[str, list[str]]
    names: Mapping[str, list[str]]

    @classmethod
    def of(cls, handles: Iterable[str], names: Iterable[str]) -> Individuals:
        """Return people by handles and names."""
        return cls(_by_word((h, h) for h in handles), _by_word((plain(n), n) for n in names))

    def within(self, said: Said) -> tuple[set[str], set[str]]:
        """Return handles and names that stand in a text."""
        return (
            said.handles(_beginning(self.handles, said.folded)),
            said.names(_beginning(self.names, said.plain)),
        )


def plain(text: str) -> str:
    """Return a text with one kind of space and of apostrophe."""
    return " ".join(text.replace("’", "'").split())


def _by_word(written: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, one in written:
        word = _WORD.search(text)
        found.setdefault(word[0] if word is not None else "", []).append(one)
    return found


def _beginning(known: Mapping[str, list[str]], text: str) -> list[str]:
    """Return those that begin with a word of a text, and those without any word."""
    return [one for word in {"", *_WORD.findall(text)} for one in known.get(word, ())]
