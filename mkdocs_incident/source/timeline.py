"""Timelines as people write them: tables, lists, dated headings."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import Joined, bare, columns_of, without_bold
from mkdocs_incident.source.relative_times import (
    RELATIVE_TIME,
    Start,
    may_say_start,
    only_says_start,
    read_offset,
    read_start,
)
from mkdocs_incident.source.synonyms import normalised, synonyms
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
    from collections.abc import Iterable, Sequence

    from mkdocs_incident.source.draft import Draft, Fields

_SEPARATOR = regex(r"\s*[:：]?(?:\*\*|__)?\s*(?:[-–—→>|:：]+(?=\s)|[→|–—])?\s*")
_RANGE = regex(
    r"\s*(?:-|–|—|→|to|bis|[〜～]|から)\s*(?=\d{1,2}(?::\d{2}|\s?Uhr\b)|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
_LINK = regex(r"\[[^\]]*\]\(([^)\s]+)\)")
_SPOKEN = regex(r"(?P<at>[^—–:]{2,30}?)\s+[—–-]\s+(?=\S)")
_UNKNOWN = regex(r"(?:\d{4}-\d{2}-\d{2}\s+)?(?=[\d:]*[?X])[\d?X]{1,2}:[\d?X]{2}(?![\w:])")
"""A time whose writer did not know it: ``2X:XX``, ``14:??``."""
_REMARK = regex(r"\s*[(（][^()（）]{1,60}[)）]\s*")
_EXTRA = ("actor", "notes", "milestone", "link")
FEW = 3
"""So many times in a row are a timeline, whatever the heading says."""
_DETOUR = timedelta(hours=6)
"""So far back a time goes to the next day if the record's end says that it may."""


def read_timeline(draft: Draft, heading: Fragment | None, blocks: Iterable[Block]) -> None:
    """Read the entries below a timeline heading into ``timeline``."""
    reader = _Timeline(draft, heading, list(blocks))
    for block in reader.blocks:
        reader.read(block)
    reader.drop_announced()


def is_timeline(table: Table) -> bool:
    """Return whether a table's header names both a time and an event."""
    return {"at", "event"} <= columns_of(table, synonyms().labels["timeline"]).keys()


def is_time(heading: Fragment) -> bool:
    """Return whether a heading begins with a time of day."""
    stamp = read_stamp(heading.text)
    return stamp is not None and stamp.clock is not None


def is_times(block: List) -> bool:
    """Return whether a list is nothing but three or more times, each with what happened then."""
    texts = [Joined.of(item.lines).text for item in block.items]
    stamps = [read_stamp(text) for text in texts]
    return len(texts) >= FEW and all(
        stamp is not None and stamp.clock is not None and text[stamp.end :].strip(" *_:—–-")
        for text, stamp in zip(texts, stamps, strict=True)
    )


def timeline_columns(table: Table) -> dict[str, int]:
    """Return which column holds what, by header, and by content where the header is mute."""
    labels = synonyms().labels["timeline"]
    columns = columns_of(table, labels)
    for i, cell in enumerate(table.header):
        if i not in columns.values() and find_zone(cell.text):
            columns.setdefault(labels.get(normalised(cell.text).rsplit(" ", 1)[0], "at"), i)
    for i, cell in enumerate(table.rows[0] if table.rows else ()):
        stamp = read_stamp(bare(cell).text)
        if "at" not in columns and stamp is not None and stamp.clock is not None:
            columns["at"] = i
    if "day" in columns and "at" not in columns:
        columns["at"] = columns.pop("day")
    if "event" not in columns:
        free = [i for i in range(len(table.header)) if i not in columns.values()]
        if "notes" in columns:
            columns["event"] = columns.pop("notes")
        elif free:
            columns["event"] = free[0]
    return columns


class _Announced(msgspec.Struct, frozen=True):
    """A heading or a line that is a time and nothing else: what happened then stands below it."""

    stamp: Stamp | None
    """None where the time can't be read."""
    at: Fragment
    is_vague: bool = False
    link: Fragment | None = None
    """A link on a line of its own, told only where no text follows."""


class _Timeline:
    """Carries day, zone and the last moment from entry to entry."""

    def __init__(self, draft: Draft, heading: Fragment | None, blocks: Sequence[Block]) -> None:
        self.draft = draft
        self.above = heading
        self.blocks = blocks
        self.zone = (find_zone(heading.text) if heading else None) or draft.clock.zone
        self.zone_names = draft.clock.zone_names | named_zones(heading.text if heading else "")
        self.day: date | None = None
        self.last: datetime | None = None
        self.announced: _Announced | None = None

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

    def day_alone(self, text: str) -> Stamp | None:
        """Read the day that a text begins with where no time follows."""
        stamp = read_stamp(text, self.draft.order)
        return stamp if stamp is not None and _is_day(stamp) else None

    def started(self, text: str) -> Stamp | None:
        return read_start(text, self.clocked)

    def from_start(self, text: str) -> Stamp | None:
        """Read a time that counts from ``T``, where the timeline says when that is."""
        offset = read_offset(text)
        if offset is None or self.start is None:
            return None
        return offset.after(self.start)

    def read(self, block: Block) -> None:
        if self.announced is not None and self.tells(block):
            return
        match block:
            case Table():
                self.table(block)
            case List():
                self.list(block)
            case Heading():
                self.heading(block)
            case Paragraph():
                self.paragraph(block)
            case _:
                return

    def tells(self, block: Block) -> bool:
        """Whether a block says what happened at the time that was announced above it."""
        match block:
            case Paragraph() if self.is_event(block.lines):
                text = Joined.of(block.lines).whole
            case List() if not any(self.is_timed(Joined.of(i.lines).text) for i in block.items):
                texts = [Joined.of(item.lines).whole for item in block.items if item.lines]
                if not texts:
                    return False
                joined = "; ".join(text.text for text in texts)
                text = Fragment(joined, texts[0].line, texts[0].column)
            case _:
                return False
        if self.announced is not None:
            if _LINK.fullmatch(text.text):
                self.announced = replace(self.announced, link=text)
            else:
                self.tell(self.announced, text)
        return True

    def is_event(self, lines: tuple[Fragment, ...]) -> bool:
        """Whether lines are plain text: no times of their own, no note about zones, no picture."""
        first = lines[0].text
        lowered = first.lower()
        if any(note in lowered for note in synonyms().words["zone_note"]):
            return False
        return not first.startswith("![") and not any(self.is_timed(line.text) for line in lines)

    def is_timed(self, text: str) -> bool:
        stamp = self.stamp(text)
        return stamp is not None and stamp.clock is not None

    def tell(self, announced: _Announced, text: Fragment) -> None:
        if announced.stamp is not None and announced.stamp.clock is None:
            self.set_day(announced.stamp)
        self.entry(announced.stamp, announced.at, text, vague=announced.is_vague)

    def drop_announced(self) -> None:
        """Keep a time that nothing was said about, unless it only dates what follows."""
        announced, self.announced = self.announced, None
        if announced is not None and (announced.stamp is None or announced.stamp.clock):
            self.tell(announced, announced.link or announced.at.cut(len(announced.at.text)))

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

    def list(self, block: List) -> None:
        texts = [Joined.of(item.lines).text for item in block.items]
        stamps = [self.stamp(text) for text in texts]
        timed = any(
            _unreadable(text) if stamp is None else stamp.clock is not None
            for text, stamp in zip(texts, stamps, strict=True)
        )
        for item, stamp in zip(block.items, stamps, strict=True):
            self.item(item, stamp, in_timeline=timed)

    def item(self, item: Item, stamp: Stamp | None, *, in_timeline: bool) -> None:
        """Read an entry, or ``- 2025-06-15`` over the list of its times."""
        text = Joined.of(item.lines)
        nested = [child for child in item.children if isinstance(child, List)]
        if stamp is not None and not nested and only_says_start(text.text, stamp):
            return
        if stamp is not None and (stamp.clock is not None or not _is_day(stamp)):
            self.line(text, stamp)
        elif stamp is not None and (nested or not text.text[stamp.end :].strip(" :*_")):
            self.set_day(stamp)
        elif stamp is not None:
            self.set_day(stamp)
            self.line(text, stamp)
        elif in_timeline:
            self.unstamped(text)
        for child in nested:
            self.nested(child, in_entry=stamp is None or stamp.clock is not None)

    def unstamped(self, text: Joined) -> None:
        """Keep ``shortly after — …`` as written; other text is detail of the entry above."""
        if self.unreadable(text):
            return
        match = _SPOKEN.match(text.text)
        if match:
            self.entry(None, text.cut(0, match.end("at")), text.cut(match.end()))
        else:
            self.detail(text)

    def detail(self, text: Joined) -> None:
        if self.draft.data.get("timeline") and text.text:
            entry = self.draft.data["timeline"][-1]
            entry["event"] = f"{entry['event']}; {without_bold(text.text)}"

    def heading(self, block: Heading) -> None:
        """Read ``### 14:23 — event``, or the time of what is told below it."""
        self.drop_announced()
        heading = block.text
        stamp = self.stamp(heading.text)
        if stamp is None:
            self.unreadable(Joined.of([heading]))
            return
        if stamp.clock is None:
            self.set_day(stamp)
        rest = heading.text[stamp.end :].strip(" -–—:：")
        if not rest or _REMARK.fullmatch(rest):
            self.announced = _Announced(stamp, heading, "?" in rest)
        elif stamp.clock is not None:
            self.line(Joined.of([heading]), stamp)

    def unreadable(self, text: Joined) -> bool:
        """Read ``2X:XX — event`` as an entry whose time stays as it is written."""
        match = _unreadable(text.text)
        if match is None:
            return False
        gap = _SEPARATOR.match(text.text, match.end())
        event = text.cut(gap.end() if gap else match.end())
        group = match.lastgroup or 0  # without marks around it
        at = text.cut(match.start(group), match.end(group))
        if event.text and not _REMARK.fullmatch(event.text):
            self.entry(None, at, event)
        else:
            self.announced = _Announced(None, at)
        return True

    def nested(self, block: List, *, in_entry: bool) -> None:
        """Read a nested list: entries of their own if they are stamped, else detail of the entry."""
        for item in block.items:
            text = Joined.of(item.lines)
            stamp = self.stamp(text.text)
            if stamp is not None and stamp.clock is not None:
                self.line(text, stamp)
            elif in_entry:
                self.detail(text)

    def paragraph(self, block: Paragraph) -> None:
        for i, line in enumerate(block.lines):
            found = self.stamp(line.text)
            if found is not None and only_says_start(line.text, found):
                continue
            if found is None:
                if self.announced is None and self.unreadable(Joined.of([line])):
                    continue
                if self.announced is not None:
                    rest = block.lines[i:]
                    until = next((n for n, r in enumerate(rest) if self.is_timed(r.text)), None)
                    self.tells(Paragraph(rest[:until]))
                continue
            if found.clock is not None and not line.text[found.end :].strip(" *_:：-–—"):
                self.drop_announced()
                self.announced = _Announced(found, line)
            elif found.clock is not None:
                self.drop_announced()
                self.line(Joined.of([line]), found)
            elif not line.text[found.end :].strip(" *_:") and _is_day(found):
                self.set_day(found)

    def line(self, text: Joined, stamp: Stamp) -> None:
        """Read ``14:23 — event``: what stands behind the stamp."""
        gap = _SEPARATOR.match(text.text, stamp.end)
        event = text.cut(gap.end() if gap else stamp.end)
        self.entry(stamp, text.cut(0, stamp.end), event)

    def table(self, table: Table) -> None:
        columns = timeline_columns(table)
        if "at" not in columns:
            return
        header_zone = find_zone(table.header[columns["at"]].text)
        zone, self.zone = self.zone, header_zone or self.zone
        names = self.zone_names
        self.zone_names = names | named_zones(table.header[columns["at"]].text)
        for row in table.rows:
            self.row({name: row[i] for name, i in columns.items() if i < len(row)})
        self.zone, self.zone_names = zone, names

    def row(self, cells: dict[str, Fragment]) -> None:
        day_cell = cells.get("day")
        if day_cell is not None and day_cell.text:
            stamp = read_stamp(bare(day_cell).text, self.draft.order)
            if stamp is not None and _is_day(stamp):
                self.set_day(stamp)
        at, event = cells.get("at"), cells.get("event")
        if at is None or event is None or not (at.text or event.text):
            return
        at = bare(at)
        found = self.stamp(at.text)
        if found is not None and _is_day(found):
            self.set_day(found)
            if not event.text:
                return  # a row that holds nothing but the day of those below
        extra = {name: cell for name, cell in cells.items() if name in _EXTRA}
        self.entry(found, at, event, extra)

    def set_day(self, stamp: Stamp) -> None:
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

    def entry(
        self,
        stamp: Stamp | None,
        at: Fragment,
        event: Fragment,
        extra: dict[str, Fragment] | None = None,
        *,
        vague: bool = False,
    ) -> None:
        self.announced = None
        instant, approximate = self.instant(stamp, at)
        approximate |= vague
        fields: Fields = {"at": (instant, at), "event": (without_bold(event.text), event)}
        if approximate:
            fields["approximate"] = (True, at)
        for name, cell in (extra or {}).items():
            value = bare(cell)
            if not value.text or synonyms().is_missing(value.text):
                continue
            if name == "link":
                link = _LINK.search(value.text)
                fields[name] = (link[1] if link else value.text.strip("<>"), value)
            elif name == "milestone":
                words = re.split(r"[\s_-]+", without_bold(value.text).lower())
                fields[name] = ("_".join(words), value)
            else:
                fields[name] = (without_bold(value.text), value)
        self.draft.add("timeline", fields, at if at.text else event)

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


def _unreadable(text: str) -> re.Match[str] | None:
    return _UNKNOWN.match(text) or RELATIVE_TIME.match(text)


def _is_day(stamp: Stamp) -> bool:
    return stamp.month is not None and stamp.clock is None


def _days_after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:  # the first and the last day there are
        return day
