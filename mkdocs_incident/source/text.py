"""Bytes become text with lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

import msgspec

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.patterns import regex

_LINE_END = regex(r"\r\n|\r|\n")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Fragment(msgspec.Struct, frozen=True):
    """A piece of the file's text on one line, and where it starts (both count from 1)."""

    text: str
    line: int
    column: int

    def cut(self, start: int, end: int | None = None) -> Fragment:
        """Return the slice ``[start:end]`` without white space around it, still in its place."""
        piece = self.text[start:end]
        stripped = piece.strip()
        lead = len(piece) - len(piece.lstrip())
        return Fragment(stripped, self.line, self.column + start + lead)

    def location(self, path: str) -> Location:
        """Return the range that the fragment covers in the file `path`."""
        return Location(path, self.line, self.column, self.line, self.column + len(self.text))


class SourceText(msgspec.Struct, frozen=True, dict=True):
    """A file's text without its byte order mark; CRLF, CR and LF end lines."""

    path: str
    text: str
    has_byte_order_mark: bool = False

    @property
    def raw(self) -> str:
        """The text as the file has it, byte order mark included."""
        return "\ufeff" + self.text if self.has_byte_order_mark else self.text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return _LINE_END.split(self.text)

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a character by its line and column, from 1."""
        return self._starts[line - 1] + column - 1

    def location(self, start: int, end: int) -> Location:
        """Return the range between two character offsets."""
        line, column = self.position(start)
        length = max(end - start, 0)
        if line == len(self._starts) or start + length < self._starts[line]:
            return Location(self.path, line, column, line, column + length)
        return Location(self.path, line, column, *self.position(start + length))


def decode(path: str, content: bytes) -> SourceText | Finding:
    """Return the text of a file's `content`, or the finding ``undecodable-file`` at its place.

    A UTF-8 byte order mark is dropped. NUL is refused: no editor writes it into Markdown.
    """
    if content.startswith(_UTF16) or _looks_like_utf16(content):
        return Finding(
            Location(path),
            "File is UTF-16, expected UTF-8",
            hint="Save the file as UTF-8",
            rule="undecodable-file",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = SourceText(path, content[: error.start].decode("utf-8").removeprefix("\ufeff"))
        here = before.location(len(before.text), len(before.text))
        return Finding(
            here,
            f"Byte 0x{content[error.start]:02x} is not UTF-8",
            hint="Save the file as UTF-8",
            rule="undecodable-file",
        )
    source = SourceText(path, text.removeprefix("\ufeff"), text.startswith("\ufeff"))
    nul = source.text.find("\0")
    if nul >= 0:
        return Finding(
            source.location(nul, nul + 1),
            "NUL character in the text",
            hint="Remove it; the file may be binary or UTF-16",
            rule="undecodable-file",
        )
    return source


def _looks_like_utf16(content: bytes) -> bool:
    head = content[:64]
    return len(head) >= 8 and (not any(head[1::2]) or not any(head[0::2]))
