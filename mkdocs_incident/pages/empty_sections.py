"""Headings with nothing below them: what a template asks for and nobody has answered yet is no part of a page."""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs_incident.pages.list_layout import LINE_END
from mkdocs_incident.source.blocks import Divider, Heading, Opaque, is_comment, scan
from mkdocs_incident.source.document import Document

_SAYS_NOTHING = ("<!--", "#", "---")
"""How a line begins that may leave the heading before it empty."""


def shown_body(document: Document) -> str:
    """Return a record's body without the headings of sections that hold comments alone, or nothing.

    A runbook keeps them: who opens one at night is to see that nobody has written down the way back,
    and not to look for it elsewhere. `runbook-empty-section` asks for it.
    """
    body = document.body
    if document.kind == "runbook" or not document.is_record:
        return body
    parts = LINE_END.split(body)
    lines, ends = parts[::2], [*parts[1::2], ""]
    if not _may_be_empty(lines):
        return body
    for line in _empty_headings(lines):
        lines[line] = ""
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


def _may_be_empty(lines: Sequence[str]) -> bool:
    """Whether a heading has nothing right below it: most bodies need no scan to tell."""
    is_heading = False
    for line in lines:
        text = line.strip()
        if text:
            if is_heading and text.startswith(_SAYS_NOTHING):
                return True
            is_heading = text.startswith("##") or set(text) == {"-"}
    return is_heading


def _empty_headings(lines: Sequence[str]) -> list[int]:
    """Return the lines of headings that have nothing in their section or below; a title stays in any case."""
    full: set[int] = set()
    above: list[Heading] = []
    headings: list[Heading] = []
    for block in scan(lines, 0):
        if isinstance(block, Heading):
            while above and above[-1].level >= block.level:
                above.pop()
            above.append(block)
            headings.append(block)
        elif not isinstance(block, Divider) and not (
            isinstance(block, Opaque) and is_comment(lines[block.line :])
        ):
            full.update(heading.text.line for heading in above)
            above.clear()  # of those above what follows it is known
    found = [h.text.line for h in headings if h.level > 1 and h.text.line not in full]
    underlines = [at + 1 for at in found if not lines[at].lstrip().startswith("#")]
    return [*found, *underlines]
