"""Rule unused-waiver; the waivers themselves raise it."""

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.rules.rule import documented

unused_waiver = documented(
    "POL003",
    "unused-waiver",
    """
    A waiver covers nothing: there is no such finding, or no such record.

    ## Why it matters

    A waiver that outlives its finding hides the next one of its kind. It is judged only where its rule ran, and not for rules that the clock decides: those find something on some days only.

    ## Example

    ```markdown
    <!-- mkdocs-incident: waive action-without-owner until 2099-12-31: the team is being formed -->
    ```

    in a record whose action items all have owners.

    ## Use instead

    Take the waiver out, or move it to the record or line that it is for.
    """,
    level=Level.WARNING,
)
