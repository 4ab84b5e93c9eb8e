"""Lists as GitHub shows them, laid out so that Python-Markdown shows them the same way.

It wants four spaces for each nesting and a blank line before a list, where people write two or
three spaces and none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import (
    Block,
    Divider,
    Fence,
    Heading,
    Item,
    List,
    Opaque,
    Paragraph,
    Table,
    scan,
)

_WIDTH = 4
LINE_END = regex(r"(\r\n|\r|\n)")
_MARKER = regex(r" *(?:[-*+]|\d{1,9}\.)(?=( *))")


def for_python_markdown(body: str) -> str:
    """Return `body` with its lists indented and set apart; no line's text is changed."""
    parts = LINE_END.split(body)
    lines, ends = parts[::2], [*parts[1::2], ""]
    layout = _Layout([line.expandtabs(_WIDTH) for line in lines])
    for i, shift in enumerate(layout.shifts):
        if shift and lines[i].strip():
            lines[i] = " " * max(0, layout.indents[i] + shift) + lines[i].lstrip(" \t")
        if i in layout.breaks:
            lines[i] = ends[i - 1] + lines[i]
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


class _Layout:
    """Where lines go: how far each one moves, and which ones need a blank line before them."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.indents = [len(line) - len(line.lstrip(" ")) for line in lines]
        self.shifts = [0] * len(lines)
        self.breaks: set[int] = set()
        self._lines = lines
        self._levels = [0] * len(lines)
        self._starts: set[int] = set()
        self._code: set[int] = set()
        blocks = scan(lines, 0)
        self._set_apart(blocks, 0)
        self._end_deeper_paragraphs()
        for block in blocks:
            if not self._is_list(block, 0):
                continue
            whole = range(block.items[0].first, block.items[-1].last + 1)
            if self._indent_items(block, 0) or self._has_long_comment(whole):
                self._move(whole, 0)

    def _blank(self, line: int) -> bool:
        return not self._lines[line].strip()

    def _is_list(self, block: Block | None, level: int) -> TypeGuard[List]:
        """Return whether Python-Markdown knows the markers; at the top, four spaces make code."""
        return (
            isinstance(block, List)
            and all(_MARKER.match(self._lines[item.first]) for item in block.items)
            and (level > 0 or self.indents[block.items[0].first] < _WIDTH)
        )

    def _set_apart(self, blocks: Sequence[Block], level: int) -> None:
        """Note the blank lines that blocks need between each other, and the level of each line."""
        before: Block | None = None
        for block in blocks:
            if self._is_list(before, level):
                self._begin(before.items[-1].last + 1, apart=self._joins_item(block, before))
            if isinstance(block, Fence):
                self._code.update(line.line for line in block.lines)
            if self._is_list(block, level):
                self._begin(block.items[0].first, apart=self._swallows_list(before, level))
                for item in block.items:
                    self._begin(item.first)
                    inner = self._inner(item)
                    self._levels[item.first : inner.start] = [level] * (inner.start - item.first)
                    self._levels[inner.start : inner.stop] = [level + 1] * len(inner)
                    if item.children and not isinstance(item.children[0], List | Fence):
                        self._begin(inner.start, apart=not self._is_html(item.children[0]))
                    self._set_apart(item.children, level + 1)
            before = block

    def _begin(self, line: int, *, apart: bool = False) -> None:
        self._starts.add(line)
        if apart and line and not self._blank(line) and not self._blank(line - 1):
            self.breaks.add(line)

    def _joins_item(self, block: Block, before: List) -> bool:
        """Return whether `block`, right below a list, would become text of its last item."""
        if isinstance(block, Divider):  # dashes would make a heading of the item
            return set(self._lines[before.items[-1].last + 1].strip()) == {"-"}
        return not isinstance(block, Heading | List) and not self._is_html(block)

    def _swallows_list(self, before: Block | None, level: int) -> bool:
        if isinstance(before, List):  # of markers that Python-Markdown takes for text
            is_code = level == 0 and self.indents[before.items[0].first] >= _WIDTH
            return not self._is_list(before, level) and not is_code
        return isinstance(before, Paragraph | Table | Fence)

    def _is_html(self, block: Block) -> bool:
        return isinstance(block, Opaque) and self._lines[block.line].lstrip().startswith("<")

    def _inner(self, item: Item) -> range:
        """Return the lines below an item's own text."""
        return range(max([item.first, *(line.line for line in item.lines)]) + 1, item.last + 1)

    def _end_deeper_paragraphs(self) -> None:
        """Set apart what follows deeper lines that began after a blank one: it would join them."""
        level, after_blank = 0, True
        for i in range(len(self._lines)):
            if self._blank(i):
                after_blank = after_blank or i not in self._code
                continue
            if not after_blank and i in self._starts and self._levels[i] < level:
                self.breaks.add(i)
            if after_blank or i in self.breaks:
                level, after_blank = self._levels[i], False

    def _indent_items(self, block: List, level: int) -> bool:
        """Move a list to its level; return whether it could have stayed where it is."""
        fits, home = True, _WIDTH * level
        for item in block.items:
            at = self.indents[item.first]
            inner = self._inner(item)
            fits &= home <= at < home + _WIDTH
            self._move(range(item.first, inner.start), home - at)
            lists = [child for child in item.children if self._is_list(child, level + 1)]
            nested = {i for c in lists for i in range(c.items[0].first, c.items[-1].last + 1)}
            plain = [i for i in inner if i not in nested and not self._blank(i)]
            if widths := [self.indents[i] for i in plain if self.indents[i] >= at + 2]:
                base = self._base(item, min(widths), home + _WIDTH)
                fits &= 0 <= base - home - _WIDTH < _WIDTH
                self._move(inner, home + _WIDTH - base)
            for child in lists:
                fits &= self._indent_items(child, level + 1)
        return fits

    def _base(self, item: Item, least: int, home: int) -> int:
        """Return the column that moves to `home`: the content's, not its code's where that is all."""
        match = _MARKER.match(self._lines[item.first])
        if match is None:
            return least
        content = match.end() + (len(match[1]) if 1 <= len(match[1]) <= _WIDTH else 1)
        if least < content + _WIDTH:
            return least
        at = self.indents[item.first]
        deep_enough = home + _WIDTH + max(0, content - at - _WIDTH)
        return home if least >= deep_enough else min(content, at + _WIDTH)

    def _has_long_comment(self, lines: range) -> bool:
        """Return whether a comment holds a blank line: indented by four, it would be shown."""
        text = "\n".join(self._lines[i].strip() for i in lines)
        return any("\n\n" in part.split("-->")[0] for part in text.split("<!--")[1:])

    def _move(self, lines: range, shift: int) -> None:
        self.shifts[lines.start : lines.stop] = [shift] * len(lines)
