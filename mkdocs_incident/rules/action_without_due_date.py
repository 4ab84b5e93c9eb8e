"""Rule action-without-due-date."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import ActionItem
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("ACT002", "action-without-due-date", level=Level.WARNING, strict=Level.ERROR)
def action_without_due_date(item: ActionItem, context: Context) -> Iterator[Finding]:
    """An open action item has no due date.

    ## Why it matters

    Without a date an action is never late, and so never done.

    Items that are done or `wont-do` are not asked, nor are those of an incident that is still live.

    ## Example

    ```markdown
    - [ ] Alert at 80 % of the pool (@payments-team)
    ```

    ## Use instead

    ```markdown
    - [ ] Alert at 80 % of the pool (@payments-team, due 06/22)
    ```
    """
    if item.lacks("due"):
        yield Finding(
            item.location,
            f"Action item `{clip(item.id or item.title)}` has no due date",
            hint="Add one: `(@owner, due 2025-06-22)`, or the table's `Due` column",
        )
