"""Rule unterminated-front-matter; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

unterminated_front_matter = documented(
    "SRC002",
    "unterminated-front-matter",
    """
    Front matter is opened by `---` and never closed.

    ## Why it matters

    Everything down to the end of the file would be YAML: the record can't be read, and MkDocs would print it as text.

    ## Example

    ```markdown
    ---
    id: INC-2025-0142

    # Checkout was slow
    ```

    ## Use instead

    ```markdown
    ---
    id: INC-2025-0142
    ---

    # Checkout was slow
    ```
    """,
)
