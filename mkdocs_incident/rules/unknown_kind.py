"""Rule unknown-kind; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

unknown_kind = documented(
    "SCH001",
    "unknown-kind",
    """
    The field `kind` names no kind of record.

    ## Why it matters

    The kind decides which fields a record may have and which rules judge it.

    ## Example

    ```yaml
    kind: outage
    ```

    ## Use instead

    ```yaml
    kind: incident
    ```

    The kinds are `incident`, `postmortem`, `runbook` and `mitigation-plan`. Most records need no `kind`: folder, file name and title tell it.
    """,
)
