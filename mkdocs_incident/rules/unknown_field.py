"""Rule unknown-field; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

unknown_field = documented(
    "SCH003",
    "unknown-field",
    """
    A field has a name that the record's schema does not know.

    ## Why it matters

    A misspelt field is a fact that no tool ever sees again.

    ## Example

    ```yaml
    severtiy: SEV2
    ```

    ## Use instead

    ```yaml
    severity: SEV2
    ```

    Names that begin with `x-` are free. A team's own fields are declared with a schema under `fields` in `incident.yml`.
    """,
)
