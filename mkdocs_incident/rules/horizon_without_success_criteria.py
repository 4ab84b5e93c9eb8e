"""Rule horizon-without-success-criteria."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import MitigationPlan
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.wording import counted


@rule("PLAN002", "horizon-without-success-criteria", level=Level.WARNING, strict=Level.ERROR)
def horizon_without_success_criteria(plan: MitigationPlan, context: Context) -> Iterator[Finding]:
    """A horizon of a mitigation plan has actions and nothing that tells whether they worked.

    ## Why it matters

    Without a measurable sign the response ends when people are tired, not when customers are served. Only plans that are `active` are asked; a horizon without actions is not.

    ## Example

    ```yaml
    kind: mitigation-plan
    status: active
    incident: INC-2024-0001
    horizons:
      immediate:
        goal: Customers can pay
        actions:
          - title: Restart the workers
    ```

    ## Use instead

    ```yaml
    kind: mitigation-plan
    status: active
    incident: INC-2024-0001
    horizons:
      immediate:
        goal: Customers can pay
        actions:
          - title: Restart the workers
        success_criteria:
          - Fewer than 1 % of payments fail for 15 minutes
    ```
    """
    if plan.status != "active":
        return
    named = [action for action in plan.actions if action.title]
    for name, actions in groupby(named, key=lambda action: str(action.route[1])):
        count = len(list(actions))
        criteria = plan.record["horizons"][name].get("success_criteria")
        if _is_given(criteria):
            continue
        horizon = name.replace("_", "-")
        yield Finding(
            plan.document.at("horizons", name),
            f"Horizon `{horizon}` has {counted(count, 'action')} and no success criteria, expected at least one",
            hint="Add `**Success criteria:**` with a list below its actions",
        )


def _is_given(criteria: object) -> bool:
    if isinstance(criteria, list):
        return not all(synonyms().is_missing(criterion) for criterion in criteria)
    return not synonyms().is_missing(criteria)
