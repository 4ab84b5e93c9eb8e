"""Rule front-matter-missing; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

front_matter_missing = documented(
    "SRC001",
    "front-matter-missing",
    """
    A Markdown file in a record folder has no front matter.

    ## Why it matters

    Without front matter the file has no kind, no id and no severity that a tool can rely on. What its headings and bold lines say is read all the same, so that references to it hold, but the record can't pass as complete.

    ## Example

    ```markdown
    # Checkout was slow on Tuesday
    ```

    ## Use instead

    ```markdown
    ---
    id: INC-2025-0142
    severity: SEV2
    incident_commander: "@payments-lead"
    ---
    # Checkout was slow on Tuesday
    ```

    A `README.md` or `index.md` introduces a folder and needs none. Other files can be named under `exclude` in `incident.yml`.
    """,
)
