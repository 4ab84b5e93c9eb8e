"""Rule field-given-twice; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

field_given_twice = documented(
    "SRC010",
    "field-given-twice",
    """
    Front matter and body (or two places of the body) give the same fact differently.

    ## Why it matters

    A fact that stands in two places will sooner or later differ, and readers can't tell which one is right. Each fact is typed once, where it reads best.

    ## Example

    ```markdown
    ---
    severity: SEV2
    ---
    # Checkout was slow

    **Severity:** SEV1
    ```

    ## Use instead

    ```markdown
    ---
    severity: SEV1
    ---
    # Checkout was slow
    ```

    The same value twice is fine, and a heading is not a second title.
    """,
)
