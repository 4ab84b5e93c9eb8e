"""Rule plan-left-active."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import MitigationPlan
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import clip, span


@rule(
    "PLAN004",
    "plan-left-active",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=("limits.plan_left_active",),
)
def plan_left_active(plan: MitigationPlan, context: Context) -> Iterator[Finding]:
    """A plan is still active long after its incident was resolved.

    ## Why it matters

    An active plan says that somebody is working on it now. Left that way it hides the plans that are really running, and nobody knows whether its actions were taken. `limits` in `incident.yml` says how long is long; the default is 30 days.

    ## Example

    A plan with `status: active` on 1 September, its incident resolved on 15 June.

    ## Use instead

    ```yaml
    kind: mitigation-plan
    incident: INC-2024-0001
    status: executed
    ```

    Long-term actions that are still open stay on the action tracker.
    """
    incident = context.corpus.incident_by_id.get(plan.incident_id or "")
    if plan.status != "active" or incident is None or incident.is_live:
        return
    resolved_at = incident.milestone("resolved")
    limit = context.policy.limits["plan_left_active"]
    if resolved_at is None or context.as_of - resolved_at <= limit:
        return
    ago = span(context.as_of - resolved_at)
    yield Finding(
        plan.document.at("status"),
        f"Mitigation plan is active, `{clip(incident.id)}` was resolved {ago} ago, expected at most {span(limit)}",
        hint="Set `status: executed`, or `superseded` with `superseded_by`; open long-term actions stay tracked",
    )
