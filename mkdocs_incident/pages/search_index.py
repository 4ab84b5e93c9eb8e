"""What of a page the site's search does not read: lists of what has a page of its own, and pictures.

An index of every word on every page would hold each record once for itself and once for each table that
lists it, and readers would find the table.

Searches read a page with Python's HTML parser, which takes longer for a tag than the theme takes to write it.
Most tags tell them nothing, so they are given the words without them.
"""

from __future__ import annotations

import re
from secrets import token_hex

from mkdocs_incident.patterns import regex

_MARK = f"mkdocs-incident:{token_hex(16)}"
"""What our comments begin with. Nobody who writes a page can know it."""
_PICTURE = r"<svg\b.*?</svg>"
_LISTS = r"<incident-table\b.*?</incident-table>|<table\b.*?</table>|<pre\b.*?</pre>"
_PICTURES = regex(_PICTURE, re.DOTALL)
_PICTURES_AND_LISTS = regex(f"{_LISTS}|{_PICTURE}", re.DOTALL)
_BLOCK = regex(r"<(?=(?:dd|dt|div|li|p|td|th|ul)\b)")
_PLACE = regex(rf"<!--{_MARK}:(\d+)-->")

_SILENT = (
    "a|abbr|b|bdi|bdo|br|cite|col|colgroup|dd|del|dfn|dl|dt|em|hr|i|img|input|ins|kbd|label|mark|q|s|samp"
    "|small|span|strong|table|tbody|td|tfoot|th|thead|time|tr|u|var|wbr"
)
"""Elements that no search keeps in its results, and that begin or end none of its sections."""
_REST_OF_TAG = rf"""/?(?:{_SILENT})\b(?:[^<>"']|"[^"]*"|'[^']*')*+>"""
_SILENT_TAGS = regex(f"<{_REST_OF_TAG}")
# It begins with the sign that is looked for, which is five times as fast as to look back from each letter.
_WITHIN_A_WORD = regex(rf"<(?<=[^\s>]<){_REST_OF_TAG}(?:<{_REST_OF_TAG})*+(?=[^\s<])")
_SPACE = regex(r"\s\s+")
_READ_AS_IT_IS = regex(
    rf"<(?P<name>pre|h[1-6])\b.*?</(?P=name)>|<(?!/?(?:{_SILENT})\b)[^>]*>", re.DOTALL
)
"""Other tags, code, and headings, whose links have a meaning."""
_WORDS = regex(rf"<!--{_MARK}:words:(\d+)-->")


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
        return f"<!--{_MARK}:{len(parts) - 1}-->"

    rest = (_PICTURES_AND_LISTS if lists else _PICTURES).sub(place, html)
    return _BLOCK.sub("\n<", rest), parts


def put_back(html: str, parts: list[str]) -> str:
    """Return the page with every part where it stood."""
    return _PLACE.sub(lambda match: parts[int(match[1])], html)


def only_words(html: str) -> tuple[str, list[tuple[str, str]]]:
    """Take the tags out of a page that say nothing to a search.

    Where nothing else parts two words, an empty comment does: MkDocs' search parts them at tags, Material's does
    not, and neither finds other words than it did. A page that tells Material what to leave out is left as it is.

    Returns:
        The page with a comment before all words that had tags among them; those words, and how they stood there.
    """
    if "data-search" in html:
        return html, []
    parts: list[tuple[str, str]] = []
    read: list[str] = []

    def read_words(markup: str) -> None:
        if "<" not in markup:
            read.append(markup)
            return
        words = _SPACE.sub(" ", _SILENT_TAGS.sub("", _WITHIN_A_WORD.sub("<!---->", markup)))
        read.append(f"<!--{_MARK}:words:{len(parts)}-->{words}")
        parts.append((words, markup))

    end = 0
    for match in _READ_AS_IT_IS.finditer(html):
        read_words(html[end : match.start()])
        read.append(match[0])
        end = match.end()
    read_words(html[end:])
    return "".join(read), parts


def with_markup(html: str, parts: list[tuple[str, str]]) -> str:
    """Return the page with its markup where `only_words` took it out; words that somebody changed since stay so."""
    start, *found = _WORDS.split(html)
    back = [start]
    for number, rest in zip(found[::2], found[1::2], strict=True):
        words, text = parts[int(number)]
        back.append(text + rest.removeprefix(words) if rest.startswith(words) else rest)
    return "".join(back)
