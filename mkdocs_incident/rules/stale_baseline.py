"""Rule stale-baseline; the baseline itself raises it."""

from mkdocs_incident.rules.rule import documented

stale_baseline = documented(
    "POL004",
    "stale-baseline",
    """
    The baseline holds a finding that is no longer there.

    ## Why it matters

    The baseline is the debt that was there when the gate came. What is mended has to leave it, so that the debt only shrinks: an entry that stays would let the same flaw in again, unseen. Looked at is `.incident-baseline.json`, at the entries of rules that are asked.

    ## Example

    ```json
    "incidents/INC-2023-0007.md": {
     "INC001 Incident has no severity": 1
    }
    ```

    although the record has a severity by now.

    ## Use instead

    Run `mkdocs-incident baseline`, which takes out what is mended and adds nothing, and commit the file with the change that mended it. Entries of a file that was renamed go with it to its new name.
    """,
)
