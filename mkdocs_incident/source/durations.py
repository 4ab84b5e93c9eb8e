"""Durations as people write them: ``1d 6h 40m``, ``84 minutes``, ``2:35``, ``about 2-3 hours``."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import DateOrder, Stamp, iso, later, parse_instant, read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = r"\d{1,6}(?:[.,]\d{1,3})?"
_CLOCK = regex(
    r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?(?:\s*(?:h|hrs?|hours|std|stunden)\b\.?)?", re.IGNORECASE
)
_BETWEEN = r"\s*(?:[-–—~]|\bto\b|\bbis\b|\bor\b)\s*"
_GAP = regex(r"\s*(?:→|⇒|-+>?|–|—|\bto\b|\buntil\b|\bbis\b)\s*", re.IGNORECASE)
_BRACKETS = regex(r"(?P<before>[^()]*)\((?P<inside>[^()]*)\)\s*")
_MULTIPLIED = regex(rf"({_NUMBER})½")
_ISO_FORM = regex(
    r"P(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?", re.IGNORECASE
)
_ROUGH = timedelta(minutes=1)
"""Both ends of a span are written to the minute."""
_ROUNDED = ((30, timedelta(minutes=5)), (5, timedelta(minutes=2, seconds=30)))
"""So many minutes, or a multiple of them, are likely rounded, and by how much."""
_BARE_MINUTES = regex(r"(?<=\dh)(\d{1,2})$", re.IGNORECASE)
"""The end of ``1h30``."""
_LONGEST = 200
"""Characters; a longer text is prose."""
_MOST = timedelta(days=3650)
ENDS = ("started", "detected", "mitigated", "resolved")
"""Events that people count a duration from or to."""


class Duration(msgspec.Struct, frozen=True):
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


class WrittenDuration(msgspec.Struct, frozen=True):
    """All that a record's duration says: how long, and perhaps from when to when."""

    claim: Duration | None
    """None where only the ends are given."""
    claim_text: str
    begin: datetime | None = None
    end: datetime | None = None
    """The stated ends; without a zone they are naive."""
    has_days: bool = False
    """Whether the ends' day is known; else only the time between them means something."""
    approximate: bool = False
    """Whether one of the ends is."""
    between: tuple[str, str] | None = None
    """Milestones that the text counts between, such as ``from detection to resolution``."""


@lru_cache(maxsize=1)
def _units() -> dict[str, timedelta]:
    return {
        word: timedelta(**{unit: 1})
        for unit in ("weeks", "days", "hours", "minutes", "seconds")
        for word in synonyms().words[f"unit_{unit}"]
    }


@lru_cache(maxsize=1)
def _part() -> re.Pattern[str]:
    words = _alternatives(_units())
    return re.compile(
        rf"(?P<low>{_NUMBER})(?:{_BETWEEN}(?P<high>{_NUMBER}))?[\s-]*(?P<unit>{words})(?![a-z])\.?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _spelled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of numbers in words before a unit, and their digits."""
    units = _alternatives(_units())
    names = ["half", *map(str, range(1, 11))]
    return tuple(
        (
            re.compile(
                rf"(?<![\w.,])(?:{_alternatives(synonyms().words[f'number_{name}'])})(?:(?<=½)|(?!\w))(?=[\s-]*(?:{units})(?!\w))",
                re.IGNORECASE,
            ),
            "0.5 " if name == "half" else f"{name} ",
        )
        for name in names
    )


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def parse_duration(text: str) -> Duration | None:
    """Return the duration that the whole of `text` means; None where anything else is said.

    A vague word ("about", "~") widens the tolerance to a tenth, at least half of the smallest unit
    that was written; a text in hours alone is taken as rounded to the half hour.
    """
    if len(text) > _LONGEST:
        return None
    rest = " ".join(text.split()).strip(" .*_`()")
    rest, support = _without(rest, "support_hours")
    if support and re.fullmatch(rf"{_NUMBER}(?:{_BETWEEN}{_NUMBER})?", rest):
        rest = f"{rest} h"  # "3 support hours"
    rest, vague = _without(rest, "approximate")
    rest, at_least = _without(rest, "at_least", at_start=True)
    rest, at_most = _without(rest, "at_most", at_start=True)
    found = _measured(rest, vague=vague, support=support)
    if found is None or at_least == at_most:
        return None if found is None or at_least else found
    if at_least:
        return replace(found, high=found.high * 2)
    return replace(found, low=timedelta())


def _measured(rest: str, *, vague: bool, support: bool) -> Duration | None:
    if match := _CLOCK.fullmatch(rest):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        value = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return _duration(value, value, timedelta(minutes=1), vague=vague, support=support)
    if (match := _ISO_FORM.fullmatch(rest)) and any(match.groups()):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        value = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return _duration(value, value, timedelta(minutes=1), vague=vague, support=support)
    rest = _BARE_MINUTES.sub(r"\1 min", rest)
    rest = _MULTIPLIED.sub(lambda match: f"{_number(match[1]) + 0.5:g}", rest)
    for pattern, digits in _spelled():
        rest = pattern.sub(digits, rest)
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


def _without(text: str, vocabulary: str, *, at_start: bool = False) -> tuple[str, bool]:
    """Return a text without a vocabulary's words, and whether it had one."""
    whole, words = _patterns(vocabulary)
    for word in words if whole.search(text) else ():
        found = word.search(text)
        if found is not None and not (at_start and found.start()):
            return f"{text[: found.start()]} {text[found.end() :]}".strip(), True
    return text, False


@lru_cache(maxsize=16)
def _patterns(vocabulary: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """Return the pattern of any word of a vocabulary, and that of each, longest first."""
    patterns = []
    for word in sorted(synonyms().words[vocabulary], key=len, reverse=True):
        before = r"(?<!\w)" if word[0].isalnum() else ""
        after = r"(?!\w)" if word[-1].isalnum() else ""
        patterns.append(f"{before}{re.escape(word)}{after}")
    each = tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    return re.compile("|".join(patterns), re.IGNORECASE), each


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _duration(
    low: timedelta, high: timedelta, smallest: timedelta, *, vague: bool, support: bool
) -> Duration:
    tolerance = max(_ROUGH, smallest / 2)
    if smallest == timedelta(minutes=1):
        minutes = high // smallest
        tolerance = next((more for step, more in _ROUNDED if not minutes % step), tolerance)
    if vague:
        tolerance = max(tolerance, high / 10)
    return Duration(low, high, tolerance, support)


def exact_duration(text: str) -> timedelta | None:
    """Return the one duration that `text` means, such as ``15 min`` or ``7 days``, else None."""
    found = parse_duration(text)
    if found is None or found.low != found.high or found.in_support_hours:
        return None
    is_vague = _without(" ".join(text.split()), "approximate")[1]
    return found.low if found.low and not is_vague else None


def read_written(text: str, order: DateOrder = "month-first") -> WrittenDuration | None:
    """Read a record's duration: a length, its two ends, or both in either order; None if unsure."""
    if len(text) > _LONGEST:
        return None
    text = " ".join(text.split()).strip(" .*_`")
    ends = _ends(text, order)
    if ends is not None:
        stated, rest = ends
        rest = rest.strip(" ,;:=·|–—-*_`")
        rest = rest.removeprefix("(").removesuffix(")").strip()
        # What cannot be read beside the ends may well qualify them.
        return _with_ends(_claimed(rest), stated) if rest else stated
    match = _BRACKETS.fullmatch(text)
    return _bracketed(match["before"], match["inside"], order) if match else _claimed(text)


def _bracketed(before: str, inside: str, order: DateOrder) -> WrittenDuration | None:
    """Read ``84 minutes (14:23–15:47 UTC)``, ``84 min (1 h 24 min)``, ``1h (detection to resolution)``."""
    claim = _claimed(before)
    inside = inside.strip().removeprefix("from ").removeprefix("von ")
    ends = _ends(inside, order)
    if ends is not None:
        return None if ends[1].strip() else _with_ends(claim, ends[0])
    between = _named_ends(inside)
    if between is not None:
        return claim and replace(claim, between=between)
    return claim if parse_duration(inside) is not None else None


def _with_ends(claim: WrittenDuration | None, stated: WrittenDuration) -> WrittenDuration | None:
    return claim and replace(stated, claim=claim.claim, claim_text=claim.claim_text,
                             between=claim.between)  # fmt: skip


def _claimed(text: str) -> WrittenDuration | None:
    text = text.strip(" ,;")
    match = _named_tail().search(text)
    between = _named_ends(match["ends"]) if match else None
    length = text[: match.start()].strip(" ,(") if match and between else text
    claim = parse_duration(length) or parse_duration(_without(length, "duration_filler")[0])
    return (
        None
        if claim is None or claim.high > _MOST
        else WrittenDuration(claim, length, between=between)
    )


@lru_cache(maxsize=1)
def _named_tail() -> re.Pattern[str]:
    """Match ``(from) detection to resolution`` at a text's end."""
    words = _alternatives(word for name in ENDS for word in synonyms().words[f"ends_{name}"])
    return re.compile(
        rf"[\s(,:–—-]+(?:from |von )?(?P<ends>(?:{words}){_GAP.pattern}(?:full |the )?(?:{words}))\)?$",
        re.IGNORECASE,
    )


def _named_ends(text: str) -> tuple[str, str] | None:
    parts = _GAP.split(text.strip().lower().removeprefix("from "))
    names = [
        next((name for name in ENDS
              if part.removeprefix("full ").removeprefix("the ") in synonyms().words[f"ends_{name}"]), "")
        for part in parts
    ]  # fmt: skip
    return (names[0], names[1]) if len(names) == 2 and all(names) else None


def _ends(text: str, order: DateOrder) -> tuple[WrittenDuration, str] | None:
    """Read ``2025-06-15 14:23 UTC → 15:47 UTC`` at the start of a text, and return what follows."""
    first = read_stamp(text, order)
    if first is None or first.clock is None:
        return None
    gap = _GAP.match(text, first.end)
    last = read_stamp(text[gap.end() :], order) if gap else None
    if gap is None or last is None or last.clock is None:
        return None
    zone = first.zone if first.zone is not None else last.zone
    begin = _moment(first, first.on(None), zone)
    end = _moment(
        last, last.on(None) or first.on(None), last.zone if last.zone is not None else zone
    )
    if begin is None or end is None:
        return None
    if last.month is None and end < begin:
        end = later(end, timedelta(days=1)) or end
    stated = WrittenDuration(None, "", begin, end, has_days=first.on(None) is not None,
                             approximate=first.approximate or last.approximate)  # fmt: skip
    return stated, text[gap.end() + last.end :]


def _moment(stamp: Stamp, day: date | None, zone: str | None) -> datetime | None:
    if stamp.clock is None or (day is None and stamp.month is not None):
        return None
    return parse_instant(iso(day or date(2000, 1, 1), stamp.clock, zone))
