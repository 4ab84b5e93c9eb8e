"""Where Markdown's links and pictures lead, read as CommonMark reads them, in one pass over a text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import MAX_LINE, code_lines, scan
from mkdocs_incident.source.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PARENTHESES = 8
"""Open at a time in a destination without angle brackets; CommonMark asks for three at least."""

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_WHITE = r"[ \t\r\n]"
_TITLE = r"(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))"
_MARK = regex(
    rf"\\{_PUNCTUATION}|`++|!?\[|\]|<!--|<[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^<>\s]*+>"
    rf"|</?[A-Za-z][A-Za-z0-9-]*+(?:{_WHITE}++[A-Za-z_:][\w.:-]*+"
    rf"(?:{_WHITE}*+={_WHITE}*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?+)*+{_WHITE}*+/?>"
)
"""What begins or ends a link, or hides one: an escape, code, a comment, an address in brackets, a tag."""
_BRACKETED = regex(r"<(?P<written>(?:[^<>\\\r\n]|\\[^\r\n])*+)>")
_STEP = regex(rf"\\{_PUNCTUATION}|[()\x00-\x20\x7f]")
"""What may end a destination without angle brackets."""
_SPACE = regex(rf"{_WHITE}*+")
_END = regex(rf"(?:{_WHITE}++{_TITLE})?{_WHITE}*+\)", re.DOTALL)
_DEFINITION = regex(
    r"(?<![^\r\n]) {0,3}\[(?!\^|\s*+\])(?:[^\[\]\\\r\n]|\\.){1,999}+\]:[ \t]*+(?:(?:\r\n?+|\n)[ \t]*+)?"
    r"(?P<destination><(?:[^<>\\\r\n]|\\[^\r\n])*+>|[^\s<]\S*+)"
    rf"[ \t]*+(?:(?<=[ \t]){_TITLE}[ \t]*+)?(?![^\r\n])"
)
_BREAK = regex(r"(?:\r\n?+|\n)(?=[ \t]*+(?:[\r\n]|$|(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]|\|))")
"""Between a paragraph, an entry, a heading or a row and the next: no link or code reaches over it."""
_TICKS = regex(r"`++")
_LINE = regex(r"[^\r\n]++")
_OVERLONG = regex(rf"(?<![^\r\n])[^\r\n]{{{MAX_LINE + 1},}}+")
_IN_BLOCKS = ("```", "~~~", "<", "    ", "\t")
"""Without one of these, no line is one of code or of a comment."""
_WRITTEN_OTHERWISE = regex(
    rf"\\({_PUNCTUATION})|&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});"
)


class Link(msgspec.Struct, frozen=True):
    """A destination as it is written in a text, without the angle brackets around it."""

    written: str
    start: int
    """Offset of its first character."""
    bracketed: bool
    """Whether it stands in angle brackets."""
    around: tuple[range, range] | None = None
    """Offsets of what stands before and behind the text of an inline link; None for a definition."""

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.start + len(self.written)


def destination(written: str) -> str:
    r"""Return the address that a destination means: ``\(`` is a parenthesis in it, ``&amp;`` is ``&``.

    What is percent-encoded stays so: whether it stands for the character depends on the address's part.
    """
    if "\\" not in written and "&" not in written:
        return written
    return _WRITTEN_OTHERWISE.sub(lambda match: match[1] or unescape(match[0]), written)


def links_in(text: str, code: Iterable[range] | None = None) -> tuple[Link, ...]:
    """Return where a text's links, pictures and reference definitions lead, outside of code, in order.

    A picture within a link leads somewhere, and so does the link around it. An empty destination leads nowhere.
    `code`: its lines, from 1, that hold code or comments, where they are known already.
    """
    if "](" not in text and "]:" not in text:
        return ()
    plain = _without_blocks(text, code)
    found = [
        piece
        for start, end in _parts(plain, "](")
        for piece in _pieces(plain, start, end)
        if isinstance(piece, Link) and piece.written
    ]
    if "]:" in plain:
        found += map(_defined, _DEFINITION.finditer(plain))
        found.sort(key=lambda link: link.start)
    return tuple(found)


def shown(text: str) -> str:
    """Return a text as a reader sees its inline links and pictures: by their own text."""
    around = [part for link in links_in(text) if link.around for part in link.around]
    written: list[str] = []
    at = 0
    for part in sorted(around, key=lambda part: part.start):
        written.append(text[at : part.start])
        at = max(at, part.stop)
    return "".join([*written, text[at:]])


def without_code(text: str) -> str:
    """Return a text with spaces where it has code or comments, all else where it was."""
    plain = _without_blocks(text, None)
    written: list[str] = []
    at = 0
    for start, end in _parts(plain, "`", "<!--"):
        for piece in _pieces(plain, start, end):
            if not isinstance(piece, Link):
                written += [plain[at : piece[0]], " " * (piece[1] - piece[0])]
                at = piece[1]
    return "".join([*written, plain[at:]])


def _defined(match: re.Match[str]) -> Link:
    written = match["destination"]
    if written.startswith("<"):
        return Link(written[1:-1], match.start("destination") + 1, bracketed=True)
    return Link(written, match.start("destination"), bracketed=False)


def _parts(text: str, *sought: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the paragraphs, entries, headings and rows that hold one of `sought`."""
    start = 0
    for end in (*(match.end() for match in _BREAK.finditer(text)), len(text)):
        if any(text.find(mark, start, end) >= 0 for mark in sought):
            yield start, end
        start = end


def _pieces(text: str, start: int, end: int) -> Iterator[Link | tuple[int, int]]:
    """Yield the links of ``text[start:end]``, and the ranges of its code and comments."""
    opened: list[range] = []  # a link's, or the longer one of a picture
    within = 0  # so many of those open have a link in them: it can't stand in another
    unclosed: set[str] = set()
    at = start
    while mark := _MARK.search(text, at, end):
        at = mark.end()
        if mark[0] in {"[", "!["}:
            opened.append(range(*mark.span()))
        elif mark[0] == "]":
            begin = opened.pop() if opened else None
            is_picture = begin is not None and len(begin) > 1
            if begin is None or (not is_picture and len(opened) < within):
                within = min(within, len(opened))
                continue
            link, at = _inline(text, at, end)
            within = len(opened) if link and not is_picture else min(within, len(opened))
            if link is not None:
                yield replace(link, around=(begin, range(mark.start(), at)))
        elif mark[0] not in unclosed and mark[0][0] in "`<":
            stop = _closing(text, mark, end)
            if stop is None:
                unclosed.add(mark[0])
            elif stop > at:
                at = stop
                yield mark.start(), at


def _closing(text: str, mark: re.Match[str], end: int) -> int | None:
    """Return where the code or the comment that `mark` opens is over, None where it opens none."""
    if mark[0] == "<!--":
        found = text.find("-->", mark.end(), end)
        return found + 3 if found >= 0 else None
    if mark[0][0] == "<":
        return mark.end()
    runs = (run.end() for run in _TICKS.finditer(text, mark.end(), end) if run[0] == mark[0])
    return next(runs, None)


def _inline(text: str, at: int, end: int) -> tuple[Link | None, int]:
    """Read ``(destination "title")`` behind a link's text; return where reading goes on."""
    if not text.startswith("(", at, end):
        return None, at
    space = _SPACE.match(text, at + 1, end)
    begin = space.end() if space else at + 1
    if text.startswith("<", begin, end):
        written = _BRACKETED.match(text, begin, end)
        link = Link(written["written"], begin + 1, bracketed=True) if written else None
        stop = written.end() if written else None
    else:
        stop = _end_of_bare(text, begin, end)
        link = Link(text[begin:stop], begin, bracketed=False) if stop is not None else None
    closed = _END.match(text, stop, end) if stop is not None else None
    return (link, closed.end()) if closed is not None else (None, at)


def _end_of_bare(text: str, at: int, end: int) -> int | None:
    """Return where a destination without angle brackets ends, None where a parenthesis stays open."""
    opened = 0
    while step := _STEP.search(text, at, end):
        at = step.end()
        if step[0] == "(":
            opened += 1
            if opened > MAX_PARENTHESES:
                return None
        elif step[0] == ")" and opened:
            opened -= 1
        elif len(step[0]) == 1:
            return step.start() if not opened else None
    return None


def _without_blocks(text: str, code: Iterable[range] | None) -> str:
    """Return a text with spaces for blocks of code, comments on lines of their own and overlong lines."""
    source = SourceText("", text)
    if code is None:
        has_blocks = any(mark in text for mark in _IN_BLOCKS)
        code = code_lines(scan(source.lines)) if has_blocks else ()
    written: list[str] = []
    at = 0
    for lines in code:
        start, last = source.offset(lines.start, 1), source.lines[lines.stop - 2]
        end = source.offset(lines.stop - 1, 1) + len(last)
        if source.lines[lines.start - 1].lstrip().startswith("<!--") and "-->" in last:
            end = text.index("-->", start) + len("-->")  # what follows on its last line is shown
        written += [text[at:start], _LINE.sub(_blank, text[start:end])]
        at = end
    plain = "".join([*written, text[at:]])
    return _OVERLONG.sub(_blank, plain) if len(plain) > MAX_LINE else plain


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
