"""Where something is: the record of an id, the policy's line of a name, the file of a link."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.lsp.hover import value_at
from mkdocs_incident.lsp.view import View
from mkdocs_incident.rules.targets import inside
from mkdocs_incident.source.links import destination

if TYPE_CHECKING:
    from lsprotocol import types

_MARKS = " \t\"'<>()[]{},`"
"""Characters that end a path in text and in YAML."""


def definition(view: View, position: types.Position) -> Location | Path | None:
    """Return the place, or the file, that the thing at a position stands for."""
    line, character = view.character(position)
    text = view.lines[line]
    file = None if view.is_policy else _file(view, line, character)
    if file is not None:
        return file
    found = view.names.at(text, character)
    if found is not None:
        return found[0].place
    value = value_at(view, line, character)
    return value[0].place if value is not None else None


def _file(view: View, line: int, character: int) -> Path | None:
    for link in view.document.links:
        start = link.column - 1
        if link.line == line + 1 and start <= character <= start + len(link.text):
            return _there(view, destination(link.text))
    return _there(view, _word(view.lines[line], character)) if view.is_in_yaml(line) else None


def _word(text: str, character: int) -> str:
    start = end = character
    while start and text[start - 1] not in _MARKS:
        start -= 1
    while end < len(text) and text[end] not in _MARKS:
        end += 1
    return text[start:end]


def _there(view: View, target: str) -> Path | None:
    """Return the file that a path means, relative to the record or, as the site sees it, to docs/."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme or not path:
        return None
    root = view.reading.policy.root
    for document in (view.path, f"docs/{view.path}"):
        file = inside(root, document, path)
        try:
            if file is not None and file.is_file():
                return file
        except (OSError, ValueError):  # a name that no file can have
            continue
    return None
