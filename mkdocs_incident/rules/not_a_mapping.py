"""Rule not-a-mapping; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

not_a_mapping = documented(
    "SRC005",
    "not-a-mapping",
    """
    The front matter is a list or text, not `key: value` lines.

    ## Why it matters

    Fields are found by their names; a list or a sentence has none.

    ## Example

    ```yaml
    - id: INC-2025-0142
    - severity: SEV2
    ```

    ## Use instead

    ```yaml
    id: INC-2025-0142
    severity: SEV2
    ```
    """,
)
