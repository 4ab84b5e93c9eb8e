"""``**Label:** value`` lines, headings such as ``#### Status: Resolved``, and the values' text."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, List, Paragraph, Table
from mkdocs_incident.source.synonyms import normalised
from mkdocs_incident.source.text import Fragment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BOLD = regex(
    r"(?P<mark>\*\*|__)(?P<label>[^*_\n:：]{1,60}?)\s*(?:[:：]\s*(?P=mark)|(?P=mark)\s*[:：])\s*"
)
_PLAIN = regex(r"(?P<label>[^\W\d_][^:：|*`\n]{0,50}?)\s*(?::(?:\s+|$)|：\s*)")
_AHEAD = regex(r"[^\w*`\[(<\"'@~]*")
_DECORATION = regex(r"^(?::[a-z0-9_+-]{2,40}:|[^\w@#\"'`(<>≤≥≈±=\[{~$€£¥+\-*])+(?=\s*\S)")
_MAX_LABELS = 24
"""On one line; what follows them is the last one's value."""

_WRAPPERS = ("**", "__", "`", "*", "_")
_BOLD_TEXT = regex(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BULLET = regex(r"^(?:[-*+•]\s+)?")


class Label(msgspec.Struct, frozen=True):
    """A label as written and the value that stands behind it (its text may be empty)."""

    name: Fragment
    value: Fragment


def _offset(part: tuple[int, Fragment]) -> int:
    return part[0]


class Joined(msgspec.Struct, frozen=True):
    """Text lines as one line, every offset still known in the file."""

    text: str
    parts: tuple[tuple[int, Fragment], ...]

    @classmethod
    def of(cls, lines: Sequence[Fragment]) -> Joined:
        """Join `lines` with single spaces; a trailing backslash is Markdown's line break."""
        if len(lines) == 1 and not lines[0].text.endswith("\\"):
            return cls(lines[0].text, ((0, lines[0]),))
        parts: list[tuple[int, Fragment]] = []
        texts: list[str] = []
        at = 0
        for line in lines:
            if not line.text:
                continue
            text = line.text.removesuffix("\\").rstrip()
            parts.append((at, line))
            texts.append(text)
            at += len(text) + 1
        return cls(" ".join(texts), tuple(parts))

    def cut(self, start: int, end: int | None = None) -> Fragment:
        """Return the slice ``[start:end]`` without white space around it, in its place."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        stripped = piece.strip()
        if not self.parts:
            return Fragment(stripped, 1, 1)
        at, line = self.parts[max(0, bisect_right(self.parts, start, key=_offset) - 1)]
        return Fragment(stripped, line.line, line.column + max(0, start - at))

    @property
    def whole(self) -> Fragment:
        """The whole text, at the place of its first character."""
        return self.cut(0)


def labels_in(line: Fragment | Joined, known: Mapping[str, str] | None = None) -> list[Label]:
    """Return the labels of a line: bold ones, and with `known` plain ones that it names.

    A line may hold several bold labels; each value ends where the next label begins. A plain label
    must be known and start the line: prose is full of colons.
    """
    matches = list(islice(_BOLD.finditer(line.text), _MAX_LABELS))
    if matches and _AHEAD.fullmatch(line.text, 0, matches[0].start()):
        return [
            Label(
                line.cut(match.start("label"), match.end("label")),
                _value(line, match.end(), matches[i + 1].start() if i + 1 < len(matches) else None),
            )
            for i, match in enumerate(matches)
        ]
    if known is None:
        return []
    start = _BULLET.match(line.text)
    offset = start.end() if start else 0
    match = _PLAIN.match(line.text, offset)
    if match is None or normalised(match["label"]) not in known:
        return []
    found = [(match.start("label"), match.end("label"), match.end())]
    found += _further_plain_labels(line, match.end(), known)
    return [
        Label(
            line.cut(begin, end),
            _value(line, after, found[i + 1][0] if i + 1 < len(found) else None),
        )
        for i, (begin, end, after) in enumerate(found)
    ]


def labelled_lines(block: Block, known: Mapping[str, str] | None) -> list[Joined]:
    """Return a list's entries, or a paragraph's lines with a label's further lines joined to it."""
    if isinstance(block, List):
        return [Joined.of(item.lines) for item in block.items]
    if not isinstance(block, Paragraph):
        return []
    groups: list[list[Fragment]] = []
    for line in block.lines:
        if labels_in(line, known) or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [Joined.of(group) for group in groups]


def _further_plain_labels(
    line: Fragment | Joined, start: int, known: Mapping[str, str]
) -> list[tuple[int, int, int]]:
    """Find ``Date: … Severity: … Created By: …`` on one line: known, capitalised, with a colon."""
    found = []
    for match in re.finditer(r"(?<=\s)((?:[A-Z][\w-]*\s){0,2}[A-Z][\w-]*):\s", line.text[start:]):
        words = match[1].split(" ")
        for skip in range(len(words)):
            name = " ".join(words[skip:])
            if normalised(name) in known:
                begin = start + match.end(1) - len(name)
                found.append((begin, start + match.end(1), start + match.end()))
                break
    return found


def _value(line: Fragment | Joined, start: int, end: int | None) -> Fragment:
    value = line.cut(start, end)
    text = value.text.rstrip("|·•; \t\\") if end is not None else value.text.rstrip("\\ \t")
    return Fragment(text, value.line, value.column)


def columns_of(table: Table, labels: Mapping[str, str]) -> dict[str, int]:
    """Return which column of a table holds which field, the first of each."""
    columns: dict[str, int] = {}
    for i, cell in enumerate(table.header):
        name = labels.get(normalised(cell.text))
        if name is not None:
            columns.setdefault(name, i)
    return columns


def heading_label(heading: Fragment) -> Label | None:
    """Return the label of a heading such as ``Status: Resolved``."""
    heading = bare(heading)
    match = re.match(r"(?P<label>[^:：]{1,40}?)\s*[:：]\s*(?=\S)", heading.text)
    if match is None:
        return None
    return Label(heading.cut(0, match.end("label")), heading.cut(match.end()))


def bare(value: Fragment) -> Fragment:
    """Return a scalar without what decorates it: emoji before it, emphasis or code around it."""
    while True:
        text = value.text
        if text[:1].isalnum():
            return value
        match = _DECORATION.match(text)
        if match:
            value = value.cut(match.end())
            continue
        for mark in _WRAPPERS:
            inner = text[len(mark) : -len(mark)]
            wrapped = text.startswith(mark) and text.endswith(mark) and mark not in inner
            if len(text) > 2 * len(mark) and wrapped:
                value = value.cut(len(mark), len(text) - len(mark))
                break
        else:
            return value


def without_bold(text: str) -> str:
    """Return `text` without bold marks, as a title or an event reads."""
    return _BOLD_TEXT.sub(r"\2", text) if "**" in text or "__" in text else text


def split_list(value: Fragment) -> list[Fragment]:
    """Split ``@a, @b and @c`` at commas, semicolons and the last ``and``."""
    parts: list[Fragment] = []
    start = 0
    for match in re.finditer(
        r"(?<!\s)\s*[,;、]\s*(?:and\s+|und\s+)?|(?<!\s)\s+(?:and|und|&)\s+(?=[@\w-]+$)", value.text
    ):
        parts.append(bare(value.cut(start, match.start())))
        start = match.end()
    parts.append(bare(value.cut(start)))
    return [part for part in parts if part.text]
