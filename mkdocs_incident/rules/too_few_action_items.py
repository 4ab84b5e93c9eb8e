"""Rule too-few-action-items."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.demands import least_actions
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import counted


@rule(
    "PM005",
    "too-few-action-items",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("levels.*.actions", "categories.*.actions"),
)
def too_few_action_items(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A postmortem has fewer action items than its incident's level asks for.

    ## Why it matters

    Grave incidents have several causes, and one action rarely reaches more than one of them. Items that are `wont-do` don't count. A draft is not asked, and one without any item is found by missing-preventive-action.

    ## Example

    ```markdown
    ---
    severity: SEV1
    ---
    ## Action items

    - [ ] Refuse a pool size below 10 at start-up (@payments-team, due 2025-07-22)
    ```

    ## Use instead

    ```markdown
    ---
    severity: SEV1
    ---
    ## Action items

    - [ ] Refuse a pool size below 10 at start-up (@payments-team, due 2025-07-22)
    - [ ] Alert at 80 % of the pool (@payments-team, due 2025-07-29)
    ```
    """
    if review.status == "draft":
        return
    items = context.corpus.action_items_of(review)
    counting = [item for item in items if item.status != "wont-do"]
    asked, by = least_actions(context.corpus, review)
    if not any(item.is_preventive for item in items) or len(counting) >= asked:
        return
    yield Finding(
        review.document.at("action_items"),
        f"Postmortem has {counted(len(counting), 'action item')}, {by} asks for {asked}",
        hint="Look at the contributing factors: each can be made less likely, or noticed sooner",
    )
