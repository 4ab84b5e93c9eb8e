"""Rule runbook-without-owner."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Runbook
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("RB001", "runbook-without-owner", level=Level.WARNING, strict=Level.ERROR)
def runbook_without_owner(runbook: Runbook, context: Context) -> Iterator[Finding]:
    """An active runbook has no owner.

    ## Why it matters

    Nobody reviews what nobody owns, and the responder who finds a wrong step doesn't know whom to tell. A runbook that is a `draft` or `deprecated` is not asked for one; a missing status means `active`. An empty value and `TBD` are missing.

    ## Example

    ```yaml
    id: RB-payments-db
    kind: runbook
    title: Payments database is slow
    ```

    ## Use instead

    ```yaml
    id: RB-payments-db
    kind: runbook
    title: Payments database is slow
    owner: "@payments-team"
    ```
    """
    written = runbook.record.get("owner")
    is_misshapen = written is not None and not isinstance(written, str)
    if runbook.status != "active" or runbook.owner or is_misshapen:
        return
    yield Finding(
        runbook.document.at("owner"),
        f"Runbook `{clip(runbook.id or runbook.title)}` has no owner, expected a handle",
        hint='Add `owner: "@team"` to the front matter',
    )
