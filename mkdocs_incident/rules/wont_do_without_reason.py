"""Rule wont-do-without-reason."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import ActionItem
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("ACT006", "wont-do-without-reason", level=Level.WARNING, strict=Level.ERROR)
def wont_do_without_reason(item: ActionItem, context: Context) -> Iterator[Finding]:
    """An action item was dropped, and nothing says why.

    ## Why it matters

    When the incident comes back, the first question is why this was not done. The decision may have been right; without its reason nobody can tell.

    ## Example

    ```yaml
    action_items:
      - title: Move the importer to a queue
        status: wont-do
      - title: Refuse a pool size below 10 at start-up
        owner: "@payments-team"
        due: 2025-07-22
    ```

    ## Use instead

    ```yaml
    action_items:
      - title: Move the importer to a queue
        status: wont-do
        reason: The importer is replaced in August
      - title: Refuse a pool size below 10 at start-up
        owner: "@payments-team"
        due: 2025-07-22
    ```
    """
    if item.status == "wont-do" and item.reason is None:
        yield Finding(
            item.document.at(*item.route, "status"),
            f"Action item `{clip(item.id or item.title)}` is dropped without a reason",
            hint="Add `reason`: what was decided instead, or why the risk is accepted",
        )
