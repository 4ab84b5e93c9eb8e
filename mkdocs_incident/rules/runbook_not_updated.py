"""Rule runbook-not-updated."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.runbook_updates import pending_updates
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule


@rule("PM003", "runbook-not-updated", level=Level.WARNING, strict=Level.ERROR)
def runbook_not_updated(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A postmortem is final while a runbook does not carry yet what it taught.

    ## Why it matters

    The next responder reads the runbook, not the postmortem. A review is done when the runbook says what was learned.

    ## Example

    ```markdown
    ---
    incidents: [INC-2025-0142]
    status: final
    runbook_updates:
      - runbook: RB-payments-api
        diagnosis: Compare the pool size with the last release
    ---
    ```

    and a runbook that says nothing of it.

    ## Use instead

    `mkdocs-incident runbook-updates --apply` writes the update into the runbook and names the incident in its `learned_from`. A suggestion that was decided against gets `status: rejected` and a `reason`.
    """
    if review.status != "final":
        return
    for suggestion in pending_updates(context.corpus, review):
        otherwise = "name the incident in the runbook's `learned_from`"
        if suggestion.reason == "declared":
            otherwise = "set `status: rejected` and a `reason`"
        yield Finding(
            suggestion.location,
            suggestion.headline,
            hint=f"Run `mkdocs-incident runbook-updates --apply`, or {otherwise}",
        )
