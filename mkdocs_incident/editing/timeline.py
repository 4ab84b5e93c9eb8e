"""Adding an entry to a timeline, in the shape that the record's timeline has already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mkdocs_incident.editing.front_matter import append_entry
from mkdocs_incident.editing.record_text import EditError, RecordText, same
from mkdocs_incident.editing.stamps import StampForm, in_zone_of
from mkdocs_incident.editing.table_rows import row_with
from mkdocs_incident.editing.yaml_text import canonical
from mkdocs_incident.records.incident import Incident
from mkdocs_incident.source.blocks import Block, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.labels import bare, without_bold
from mkdocs_incident.source.milestones import MARKS, MILESTONES
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.timeline import timeline_columns
from mkdocs_incident.source.times import find_zone, in_utc, parse_instant, read_stamp
from mkdocs_incident.wording import clip, listed

_SPOKEN = {"started": "{} (started)", **{name: f"{words}: {{}}" for name, words in MARKS.items()}}
"""How an entry tells a milestone in a shape that has no place of its own for it."""

_NUMBER = re.compile(r"(?P<before>\s*)(?P<number>\d+)(?=[.)])")
_LINE_BREAK_MARK = re.compile(r"(?:\\|[ ]{2,})$")


def add_event(
    record: RecordText, at: datetime, event: str, *, milestone: str | None = None
) -> RecordText:
    """Return the record with an entry added to its timeline, behind those of the same time.

    Where there is no timeline yet, one is begun below the body's heading for it, else in the front
    matter. Seconds are written where the timeline shows seconds.

    Args:
        record: the file.
        at: when it happened; without a zone it is UTC.
        event: what happened; white space is joined to single spaces.
        milestone: the step of the response that the entry marks, such as ``mitigated``. In a shape
            without a place for it the words of the event tell it.

    Raises:
        EditError: there is no place for it, or the timeline would not read as before with the entry.
    """
    words = " ".join(event.split())
    if milestone is not None and milestone not in _SPOKEN:
        names = listed(["started", *MILESTONES], limit=len(_SPOKEN))
        raise EditError(_place(record), f"Milestone `{clip(milestone)}` is not one of {names}",
                        "Name one of them")  # fmt: skip
    if not words:
        raise EditError(_place(record), "Timeline entry has no text", "Say what happened")
    entry = _Entry(in_utc(at).replace(microsecond=0), words, milestone)
    for candidate in _candidates(record, entry):
        if _reads_as(record, candidate, entry):
            return candidate
    stamp = read_stamp(words)
    if stamp is not None and stamp.clock is not None:
        time = words[: stamp.end].strip(" *_`[]()")
        raise EditError(
            _place(record),
            f"Text begins with a time, `{clip(time)}`, which would be read as the entry's own",
            f'Give the time by `--at "{clip(time)}"`, and the text without it',
        )
    raise EditError(
        _place(record),
        f"Timeline has no certain place for an entry at {entry.at:%Y-%m-%d %H:%M} UTC",
        "Add the entry by hand",
    )


def timeline_zone(document: Document) -> str:
    """Return the zone of a record's timeline, as its last entry or its heading states it, else ``Z``."""
    entries = document.record.get("timeline")
    moments = [
        parse_instant(entry.get("at")) if isinstance(entry, dict) else None
        for entry in (entries if isinstance(entries, list) else ())
    ]
    zoned = [moment for moment in moments if moment is not None and moment.tzinfo is not None]
    if zoned:
        return zoned[-1].isoformat()[-6:]
    sections = outline(document.blocks, document.kind).walk()
    headings = (s.heading for s in sections if s.kind == "timeline" and s.heading is not None)
    return next((zone for heading in headings if (zone := find_zone(heading.text))), "Z")


@dataclass(frozen=True)
class _Entry:
    """What is to be added."""

    at: datetime
    """In UTC."""
    words: str
    milestone: str | None

    @property
    def spellings(self) -> tuple[str, ...]:
        """The event as asked for, then with words that tell its milestone."""
        if self.milestone is None:
            return (self.words,)
        return (self.words, _SPOKEN[self.milestone].format(self.words))


@dataclass(frozen=True)
class _Said:
    """An entry as one line will say it."""

    local: datetime
    """As the timeline's clock shows it."""
    words: str
    milestone: str | None


def _candidates(record: RecordText, entry: _Entry) -> Iterator[RecordText]:
    """Yield texts that may hold the entry, the most fitting first."""
    if (
        record.front.data
        and isinstance(record.front.data.get("timeline"), list | None)
        and ("timeline" in record.front.data)
    ):
        yield from _in_front_matter(record, entry)
    elif record.document.record.get("timeline"):
        yield from _in_body(record, entry)
    else:
        section = next((s for s in _sections(record) if s.kind == "timeline"), None)
        if section is not None and section.heading is not None:
            yield from _begun_below(record, section.heading, section, entry)
        else:
            yield from _in_front_matter(record, entry)


# ---------------------------------------------------------------------------------------------
# Proof


def _entries(record: RecordText) -> list[Any]:
    found = record.document.record.get("timeline")
    return found if isinstance(found, list) else []


def _moments(record: RecordText) -> list[datetime | None]:
    return [
        parse_instant(entry.get("at")) if isinstance(entry, dict) else None
        for entry in _entries(record)
    ]


def _place(record: RecordText) -> Any:
    if _entries(record):
        return record.document.at("timeline")
    headings = (s.heading for s in _sections(record) if s.kind == "timeline")
    heading = next((heading for heading in headings if heading is not None), None)
    return heading.location(record.path) if heading is not None else record.front.location


def _index(moments: list[datetime | None], at: datetime) -> int:
    """Return before which entry one at `at` belongs: behind equal times, in the order they have."""
    known = [in_utc(moment) for moment in moments if moment is not None]
    newest_first = len(known) > 1 and known[0] > known[-1] and known == sorted(known, reverse=True)
    passed = [moment is not None and in_utc(moment) <= at for moment in moments]
    if newest_first:
        return passed.index(True) if True in passed else len(moments)
    return len(moments) - passed[::-1].index(True) if True in passed else 0


def _reads_as(record: RecordText, edited: RecordText, entry: _Entry) -> bool:
    """Return whether all is read as before, and the entry as it was asked for."""
    before, after = record.document, edited.document
    old, new = _entries(record), _entries(edited)
    if len(new) != len(old) + 1 or _findings(record) != _findings(edited):
        return False
    if not same({**before.record, "timeline": []}, {**after.record, "timeline": []}):
        return False
    told_before, told_after = _as_written(record), _as_written(edited)
    index = next((i for i, told in enumerate(told_before) if told != told_after[i]), len(old))
    if told_before[index:] != told_after[index + 1 :]:
        return False
    alike = [i for i in range(len(new)) if told_after[i] == told_after[index]]
    found = new[max(alike)]  # among equal entries the last one counts as the new one
    at = parse_instant(found.get("at"))
    if at is None or found.get("approximate") or found.get("event") not in {
        without_bold(words) for words in entry.spellings
    }:  # fmt: skip
        return False
    zoned = at.tzinfo is not None or not any(m is not None and m.tzinfo for m in _moments(record))
    is_same = in_utc(at) in {entry.at, entry.at.replace(second=0)}
    return zoned and is_same and _marks(edited, max(alike), entry.milestone)


def _findings(record: RecordText) -> Counter[tuple[str, str]]:
    return Counter((finding.rule, finding.message) for finding in record.document.findings)


def _as_written(record: RecordText) -> list[Any]:
    """Return the entries without the milestones that only their words tell: of these the first counts."""
    values = record.document.positions.values
    return [
        {
            key: value
            for key, value in entry.items()
            if key != "milestone"
            or values.get(("timeline", i, key)) != values.get(("timeline", i, "event"))
        }
        if isinstance(entry, dict)
        else entry
        for i, entry in enumerate(_entries(record))
    ]


def _marks(record: RecordText, index: int, milestone: str | None) -> bool:
    """Whether an entry tells a milestone; none is asked for where it is None."""
    if milestone is None:
        return True
    if milestone == "started":
        return Incident(record.document, None).timeline[index].is_start
    found = record.document.milestones.get(milestone)
    tellings = (found, *found.others) if found is not None else ()
    return any(telling.route == ("timeline", index) for telling in tellings)


# ---------------------------------------------------------------------------------------------
# Front matter


def _in_front_matter(record: RecordText, entry: _Entry) -> Iterator[RecordText]:
    known = [e if isinstance(e, dict) else {} for e in record.data.get("timeline") or []]
    index = _index(_moments(record), entry.at)
    near = max(index - 1, 0)
    at: str | None = None
    if known:
        local = in_zone_of(entry.at, _nearest(_moments(record), near))
        written = known[near].get("at")
        form = StampForm(written, record.options.order) if isinstance(written, str) else None
        at = form.of(local) if form is not None and form.has_date else None
        if at is not None and (parse_instant(at) is None or " " in at):
            at = None  # read as another spelling
        at = at or canonical(local if local.second else local.replace(second=0))
    has_key = entry.milestone in MILESTONES
    words = entry.words if has_key else entry.spellings[-1]
    fields: dict[str, Any] = {"at": at or canonical(entry.at.replace(second=0)), "event": words}
    if has_key:
        fields["milestone"] = entry.milestone
    if known:
        order = [key for key in known[near] if key in fields]
        fields = {key: fields[key] for key in [*order, *(k for k in fields if k not in order)]}
    yield append_entry(record, ("timeline",), fields, index if known else None)


def _nearest(moments: list[datetime | None], index: int) -> datetime | None:
    order = sorted(range(len(moments)), key=lambda i: abs(i - index))
    return next((moments[i] for i in order if moments[i] is not None), None)


# ---------------------------------------------------------------------------------------------
# Body


@dataclass(frozen=True)
class _Placed:
    """An entry in the body, and the lines that are its own."""

    index: int
    block: Table | List | Heading | Paragraph
    first: int
    last: int
    """Last line that is not blank and belongs to it."""
    alone: bool = False
    """Whether it is a heading, or the only line of its paragraph."""


def _sections(record: RecordText) -> list[Section]:
    return list(outline(record.document.blocks, record.document.kind).walk())


def _in_body(record: RecordText, entry: _Entry) -> Iterator[RecordText]:
    moments = _moments(record)
    index = _index(moments, entry.at)
    placed = [_placed(record, i) for i in range(len(moments))]
    before = placed[index - 1] if index else None
    after = placed[index] if index < len(placed) else None
    if before is not None and after is not None and before.first < after.first <= before.last:
        before = None  # the next one stands among what belongs to the one before
    near = before or after
    if near is None:
        return
    local = in_zone_of(entry.at, _nearest(moments, near.index))
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
    return form if form.match is not None else None


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


# ---------------------------------------------------------------------------------------------
# A heading with nothing below it yet


_BEGUN_FORMS = ("{:%H:%M}", "{:%H:%M} UTC", "{:%Y-%m-%d %H:%M} UTC")


def _begun_below(
    record: RecordText, heading: Fragment, section: Section, entry: _Entry
) -> Iterator[RecordText]:
    """Yield texts with the section's first entry: in the table that waits for it, else in a list."""
    table = next((block for block in section.flow() if isinstance(block, Table)), None)
    for words in entry.spellings:
        for form in _BEGUN_FORMS:
            said = _Said(entry.at, words, entry.milestone)
            for _ in range(2):
                begun = _begun(record, heading, table or section, form, said)
                read = _nearest(_moments(begun), 0) if begun is not None else None
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
