"""The table of contents of a record's page: its body's headings, then ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs.structure.toc import AnchorLink

from mkdocs_incident.patterns import regex

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

_OWN_HEADING = regex(
    r'<section\b(?=[^>]*\bclass="inc )[^>]*>\s*<h2\b(?=[^>]*\bid="(?P<anchor>[^"]+)")[^>]*>'
    r"(?P<title>.*?)</h2>",
    re.DOTALL,
)
"""The heading of a section that we drew around a body."""


def extend_contents(page: Page, drawn: str) -> None:
    """Add our own headings to the table of contents, which was made from the body alone."""
    top = page.toc.items[0] if page.toc.items else None
    entries = top.children if top is not None and top.level == 1 else page.toc.items
    for match in _OWN_HEADING.finditer(drawn):
        entries.append(AnchorLink(re.sub("<[^>]+>", "", match["title"]), match["anchor"], 2))
