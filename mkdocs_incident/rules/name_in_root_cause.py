"""Rule name-in-root-cause."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.rules.language import lowered, people_in
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.phrases import phrases
from mkdocs_incident.wording import clip


@rule(
    "LANG002",
    "name-in-root-cause",
    level=Level.NOTE,
    strict=Level.ERROR,
    options=("people", "teams"),
)
def name_in_root_cause(document: Document, context: Context) -> Iterator[Finding]:
    """A root cause, a why or a contributing factor names a person.

    ## Why it matters

    A name in the cause makes the person the cause, and the next record a little less honest. What made the step possible can be changed; who took it can't. People are those in `people` in `incident.yml` and those whom the record, its incidents and its reviews name as commander, responder or author. Teams and roles may be named: a handle such as `@payments-team`, `@sre-oncall` or `@payments-lead` is none of a person.

    ## Example

    ```markdown
    ---
    id: INC-2025-0142
    title: Payments are failing
    responders: ["@jane-doe"]
    ---

    ## Root cause

    @jane-doe set the pool to 5 connections in the new release.
    ```

    ## Use instead

    ```markdown
    ---
    id: INC-2025-0142
    title: Payments are failing
    responders: ["@jane-doe"]
    ---

    ## Root cause

    The release's template sets the pool to 5 connections, and nothing refuses a value below 10.
    ```
    """
    if not document.causes:
        return
    people = people_in(document.causes, document, context)
    if not any(people):
        return
    pattern = people.pattern
    for passage in document.prose:
        start, end = passage.cause
        for match in pattern.finditer(passage.text, start, end) if start < end else ():
            hits = phrases().find(passage.text)
            if any(hit.start < match.end() and match.start() < hit.end for hit in hits):
                continue  # the judgement is reported there already
            yield Finding(
                passage.location(*match.span()),
                f"`{clip(match[0])}` is named in the cause, expected what the system allowed",
                hint="Say what made the step possible, or name the role: `the on-call engineer`",
                level=lowered(document),
            )
