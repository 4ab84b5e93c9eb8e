"""Rule unknown-cause-without-follow-up."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.root_cause import states_unknown_cause
from mkdocs_incident.records import Incident
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.milestones import says
from mkdocs_incident.source.times import later
from mkdocs_incident.wording import span


@rule(
    "INC006",
    "unknown-cause-without-follow-up",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("limits.unknown_cause_follow_up",),
)
def unknown_cause_without_follow_up(incident: Incident, context: Context) -> Iterator[Finding]:
    """An incident ended with its cause unknown, and no action item looks for it in time.

    ## Why it matters

    What went away by itself comes back by itself. An incident may end without a cause, but then somebody looks for it while logs and memories are fresh: an action item, due within 48 hours of the resolution unless the policy says otherwise. Its words show that it searches: find, compare, analyse, reproduce, ask the vendor.

    ## Example

    ```markdown
    ## Timeline (UTC)

    - 14:23 — Alert fires
    - 15:47 — Resolved

    ## Root cause

    Unknown.

    ## Action items

    - [ ] Alert at 80 % of the pool (@payments-team, due 2025-07-15)
    ```

    ## Use instead

    ```markdown
    ## Timeline (UTC)

    - 14:23 — Alert fires
    - 15:47 — Resolved

    ## Root cause

    Unknown.

    ## Action items

    - [ ] Compare heap dumps of both pods (@payments-team, due 2025-06-17)
    ```
    """
    documents = context.corpus.records_about(incident)
    causes = [(d, cause) for d in documents if isinstance(cause := d.record.get("root_cause"), str)]
    if incident.is_live or not causes or not all(states_unknown_cause(c) for _, c in causes):
        return
    limit = context.policy.limits["unknown_cause_follow_up"]
    resolved_at = incident.milestone("resolved")
    until = later(resolved_at, limit) if resolved_at is not None else None
    items = [
        item
        for document in documents
        for item in action_items(document)
        if says(item.title, "cause_search")
    ]
    days = [day for item in items for day in (item.due, item.done_on) if day is not None]
    if any(until is None or day <= until.date() for day in days):
        return
    by = f" by {until.date()}" if until is not None else ""
    yield Finding(
        causes[0][0].at("root_cause"),
        f"Cause is unknown, and no action item looks for it{by}, expected one within {span(limit)} of the resolution",
        hint="Add an action item that looks for the cause, with an owner and that day",
    )
