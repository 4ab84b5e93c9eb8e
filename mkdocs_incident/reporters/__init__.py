"""What a check found, as text for people and as the formats that other tools read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

FORMATS = ("text", "json", "github", "sarif", "gitlab", "junit", "markdown")
"""Each has a module of its name."""
TELLS_MORE = frozenset({"markdown"})
"""Formats that say who owes what by when, and what a change brings."""

Reporter = Callable[[Any], str]
"""Takes a `reporters.report.Report`."""


class _Reporters(Mapping[str, Reporter]):
    """Reporters by format, each imported when it is asked for."""

    def __getitem__(self, name: str) -> Reporter:
        if name not in FORMATS:
            raise KeyError(name)
        reporter: Reporter = import_module(f"mkdocs_incident.reporters.{name}").render
        return reporter

    def __iter__(self) -> Iterator[str]:
        return iter(FORMATS)

    def __len__(self) -> int:
        return len(FORMATS)


REPORTERS = _Reporters()
