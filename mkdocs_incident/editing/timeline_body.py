"""A timeline's new entry in the body: a row, a bullet, a line or a heading, as its neighbours are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.editing.stamps import StampForm, in_zone_of
from mkdocs_incident.editing.table_rows import row_with
from mkdocs_incident.editing.timeline_entry import (
    Entry,
    index_at,
    moments_of,
    nearest_moment,
    sections_of,
)
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.clock import zone_note
from mkdocs_incident.source.labels import bare
from mkdocs_incident.source.outline import Section
from mkdocs_incident.source.relative_times import is_from_start
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.timeline import timeline_columns
from mkdocs_incident.source.times import find_zone, in_utc

_NUMBER = regex(r"(?P<before>\s*)(?P<number>\d+)(?=[.)])")
_LINE_BREAK_MARK = regex(r"(?:\\|[ ]{2,})$")


class _Said(msgspec.Struct, frozen=True):
    """An entry as one line will say it."""

    local: datetime
    """As the timeline's clock shows it."""
    words: str
    milestone: str | None
    apart: str | None = None
    """What parts its time from its event, where that is not as in the entry beside it."""


class _Placed(msgspec.Struct, frozen=True):
    """An entry in the body, and the lines that are its own."""

    index: int
    block: Table | List | Heading | Paragraph
    first: int
    last: int
    """Last line that is not blank and belongs to it."""
    alone: bool = False
    """Whether it is a heading, or the only line of its paragraph."""


def in_body(record: RecordText, entry: Entry) -> Iterator[RecordText]:
    """Yield texts with the entry among those of the body, in the form of its neighbours."""
    moments = moments_of(record)
    index = index_at(moments, entry.at)
    placed = [_placed(record, i) for i in range(len(moments))]
    before = placed[index - 1] if index else None
    after = placed[index] if index < len(placed) else None
    if before is not None and after is not None and before.first < after.first <= before.last:
        before = None  # the next one stands among what belongs to the one before
    near = before or after
    if near is None:
        return
    local = in_zone_of(entry.at, nearest_moment(moments, near.index))
    family = [p for p in placed if p is not None and type(p.block) is type(near.block)
              and (not isinstance(p.block, Table) or p.block is near.block)]  # fmt: skip
    family.sort(key=lambda p: (p is not near, abs(p.index - near.index)))
    for words in entry.spellings:
        said = _Said(local, words, entry.milestone)
        for lines in _renderings(record, family, said, below=near is before):
            yield _inserted(record, lines, near, placed, below=near is before)


def _inserted(
    record: RecordText,
    lines: list[str],
    near: _Placed,
    placed: list[_Placed | None],
    *,
    below: bool,
) -> RecordText:
    """Write the lines of an entry below or above another, apart by a blank line as others are."""
    apart = [""] if _is_apart(record, near, placed) else []
    if below:
        at = record.line_end(record.source.offset(near.last, 1))
        line_break = record.line_break(at)
        return record.replaced(at, at, "".join(line_break + line for line in [*apart, *lines]))
    at = record.source.offset(near.first, 1)
    line_break = record.line_break(at)
    return record.replaced(at, at, "".join(line + line_break for line in [*lines, *apart]))


def _is_apart(record: RecordText, near: _Placed, placed: list[_Placed | None]) -> bool:
    """Whether a blank line parts the entries here; one alone says it by its kind."""
    if isinstance(near.block, Table):
        return False
    others = [
        p
        for p in placed
        if p is not None
        and p is not near
        and (p.block is near.block or (isinstance(p.block, Heading | Paragraph) and p.alone))
    ]
    nearest = min(others, key=lambda p: abs(p.index - near.index), default=None)
    if nearest is None:
        return near.alone
    later = max(nearest, near, key=lambda p: p.first)
    return not record.source.lines[later.first - 2].strip()


def _placed(record: RecordText, index: int) -> _Placed | None:
    """Return where an entry stands, None in a shape that is not known here."""
    line = record.document.at("timeline", index).line
    return _found(record, record.document.blocks, index, line)


def _found(
    record: RecordText, blocks: tuple[Block, ...] | list[Block], index: int, line: int
) -> _Placed | None:
    for i, block in enumerate(blocks):
        match block:
            case Table(rows=rows) if any(row and row[0].line == line for row in rows):
                return _Placed(index, block, line, line)
            case Heading(text=text) if text.line == line:
                end = _end_of_section(record, blocks[i + 1 :])
                return _Placed(index, block, line, end, alone=True)
            case Paragraph(lines=lines) if any(part.line == line for part in lines):
                return _Placed(index, block, line, line, alone=len(lines) == 1)
            case List(items=items):
                item = next((item for item in items if item.first <= line <= item.last), None)
                if item is not None:
                    inner = _found(record, item.children, index, line)
                    return inner or _Placed(index, block, item.first, item.last)
    return None


def _end_of_section(record: RecordText, following: tuple[Block, ...] | list[Block]) -> int:
    """Return the last line that is not blank before the next heading."""
    headings = (block.text.line for block in following if isinstance(block, Heading))
    line = next(headings, len(record.source.lines) + 1) - 1
    while line > 1 and not record.source.lines[line - 1].strip():
        line -= 1
    return line


def _renderings(
    record: RecordText, family: list[_Placed], said: _Said, *, below: bool
) -> Iterator[list[str]]:
    """Yield an entry's lines in the form of its neighbours; the day is named if most do, or last."""
    forms = [(place, form) for place in family if (form := _form(record, place)) is not None]
    dated = [pair for pair in forms if pair[1].has_date]
    wants_date = 2 * len(dated) > len(forms)
    forms.sort(key=lambda pair: pair[1].has_date != wants_date)  # stable: the nearest first
    for place, form in forms[:1]:
        if (at := form.of(said.local)) is not None:
            yield from _lines(record, place, at, said, below=below)
    for place, form in dated[:1] or forms[:1]:
        if (at := form.dated(said.local)) is not None:
            yield from _lines(record, place, at, said, below=below)
    if not forms:
        for place in family[:1]:
            if _counts_from_start(record, place):
                for written in _BEGUN_FORMS[1:]:
                    at = written.format(in_utc(said.local))
                    yield from _lines(record, place, at, replace(said, apart=" — "), below=below)


def _counts_from_start(record: RecordText, place: _Placed) -> bool:
    """Whether an entry's time is one such as ``T+5m``, which no other can have the form of."""
    at = record.document.positions.values.get(("timeline", place.index, "at"))
    if at is None or moments_of(record)[place.index] is None:
        return False
    return is_from_start(record.source.lines[at.line - 1][at.column - 1 :])


def _form(record: RecordText, place: _Placed) -> StampForm | None:
    """Return the form of an entry's time where the entry can serve as a pattern."""
    if isinstance(place.block, Table):
        columns = timeline_columns(place.block)
        row = next(row for row in place.block.rows if row and row[0].line == place.first)
        text = row[columns["at"]].text if columns["at"] < len(row) else ""
    else:
        parts = _parts(record, place)
        if parts is None or any(
            (parts[1] + (parts[2] or "")).count(mark) % 2 for mark in ("**", "__", "`")
        ):
            return None
        text = parts[1]
    form = StampForm(text, record.options.order)
    if form.match is None or (not form.has_zone and _has_unclear_zone(record, place)):
        return None
    return form


def _has_unclear_zone(record: RecordText, place: _Placed) -> bool:
    """Whether what stands above an entry names a zone that means several, and no other."""
    texts = [s.heading.text for s in sections_of(record) if s.kind == "timeline" and s.heading]
    texts.append(zone_note(record.document.blocks))
    if isinstance(place.block, Table):
        texts.append(place.block.header[timeline_columns(place.block)["at"]].text)
    said = [zone for text in texts if (zone := find_zone(text)) is not None]
    at = nearest_moment(moments_of(record), place.index)
    return "" in said and (at is None or at.tzinfo is None)


def _parts(record: RecordText, place: _Placed) -> tuple[str, str, str | None] | None:
    """Return what stands before an entry's time, the time, and what stands between it and the event.

    The last is None where the event is a paragraph below its heading.
    """
    values = record.document.positions.values
    at = values.get(("timeline", place.index, "at"))
    event = values.get(("timeline", place.index, "event"))
    if at is None or event is None:
        return None
    line = record.source.lines[at.line - 1]
    before = line[: at.column - 1]
    if event.line == at.line:
        written = line[at.column - 1 : at.end_column - 1]
        return before, written, line[at.end_column - 1 : event.column - 1]
    if not isinstance(place.block, Heading):
        return None
    return before, line[at.column - 1 :].rstrip(), None


def _lines(
    record: RecordText, place: _Placed, at: str, said: _Said, *, below: bool
) -> Iterator[list[str]]:
    if isinstance(place.block, Table):
        for row in _rows(record, place.block, place.first, at, said):
            yield [row]
        return
    parts = _parts(record, place)
    if parts is None:
        return
    before, _, gap = parts
    lines = record.source.lines
    if gap is None:
        is_close = place.first < len(lines) and lines[place.first].strip()
        yield [before + at, *([] if is_close else [""]), said.words]
        return
    gap = said.apart or gap
    number = _NUMBER.match(before)
    if number and below:
        before = f"{number['before']}{int(number['number']) + 1}{before[number.end() :]}"
    is_paragraph = isinstance(place.block, Paragraph)
    mark = _LINE_BREAK_MARK.search(lines[place.first - 1]) if is_paragraph else None
    yield [before + at + gap + said.words + (mark[0] if mark else "")]


def _rows(record: RecordText, table: Table, line: int, at: str, said: _Said) -> Iterator[str]:
    """Yield a table's new row: without the day first where others leave its cell empty."""
    columns = timeline_columns(table)
    cells = {columns["at"]: at, columns["event"]: said.words}
    if said.milestone is not None and "milestone" in columns:
        others = _cells_of(table, columns["milestone"])
        name = said.milestone.replace("_", " ")
        if any(other[:1].isupper() for other in others):
            name = name[0].upper() + name[1:]
        cells[columns["milestone"]] = name
    days = _cells_of(table, columns["day"]) if "day" in columns else []
    form = StampForm(f"{next(filter(None, days), '')} 00:00", record.options.order)
    day = (form.of(said.local.replace(hour=0, minute=0)) or f"{said.local:%Y-%m-%d} 00:00")[:-6]
    choices = [cells, {**cells, columns["day"]: day}] if "day" in columns else [cells]
    for chosen in choices[1:] if days and all(days) else choices:
        row = row_with(record.source.lines, table, line, chosen, fresh=True)
        if row is not None:
            yield row


def _cells_of(table: Table, column: int) -> list[str]:
    return [bare(row[column]).text for row in table.rows if len(row) > column]


_BEGUN_FORMS = ("{:%H:%M}", "{:%H:%M} UTC", "{:%Y-%m-%d %H:%M} UTC")


def begun_below(
    record: RecordText, heading: Fragment, section: Section, entry: Entry
) -> Iterator[RecordText]:
    """Yield texts with the section's first entry: in the table that waits for it, else in a list."""
    table = next((block for block in section.flow() if isinstance(block, Table)), None)
    for words in entry.spellings:
        for form in _BEGUN_FORMS:
            said = _Said(entry.at, words, entry.milestone)
            for _ in range(2):
                begun = _begun(record, heading, table or section, form, said)
                read = nearest_moment(moments_of(begun), 0) if begun is not None else None
                if begun is None or read is None or read.tzinfo is None:
                    break  # a clock without a zone says nothing certain
                yield begun
                said = replace(said, local=in_zone_of(entry.at, read))  # the section names its zone


def _begun(
    record: RecordText, heading: Fragment, where: Table | Section, form: str, said: _Said
) -> RecordText | None:
    at = form.format(said.local)
    if isinstance(where, Table):
        if not {"at", "event"} <= timeline_columns(where).keys():
            return None
        line = where.header[0].line + 1
        row = next(_rows(record, where, line, at, said), None)
        return _written_below(record, line, [row]) if row is not None else None
    headings = [block.text.line for block in record.document.blocks if isinstance(block, Heading)]
    stop = min((n for n in headings if n > heading.line), default=len(record.source.lines) + 1)
    line = stop - 1
    while not record.source.lines[line - 1].strip():
        line -= 1
    following = record.source.lines[line] if line < len(record.source.lines) else ""
    in_list = any(isinstance(block, List) for block in where.blocks[-1:])
    lines = [*([] if in_list else [""]), f"{_bullet(record)} {at} — {said.words}"]
    return _written_below(record, line, [*lines, *([""] if following.strip() else [])])


def _written_below(record: RecordText, line: int, lines: list[str]) -> RecordText:
    at = record.line_end(record.source.offset(line, 1))
    line_break = record.line_break(at)
    return record.replaced(at, at, "".join(line_break + line for line in lines))


def _bullet(record: RecordText) -> str:
    """Return the mark of the body's first list."""
    items: Iterator[Item] = (
        block.items[0] for block in record.document.blocks if isinstance(block, List)
    )
    for item in items:
        mark = record.source.lines[item.first - 1].lstrip()[:1]
        if mark in "-*+":
            return mark
    return "-"
