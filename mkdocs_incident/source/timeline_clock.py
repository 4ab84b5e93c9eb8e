"""What a timeline says of day, zone and ``T``, from entry to entry, which completes its times."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block
from mkdocs_incident.source.clock import day_of_timeline
from mkdocs_incident.source.relative_times import Start, may_say_start, read_offset, read_start
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.times import (
    ROLL_OVER,
    Stamp,
    find_zone,
    iso,
    name_of_zone,
    named_zones,
    read_stamp,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdocs_incident.source.draft import Draft

_RANGE = regex(
    r"\s*(?:-|–|—|→|to|bis|[〜～]|から)\s*(?=\d{1,2}(?::\d{2}|\s?Uhr\b)|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
_DETOUR = timedelta(hours=6)
"""So far back a time goes to the next day if the record's end says that it may."""


class TimelineClock:
    """Carries day, zone and the last moment from entry to entry."""

    def __init__(self, draft: Draft, heading: Fragment | None, blocks: Sequence[Block]) -> None:
        self.draft = draft
        self.above = heading
        self.blocks = blocks
        self.zone = (find_zone(heading.text) if heading else None) or draft.clock.zone
        self.zone_names = draft.clock.zone_names | named_zones(heading.text if heading else "")
        self.day: date | None = day_of_timeline(heading.text, draft.order) if heading else None
        self.last: datetime | None = None

    @cached_property
    def start(self) -> Start | None:
        """The one moment that the timeline calls ``T``, and its zone; None where it is not certain."""
        texts = list(may_say_start(self.above, self.blocks))
        stamps = [stamp for text in texts if (stamp := self.started(text)) is not None]
        days = {self.dated(stamp) for text in texts if (stamp := self.day_alone(text)) is not None}
        moments, zones = set(), set()
        for stamp in stamps:
            clock = stamp.clock or time()
            day = self.dated(stamp) if stamp.month else self.draft.clock.day_near_start(clock)
            if day is None or (stamp.month is None and days - {day}):
                return None
            moments.add(datetime.combine(day, clock))
            zones.add(stamp.zone)
        if len(moments) != 1 or len(zones - {None}) > 1:
            return None
        return Start(moments.pop(), next(iter(zones - {None}), None))

    def stamp(self, text: str) -> Stamp | None:
        """Read the stamp that `text` begins with, one that counts from ``T`` too."""
        return self.clocked(text) or self.started(text) or self.from_start(text)

    def clocked(self, text: str) -> Stamp | None:
        """Read the date or time that `text` begins with; of a range the first, with the zone of either."""
        stamp = read_stamp(text, self.draft.order)
        if stamp is None or stamp.clock is None:
            return stamp
        if stamp.zone == "":
            name = name_of_zone(text[: stamp.end])
            stamp = replace(stamp, zone=self.zone_names.get(name or "", ""))
        gap = _RANGE.match(text, stamp.end)
        until = read_stamp(text[gap.end() :], self.draft.order) if gap else None
        if gap and until and until.clock is not None:
            stamp = replace(stamp, zone=stamp.zone or until.zone, end=gap.end() + until.end)
        return stamp

    def is_timed(self, text: str) -> bool:
        """Return whether `text` begins with a time of day."""
        stamp = self.stamp(text)
        return stamp is not None and stamp.clock is not None

    def started(self, text: str) -> Stamp | None:
        """Read what says when ``T`` is, at this timeline's zones."""
        return read_start(text, self.clocked)

    def from_start(self, text: str) -> Stamp | None:
        """Read a time that counts from ``T``, where the timeline says when that is."""
        offset = read_offset(text)
        if offset is None or self.start is None:
            return None
        return offset.after(self.start)

    def day_alone(self, text: str) -> Stamp | None:
        """Read the day that a text begins with where no time follows."""
        stamp = read_stamp(text, self.draft.order)
        return stamp if stamp is not None and is_day(stamp) else None

    def set_day(self, stamp: Stamp) -> None:
        """Let what follows count from the day of a stamp, if it has one."""
        day = self.dated(stamp)
        if day is not None:
            self.day = day
            self.last = None

    def dated(self, stamp: Stamp) -> date | None:
        """Return a stamp's own day; without a year the one near the incident."""
        near = self.draft.clock.day or self.day
        day = stamp.nearest(near)
        self.draft.wants_year |= day is None
        return day

    @contextmanager
    def zone_of_column(self, header: str) -> Iterator[None]:
        """Take the zone that a column's header names for the entries that are read inside."""
        zone, names = self.zone, self.zone_names
        self.zone = find_zone(header) or zone
        self.zone_names = names | named_zones(header)
        try:
            yield
        finally:
            self.zone, self.zone_names = zone, names

    def instant(self, stamp: Stamp | None, at: Fragment) -> tuple[str, bool]:
        """Return the entry's moment as the record holds it, and whether it is approximate."""
        if stamp is None or stamp.clock is None:
            if not at.text and self.last is not None:
                return iso(self.last.date(), self.last.time(), self.zone), True
            return at.text, True
        words = synonyms().words["approximate"]
        approximate = stamp.approximate or at.text[stamp.end :].strip(" ().").lower() in words
        zone = self.zone if stamp.zone is None else stamp.zone
        day = self.day_of(stamp, stamp.clock)
        if day is None:
            return stamp.clock.isoformat("minutes"), approximate
        self.last = datetime.combine(day, stamp.clock)
        return iso(day, stamp.clock, zone), approximate

    def day_of(self, stamp: Stamp, clock: time) -> date | None:
        """The entry's own day, else that of the entry above (midnight crossed), else the record's."""
        if stamp.month is not None:
            self.day = self.dated(stamp)
            return self.day
        if self.last is not None:
            day = self.last.date()
            back = self.last - datetime.combine(day, clock)
            if back >= ROLL_OVER or (back >= _DETOUR and self.ends_later(day, clock)):
                return _days_after(day, 1)
            return day
        if self.day is not None:
            return self.day
        return self.draft.clock.day_near_start(clock)

    def ends_later(self, day: date, clock: time) -> bool:
        """Whether the record's own end shows that this time belongs to the next day."""
        end = self.draft.clock.end
        if end is None or end.date() <= day:
            return False
        return datetime.combine(_days_after(day, 1), clock) <= end + timedelta(hours=1)


def is_day(stamp: Stamp) -> bool:
    """Return whether a stamp is a day without a time."""
    return stamp.month is not None and stamp.clock is None


def _days_after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:  # the first and the last day there are
        return day
