"""Files of what people write: YAML that holds nothing but text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


def vocabulary(path: Path) -> list[dict[str, Any]]:
    """Return what a file says of each language, in the file's order.

    Raises:
        TypeError: something in it is no text: YAML takes an unquoted ``no`` for false.
    """
    languages = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    if wrong := next(_not_text(languages, ()), None):
        raise TypeError(f"{path.name}: {wrong} is no text: put it in quotes")
    return list(languages.values())


def _not_text(value: Any, place: tuple[str, ...]) -> Iterator[str]:
    """Yield what is no text in a value, with the names that lead to it."""
    if isinstance(value, dict):
        for name, entry in value.items():
            if not isinstance(name, str):
                yield f"`{name}` below `{'/'.join(place)}`"
            yield from _not_text(entry, (*place, str(name)))
    elif isinstance(value, list):
        for entry in value:
            if not isinstance(entry, str):
                yield from _not_text(entry, place)
    elif not isinstance(value, str):
        yield f"`{value}` below `{'/'.join(place)}`"
