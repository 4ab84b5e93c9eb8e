"""The document's own day, span and zone, which complete the times of its entries."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import DateOrder, find_zone, named_zones, parse_date, read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mkdocs_incident.source.text import Fragment

_GAP = regex(r"\s*(?:→|-+>?|–|—|to\b|until\b|bis\b)\s*")
_WORD = regex(r"(?<![\w/.-])\w")
_MAX_WORDS = 40
_VERSION = regex(r"[1-9]\d*\.(?:[1-9]\d*|0)\.\d+(?!\d)")
"""What may be a date and a version: ``1.5.2021``, but not ``01.05.2021``."""
_RELEASE_BEFORE = regex(r"\b(?:[Rr]elease|[Vv]ersion|[Bb]uild)\s+$")
_RELEASE_BEHIND = regex(r"\s+(?:release|version|build)\b")
_NAMED_BY_DAY = regex(r"(?:.*/)?(\d{4}-\d{2}-\d{2})(?!\d|[^\W_])[^/]*")
_DIGITS = regex(r"\d")
_BEHIND_NAME = regex(r"[\s,;:：–—()\[\]（）-]+(?:(?:of|on|for|from|am|vom)\s+)?")
_WORD_IN_HEADING = regex(r"\w[^\s,;()\[\]（）]*")
_LONGEST_HEADING = 100
"""Characters; a longer one says more than a day."""
_NOT_OF_THE_INCIDENT = {"review_meeting_at", "updated_at"}


class Clock(msgspec.Struct):
    """What the document says of day and zone outside of its timeline's entries."""

    day: date | None = None
    start: datetime | None = None
    """First moment that is known with its time of day, without zone."""
    end: datetime | None = None
    """Last such moment, if any."""
    zone: str | None = None
    zone_names: dict[str, str] = msgspec.field(default_factory=dict)
    """What a name such as ``IST`` stands for in this document."""

    def day_near_start(self, clock: time) -> date | None:
        """Return the day that brings a time of day nearest to the start.

        A deploy at 23:50 before an incident that starts at 00:05 was the day before.
        """
        if self.day is None or self.start is None:
            return self.day
        start = self.start
        days = [self.day]
        for offset in (-1, 1):
            try:
                days.append(self.day + timedelta(days=offset))
            except OverflowError:  # the first and the last day there are
                continue
        return min(days, key=lambda day: abs(datetime.combine(day, clock) - start))


def read_clock(
    fields: Mapping[str, Any],
    titles: Iterable[str],
    blocks: Sequence[Block],
    order: DateOrder,
) -> Clock:
    """Gather day and zone: duration line, date, title, then any ``*_at`` field."""
    note = zone_note(blocks)
    clock = Clock(zone=find_zone(note), zone_names=named_zones(note))
    duration = fields.get("duration")
    zone = _read_duration(clock, duration, order) if isinstance(duration, str) else None
    written = fields.get("date")
    if clock.day is None and isinstance(written, str):
        stamp = read_stamp(written, order)
        clock.day = stamp.on(None) if stamp else None
    for title in titles:
        clock.day = clock.day or day_in(title, order)
    moments = [
        moment
        for name, value in fields.items()
        if name.endswith("_at")
        and name not in _NOT_OF_THE_INCIDENT
        and isinstance(value, str)
        and (moment := _moment(value, order)) is not None
    ]
    if moments:
        first, last = min(moments), max(moments)
        clock.day = clock.day or first.date()
        clock.start = clock.start or (first if first.date() == clock.day else None)
        clock.end = clock.end or last
    clock.zone = clock.zone or zone
    return clock


def whole_day(text: str, order: DateOrder) -> date | None:
    """Return the day of a text that is a date, with its time of day or not, or the first of a span.

    ``2025-06-15 10:00 - 11:00 EST``, ``11.-12.01.2021``, ``2025-06-15 to 2025-06-17``.
    """
    text = _with_first_day(text)
    stamp = read_stamp(text, order)
    if stamp is None or stamp.approximate:
        return None
    gap = _GAP.match(text, stamp.end)
    until = read_stamp(text[gap.end() :], order) if gap else None
    end = stamp.end if gap is None or until is None else gap.end() + until.end
    return None if text[end:].strip() else stamp.on(None)


def _with_first_day(text: str) -> str:
    """Return a text in which a span of days is its first: ``January 11th and 12th, 2021``."""
    return _spans().sub(lambda match: "".join(filter(None, match.groups())), text)


@lru_cache(maxsize=1)
def _spans() -> re.Pattern[str]:
    """Return the pattern of two days of one month, its groups what the first of them is written with."""
    months = "|".join(sorted(map(re.escape, synonyms().months), key=len, reverse=True))
    day = r"(?<![\w.:/-])\d{1,2}(?:st|nd|rd|th)?"
    until = r"\s?(?:-|–|/|&|and|und|to|bis)\s?\d{1,2}"
    return re.compile(
        rf"({day})\.?{until}(\.\s?\d{{1,2}}\.\s?\d{{4}})(?!\d)"
        rf"|({day}\.?){until}(?:st|nd|rd|th|\.)?(\s+(?:{months})\b\.?,?\s+\d{{4}})(?!\d)"
        rf"|(\b(?:{months})\b\.?\s+\d{{1,2}})(?:st|nd|rd|th)?{until}(?:st|nd|rd|th)?(,?\s+\d{{4}})(?!\d)",
        re.IGNORECASE,
    )


def day_in_name(path: str) -> date | None:
    """Return the day that a file's name begins with: ``incidents/2025-03-04-queue.md``."""
    match = _NAMED_BY_DAY.fullmatch(path)
    return parse_date(match[1]) if match is not None else None


def day_in(text: str, order: DateOrder) -> date | None:
    """Return the first day that a line of text names with its year: ``Report of May 12, 2025 — …``."""
    text = _with_first_day(text)
    for match in islice(_WORD.finditer(text), _MAX_WORDS):
        stamp = read_stamp(text[match.start() :], order)
        if stamp is not None and (day := stamp.on(None)) is not None:
            if _VERSION.match(text, match.start()) and (
                _RELEASE_BEFORE.search(text, 0, match.start())
                or _RELEASE_BEHIND.match(text, match.start() + stamp.end)
            ):
                continue
            return day
    return None


def day_of_timeline(heading: str, order: DateOrder = "month-first") -> date | None:
    """Return the day of a timeline's heading that says nothing else: ``Timeline of 4 May 2023 (UTC)``.

    Behind other words a day may be that of something else: ``Timeline (last updated 2023-05-10)``.
    """
    text = heading.strip(" *_#")
    if len(text) > _LONGEST_HEADING or not _DIGITS.search(text):
        return None
    sections = synonyms().sections
    for gap in _BEHIND_NAME.finditer(text):
        if "timeline" in sections.get(normalised(text[: gap.start()]), ()):
            return _only_day(text[gap.end() :], order)
    return None


def _only_day(text: str, order: DateOrder) -> date | None:
    """Return the day of a text that is a day, and perhaps a zone; None where it is anything else."""
    day = None
    at = 0
    while (word := _WORD_IN_HEADING.search(text, at)) is not None:
        stamp = read_stamp(text[word.start() :], order)
        if stamp is not None and stamp.year is not None and stamp.clock is None and day is None:
            day = stamp.on(None)
            at = word.start() + stamp.end
        elif find_zone(word[0]):
            at = word.end()
        else:
            return None
    return day


def _moment(text: str, order: DateOrder) -> datetime | None:
    stamp = read_stamp(text, order)
    day = stamp.on(None) if stamp else None
    if stamp is None or day is None or stamp.clock is None:
        return None
    return datetime.combine(day, stamp.clock)


def _read_duration(clock: Clock, text: str, order: DateOrder) -> str | None:
    """Read ``2025-06-15 14:23 UTC → 15:47 UTC``: the days it names, its zone; nothing else."""
    first = read_stamp(text, order)
    if first is None or first.clock is None:
        return None
    clock.day = first.on(None)
    if clock.day is not None:
        clock.start = datetime.combine(clock.day, first.clock)
    gap = _GAP.match(text, first.end)
    last = read_stamp(text[gap.end() :], order) if gap else None
    zone = first.zone
    if last is not None and last.clock is not None:
        zone = zone or last.zone
        day = last.on(None) or clock.day
        if day is not None:
            clock.end = datetime.combine(day, last.clock)
    return zone or find_zone(text[first.end :])


def zone_note(blocks: Sequence[Block]) -> str:
    """Return what a note such as ``All times UTC`` says of the zone, wherever it stands; empty without one.

    One whose zone is certain comes before one whose zone means several.
    """
    lines = list(_lines(blocks))
    whole = "\n".join(line.text for line in lines).lower()
    notes = [note for note in synonyms().words["zone_note"] if note in whole]
    unclear = ""
    for line in lines if notes else ():
        lowered = line.text[:2000].lower()
        for note in notes:
            at = lowered.find(note)
            said = line.text[at : at + 80].rstrip("*_` .") if at >= 0 else ""
            zone = find_zone(said)
            if zone:
                return said
            if zone is not None:
                unclear = unclear or said
    return unclear


def _lines(blocks: Sequence[Block]) -> Iterable[Fragment]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from block.lines
            case Heading():
                yield block.text
            case List():
                for item in block.items:
                    yield from item.lines
