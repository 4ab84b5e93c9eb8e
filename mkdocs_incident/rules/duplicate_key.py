"""Rule duplicate-key; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

duplicate_key = documented(
    "SRC004",
    "duplicate-key",
    """
    A key stands twice in the same mapping.

    ## Why it matters

    YAML forbids it and most parsers keep the last value in silence: one of the two facts would be lost.

    ## Example

    ```yaml
    severity: SEV2
    title: Checkout was slow
    severity: SEV1
    ```

    ## Use instead

    ```yaml
    severity: SEV1
    title: Checkout was slow
    ```
    """,
)
