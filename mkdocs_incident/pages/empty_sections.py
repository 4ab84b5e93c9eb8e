"""Headings that only name a section nobody has filled, such as a template's, are no part of a page."""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs_incident.pages.list_layout import LINE_END
from mkdocs_incident.source.blocks import Divider, Heading, Opaque, is_comment, scan
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.synonyms import normalised, synonyms


def shown_body(document: Document) -> str:
    """Return a record's body without the headings of known sections that hold comments alone, or nothing.

    A heading that says more than a section's name is read, and stays: `### 10:00 Mitigated`.

    A runbook keeps all: who opens one at night is to see that nobody has written down the way back,
    and not to look for it elsewhere. `runbook-empty-section` asks for it.
    """
    body = document.body
    if document.kind == "runbook" or not document.is_record:
        return body
    parts = LINE_END.split(body)
    lines, ends = parts[::2], [*parts[1::2], ""]
    for line in _empty_headings(lines):
        lines[line] = ""
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


def _empty_headings(lines: Sequence[str]) -> list[int]:
    """Return the lines of headings that only name a section and have nothing in it; a title stays in any case."""
    full: set[int] = set()
    above: list[Heading] = []
    headings: list[Heading] = []
    for block in scan(lines, 0):
        if isinstance(block, Heading):
            while above and above[-1].level >= block.level:
                above.pop()
            above.append(block)
            headings.append(block)
            if _only_names_a_section(block.text.text):
                continue
        elif isinstance(block, Divider) or (
            isinstance(block, Opaque) and is_comment(lines[block.line :])
        ):
            continue
        full.update(heading.text.line for heading in above)
        above.clear()  # of those above what follows it is known
    found = [h.text.line for h in headings if h.level > 1 and h.text.line not in full]
    underlines = [at + 1 for at in found if not lines[at].lstrip().startswith("#")]
    return [*found, *underlines]


def _only_names_a_section(heading: str) -> bool:
    """Whether a heading says no more than a section's name; what stands in brackets says more."""
    return normalised(heading) in synonyms().sections and not {*"([（"} & {*heading}
