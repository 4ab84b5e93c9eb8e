"""Timelines as people write them: tables, lists, dated headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import Joined, bare, columns_of, without_bold
from mkdocs_incident.source.relative_times import RELATIVE_TIME, only_says_start
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.timeline_clock import TimelineClock, is_day
from mkdocs_incident.source.times import Stamp, find_zone, read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mkdocs_incident.source.draft import Draft, Fields

_SEPARATOR = regex(r"\s*[:：]?(?:\*\*|__)?\s*(?:[-–—→>|:：]+(?=\s)|[→|–—])?\s*")
_LINK = regex(r"\[[^\]]*\]\(([^)\s]+)\)")
_SPOKEN = regex(r"(?P<at>[^—–:]{2,30}?)\s+[—–-]\s+(?=\S)")
_UNKNOWN = regex(r"(?:\d{4}-\d{2}-\d{2}\s+)?(?=[\d:]*[?X])[\d?X]{1,2}:[\d?X]{2}(?![\w:])")
"""A time whose writer did not know it: ``2X:XX``, ``14:??``."""
_REMARK = regex(r"\s*[(（][^()（）]{1,60}[)）]\s*")
_EXTRA = ("actor", "notes", "milestone", "link")
FEW = 3
"""So many times in a row are a timeline, whatever the heading says."""


def read_timeline(draft: Draft, heading: Fragment | None, blocks: Iterable[Block]) -> None:
    """Read the entries below a timeline heading into ``timeline``."""
    below = list(blocks)
    reader = _Timeline(draft, heading, below)
    for block in below:
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
    """Reads entries in whatever shape they are written."""

    def __init__(self, draft: Draft, heading: Fragment | None, blocks: Sequence[Block]) -> None:
        self.draft = draft
        self.clock = TimelineClock(draft, heading, blocks)
        self.announced: _Announced | None = None

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
            case List() if not any(
                self.clock.is_timed(Joined.of(i.lines).text) for i in block.items
            ):
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
        return not first.startswith("![") and not any(
            self.clock.is_timed(line.text) for line in lines
        )

    def tell(self, announced: _Announced, text: Fragment) -> None:
        if announced.stamp is not None and announced.stamp.clock is None:
            self.clock.set_day(announced.stamp)
        self.entry(announced.stamp, announced.at, text, vague=announced.is_vague)

    def drop_announced(self) -> None:
        """Keep a time that nothing was said about, unless it only dates what follows."""
        announced, self.announced = self.announced, None
        if announced is not None and (announced.stamp is None or announced.stamp.clock):
            self.tell(announced, announced.link or announced.at.cut(len(announced.at.text)))

    def list(self, block: List) -> None:
        texts = [Joined.of(item.lines).text for item in block.items]
        stamps = [self.clock.stamp(text) for text in texts]
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
        if stamp is not None and (stamp.clock is not None or not is_day(stamp)):
            self.line(text, stamp)
        elif stamp is not None and (nested or not text.text[stamp.end :].strip(" :*_")):
            self.clock.set_day(stamp)
        elif stamp is not None:
            self.clock.set_day(stamp)
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
        stamp = self.clock.stamp(heading.text)
        if stamp is None:
            self.unreadable(Joined.of([heading]))
            return
        if stamp.clock is None:
            self.clock.set_day(stamp)
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
            stamp = self.clock.stamp(text.text)
            if stamp is not None and stamp.clock is not None:
                self.line(text, stamp)
            elif in_entry:
                self.detail(text)

    def paragraph(self, block: Paragraph) -> None:
        for i, line in enumerate(block.lines):
            found = self.clock.stamp(line.text)
            if found is not None and only_says_start(line.text, found):
                continue
            if found is None:
                if self.announced is None and self.unreadable(Joined.of([line])):
                    continue
                if self.announced is not None:
                    rest = block.lines[i:]
                    until = next(
                        (n for n, r in enumerate(rest) if self.clock.is_timed(r.text)), None
                    )
                    self.tells(Paragraph(rest[:until]))
                continue
            if found.clock is not None and not line.text[found.end :].strip(" *_:：-–—"):
                self.drop_announced()
                self.announced = _Announced(found, line)
            elif found.clock is not None:
                self.drop_announced()
                self.line(Joined.of([line]), found)
            elif not line.text[found.end :].strip(" *_:") and is_day(found):
                self.clock.set_day(found)

    def line(self, text: Joined, stamp: Stamp) -> None:
        """Read ``14:23 — event``: what stands behind the stamp."""
        gap = _SEPARATOR.match(text.text, stamp.end)
        event = text.cut(gap.end() if gap else stamp.end)
        self.entry(stamp, text.cut(0, stamp.end), event)

    def table(self, table: Table) -> None:
        columns = timeline_columns(table)
        if "at" not in columns:
            return
        with self.clock.zone_of_column(table.header[columns["at"]].text):
            for row in table.rows:
                self.row({name: row[i] for name, i in columns.items() if i < len(row)})

    def row(self, cells: dict[str, Fragment]) -> None:
        day_cell = cells.get("day")
        if day_cell is not None and day_cell.text:
            stamp = self.clock.day_alone(bare(day_cell).text)
            if stamp is not None:
                self.clock.set_day(stamp)
        at, event = cells.get("at"), cells.get("event")
        if at is None or event is None or not (at.text or event.text):
            return
        at = bare(at)
        found = self.clock.stamp(at.text)
        if found is not None and is_day(found):
            self.clock.set_day(found)
            if not event.text:
                return  # a row that holds nothing but the day of those below
        extra = {name: cell for name, cell in cells.items() if name in _EXTRA}
        self.entry(found, at, event, extra)

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
        instant, approximate = self.clock.instant(stamp, at)
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


def _unreadable(text: str) -> re.Match[str] | None:
    """Match a time that stays as it is written: nobody knew it, or it counts from nothing certain."""
    return _UNKNOWN.match(text) or RELATIVE_TIME.match(text)
