"""Rule update-incomplete."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.cadence import is_for_stakeholders
from mkdocs_incident.records import Incident, Update
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import joined

_FINAL = {"resolved", "closed", "completed", "done"}


@rule("COM001", "update-incomplete", level=Level.WARNING, strict=Level.ERROR)
def update_incomplete(incident: Incident, context: Context) -> Iterator[Finding]:
    """An update to stakeholders lacks its status, its text or the time of the next one.

    ## Why it matters

    People who depend on a service want to know where it stands, what happened, and when they will hear again; without the last, each of them asks. The last update, of a resolution, promises no next one. Messages to the team, management or legal counsel are not asked.

    ## Example

    ```yaml
    communications:
      - at: 2025-06-15T15:00Z
        audience: stakeholders
        text: Payments fail since 14:23 UTC; a rollback has begun
    ```

    ## Use instead

    ```yaml
    communications:
      - at: 2025-06-15T15:00Z
        audience: stakeholders
        status: mitigating
        text: Payments fail since 14:23 UTC; a rollback has begun
        next_update_at: 2025-06-15T15:30Z
    ```
    """
    resolved_at = incident.milestone("resolved")
    for update in incident.communications:
        ended = (update.status or "").casefold() in _FINAL or (
            resolved_at is not None and update.at is not None and update.at >= resolved_at
        )
        lacks = list(_lacks(update, ended=ended)) if is_for_stakeholders(update) else []
        if lacks:
            yield Finding(
                update.location,
                f"Update {update.number} has {joined([f'no {part}' for part in lacks])}",
                hint="Say where it stands (`status`), what happened (`text`) and when the next update comes (`next_update_at`)",
            )


def _lacks(update: Update, *, ended: bool) -> Iterator[str]:
    if update.status is None:
        yield "status"
    if update.text is None:
        yield "text"
    if update.next_update_at is None and not ended:
        yield "time of the next update"
