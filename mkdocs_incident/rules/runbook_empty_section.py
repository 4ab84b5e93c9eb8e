"""Rule runbook-empty-section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Runbook
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.blocks import (
    Block,
    Divider,
    Fence,
    Heading,
    List,
    Opaque,
    Paragraph,
    is_comment,
)
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.wording import clip

# "None" and "n/a" are answers: nothing is to be done here.
_PLACEHOLDER = regex(
    r"(?:tbd|tba|tbc|todo|fixme|xxx|to do|to be (?:done|written|determined|confirmed|announced)"
    r"|coming soon|offen|folgt|noch offen|wird ergänzt|fehlt noch)(?:\s*[:–—-].*)?|[?.…]*",
    re.IGNORECASE,
)


@rule("RB002", "runbook-empty-section", level=Level.WARNING, strict=Level.ERROR)
def runbook_empty_section(runbook: Runbook, context: Context) -> Iterator[Finding]:
    """A heading of a runbook has nothing below it.

    ## Why it matters

    A heading promises an answer. Whoever opens a runbook at night and finds "Rollback" with nothing below it has lost a minute and their trust. A section that holds only a comment, a `TBD` or a `TODO` is empty; one that says "None" is not, and neither is one with subsections. Runbooks that are a `draft` or `deprecated` are not asked.

    ## Example

    ```markdown
    ---
    id: RB-payments-db
    kind: runbook
    title: Payments database is slow
    ---
    ## Diagnosis

    - Look at the number of connections

    ## Rollback

    TBD
    ```

    ## Use instead

    ```markdown
    ---
    id: RB-payments-db
    kind: runbook
    title: Payments database is slow
    ---
    ## Diagnosis

    - Look at the number of connections

    ## Rollback

    Set the pool back to 20 and restart the workers one by one.
    ```
    """
    if runbook.status != "active":
        return
    for heading, following in _empty(runbook.document):
        name = f"Section `{clip(heading.text.text)}`" if heading.text.text else "A section"
        until = f" before `{clip(following.text.text)}`" if following else ""
        yield Finding(
            heading.text.location(runbook.document.path),
            f"{name} has nothing below it{until}, expected text, steps or a table",
            hint="Write what a responder does there, or take the heading out",
        )


def _empty(document: Document) -> Iterator[tuple[Heading, Heading | None]]:
    """Yield headings without content, each with the one that follows."""
    blocks = document.blocks
    places = [i for i, block in enumerate(blocks) if isinstance(block, Heading)]
    for place, end in pairwise([*places, len(blocks)]):
        heading = blocks[place]
        following = blocks[end] if end < len(blocks) else None
        if not isinstance(heading, Heading) or any(
            _says_something(block, document) for block in blocks[place + 1 : end]
        ):
            continue
        if isinstance(following, Heading):
            if following.level <= heading.level:
                yield heading, following
        else:
            yield heading, None


def _says_something(block: Block, document: Document) -> bool:
    if isinstance(block, Paragraph):
        return not _is_placeholder(block.lines)
    if isinstance(block, List):
        return any(item.children or not _is_placeholder(item.lines) for item in block.items)
    if isinstance(block, Fence):
        return any(line.text.strip() for line in block.lines)
    if isinstance(block, Opaque):
        return not is_comment(document.source.lines[block.line - 1 :])
    return not isinstance(block, Divider)


def _is_placeholder(lines: tuple[Fragment, ...]) -> bool:
    written = " ".join(line.text for line in lines).strip(" \t*_`~<>{}[]().!")
    return _PLACEHOLDER.fullmatch(written) is not None
