"""How much room words take in a picture, where no browser measures them."""

from __future__ import annotations

import textwrap
import unicodedata
from functools import lru_cache

LETTER = 7.2
"""Pixels that a letter of 12 px takes on average, in the widest font that themes fall back to."""
_WIDE = 12.0
"""Pixels of a Chinese, Japanese or Korean one: as wide as high."""


@lru_cache(maxsize=4096)  # a label is measured at each place where it may stand
def width(text: str) -> float:
    """Return about how many pixels a text takes in one line."""
    return sum(_WIDE if unicodedata.east_asian_width(char) in "WF" else LETTER for char in text)


def wrapped(text: str, letters: int, most: int) -> tuple[str, ...]:
    """Return a text in lines as wide as so many letters, at most `most` of them."""
    if not text:
        return ()
    fitting = max(1, int(letters * LETTER * len(text) / width(text)))
    return tuple(
        textwrap.wrap(text, fitting, max_lines=most, placeholder="…", break_on_hyphens=False)
    )
