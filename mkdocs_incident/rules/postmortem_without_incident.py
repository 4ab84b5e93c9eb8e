"""Rule postmortem-without-incident."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.records import Postmortem
from mkdocs_incident.records.values import texts
from mkdocs_incident.rules.rule import Context, rule


@rule("REF010", "postmortem-without-incident", essential=True)
def postmortem_without_incident(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A postmortem names no incident that it is about.

    ## Why it matters

    Nothing leads from the incident to its review, no deadline is met by it, and its action items belong to no service. A postmortem that stands for an incident without a record of its own names it, too: with `id` or `incidents`.

    ## Example

    ```markdown
    ---
    kind: postmortem
    incidents: []
    title: Postmortem of the failing payments
    status: draft
    ---
    ```

    ## Use instead

    ```markdown
    ---
    kind: postmortem
    incidents: [INC-2024-0001]
    title: Postmortem of the failing payments
    status: draft
    ---
    ```
    """
    if review.is_one_file or review.incident_ids or texts(review.record, "incidents"):
        return
    yield Finding(
        review.document.at("incidents"),
        "Postmortem names no incident, expected at least one id",
        hint="Add `incidents: [INC-…]` to the front matter",
    )
