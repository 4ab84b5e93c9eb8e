"""Rule invalid-waiver; the waivers themselves raise it."""

from mkdocs_incident.rules.rule import documented

invalid_waiver = documented(
    "POL001",
    "invalid-waiver",
    """
    A waiver in a record can't be read, or names a rule that does not exist.

    ## Why it matters

    A waiver that is not understood waives nothing, and its author believes that it does. One comment names one rule, the last day on which it holds, and the reason. On a line of its own it covers the whole record, at the end of a line that line's findings. Mistakes in the `waivers` of the policy file end the run, as all its mistakes do.

    ## Example

    ```markdown
    <!-- mkdocs-incident: waive missing-evidence for now -->
    ```

    ## Use instead

    ```markdown
    <!-- mkdocs-incident: waive missing-lessons until 2099-12-31: reviewed together with the next one -->
    ```
    """,
)
