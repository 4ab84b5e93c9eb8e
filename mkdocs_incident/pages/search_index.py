"""What of a page the site's search does not read: lists of what has a page of its own, and pictures.

An index of every word on every page would hold each record once for itself and once for each table that
lists it, and readers would find the table.
"""

from __future__ import annotations

import re

_PICTURE = r"<svg\b.*?</svg>"
_LISTS = r"<incident-table\b.*?</incident-table>|<table\b.*?</table>|<pre\b.*?</pre>"
_PICTURES = re.compile(_PICTURE, re.DOTALL)
_PICTURES_AND_LISTS = re.compile(f"{_LISTS}|{_PICTURE}", re.DOTALL)
_BLOCK = re.compile(r"(?=<(?:dd|dt|div|li|p|td|th|ul)\b)")
_PLACE = re.compile(r"<!--mkdocs-incident:(\d+)-->")


def set_aside(html: str, *, lists: bool) -> tuple[str, list[str]]:
    """Take pictures out of a page, and with `lists` its tables and patches, too.

    Material's search joins what no white space parts: of ``<dt>Scribe</dt><dd>@orders-team</dd>`` it would
    find neither word. So each block begins on a line of its own.

    Returns:
        The page with a comment in each place, and what stood there.
    """
    parts: list[str] = []

    def place(match: re.Match[str]) -> str:
        parts.append(match[0])
        return f"<!--mkdocs-incident:{len(parts) - 1}-->"

    rest = (_PICTURES_AND_LISTS if lists else _PICTURES).sub(place, html)
    return _BLOCK.sub("\n", rest), parts


def put_back(html: str, parts: list[str]) -> str:
    """Return the page with every part where it stood."""
    return _PLACE.sub(lambda match: parts[int(match[1])], html)
