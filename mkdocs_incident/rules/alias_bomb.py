"""Rule alias-bomb; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

alias_bomb = documented(
    "SRC009",
    "alias-bomb",
    """
    The front matter's aliases expand to an absurd number of values.

    ## Why it matters

    Some lines of nested aliases can fill the memory of every machine that reads them. No record needs aliases of aliases.

    ## Example

    ```yaml
    a: &a [x, x, x]
    b: &b [*a, *a, *a]
    c: [*b, *b, *b]
    ```

    (and so on, to more than 20,000 values)

    ## Use instead

    Write the values out, or move bulk data to an evidence file.
    """,
)
