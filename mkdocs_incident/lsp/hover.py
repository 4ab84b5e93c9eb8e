"""What something means: a key by its schema, an id or a handle by what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.lsp.completion import described
from mkdocs_incident.lsp.names import Name, plain
from mkdocs_incident.lsp.view import View
from mkdocs_incident.schema.bundling import field_schema
from mkdocs_incident.source.front_matter import Route


def hover(view: View, position: types.Position) -> types.Hover | None:
    """Return what is known of the thing at a position, None of nothing."""
    line, character = view.character(position)
    if view.is_in_yaml(line):
        for route, place in view.positions.keys.items():
            if _covers(place, line, character) and (text := _field(view, route)):
                return _hover(text, view.columns.range(view.lines, place))
    found = view.names.at(view.lines[line], character)
    if found is not None:
        name, start, end = found
        return _hover(_known(name), view.columns.span(view.lines, line, start, end))
    value = value_at(view, line, character)
    if value is not None:
        name, place = value
        return _hover(_known(name), view.columns.range(view.lines, place))
    return None


def value_at(view: View, line: int, character: int) -> tuple[Name, Location] | None:
    """Return the service, alert or severity level that front matter names at a place."""
    if view.is_policy or not view.is_in_yaml(line):
        return None
    known = {
        "services": view.names.services,
        "alerts": view.names.alerts,
        "severity": view.names.levels,
    }
    for route, place in view.positions.values.items():
        if route and route[0] in known and _covers(place, line, character):
            name = known[str(route[0])].get(view.source.text[_span(view, place)].strip("\"'"))
            if name is not None:
                return name, place
    return None


def _span(view: View, place: Location) -> slice:
    source = view.source
    return slice(
        source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
    )


def _covers(place: Location, line: int, character: int) -> bool:
    here = (line + 1, character + 1)
    return (place.line, place.column) <= here <= (place.end_line, place.end_column)


def _field(view: View, route: Route) -> str:
    field = field_schema(view.schema, route)
    title = field.get("title", "")
    return "\n\n".join(filter(None, (f"**{title}**" if title else "", described(field))))


def _known(name: Name) -> str:
    rest: Sequence[str] = [name.details] if name.details else [plain(name.summary)]
    return "\n\n".join([f"**{plain(name.text)}**", *filter(None, rest)])


def _hover(text: str, span: types.Range) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), span)
