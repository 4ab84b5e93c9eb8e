"""What a record consists of: its front matter, its headings, its timeline, its action items."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec
from lsprotocol import types

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.lsp.view import View
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.blocks import Heading
from mkdocs_incident.wording import clip

_LONGEST = 80
"""Characters of a symbol's name."""

_ENTRIES = {types.SymbolKind.Event, types.SymbolKind.Method}
"""Kinds of timeline entries and action items, in which nothing else stands."""


class _Symbol(msgspec.Struct):
    name: str
    kind: types.SymbolKind
    place: Location
    last: int
    """The last line that belongs to it."""
    detail: str = ""
    children: list[_Symbol] = msgspec.field(default_factory=list)


def symbols(view: View) -> list[types.DocumentSymbol]:
    """Return a file's symbols, each within the one that it stands in."""
    top = [*_front_matter(view), *_headings(view)]
    if not view.is_policy:
        for entry in (*_timeline(view), *_action_items(view)):
            _put(top, entry)
    return [_as_symbol(view, symbol) for symbol in top]


def _front_matter(view: View) -> Iterator[_Symbol]:
    if view.yaml is None or not view.yaml:
        return
    last = view.yaml.stop
    keys = [
        _Symbol(str(route[0]), types.SymbolKind.Property, place, last)
        for route, place in sorted(view.positions.keys.items(), key=lambda item: item[1])
        if len(route) == 1
    ]
    for key, following in pairwise(keys):
        key.last = max(key.place.line, following.place.line - 1)
    for key in keys:
        value = view.positions.values.get((key.name,))
        if value is not None and value.line == value.end_line == key.place.line:
            start, end = value.column - 1, value.end_column - 1
            key.detail = clip(view.lines[value.line - 1][start:end], _LONGEST)
    if view.is_policy:
        yield from keys
        return
    name, first = "Front matter", Location(view.path, 1, 1, 1, 4)
    yield _Symbol(name, types.SymbolKind.Object, first, last + 1, children=keys)


def _headings(view: View) -> Iterator[_Symbol]:
    if view.is_policy:
        return
    stack: list[tuple[int, _Symbol]] = []
    for block in view.document.blocks:
        if not isinstance(block, Heading):
            continue
        place = block.text.location(view.path)
        while stack and stack[-1][0] >= block.level:
            stack.pop()[1].last = place.line - 1
        name = clip(block.text.text, _LONGEST) or "#" * block.level
        symbol = _Symbol(name, types.SymbolKind.String, place, len(view.lines))
        if stack:
            stack[-1][1].children.append(symbol)
        else:
            yield symbol
        stack.append((block.level, symbol))


def _timeline(view: View) -> Iterator[_Symbol]:
    record = view.document.record
    for i, entry in mappings(record, "timeline"):
        words = " ".join(filter(None, (text(entry, "at"), text(entry, "event"))))
        yield _entry(view, ("timeline", i), words, types.SymbolKind.Event, "")


def _action_items(view: View) -> Iterator[_Symbol]:
    record = view.document.record
    for i, item in mappings(record, "action_items"):
        said = (text(item, "owner"), text(item, "due"), text(item, "status"))
        detail = ", ".join(filter(None, said))
        words = text(item, "title") or ""
        yield _entry(view, ("action_items", i), words, types.SymbolKind.Method, detail)


def _entry(
    view: View, route: tuple[str, int], words: str, kind: types.SymbolKind, detail: str
) -> _Symbol:
    place = view.document.at(*route)
    name = clip(words, _LONGEST) or f"{route[0]}[{route[1]}]"
    return _Symbol(name, kind, place, place.end_line, detail)


def _put(symbols: list[_Symbol], entry: _Symbol) -> None:
    """Add an entry to the innermost key or heading whose lines hold it."""
    for symbol in symbols:
        is_around = symbol.place.line <= entry.place.line <= symbol.last
        if is_around and symbol.kind not in _ENTRIES:
            _put(symbol.children, entry)
            return
    symbols.append(entry)


def _as_symbol(view: View, symbol: _Symbol) -> types.DocumentSymbol:
    lines = view.lines
    last = min(max(symbol.last, symbol.place.end_line), len(lines))
    whole = Location(view.path, symbol.place.line, 1, last, len(lines[last - 1]) + 1)
    return types.DocumentSymbol(
        name=symbol.name,
        kind=symbol.kind,
        range=view.columns.range(lines, whole),
        selection_range=view.columns.range(lines, symbol.place),
        detail=symbol.detail or None,
        children=[
            _as_symbol(view, child)
            for child in sorted(symbol.children, key=lambda child: child.place)
        ],
    )
