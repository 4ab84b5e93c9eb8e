"""Rule missing-field."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule


@rule("SCH002", "missing-field", essential=True)
def missing_field(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A field that the record must have is missing or empty.

    ## Why it matters

    An incident needs `id`, `title`, `severity` and `incident_commander`; a postmortem `incidents` and `title`, and once it is final a root cause; a runbook `id` and `title`; a mitigation plan `incident`, `severity`, `summary` and `horizons`. All else is optional. A missing severity or incident commander is reported under its own name.

    The root cause of a final postmortem may be its `root_cause`, the answers of its five whys, or stand in the incident's own record.

    ## Example

    ```yaml
    id: RB-payments-api
    ```

    ## Use instead

    ```yaml
    id: RB-payments-api
    title: Payments API is failing
    ```

    Fields may stand in the body, too: a title as the first heading, a root cause below its heading.
    """
    # The schema judges records one by one and raises all others; this one needs the incident's record.
    records = [review.record, *(i.record for i in context.corpus.incidents_of(review))]
    told = any(record.get("root_cause") or record.get("five_whys") for record in records)
    if review.status == "final" and not told:
        what, until = ("a final postmortem", "in-review")
        if review.is_one_file:
            what, until = ("a closed incident that is its own postmortem", "resolved")
        yield Finding(
            review.document.at("root_cause"),
            f"Field `root_cause` is missing, {what} says why it happened",
            hint=f"Add a heading `## Root cause`, or set `status: {until}` until it is known",
        )
