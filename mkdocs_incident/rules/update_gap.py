"""Rule update-gap."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.cadence import open_incident
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import moment, span


@rule(
    "COM003",
    "update-gap",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=("levels.*.update_every",),
)
def update_gap(incident: Incident, context: Context) -> Iterator[Finding]:
    """An open incident's last update to stakeholders is older than its level allows.

    ## Why it matters

    An update that says "still searching" is worth more than none. Each level says how often stakeholders hear, until the incident is over. A timeline entry that says that they were told counts as an update. Where the last update promised a time that has passed, next-update-missed says so instead. Judged on open incidents only; of past ones the cadence is no finding, since no edit can mend it.

    ## Example

    ```markdown
    ---
    severity: SEV2
    status: mitigating
    detected_at: 2025-06-15T14:23Z
    communications:
      - { at: 2025-06-15T14:40Z, audience: status-page, status: mitigating, text: Payments fail, next_update_at: 2099-01-01T00:00Z }
    ---
    ```

    and it is 15:30.

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
    if state is None or state.last is None or state.last.at is None:
        return
    promised = state.last.update.next_update_at if state.last.update is not None else None
    every = state.level.update_every
    if every is None or (promised is not None and promised < context.as_of):
        return
    silent = context.policy.elapsed(state.level, state.last.at, context.as_of)
    if silent > every:
        yield Finding(
            state.last.location,
            f"Last update was sent {span(silent)} ago ({moment(state.last.at)}), {state.level.name} asks for one every {span(every)}",
            hint="Send the next one, even if nothing has changed, and record it under `communications`",
        )
