"""Rule wrong-type; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

wrong_type = documented(
    "SCH004",
    "wrong-type",
    """
    A field holds another type of value than it can.

    ## Why it matters

    A list where a text is expected (or the reverse) can't be compared, counted or shown.

    ## Example

    ```yaml
    services: payments-api
    ```

    ## Use instead

    ```yaml
    services: [payments-api]
    ```
    """,
)
