"""Findings for people: a line each, the source beneath it, and a summary at the end."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.wording import counted, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mkdocs_incident.diagnostic import Diagnostic, Location
    from mkdocs_incident.reporters.report import Report

# What ends a line in CommonMark; str.splitlines() would also split at form feeds and U+2028.
_LINE_END = regex(r"\r\n|\r|\n")

# Controls start terminal escapes, bidi controls reorder what is read, lone surrogates (from file
# names that are not UTF-8) cannot be encoded.
_UNPRINTABLE = regex(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

_TAB = "    "
_CELLS = 100
_CELLS_BEFORE = 60

_SGR = {Level.ERROR: "1;31", Level.WARNING: "1;33", Level.NOTE: "1;36"}
_BOLD = "1"
_DIM = "2"


def render(report: Report) -> str:
    """Return the findings with the source they point at, and a summary as the last line."""
    paths = {diagnostic.location.path for diagnostic in report.diagnostics}
    lines = {path: _LINE_END.split(report.sources[path]) for path in paths & report.sources.keys()}
    blocks = [
        "\n".join(_block(diagnostic, lines.get(diagnostic.location.path, ()), color=report.color))
        for diagnostic in report.diagnostics
    ]
    return "\n\n".join([*blocks, summary(report)]) + "\n"


def visible(text: str) -> str:
    """Return `text` on one line, with a visible stand-in for each character that has no glyph."""
    return _UNPRINTABLE.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def headline(diagnostic: Diagnostic, *, color: bool = False) -> str:
    """Return a finding as one line: place, level, code, message, name."""
    sgr = _SGR[diagnostic.level] if color else ""
    bold, dim = (_BOLD, _DIM) if color else ("", "")
    return (
        f"{_styled(f'{_place(diagnostic.location)}:', bold)} {_styled(str(diagnostic.level), sgr)} "
        f"{_styled(visible(diagnostic.code), bold)} {visible(diagnostic.message)} "
        f"{_styled(f'[{visible(diagnostic.name)}]', dim)}"
    )


def _block(diagnostic: Diagnostic, lines: Sequence[str], *, color: bool) -> Iterable[str]:
    sgr = _SGR[diagnostic.level] if color else ""
    bold, dim = (_BOLD, _DIM) if color else ("", "")
    yield headline(diagnostic, color=color)
    if 0 < diagnostic.location.line <= len(lines):
        source, indent, carets = _quote(diagnostic.location, lines[diagnostic.location.line - 1])
        number = str(diagnostic.location.line)
        gutter = _styled(f"  {number} |", dim)
        yield f"{gutter} {source}" if source else gutter
        gutter = _styled(f"  {' ' * len(number)} |", dim)
        yield f"{gutter} {indent}{_styled(carets, sgr)}"
    if diagnostic.hint:
        yield f"  {_styled('hint:', bold)} {visible(diagnostic.hint)}"
    for related in diagnostic.related:
        place = _styled(_place(related.location), bold)
        yield f"  see {place} {visible(related.message)}"


def _styled(text: str, sgr: str) -> str:
    return f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text


def _place(location: Location) -> str:
    return f"{visible(location.path)}:{location.line}:{location.column}"


def _quote(location: Location, line: str) -> tuple[str, str, str]:
    """Return what to print of `line`, the blanks before the carets, and the carets."""
    start = min(location.column - 1, len(line))
    end = len(line) if location.end_line > location.line else location.end_column - 1
    left, right = _window(line, start)
    before = "…" if left else ""
    after = "…" if right < len(line) else ""
    shown = "".join(map(_glyph, line[left:right])).rstrip()
    indent = len(before) + sum(map(_width, line[left:start]))
    carets = sum(map(_width, line[start : min(end, right)]))
    return before + shown + after, " " * indent, "^" * max(carets, 1)


def _window(line: str, start: int) -> tuple[int, int]:
    """Return the range of `line` around `start` that fits the width of a terminal.

    Only that part is looked at: a line may be megabytes long, with a finding at every word.
    """
    before, free = _fitting(line[max(start - _CELLS, 0) : start][::-1], _CELLS_BEFORE)
    after, free = _fitting(line[start : start + _CELLS], free + _CELLS - _CELLS_BEFORE)
    left = start - before
    more, _ = _fitting(line[max(left - _CELLS, 0) : left][::-1], free)
    return left - more, start + after


def _fitting(characters: str, cells: int) -> tuple[int, int]:
    """Return how many `characters` fit into `cells`, and the cells that remain."""
    for count, character in enumerate(characters):
        if _width(character) > cells:
            return count, cells
        cells -= _width(character)
    return len(characters), cells


def _glyph(character: str) -> str:
    # A fixed width instead of tab stops: it stays true when the line is clipped.
    return _TAB if character == "\t" else visible(character)


def width(text: str) -> int:
    """Return how many cells a line takes in a terminal."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    """Return how many cells the glyph of `character` takes in a terminal."""
    if character == "\t":
        return len(_TAB)
    if _UNPRINTABLE.match(character):
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def summary(report: Report) -> str:
    """Return how many findings of which level there are, in how many records."""
    found = [
        counted(report.count(level), str(level))
        for level in sorted(Level, reverse=True)
        if report.count(level)
    ]
    aside = [
        f"{count:,} {name}"
        for count, name in ((report.waived, "waived"), (report.known, "in the baseline"))
        if count
    ]
    left_out = f" ({', '.join(aside)})" if aside else ""
    return f"{joined(found) or 'No findings'} in {counted(report.records, 'record')}{left_out}"
