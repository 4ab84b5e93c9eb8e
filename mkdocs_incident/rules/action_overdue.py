"""Rule action-overdue."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.actions import promises
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip, counted


@rule("ACT004", "action-overdue", kind=Kind.CLOCK, level=Level.NOTE)
def action_overdue(document: Document, context: Context) -> Iterator[Finding]:
    """An open action item is past its due date.

    ## Why it matters

    The incident can happen again for as long as what was to prevent it is not done. Long-term actions of mitigation plans count, too. The finding is a note, so that nobody's unrelated change turns red overnight; it stands on the action tracker, and a nightly run with `--clock error` can fail on it.

    ## Example

    On 1 July:

    ```markdown
    - [ ] Alert at 80 % of the pool (@payments-team, due 2025-06-22)
    ```

    ## Use instead

    Do it and tick the box, agree on a new date, or decide against it: `status: wont-do` with a `reason`.
    """
    for action in promises(document, context.corpus):
        if not action.is_open or action.due is None or not context.is_over(action.due):
            continue
        days = counted((context.today - action.due).days, "day")
        owner = f" ({action.owner})" if action.owner else ""
        yield Finding(
            action.location,
            f"Action item `{clip(action.id or action.title)}`{owner} is {days} overdue",
            hint=f"It was due {action.due}: finish it, move the date, or drop it with a reason",
        )
