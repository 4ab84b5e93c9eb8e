"""Phrases that judge people, from ``phrases.yml``: all languages at once."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = regex(r"\{([a-z]+)\}")
_WORD = regex(r"[^\W\d_]+")
_NAME_PART = regex(r"[^\W_]+")
_GROUP_ENDINGS = ("team", "oncall", "lead", "ops")
_CLAUSE = 60
"""Characters before a phrase in which a denial is looked for."""

_BEFORE, _AFTER = r"(?<![^\W_])(?<!-)", r"(?![^\W_])(?!-[^\W_])"
"""A word's edges; an underscore is one, since it also marks emphasis."""


class Phrase(msgspec.Struct, frozen=True, eq=False):
    """A way to judge somebody, and what to write instead."""

    rule: str
    hint: str
    words: frozenset[str]
    """One of these stands in every match."""
    pattern: str
    excuse: str
    """What takes the judgement away where it stands before the phrase in the same clause."""


class Hit(msgspec.Struct, frozen=True):
    """A phrase as a text holds it at ``[start:end]``."""

    start: int
    end: int
    phrase: Phrase


class Phrases(msgspec.Struct, frozen=True):
    """The phrases of all languages."""

    by_word: dict[str, tuple[Phrase, ...]]
    breaks: re.Pattern[str]
    """What a clause begins with."""
    roles: frozenset[str]
    """Words that make a handle or a name a team's or a role's."""

    def find(self, text: str) -> list[Hit]:
        """Return the phrases in `text`, in its order; of two that overlap, the one that begins first."""
        text = text.replace("’", "'")
        words = set(_WORD.findall(text.lower()))
        tried = {phrase for word in words & self.by_word.keys() for phrase in self.by_word[word]}
        hits = sorted(
            (hit for phrase in tried for hit in self._hits(phrase, text)),
            key=lambda hit: (hit.start, -hit.end, hit.phrase.rule),
        )
        kept: list[Hit] = []
        for hit in hits:
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
        return kept

    def _hits(self, phrase: Phrase, text: str) -> Iterator[Hit]:
        pattern = _compiled(phrase.pattern)
        for match in pattern.finditer(text):
            group = "phrase" if "phrase" in pattern.groupindex else 0
            start, end = match.span(group)
            clause = self.breaks.split(text[max(0, start - _CLAUSE) : start])[-1]
            if not _compiled(phrase.excuse).search(clause):
                yield Hit(start, end, phrase)


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """Return the phrases of all languages together."""
    path = Path(__file__).with_name("phrases.yml")
    languages = vocabulary(path)
    by_word: dict[str, list[Phrase]] = {}
    for language in languages:
        for phrase in _phrases_of(language):
            for word in phrase.words:
                by_word.setdefault(word, []).append(phrase)
    breaks = _words([word for language in languages for word in language["breaks"]])
    return Phrases(
        by_word={word: tuple(found) for word, found in by_word.items()},
        breaks=regex(f"[.,;:!?]|{breaks}", re.IGNORECASE),
        roles=frozenset(word for language in languages for word in language["roles"]),
    )


def is_role(written: str) -> bool:
    """Return whether a handle or a name reads as a team's, a role's or a machine's."""
    roles = phrases().roles
    return any(
        part in roles or part.endswith(_GROUP_ENDINGS)
        for part in _NAME_PART.findall(written.lower())
    )


def _phrases_of(language: dict[str, Any]) -> Iterator[Phrase]:
    parts: dict[str, str] = {}
    for name, pattern in language["parts"].items():
        parts[name] = _filled(pattern, parts)
    for group in language["phrases"]:
        excuse = _words([*language["denials"], *filter(None, [group.get("unless")])])
        for entry in group["patterns"]:
            yield Phrase(
                group["rule"],
                group["hint"],
                frozenset(entry["words"]),
                f"{_BEFORE}(?:{_filled(entry['pattern'], parts)}){_AFTER}",
                excuse,
            )


def _filled(pattern: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda match: parts[match[1]], pattern)


def _words(patterns: list[str]) -> str:
    return rf"{_BEFORE}(?:{'|'.join(patterns)}){_AFTER}"


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when a text first holds one of its words: most texts hold none."""
    return re.compile(_spaced(pattern), re.IGNORECASE)


def _spaced(pattern: str) -> str:
    """Make each space of a pattern any white space or emphasis, but for those in classes and lookbehinds."""
    kept = re.compile(r"(\[[^\]]*\]|\(\?<[=!][^()]*\))|( )")
    return kept.sub(lambda match: match[1] or r"[\s*_]+", pattern)
