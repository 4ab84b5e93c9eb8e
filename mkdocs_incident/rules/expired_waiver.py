"""Rule expired-waiver; the waivers themselves raise it."""

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.rules.rule import Kind, documented

expired_waiver = documented(
    "POL002",
    "expired-waiver",
    """
    A waiver's last day is over: it no longer covers anything.

    ## Why it matters

    A finding was put off until a day, and the day has come. What it covered is reported again from the day after.

    ## Example

    ```markdown
    <!-- mkdocs-incident: waive action-without-owner until 2025-06-01: the export is on its way -->
    ```

    ## Use instead

    Mend what was put off and take the comment out. If you decide to live with it for longer, move the date and say why.
    """,
    kind=Kind.CLOCK,
    level=Level.NOTE,
)
