"""Rule timeline-missing."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule


@rule("TIM001", "timeline-missing", level=Level.WARNING, strict=Level.ERROR)
def timeline_missing(incident: Incident, context: Context) -> Iterator[Finding]:
    """An incident has no timeline.

    ## Why it matters

    Everything that can be learned about the response is computed from the timeline: how long detection, acknowledgement and mitigation took. One line is enough while the incident is live. A timeline in the postmortem serves an incident that has none.

    ## Example

    An incident whose record tells in prose what happened, without times.

    ## Use instead

    ```markdown
    **Date:** 2025-06-15

    ## Timeline (UTC)

    - 14:23 — alert on payment errors fires
    - 14:25 — on-call acknowledges
    ```
    """
    holder = context.corpus.timeline_holder(incident)
    if holder.timeline or "timeline" in incident.record:
        return
    yield Finding(
        incident.document.at("timeline"),
        "Incident has no timeline",
        hint="Add a heading `## Timeline (UTC)` with `- 14:23 — what happened` below it",
    )
