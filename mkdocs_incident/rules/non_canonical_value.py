"""Rule non-canonical-value; the reading layers raise it."""

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.rules.rule import documented

non_canonical_value = documented(
    "SCH007",
    "non-canonical-value",
    """
    A value is spelled in another way than the canonical one, and was read as that.

    ## Why it matters

    One spelling keeps searches, filters and diffs simple. Nothing is wrong with the record: the meaning is certain.

    ## Example

    ```yaml
    severity: SEV-1
    ```

    ## Use instead

    ```yaml
    severity: SEV1
    ```
    """,
    level=Level.NOTE,
)
