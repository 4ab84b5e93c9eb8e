"""Durations as people write them: ``1d 6h 40m``, ``84 minutes``, ``2:35``, ``about 2-3 hours``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from mkdocs_incident.source.synonyms import synonyms

_NUMBER = r"\d{1,6}(?:[.,]\d{1,3})?"
_CLOCK = re.compile(
    r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?(?:\s*(?:h|hrs?|hours|std|stunden)\b\.?)?", re.IGNORECASE
)
_BETWEEN = r"\s*(?:[-–—~]|\bto\b|\bbis\b|\bor\b)\s*"
_ROUGH = timedelta(minutes=1)
"""Both ends of a span are written to the minute."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something lasted, as somebody wrote it, and how exactly that was meant."""

    low: timedelta
    high: timedelta
    """The same as `low` unless a range was written."""
    tolerance: timedelta
    """How far the truth may lie outside without contradicting the text."""
    in_support_hours: bool
    """Whether only the hours count in which support is at work."""

    def allows(self, actual: timedelta) -> bool:
        """Return whether what was measured agrees with what was written."""
        return self.low - self.tolerance <= actual <= self.high + self.tolerance

    def distance(self, actual: timedelta) -> timedelta:
        """Return how far `actual` lies outside of the range."""
        return max(self.low - actual, actual - self.high, timedelta())


@lru_cache(maxsize=1)
def _units() -> dict[str, timedelta]:
    return {
        word: timedelta(**{unit: 1})
        for unit in ("weeks", "days", "hours", "minutes", "seconds")
        for word in synonyms().words[f"unit_{unit}"]
    }


@lru_cache(maxsize=1)
def _part() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, _units()), key=len, reverse=True))
    return re.compile(
        rf"(?P<low>{_NUMBER})(?:{_BETWEEN}(?P<high>{_NUMBER}))?[\s-]*(?P<unit>{words})(?![a-z])\.?",
        re.IGNORECASE,
    )


def parse_duration(text: str) -> Duration | None:
    """Return the duration that the whole of `text` means; None where anything else is said.

    A vague word ("about", "~") widens the tolerance to a tenth, at least half of the smallest unit
    that was written; a text in hours alone is taken as rounded to the half hour.
    """
    rest = " ".join(text.split()).strip(" .*_`()")
    rest, support = _without(rest, "support_hours")
    rest, vague = _without(rest, "approximate")
    if match := _CLOCK.fullmatch(rest):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        value = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return _duration(value, value, timedelta(minutes=1), vague=vague, support=support)
    low = high = timedelta()
    smallest: timedelta | None = None
    at = 0
    for match in _part().finditer(rest):
        between = rest[at : match.start()].strip(" ,")
        if between.lower() not in {"", "and", "und", "+", "&"}:
            return None
        unit = _units()[match["unit"].lower()]
        low += _number(match["low"]) * unit
        high += _number(match["high"] or match["low"]) * unit
        whole = "." not in match["low"] and "," not in match["low"]
        smallest = unit if whole else unit / 10
        at = match.end()
    if smallest is None or rest[at:].strip(" ,)."):
        return None
    return _duration(min(low, high), max(low, high), smallest, vague=vague, support=support)


def _without(text: str, vocabulary: str) -> tuple[str, bool]:
    """Return a text without a vocabulary's words, and whether it had one."""
    for word in sorted(synonyms().words[vocabulary], key=len, reverse=True):
        edges = [rf"(?<!\w){re.escape(word)}" if word[0].isalnum() else re.escape(word)]
        pattern = edges[0] + (r"(?!\w)" if word[-1].isalnum() else "")
        found = re.search(pattern, text, re.IGNORECASE)
        if found is not None:
            return f"{text[: found.start()]} {text[found.end() :]}".strip(), True
    return text, False


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _duration(
    low: timedelta, high: timedelta, smallest: timedelta, *, vague: bool, support: bool
) -> Duration:
    tolerance = max(_ROUGH, smallest / 2)
    if vague:
        tolerance = max(tolerance, high / 10)
    return Duration(low, high, tolerance, support)


def exact_duration(text: str) -> timedelta | None:
    """Return the one duration that `text` means, such as ``15 min`` or ``7 days``, else None."""
    found = parse_duration(text)
    if found is None or found.low != found.high or found.in_support_hours:
        return None
    return found.low
