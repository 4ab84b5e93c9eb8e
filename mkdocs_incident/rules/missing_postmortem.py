"""Rule missing-postmortem."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.insights.deadlines import requires_postmortem
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule


@rule(
    "PM002",
    "missing-postmortem",
    options=("levels.*.postmortem_due", "categories.*.postmortem_due"),
)
def missing_postmortem(incident: Incident, context: Context) -> Iterator[Finding]:
    """A closed incident of a level that requires a postmortem has none.

    ## Why it matters

    Closing an incident says that nothing more will be learned from it. Where the level asks for a review, that is only true once the review exists. An incident without a status counts as closed.

    ## Example

    ```markdown
    ---
    id: INC-2025-0142
    severity: SEV1
    status: closed
    ---
    ```

    ## Use instead

    A `postmortem.md` beside the incident with `incidents: [INC-2025-0142]`, or the review's sections (root cause, action items, lessons) in the incident's own file. Until it is written, the status is `resolved`.
    """
    if incident.status != "closed" or not requires_postmortem(context.corpus, incident):
        return
    if context.corpus.postmortems_of(incident):
        return
    if incident.id in context.corpus.unreadable_ids:
        return  # its file is there and has a finding of its own
    closed = "is closed" if "status" in incident.record else "without a status counts as closed"
    yield Finding(
        incident.document.at("status"),
        f"`{incident.severity}` incident {closed} and has no postmortem",
        hint="Write `postmortem.md` beside it, or set `status: resolved` until there is one",
    )
