"""Rule unknown-owner."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import ActionItem, PlanAction
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.rules.people import is_known, nearest_handle
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip


@rule(
    "ACT008",
    "unknown-owner",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("people", "teams"),
)
def unknown_owner(document: Document, context: Context) -> Iterator[Finding]:
    """An action's owner is neither among the policy's people nor among its teams.

    ## Why it matters

    Work that belongs to a misspelt handle, or to somebody who left, belongs to nobody: no list of theirs shows it. Judged where the policy lists `people`; items that ended are not asked.

    ## Example

    ```yaml title="incident.yml"
    people: ["@payments-lead"]
    teams: ["@payments-team"]
    ```

    ```markdown
    ## Action items

    - [ ] Refuse a pool size below 10 at start-up (@paymets-team, due 2025-07-22)
    ```

    ## Use instead

    ```markdown
    ## Action items

    - [ ] Refuse a pool size below 10 at start-up (@payments-team, due 2025-07-22)
    ```
    """
    policy = context.policy
    actions: list[ActionItem | PlanAction] = [i for i in action_items(document) if i.is_open]
    plan = context.corpus.plan_by_path.get(document.path)
    if plan is not None and plan.status == "active":
        actions += [action for action in plan.actions if not action.done]
    for action in actions:
        if action.owner is None or is_known(policy, action.owner):
            continue
        yield Finding(
            action.document.at(*action.route, "owner"),
            f"Owner `{clip(action.owner)}` of `{clip(action.title)}` is not among the policy's people and teams",
            hint=nearest_handle(policy, action.owner),
        )
