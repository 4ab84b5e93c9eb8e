"""Rule bad-format; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

bad_format = documented(
    "SCH006",
    "bad-format",
    """
    A date, a time or an address is not written in a form that can be read with certainty.

    ## Why it matters

    Deadlines and durations are computed from dates and times. One that can be read in two ways is not guessed.

    ## Example

    ```yaml
    detected_at: yesterday
    ```

    ## Use instead

    ```yaml
    detected_at: 2025-06-15T14:23Z
    ```

    A timeline entry whose time is not known exactly says so with `approximate: true`.
    """,
)
