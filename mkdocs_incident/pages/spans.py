"""Spans of time as pages show them: no line ends between a number and its unit."""

from __future__ import annotations

from datetime import timedelta

from mkdocs_incident import wording


def span(value: timedelta) -> str:
    """Return a span as `wording.span` says it, in one piece: ``1 d 8 h``."""
    return unparted(wording.span(value))


def unparted(words: str) -> str:
    """Return a few words that stay together on one line: a browser finds them by spaces, too."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
