"""Rule next-update-missed."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.cadence import open_incident
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import moment, span


@rule("COM004", "next-update-missed", kind=Kind.CLOCK, level=Level.NOTE)
def next_update_missed(incident: Incident, context: Context) -> Iterator[Finding]:
    """The last update of an open incident promised the next one for a time that has passed.

    ## Why it matters

    A promised time is what people wait for; missing it tells them that nobody is in control. A later update keeps it, and so does a timeline entry that says that stakeholders were told again. Judged on open incidents only.

    ## Example

    ```markdown
    ---
    severity: SEV2
    status: mitigating
    detected_at: 2025-06-15T14:23Z
    communications:
      - { at: 2025-06-15T14:40Z, audience: status-page, status: mitigating, text: Payments fail, next_update_at: 2025-06-15T15:10Z }
    ---
    ```

    and it is 15:20.

    ## Use instead

    ```markdown
    ---
    severity: SEV2
    status: resolved
    detected_at: 2025-06-15T14:23Z
    communications:
      - { at: 2025-06-15T14:40Z, audience: status-page, status: mitigating, text: Payments fail, next_update_at: 2025-06-15T15:10Z }
      - { at: 2025-06-15T15:10Z, audience: status-page, status: resolved, text: Payments work again }
    ---
    ```
    """
    state = open_incident(context.corpus, incident, context.as_of)
    update = state.last.update if state is not None and state.last is not None else None
    promised = update.next_update_at if update is not None else None
    if update is None or promised is None or promised >= context.as_of:
        return
    yield Finding(
        update.document.at(*update.route, "next_update_at"),
        f"Next update was promised for {moment(promised)}, {span(context.as_of - promised)} ago",
        hint="Send it, and record it under `communications` with the time of the next one",
    )
