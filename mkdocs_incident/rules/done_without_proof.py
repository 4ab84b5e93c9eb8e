"""Rule done-without-proof."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import ActionItem
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip

_LINK = regex(r"https?://|\]\(")


@rule("ACT007", "done-without-proof", level=None, strict=Level.WARNING)
def done_without_proof(item: ActionItem, context: Context) -> Iterator[Finding]:
    """An action item is done, and neither a ticket, a link nor a date shows it.

    ## Why it matters

    A ticked box is a claim. When the same thing fails again, somebody must find out what was changed and when. The profile `strict` asks for it; any policy can with `done-without-proof: warning` below `rules`.

    ## Example

    ```yaml title="incident.yml"
    profile: strict
    ```

    ```yaml
    action_items:
      - title: Refuse a pool size below 10 at start-up
        owner: "@payments-team"
        due: 2025-06-22
        status: done
    ```

    ## Use instead

    ```yaml
    action_items:
      - title: Refuse a pool size below 10 at start-up
        owner: "@payments-team"
        due: 2025-06-22
        status: done
        done_on: 2025-06-20
        ticket: PAY-618
    ```
    """
    if item.status != "done" or item.ticket or item.done_on or _LINK.search(item.title):
        return
    yield Finding(
        item.location,
        f"Action item `{clip(item.id or item.title)}` is done, and nothing shows it",
        hint="Add `done_on` or `ticket`, or link the change in its title",
    )
