"""Ids of records become links wherever they stand in a page's text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree.ElementTree import Element

import msgspec
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

if TYPE_CHECKING:
    from markdown import Markdown

ID = r"(?<![\w/.#@-])[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9][\w-]*(?![\w-]|\.\w)"
"""What may be an id; whether it is one, the known ids tell."""


class Target(msgspec.Struct, frozen=True):
    """Where a record's page is, and what it is about."""

    uri: str
    title: str


class LinkedIds(msgspec.Struct):
    """The ids to link, and the page whose text is being rendered."""

    targets: Mapping[str, Target] = msgspec.field(default_factory=dict)
    here: str = ""


class RecordLinks(Extension):
    """Markdown extension that links the ids of records."""

    def __init__(self, ids: LinkedIds) -> None:
        super().__init__()
        self.ids = ids

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Markdown's
        """Register behind everything that gives text another meaning: code, links, references."""
        md.inlinePatterns.register(_RecordId(self.ids, md), "record-id", 15)


class _RecordId(InlineProcessor):
    # Headings go into the table of contents and page titles, where a link would be lost or nested.
    ANCESTOR_EXCLUDES = ("a", "code", "pre", "kbd", "samp", "h1", "h2", "h3", "h4", "h5", "h6")

    def __init__(self, ids: LinkedIds, md: Markdown) -> None:
        super().__init__(ID, md)
        self._ids = ids

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the name is Markdown's
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return a relative link to the record's source: the site generator resolves it."""
        del data
        target = self._ids.targets.get(m[0])
        if target is None or target.uri == self._ids.here:
            return None, None, None
        path = posixpath.relpath(target.uri, posixpath.dirname(self._ids.here) or ".")
        link = Element("a", {"href": quote(path), "class": "inc-ref", "title": target.title})
        link.text = m[0]
        return link, m.start(), m.end()
