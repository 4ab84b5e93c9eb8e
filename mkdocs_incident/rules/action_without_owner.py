"""Rule action-without-owner."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import ActionItem
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("ACT001", "action-without-owner", level=Level.WARNING, strict=Level.ERROR)
def action_without_owner(item: ActionItem, context: Context) -> Iterator[Finding]:
    """An open action item has no owner.

    ## Why it matters

    An action that everybody should do is done by nobody. One handle, a person's or a team's, is enough.

    Items that are done or `wont-do` are not asked, nor are those of an incident that is still live.

    ## Example

    ```markdown
    - [ ] Alert at 80 % of the pool (due 06/22)
    ```

    ## Use instead

    ```markdown
    - [ ] Alert at 80 % of the pool (@payments-team, due 06/22)
    ```
    """
    if item.lacks("owner"):
        yield Finding(
            item.location,
            f"Action item `{clip(item.id or item.title)}` has no owner",
            hint="Name one: `(@handle, due …)`, or the table's `Owner` column",
        )
