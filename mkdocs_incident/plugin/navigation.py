"""A navigation as mkdocs.yml has it: a list, or a mapping, of pages and of further ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def texts_in(nav: Any) -> Iterator[str]:
    """Yield the paths that a navigation lists, at any depth."""
    if isinstance(nav, str):
        yield nav
    parts = nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ()
    for part in parts:
        yield from texts_in(part)


def with_entry(nav: Any, entry: Mapping[str, Any]) -> list[Any]:
    """Return a navigation with one more entry at its end."""
    entries = [{name: value} for name, value in nav.items()] if isinstance(nav, dict) else nav
    return [*entries, entry]
