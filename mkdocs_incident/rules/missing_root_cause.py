"""Rule missing-root-cause."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.root_cause import stated_cause
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule


@rule("PM006", "missing-root-cause", strict=Level.ERROR)
def missing_root_cause(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A finished postmortem names no root cause.

    ## Why it matters

    Without it, action items are guesses and similar incidents can't be found. A cause that stayed unknown is said so: `Unknown` is an answer, to be followed up. The five whys and contributing factors count, and so does a root cause in the incident's own record. While the postmortem is in review this is a warning; a draft is not asked.

    ## Example

    ```markdown
    ---
    status: closed
    ---
    ## Lessons learned

    - A pool size is a promise to the callers
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
    if review.status == "draft":
        return
    for document in context.corpus.records_of(review):
        if stated_cause(document):
            return
        if document.record.get("five_whys") or document.record.get("contributing_factors"):
            return
    yield Finding(
        review.document.at("root_cause"),
        "Incident is its own postmortem and names no root cause"
        if review.is_one_file
        else "Postmortem names no root cause",
        hint="Write it below `## Root cause`; if it stayed unknown, say `Unknown` and follow it up",
        level=Level.WARNING if review.status == "in-review" else None,
    )
