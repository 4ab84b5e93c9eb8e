"""Rule first-update-late."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.cadence import first_words_due, open_incident
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import joined, span


@rule(
    "COM002",
    "first-update-late",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=(
        "levels.*.update_every",
        "levels.*.status_page",
        "levels.*.management",
        "levels.*.executives",
    ),
)
def first_update_late(incident: Incident, context: Context) -> Iterator[Finding]:
    """An open incident's stakeholders, status page or executives have not heard of it in time.

    ## Why it matters

    Silence costs more trust than the outage. Each level says by when stakeholders, the status page, management and executives hear of it. An entry of `communications` to that audience counts, and so does a timeline entry that says so. Judged on open incidents only.

    ## Example

    ```markdown
    ---
    severity: SEV2
    status: mitigating
    ---
    ## Timeline (UTC)

    - 14:23 — Alert fires
    ```

    and it is 15:00.

    ## Use instead

    ```markdown
    ---
    severity: SEV2
    status: mitigating
    communications:
      - at: 2025-06-15T14:40Z
        audience: status-page
        status: mitigating
        text: Payments fail since 14:23 UTC; a rollback has begun
        next_update_at: 2025-06-15T15:10Z
    ---
    ## Timeline (UTC)

    - 14:23 — Alert fires
    ```
    """
    state = open_incident(context.corpus, incident, context.as_of)
    due = first_words_due(state) if state is not None else []
    if state is None or not due:
        return
    missing = joined([audience for audience, _ in due], "or")
    asked = joined([f"{audience} within {span(allowed)}" for audience, allowed in due])
    seen = "Nobody was told" if state.is_silent else f"No word to {missing}"
    yield Finding(
        incident.document.at("communications"),
        f"{seen} {span(state.waited)} after detection, {state.level.name} asks for {asked}",
        hint="Send the update, and record it under `communications`",
    )
