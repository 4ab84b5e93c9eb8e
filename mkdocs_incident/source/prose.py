"""A record's prose, piece by piece and in its place: what a rule about language reads.

Headings, code, quotations (quoted speech, too), HTML and the targets of links are no prose of the
record's authors. They are left out, or blanked where they stand within a line.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import MAX_LINE, List, Paragraph, Table
from mkdocs_incident.source.labels import Joined, labelled_lines
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.text import Fragment, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mkdocs_incident.source.blocks import Block
    from mkdocs_incident.source.front_matter import Positions, Route

BLANK = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for each character that is not the authors' prose."""

_NOT_PROSE = regex(
    r"(?P<ticks>`+)(?!`).{1,1000}?(?<!`)(?P=ticks)(?!`)"  # code
    r"|<!--.{0,2000}?-->|</?[A-Za-z][^<>]{0,300}>"  # comments, tags, links in angle brackets
    r"|(?<=\])\([^()\s]{1,500}(?:\s[^()]{0,200})?\)|https?://[^\s<>)\]]+"  # targets of links
    r"|\"[^\"]{1,500}\"|“[^“”]{1,500}”|„[^„“”]{1,500}[“”]"  # quoted speech
    r"|«[^«»]{1,500}»|»[^«»]{1,500}«|‘[^‘’]{1,500}’"
)
_MARKS = regex(r"[`<(\"“„«»‘]|://")
_FOREIGN = {"communications", "keywords", "tags", "alerts", "evidence", "category", "links"}
"""Fields that hold names, or words that were sent and can't be changed any more."""

_CAUSES = ("root_cause", "five_whys", "contributing_factors")
_NEXT_LABEL = regex(r"(?:\*\*|__)[^*_:]{1,60}(?::(?:\*\*|__)|(?:\*\*|__)\s?:)")


class Passage(msgspec.Struct, frozen=True):
    """Prose that belongs together: a paragraph, an entry, a cell, or a value of the front matter."""

    text: str
    """Soft line ends are spaces; what is no prose is `BLANK`."""
    lines: Joined
    """The body's lines, or those that a value of the front matter stands on."""
    path: str
    value: Location | None
    """Where it stands as a value of the front matter, whose text is not what the lines hold."""
    cause: tuple[int, int]
    """The range of `text` that tells why it happened; empty in most passages."""

    def location(self, start: int, end: int) -> Location:
        """Return where ``[start:end]`` stands; the whole value where the front matter folds it."""
        if self.value is not None:
            written = self.text[start:end]
            if BLANK in written or self.lines.text.count(written) != 1:
                return self.value
            start = self.lines.text.index(written)
            end = start + len(written)
        line, column = _position(self.lines, start)
        end_line, end_column = _position(self.lines, max(start, end - 1))
        return Location(self.path, line, column, end_line, end_column + 1)


def prose_of_values(
    source: SourceText, record: dict[str, Any], positions: Positions, body_start: int
) -> Iterator[Passage]:
    """Yield the prose in a front matter's values."""
    first_line, _ = source.position(body_start)
    has_body = body_start < len(source.text)
    for route, text in _texts(record, ()):
        place = positions.values.get(route)
        if place is None or (has_body and place.line >= first_line) or route[0] in _FOREIGN:
            continue
        is_cause = route[0] in _CAUSES and route[-1] != "category"
        if str(route[0]).startswith("x-") or len(text) > MAX_LINE:
            continue
        cause = (0, len(text)) if is_cause else (0, 0)
        lines = _lines_of(place, source.lines)
        yield Passage(_blanked(text), lines, source.path, place, cause)


def prose_of_body(
    source: SourceText, kind: str, positions: Positions, blocks: Sequence[Block]
) -> Iterator[Passage]:
    """Yield the prose in the body of a record of that kind."""
    begins: dict[int, list[int]] = {}
    for route, place in positions.values.items():
        if route and route[0] in _CAUSES and route[-1] != "category":
            begins.setdefault(place.line, []).append(place.column)
    for section, holds in _sections(outline(blocks, kind), ""):
        if holds == "communications":
            continue
        is_cause = holds in _CAUSES or holds.startswith("factor_")
        for joined in _pieces(section.blocks, source.lines):
            if len(joined.text) <= MAX_LINE:
                yield _passage(source.path, joined, begins, is_cause=is_cause)


def _position(joined: Joined, offset: int) -> tuple[int, int]:
    starts = [start for start, _ in joined.parts]
    start, line = joined.parts[max(0, bisect_right(starts, offset) - 1)]
    return line.line, line.column + offset - start


def _blanked(text: str) -> str:
    if not _MARKS.search(text):
        return text
    return _NOT_PROSE.sub(lambda match: BLANK * len(match[0]), text)


# The front matter


def _lines_of(place: Location, lines: list[str]) -> Joined:
    """Join the lines that a value stands on, as a folded text reads."""
    pieces = []
    for number in range(place.line, place.end_line + 1):
        start = place.column - 1 if number == place.line else 0
        end = place.end_column - 1 if number == place.end_line else None
        pieces.append(Fragment(lines[number - 1], number, 1).cut(start, end))
    return Joined.of(pieces)


def _texts(value: Any, route: Route) -> list[tuple[Route, str]]:
    """Return the texts of several words below a value, in their order."""
    found: list[tuple[Route, str]] = []
    if isinstance(value, str):
        if route and " " in value.strip():
            found.append((route, value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            found += _texts(inner, (*route, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            found += _texts(inner, (*route, i))
    return found


# The body


def _sections(section: Section, above: str) -> Iterator[tuple[Section, str]]:
    """Yield each section with its kind, else the kind of what it is part of."""
    kind = above if section.kind in {"", "part"} else section.kind
    yield section, kind
    for child in section.children:
        yield from _sections(child, kind)


def _pieces(blocks: Iterable[Block], lines: list[str]) -> Iterator[Joined]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from labelled_lines(block, None)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield Joined.of([_as_written(cell, lines[cell.line - 1])])
        elif isinstance(block, List):
            for item in block.items:
                yield Joined.of(item.lines)
                yield from _pieces(item.children, lines)


def _as_written(cell: Fragment, line: str) -> Fragment:
    r"""Return a cell with its ``\|`` as the file has them, so that columns are exact."""
    for escapes in range(cell.text.count("|") + 1):
        end = cell.column - 1 + len(cell.text) + escapes
        raw = line[cell.column - 1 : end]
        if raw.replace("\\|", "|") == cell.text:
            return Fragment(raw, cell.line, cell.column)
    return cell


def _passage(
    path: str, joined: Joined, begins: Mapping[int, list[int]], *, is_cause: bool
) -> Passage:
    """Return a passage; `begins` are the columns, by line, at which causes begin."""
    text = joined.text
    cause = (0, len(text)) if is_cause else (0, 0)
    if not is_cause and any(part.line in begins for _, part in joined.parts):
        inside = [start for start in _offsets(joined, begins) if start < len(text)]
        if inside:
            following = _NEXT_LABEL.search(text, inside[0])
            cause = (inside[0], following.start() if following else len(text))
    return Passage(_blanked(text), joined, path, None, cause)


def _offsets(joined: Joined, begins: Mapping[int, list[int]]) -> list[int]:
    """Return the offsets in a passage at which a cause begins, as the record was read."""
    return sorted(
        start + column - part.column
        for start, part in joined.parts
        for column in begins.get(part.line, ())
        if part.column <= column < part.column + len(part.text)
    )
