"""Rule missing-lessons."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule

_FIELDS = ("lessons", "what_went_well", "what_went_poorly", "where_we_got_lucky")


@rule("PM008", "missing-lessons", level=Level.WARNING, strict=Level.ERROR)
def missing_lessons(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A finished postmortem says nothing of what was learned.

    ## Why it matters

    Action items change one system; lessons reach the teams that have the same weakness and did not fail yet. What went well, what went poorly and where you got lucky count, and may stand in the incident's own record. Asked of final postmortems only.

    ## Example

    ```markdown
    ---
    status: closed
    ---
    ## Root cause

    The pool was made smaller than the load needs.
    ```

    ## Use instead

    ```markdown
    ---
    status: closed
    ---
    ## Root cause

    The pool was made smaller than the load needs.

    ## Lessons learned

    - A pool size is a promise to the callers
    ```
    """
    documents = context.corpus.records_of(review)
    if review.status != "final" or any(d.record.get(name) for d in documents for name in _FIELDS):
        return
    yield Finding(
        review.document.at("lessons"),
        "Postmortem says nothing of what was learned",
        hint="Write a line each below `## What went well`, `## What went poorly` or `## Lessons learned`",
    )
