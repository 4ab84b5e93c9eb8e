"""Timelines as people write them: tables, lists, dated headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, Table
from mkdocs_incident.source.draft import Draft
from mkdocs_incident.source.labels import Joined, bare, without_bold
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.times import ROLL_OVER, Stamp, find_zone, iso, read_stamp

_SEPARATOR = re.compile(r"\s*(?:[-–—→>|:：]+(?=\s)|[→|–—])?\s*")
_RANGE = re.compile(r"\s*(?:-|–|—|→|to|bis)\s*(?=\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read_timeline(draft: Draft, heading: Fragment | None, blocks: Iterable[Block]) -> None:
    """Read the entries below a timeline heading into ``timeline``."""
    reader = _Timeline(draft, find_zone(heading.text) if heading else None)
    for block in blocks:
        reader.read(block)


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
                for item in block.items:
                    text = Joined.of(item.lines)
                    nested = [child for child in item.children if isinstance(child, List)]
                    stamp = read_stamp(text.text, self.draft.order)
                    if stamp is not None and stamp.clock is None and nested:
                        self.set_day(stamp)  # "- 2025-06-15" over the list of its times
                    elif stamp is not None and stamp.clock is not None:
                        self.line(text, stamp)
                    for child in nested:
                        self.nested(child, in_entry=stamp is not None and stamp.clock is not None)
            case Heading():
                stamp = read_stamp(block.text.text, self.draft.order)
                if stamp is None:
                    return
                if stamp.clock is None:
                    self.set_day(stamp)
                else:
                    self.dated_entry = (stamp, block.text)
                    rest = block.text.text[stamp.end :].strip(" -–—:")
                    if rest:
                        self.line(Joined.of([block.text]), stamp)
                        self.dated_entry = None
            case Paragraph():
                self.paragraph(block)
            case _:
                return

    def nested(self, block: List, *, in_entry: bool) -> None:
        """Read a nested list: entries of their own if they are stamped, else detail of the entry."""
        for item in block.items:
            text = Joined.of(item.lines)
            stamp = read_stamp(text.text, self.draft.order)
            if stamp is not None and stamp.clock is not None:
                self.line(text, stamp)
            elif in_entry and self.draft.data.get("timeline"):
                entry = self.draft.data["timeline"][-1]
                entry["event"] = f"{entry['event']}; {without_bold(text.text)}"

    def paragraph(self, block: Paragraph) -> None:
        if self.dated_entry is not None:
            stamp, heading = self.dated_entry
            self.dated_entry = None
            self.entry(stamp, heading, Joined.of(block.lines).whole)
            return
        for line in block.lines:
            stamp = read_stamp(line.text, self.draft.order)
            if stamp is None:
                continue
            if stamp.clock is not None:
                self.line(Joined.of([line]), stamp)
            elif not line.text[stamp.end :].strip(" *_:") and _is_day(stamp):
                self.set_day(stamp)

    def line(self, text: Joined, stamp: Stamp) -> None:
        """Read ``14:23 — event``: what stands behind the stamp, a range's end passed over."""
        end = stamp.end
        if (gap := _RANGE.match(text.text, end)) and (
            until := read_stamp(text.text[gap.end() :], self.draft.order)
        ):
            end = gap.end() + until.end
        event = text.cut(end + len(_SEPARATOR.match(text.text[end:])[0]))  # type: ignore[index]
        self.entry(stamp, text.cut(0, stamp.end), event)

    def table(self, table: Table) -> None:
        columns = self.columns(table)
        if "at" not in columns and "day" not in columns:
            return
        at_column = columns.get("at", columns.get("day", 0))
        header_zone = (
            find_zone(table.header[at_column].text) if at_column < len(table.header) else None
        )
        zone, self.zone = self.zone, header_zone or self.zone
        for row in table.rows:
            cells = {name: row[i] for name, i in columns.items() if i < len(row)}
            self.row(cells)
        self.zone = zone

    def row(self, cells: dict[str, Fragment]) -> None:
        day_cell = cells.get("day")
        if day_cell is not None and day_cell.text:
            stamp = read_stamp(day_cell.text, self.draft.order)
            if stamp is not None and _is_day(stamp):
                self.set_day(stamp)
        at = cells.get("at", day_cell)
        event = cells.get("event")
        if at is None or event is None or not (at.text or event.text):
            return
        at = bare(at)
        stamp = read_stamp(at.text, self.draft.order)
        extra = {
            name: cells[name] for name in ("actor", "notes", "milestone", "link") if name in cells
        }
        if stamp is not None and stamp.clock is None and not event.text and _is_day(stamp):
            self.set_day(stamp)  # a row that holds nothing but the day of those below
            return
        self.entry(stamp, at, event, extra)

    def columns(self, table: Table) -> dict[str, int]:
        """Return which column holds what, by header, and by content where the header is mute."""
        labels = synonyms().labels["timeline"]
        columns: dict[str, int] = {}
        for i, cell in enumerate(table.header):
            name = labels.get(normalised(cell.text))
            if name is None and find_zone(cell.text):
                name = labels.get(normalised(cell.text).rsplit(" ", 1)[0], "at")
            if name is not None and name not in columns:
                columns[name] = i
        if "at" not in columns and table.rows:
            for i, cell in enumerate(table.rows[0]):
                stamp = read_stamp(bare(cell).text, self.draft.order)
                if stamp is not None and stamp.clock is not None:
                    columns["at"] = i
                    break
        if "day" in columns and "at" not in columns:
            columns["at"] = columns.pop("day")
        if "event" not in columns:
            free = [i for i in range(len(table.header)) if i not in columns.values()]
            if "notes" in columns:
                columns["event"] = columns.pop("notes")
            elif free:
                columns["event"] = free[0]
        return columns

    def set_day(self, stamp: Stamp) -> None:
        day = stamp.on(self.draft.clock.day)
        if day is None and stamp.month is not None:
            self.draft.wants_year = True
        if day is not None:
            self.day = day
            self.last = None

    def entry(
        self,
        stamp: Stamp | None,
        at: Fragment,
        event: Fragment,
        extra: dict[str, Fragment] | None = None,
    ) -> None:
        text = without_bold(event.text)
        fields: dict[str, tuple[object, Fragment]] = {}
        instant, approximate = self.instant(stamp, at)
        fields["at"] = (instant, at)
        fields["event"] = (text, event)
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
                fields[name] = (normalised(value.text).replace(" ", "_").replace("-", "_"), value)
            else:
                fields[name] = (without_bold(value.text), value)
        self.draft.add("timeline", fields, at if at.text else event)

    def instant(self, stamp: Stamp | None, at: Fragment) -> tuple[str, bool]:
        """Return the entry's moment as the record holds it, and whether it is approximate."""
        if stamp is None or stamp.clock is None:
            if not at.text and self.last is not None:
                return iso(self.last.date(), self.last.time(), self.zone), True
            return at.text, True
        zone = stamp.zone or self.zone
        day = self.day_of(stamp, stamp.clock)
        if day is None:
            return stamp.clock.isoformat("minutes"), stamp.approximate
        self.last = datetime.combine(day, stamp.clock)
        return iso(day, stamp.clock, zone), stamp.approximate

    def day_of(self, stamp: Stamp, clock: time) -> date | None:
        """The entry's own day, else that of the entry above (midnight crossed), else the record's."""
        if stamp.month is not None:
            near = self.draft.clock.day or self.day
            own = stamp.on(near - timedelta(days=7) if near else None)
            self.draft.wants_year |= own is None
            self.day = own
            return own
        if self.last is not None:
            day = self.last.date()
            back = self.last - datetime.combine(day, clock)
            if back >= ROLL_OVER or (back > timedelta(0) and self.ends_later(day, clock)):
                day += timedelta(days=1)
            return day
        if self.day is not None:
            return self.day
        return self.draft.clock.day_near_start(clock.hour * 60 + clock.minute)

    def ends_later(self, day: date, clock: time) -> bool:
        """Whether the record's own end shows that this time belongs to the next day."""
        end = self.draft.clock.end
        if end is None or end.date() <= day:
            return False
        next_day = datetime.combine(day + timedelta(days=1), clock)
        back = timedelta(hours=6)
        return next_day <= end + timedelta(hours=1) and (
            self.last is not None and self.last - datetime.combine(day, clock) >= back
        )


def _is_day(stamp: Stamp) -> bool:
    return stamp.month is not None and stamp.clock is None
