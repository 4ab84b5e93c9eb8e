"""Timelines as people write them: tables, lists, dated headings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from mkdocs_incident.source.blocks import Block, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import Joined, bare, columns_of, without_bold
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import ROLL_OVER, Stamp, find_zone, iso, read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs_incident.source.draft import Draft, Fields
    from mkdocs_incident.source.text import Fragment

_SEPARATOR = re.compile(r"\s*[:：]?(?:\*\*|__)?\s*(?:[-–—→>|:：]+(?=\s)|[→|–—])?\s*")
_RANGE = re.compile(r"\s*(?:-|–|—|→|to|bis)\s*(?=\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SPOKEN = re.compile(r"(?P<at>[^—–:]{2,30}?)\s+[—–-]\s+(?=\S)")
_EXTRA = ("actor", "notes", "milestone", "link")
_DETOUR = timedelta(hours=6)
"""So far back a time goes to the next day if the record's end says that it may."""


def read_timeline(draft: Draft, heading: Fragment | None, blocks: Iterable[Block]) -> None:
    """Read the entries below a timeline heading into ``timeline``."""
    reader = _Timeline(draft, find_zone(heading.text) if heading else None)
    for block in blocks:
        reader.read(block)


def is_timeline(table: Table) -> bool:
    """Return whether a table's header names both a time and an event."""
    return {"at", "event"} <= columns_of(table, synonyms().labels["timeline"]).keys()


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


class _Timeline:
    """Carries day, zone and the last moment from entry to entry."""

    def __init__(self, draft: Draft, zone: str | None) -> None:
        self.draft = draft
        self.zone = zone or draft.clock.zone
        self.day: date | None = None
        self.last: datetime | None = None
        self.dated_entry: tuple[Stamp, Fragment] | None = None

    def read(self, block: Block) -> None:
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

    def stamp(self, text: str) -> Stamp | None:
        """Read the stamp that `text` begins with; of a range the first, with the zone of either."""
        stamp = read_stamp(text, self.draft.order)
        if stamp is None or stamp.clock is None:
            return stamp
        gap = _RANGE.match(text, stamp.end)
        until = read_stamp(text[gap.end() :], self.draft.order) if gap else None
        if gap and until and until.clock is not None:
            stamp = replace(stamp, zone=stamp.zone or until.zone, end=gap.end() + until.end)
        return stamp

    def list(self, block: List) -> None:
        stamps = [self.stamp(Joined.of(item.lines).text) for item in block.items]
        timed = any(stamp is not None and stamp.clock is not None for stamp in stamps)
        for item, stamp in zip(block.items, stamps, strict=True):
            self.item(item, stamp, in_timeline=timed)

    def item(self, item: Item, stamp: Stamp | None, *, in_timeline: bool) -> None:
        """Read an entry, or ``- 2025-06-15`` over the list of its times."""
        text = Joined.of(item.lines)
        nested = [child for child in item.children if isinstance(child, List)]
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
        stamp = self.stamp(block.text.text)
        if stamp is None:
            return
        if stamp.clock is None:
            self.set_day(stamp)
        elif block.text.text[stamp.end :].strip(" -–—:"):
            self.line(Joined.of([block.text]), stamp)
        else:
            self.dated_entry = (stamp, block.text)

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
        if self.dated_entry is not None:
            stamp, heading = self.dated_entry
            self.dated_entry = None
            self.entry(stamp, heading, Joined.of(block.lines).whole)
            return
        for line in block.lines:
            found = self.stamp(line.text)
            if found is None:
                continue
            if found.clock is not None:
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
        for row in table.rows:
            self.row({name: row[i] for name, i in columns.items() if i < len(row)})
        self.zone = zone

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
        day = stamp.on(near and _days_after(near, -7))
        self.draft.wants_year |= day is None
        return day

    def entry(
        self,
        stamp: Stamp | None,
        at: Fragment,
        event: Fragment,
        extra: dict[str, Fragment] | None = None,
    ) -> None:
        instant, approximate = self.instant(stamp, at)
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


def _is_day(stamp: Stamp) -> bool:
    return stamp.month is not None and stamp.clock is None


def _days_after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:  # the first and the last day there are
        return day
