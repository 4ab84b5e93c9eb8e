"""Rule value-not-allowed; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

value_not_allowed = documented(
    "SCH005",
    "value-not-allowed",
    """
    A field holds a value that is not among those it allows.

    ## Why it matters

    Levels and states are what the site filters by and the rules judge by; a value of its own falls out of every count.

    ## Example

    ```yaml
    severity: SEV9
    ```

    ## Use instead

    ```yaml
    severity: SEV1
    ```

    The levels of `severity` come from the scheme named in `incident.yml`.
    """,
)
