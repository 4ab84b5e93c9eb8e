"""One scan over a document's lines: headings, paragraphs, tables, lists, fences, each in place.

It reads what CommonMark and Python-Markdown agree on and forgives what people write between the
two: a list that follows its paragraph without a blank line, nesting by two spaces. A full parser
gives no columns and costs milliseconds a document; it serves as the oracle in the tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.text import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_NESTING = 16
"""Lists nested deeper are shown and not read."""

MAX_LINE = 20_000
"""A longer line is data that nobody wrote by hand: it is kept as text and not searched."""

_HEADING = regex(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*)")
_ATTRIBUTES = regex(r"[ \t]+\{:?[ \t]*[#.][^{}]{1,200}\}[ \t]*$")
_CLOSING_HASHES = regex(r"(?:^|[ \t])#+[ \t]*$")
_FENCE = regex(r" {0,3}(`{3,}|~{3,})(.*)")
_RULE = regex(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_SETEXT = regex(r" {0,3}(=+|-+)[ \t]*$")
_ITEM = regex(r"([ \t]*)([-*+•]|\d{1,9}[.)])(?:([ \t]+)(?=\S)|[ \t]*$)")
_CHECKBOX = regex(r"\[([ xX✓✔~-])\](?:[ \t]+|$)")
_DELIMITER = regex(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_QUOTE = regex(r" {0,3}>")
_HTML = regex(r" {0,3}<(?:!--|/?[A-Za-z][A-Za-z0-9-]*(?:[ \t/>]|$)|[!?])")
_LABEL = regex(
    r"(?:(?::\w+:|[^\w\s*])\s*)?(?:\*\*|__)[^*_\n:]{1,60}(?::(?:\*\*|__)|(?:\*\*|__)\s?:)"
)
"""A bold label right below a list begins something new, whatever CommonMark's laziness says."""
_COMMENT = regex(r" {0,3}<!--")
_UNREAD = regex(r" {0,3}<(?:!--|(?:script|style|pre)\b)", re.IGNORECASE)
"""HTML in which nothing is Markdown; whether it is in other HTML depends on who renders it."""
_OPENERS = set("#`~>*-_<+•")
"""With one of these, or a digit, begins what ends a paragraph, but for tables."""
_ADMONITION = regex(r" {0,3}(?:!!!|\?\?\?\+?|===!?\+?)[ \t]")


class Heading(msgspec.Struct, frozen=True):
    """A line that names what follows, level 1 to 6."""

    level: int
    text: Fragment


class Paragraph(msgspec.Struct, frozen=True):
    """Lines of text, each without white space around it."""

    lines: tuple[Fragment, ...]


class Table(msgspec.Struct, frozen=True):
    """A pipe table; every row has as many cells as it has, however long the header is."""

    header: tuple[Fragment, ...]
    rows: tuple[tuple[Fragment, ...], ...]


class Item(msgspec.Struct, frozen=True):
    """An entry of a list: its own text lines and what is nested below."""

    lines: tuple[Fragment, ...]
    checked: bool | None
    """State of the task box; None without one."""
    ordered: bool
    children: tuple[Block, ...]
    first: int
    """Line of its marker."""
    last: int
    """Last line that is not blank and belongs to it or to what is nested below."""


class List(msgspec.Struct, frozen=True):
    """Bulleted or numbered entries."""

    items: tuple[Item, ...]


class Fence(msgspec.Struct, frozen=True):
    """A code block; its text is never read as anything else."""

    info: str
    lines: tuple[Fragment, ...]
    whole: range
    """Its lines, those of its marks included."""


class Opaque(msgspec.Struct, frozen=True):
    """A quotation, raw HTML, indented code or an admonition: shown, not read as data."""

    line: int
    code: tuple[range, ...] = ()
    """Its lines that hold code, a comment or data, where nothing is Markdown."""


class Divider(msgspec.Struct, frozen=True):
    """A thematic break."""

    line: int


Block = Heading | Paragraph | Table | List | Fence | Opaque | Divider


def scan(lines: Sequence[str], first_line: int = 1) -> list[Block]:
    """Return the blocks of `lines`, whose first is line `first_line` of its file."""
    return list(_blocks([Fragment(text, first_line + i, 1) for i, text in enumerate(lines)]))


def code_lines(blocks: Iterable[Block]) -> Iterator[range]:
    """Yield the lines where nothing is Markdown, in order: code, comments and overlong lines between blocks."""
    for block in blocks:
        if isinstance(block, Fence):
            yield block.whole
        elif isinstance(block, Opaque):
            yield from block.code
        elif isinstance(block, List):
            for item in block.items:
                yield from code_lines(item.children)


def _blank(line: Fragment) -> bool:
    return not line.text or line.text.isspace()


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _interrupts(line: Fragment, following: Fragment | None) -> bool:
    """Return whether a paragraph ends before `line`."""
    text = line.text
    if len(text) > MAX_LINE:
        return False
    first = text.lstrip(" \t")[:1]
    if first not in _OPENERS and not first.isdigit():
        return following is not None and _starts_table(line, following)
    if _HEADING.match(text) or _FENCE.match(text) or _QUOTE.match(text) or _RULE.match(text):
        return True
    if _COMMENT.match(text):
        return True
    item = _ITEM.match(text)
    if item and item[3] and (not item[2][0].isdigit() or item[2][:-1] == "1"):
        return True
    return following is not None and _starts_table(line, following)


def is_comment(lines: Sequence[str]) -> bool:
    """Return whether lines begin with HTML comments that have nothing beside them on their lines."""
    if not _COMMENT.match(lines[0]):
        return False
    end = next((i for i, line in enumerate(lines, start=1) if "-->" in line), len(lines))
    parts = "\n".join(lines[:end]).split("<!--")
    return not any(part.partition("-->")[2].strip() for part in parts)


def _starts_table(line: Fragment, following: Fragment) -> bool:
    if "|" not in line.text or "-" not in following.text or len(following.text) > MAX_LINE:
        return False
    if not _DELIMITER.fullmatch(following.text.strip()) or len(line.text) > MAX_LINE:
        return False
    return len(_cells(line)) == len(_cells(following)) and (
        "|" in following.text or len(_cells(line)) == 1
    )


def _blocks(lines: list[Fragment], depth: int = 0) -> Iterator[Block]:
    at, end = 0, len(lines)
    if depth > MAX_NESTING:
        return
    while at < end:
        line = lines[at]
        text = line.text
        following = lines[at + 1] if at + 1 < end else None
        if _blank(line):
            at += 1
        elif len(text) > MAX_LINE:
            yield Opaque(line.line, (range(line.line, line.line + 1),))
            at += 1
        elif match := _HEADING.match(text):
            yield Heading(len(match[1]), _heading_text(line, match))
            at += 1
        elif match := _opens_fence(text):
            fence, at = _fence(lines, at, match)
            yield fence
        elif _RULE.match(text):
            yield Divider(line.line)
            at += 1
        elif _ITEM.match(text):
            items, at = _list(lines, at, depth)
            yield items
        elif _QUOTE.match(text) or _HTML.match(text):
            start = at
            at = _skip_html(lines, at) if _HTML.match(text) else _skip_until_blank(lines, at)
            yield Opaque(line.line, (_lines_of(lines[start:at]),) if _UNREAD.match(text) else ())
        elif _ADMONITION.match(text) or _indent(text.expandtabs(4)) >= 4:
            start = at
            at = _skip_indented(lines, at + 1)
            yield Opaque(line.line, _indented_code(lines[start:at], depth))
        elif following is not None and _starts_table(line, following):
            table, at = _table(lines, at)
            yield table
        else:
            block, at = _paragraph(lines, at)
            yield block


def _lines_of(lines: list[Fragment]) -> range:
    return range(lines[0].line, lines[-1].line + 1)


def _indented_code(lines: list[Fragment], depth: int) -> tuple[range, ...]:
    """Return the lines of code of an admonition, or all where there is none above them."""
    if not _ADMONITION.match(lines[0].text):
        return (_lines_of(lines),)
    return tuple(code_lines(_blocks(_outdented(lines[1:], 0), depth + 1)))


def _opens_fence(text: str) -> re.Match[str] | None:
    match = _FENCE.match(text)
    return match if match and not ("`" in match[1] and "`" in match[2]) else None


def _heading_text(line: Fragment, match: re.Match[str]) -> Fragment:
    content = _CLOSING_HASHES.sub("", _ATTRIBUTES.sub("", match[2]))
    return line.cut(match.start(2), match.start(2) + len(content))


def _paragraph(lines: list[Fragment], at: int) -> tuple[Block, int]:
    start = at
    at += 1
    while at < len(lines) and not _blank(lines[at]):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if (
            at == start + 1
            and (setext := _SETEXT.match(lines[at].text))
            and "**" not in lines[start].text  # a rule under bold labels, as people mean it
        ):
            return Heading(1 if setext[1][0] == "=" else 2, lines[start].cut(0)), at + 1
        if _interrupts(lines[at], following):
            break
        at += 1
    return Paragraph(tuple(line.cut(0) for line in lines[start:at])), at


def _fence(lines: list[Fragment], at: int, opening: re.Match[str]) -> tuple[Fence, int]:
    marker = opening[1]
    closing = re.compile(rf" {{0,3}}{marker[0]}{{{len(marker)},}}[ \t]*$")
    start = at + 1
    at = start
    while at < len(lines) and not closing.match(lines[at].text):
        at += 1
    whole = _lines_of(lines[start - 1 : at + 1])
    return Fence(opening[2].strip(), tuple(lines[start:at]), whole), at + 1


def _skip_until_blank(lines: list[Fragment], at: int) -> int:
    while at < len(lines) and not _blank(lines[at]):
        at += 1
    return at


def _skip_html(lines: list[Fragment], at: int) -> int:
    """A comment runs to its end, blank lines and all; a tag to the next blank line."""
    text = lines[at].text.lstrip()
    closing = "-->" if text.startswith("<!--") else None
    for tag in ("script", "style", "pre"):
        if text.lower().startswith(f"<{tag}"):
            closing = f"</{tag}>"
    if closing is None:
        return _skip_until_blank(lines, at)
    while at < len(lines) and closing not in lines[at].text.lower():
        at += 1
    return at + 1


def _skip_indented(lines: list[Fragment], at: int) -> int:
    while at < len(lines) and (_blank(lines[at]) or _indent(lines[at].text.expandtabs(4)) >= 4):
        at += 1
    return at


def _table(lines: list[Fragment], at: int) -> tuple[Table, int]:
    header = _cells(lines[at])
    at += 2
    rows = []
    while at < len(lines) and not _blank(lines[at]) and "|" in lines[at].text:
        if len(lines[at].text) <= MAX_LINE:
            rows.append(_cells(lines[at]))
        at += 1
    return Table(header, tuple(rows)), at


def _cells(line: Fragment) -> tuple[Fragment, ...]:
    r"""Split a table row at its pipes; ``\|`` and a pipe inside a code span do not split."""
    text = line.text
    cells: list[Fragment] = []
    start = 0
    for at in pipes(text):
        cells.append(line.cut(start, at))
        start = at + 1
    cells.append(line.cut(start))
    if len(cells) > 1 and not cells[0].text:
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].text and text.rstrip().endswith("|"):
        cells = cells[:-1]
    return tuple(
        Fragment(cell.text.replace("\\|", "|"), cell.line, cell.column)
        if "\\|" in cell.text
        else cell
        for cell in cells
    )


def pipes(text: str) -> list[int]:
    r"""Return the offsets of the pipes that part a row's cells: not ``\|``, none in a code span."""
    found: list[int] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 2
            continue
        if character == "`":
            run = len(text) - at - len(text[at:].lstrip("`"))
            closing = _closing_backticks(text, at + run, run)
            at = closing if closing > 0 else at + run
            continue
        if character == "|":
            found.append(at)
        at += 1
    return found


def _closing_backticks(text: str, at: int, run: int) -> int:
    """Return the offset after the run of exactly `run` backticks that closes a code span, or 0."""
    for match in re.finditer("`+", text[at:]):
        if len(match[0]) == run:
            return at + match.end()
    return 0


def _list(lines: list[Fragment], at: int, depth: int) -> tuple[List, int]:
    items: list[Item] = []
    outer = _ITEM.match(lines[at].text)
    base = _indent(lines[at].text.expandtabs(4))
    kind = outer[2][-1] if outer else ""
    ordered = kind in ".)"
    while at < len(lines):
        match = _ITEM.match(lines[at].text) if len(lines[at].text) <= MAX_LINE else None
        if match is None or _RULE.match(lines[at].text):
            break
        indent = _indent(lines[at].text.expandtabs(4))
        if indent < base or (match[2][-1] in ".)") != ordered:
            break
        item, at = _item(lines, at, match, depth)
        items.append(item)
        blank = at
        while blank < len(lines) and _blank(lines[blank]):
            blank += 1
        if blank < len(lines) and _ITEM.match(lines[blank].text):
            at = blank
    return List(tuple(items)), at


def _item(lines: list[Fragment], at: int, match: re.Match[str], depth: int) -> tuple[Item, int]:
    first = lines[at]
    base = _indent(first.text.expandtabs(4))
    content_at = match.end()
    inner: list[Fragment] = []
    has_code = _opens_fence(first.text[content_at:]) is not None
    if has_code:  # the fence begins behind the marker, and is read as if it stood below
        inner.append(Fragment(" " * content_at + first.text[content_at:], first.line, first.column))
    box = _CHECKBOX.match(first.text, content_at)
    checked = None
    if box is not None:
        checked = box[1] not in " ~-"
        content_at = box.end()
    text_lines = [] if inner else [first.cut(content_at)]
    at += 1
    after_blank = False
    while at < len(lines):
        line = lines[at]
        if _blank(line):
            after_blank = True
            inner.append(line)
            at += 1
            continue
        indent = _indent(line.text.expandtabs(4))
        following = lines[at + 1] if at + 1 < len(lines) else None
        ends = after_blank or has_code or _LABEL.match(line.text) or _starts_block(line, following)
        if indent < base + 2 and ends:
            break
        inner.append(line)
        has_code = has_code or _opens_fence(line.text.lstrip(" \t")) is not None
        at += 1
    while inner and _blank(inner[-1]):
        inner.pop()
        at -= 1
    lazy = 0
    while (
        lazy < len(inner)
        and not _blank(inner[lazy])
        and not _starts_block(inner[lazy], inner[lazy + 1] if lazy + 1 < len(inner) else None)
    ):
        text_lines.append(inner[lazy].cut(0))
        lazy += 1
    ordered = match[2][0].isdigit()
    nested = inner[lazy:]
    children = tuple(_blocks(_outdented(nested, base), depth + 1)) if nested else ()
    own = tuple(line for line in text_lines if line.text)
    return Item(own, checked, ordered, children, first.line, lines[at - 1].line), at


def _starts_block(line: Fragment, following: Fragment | None) -> bool:
    text = line.text.lstrip(" \t")
    return _ITEM.match(text) is not None or _interrupts(
        Fragment(text, line.line, line.column), following
    )


def _outdented(lines: list[Fragment], base: int) -> list[Fragment]:
    """Remove the nesting's own indentation, so that what is inside reads as a document."""
    widths = [_indent(line.text) for line in lines if not _blank(line)]
    if not widths:
        return []
    least = min(*widths, base + 8)
    return [Fragment(line.text[least:], line.line, line.column + least) for line in lines]
