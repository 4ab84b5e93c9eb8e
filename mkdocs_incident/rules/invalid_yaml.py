"""Rule invalid-yaml; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

invalid_yaml = documented(
    "SRC003",
    "invalid-yaml",
    """
    The front matter is not YAML that can be read.

    ## Why it matters

    MkDocs swallows broken front matter and prints it as page text, even with `--strict`, so the record would be published without its facts.

    Values nested deeper than 64 levels, tags such as `!!python/object` and keys that are lists are refused, too.

    ## Example

    ```yaml
    incident_commander: @payments-lead
    ```

    ## Use instead

    ```yaml
    incident_commander: "@payments-lead"
    ```
    """,
)
