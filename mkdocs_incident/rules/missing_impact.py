"""Rule missing-impact."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Postmortem
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule

_OTHERS = {"level", "urgency"}
"""Degrees are a verdict; what happened to whom is the impact."""


@rule("PM007", "missing-impact", level=Level.WARNING, strict=Level.ERROR)
def missing_impact(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A postmortem does not say whom the incident hit and how.

    ## Why it matters

    The impact decides whether the severity was right and what prevention is worth. A sentence or a number in the postmortem or in the incident's record is enough; a summary counts. A draft is not asked.

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
    ## Impact

    Every second payment failed for 84 minutes.

    ## Root cause

    The pool was made smaller than the load needs.
    ```
    """
    if review.status == "draft":
        return
    for document in context.corpus.records_of(review):
        impact = document.record.get("impact")
        told = isinstance(impact, dict) and any(
            value not in {None, ""} for name, value in impact.items()
            if name not in _OTHERS and not isinstance(value, dict | list)
        )  # fmt: skip
        if told or text(document.record, "summary"):
            return
    yield Finding(
        review.document.at("impact"),
        "Postmortem does not tell the impact: whom the incident hit, and how",
        hint="Write it below `## Impact`, with a number if there is one",
    )
