"""Places in our words (lines and characters from 1) and in an editor's (from 0, in code units)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from lsprotocol import types

from mkdocs_incident.diagnostic import Location


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


_UNITS: dict[str, Callable[[str], int]] = {"utf-8": _utf8, "utf-16": _utf16, "utf-32": len}


class Columns(msgspec.Struct, frozen=True):
    """How the client counts within a line: it was agreed on when the session began."""

    encoding: str = "utf-16"

    def units(self, text: str) -> int:
        """Return how many code units a text has."""
        return len(text) if text.isascii() else _UNITS[self.encoding](text)

    def characters(self, line: str, units: int) -> int:
        """Return how many characters of a line lie before a code unit; at most all of them."""
        if line.isascii():
            return min(units, len(line))
        passed = 0
        for i, character in enumerate(line):
            if passed >= units:
                return i
            passed += self.units(character)
        return len(line)

    def range(self, lines: Sequence[str], place: Location) -> types.Range:
        """Return where a location of ours is in the client's text."""
        return types.Range(
            self._position(lines, place.line - 1, place.column - 1),
            self._position(lines, place.end_line - 1, place.end_column - 1),
        )

    def span(self, lines: Sequence[str], line: int, start: int, end: int) -> types.Range:
        """Return the range of characters ``[start:end]`` of a line, all from 0."""
        return types.Range(self._position(lines, line, start), self._position(lines, line, end))

    def _position(self, lines: Sequence[str], line: int, character: int) -> types.Position:
        text = lines[line] if line < len(lines) else ""
        # A line that is not known here (a file that went meanwhile) is taken for plain ASCII.
        beyond = max(0, character - len(text))
        return types.Position(line, self.units(text[:character]) + beyond)
