"""Rule forward-fix-without-approval."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule(
    "INC005",
    "forward-fix-without-approval",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("levels.*.approve_forward_fix",),
)
def forward_fix_without_approval(incident: Incident, context: Context) -> Iterator[Finding]:
    """A hotfix in a grave incident names nobody who approved it.

    ## Why it matters

    New code under pressure is how one outage becomes two; going back is safer. Where a level asks for it (the two gravest of each preset), somebody, usually the incident commander, decides that going forward is right, and the record says who.

    ## Example

    ```yaml
    severity: SEV1
    mitigations:
      - strategy: hotfix
        action: Raise the pool size in code and deploy
    ```

    ## Use instead

    ```yaml
    severity: SEV1
    mitigations:
      - strategy: hotfix
        action: Raise the pool size in code and deploy
        approved_by: "@payments-lead"
    ```
    """
    level = context.policy.level(incident.severity)
    if level is None or not level.approve_forward_fix:
        return
    for i, mitigation in mappings(incident.record, "mitigations"):
        if text(mitigation, "strategy") != "hotfix" or text(mitigation, "approved_by"):
            continue
        action = text(mitigation, "action") or "hotfix"
        yield Finding(
            incident.document.at("mitigations", i),
            f"Hotfix `{clip(action)}` in a {level.name} names nobody who approved it",
            hint='Add who decided to go forward: `approved_by: "@…"`; next time prefer a rollback',
        )
