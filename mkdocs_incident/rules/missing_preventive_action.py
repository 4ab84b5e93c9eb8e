"""Rule missing-preventive-action."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule


@rule("PM001", "missing-preventive-action", essential=True)
def missing_preventive_action(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A postmortem has no preventive action item.

    ## Why it matters

    A postmortem that changes nothing lets the same thing happen again. At least one action item must make the incident less likely. It may stand in the incident's own record. While the postmortem is a `draft`, this is a warning.

    An action item without a type counts as preventive; one with a type counts if it says `preventive`; one that is `wont-do` never counts.

    ## Example

    ```markdown
    ## Action items

    - [ ] Tell support what to answer (@support, due 06/20) — process
    ```

    ## Use instead

    ```markdown
    ## Action items

    - [ ] Refuse a pool size below 10 at start-up (@payments-team, due 06/22)
    - [ ] Tell support what to answer (@support, due 06/20) — process
    ```
    """
    items = context.corpus.action_items_of(review)
    written = review.record.get("action_items", [])
    if any(item.is_preventive for item in items) or not isinstance(written, list):
        return
    if len(items) == 1:
        message = "The only action item is not preventive"
    elif items:
        message = f"None of {len(items)} action items is preventive"
    elif review.is_one_file:
        message = "Incident is its own postmortem and has no action item"
    else:
        message = "Postmortem has no action item"
    yield Finding(
        review.document.at("action_items"),
        f"{message}, expected at least one that prevents a recurrence",
        hint="Add one below `## Action items`: `- [ ] What to change (@owner, due 2025-06-22)`",
        level=Level.WARNING if review.status == "draft" else None,
    )
