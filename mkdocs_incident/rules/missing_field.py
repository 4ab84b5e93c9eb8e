"""Rule missing-field; the schema layer raises it."""

from mkdocs_incident.rules.rule import documented

missing_field = documented(
    "SCH002",
    "missing-field",
    """
    A field that the record must have is missing or empty.

    ## Why it matters

    An incident needs `id`, `title`, `severity` and `incident_commander`; a postmortem `title`; a runbook `id` and `title`; a mitigation plan `incident`, `severity`, `summary` and `horizons`. All else is optional. A missing severity, incident commander or root cause, and a postmortem without an incident, are reported under their own names.

    ## Example

    ```yaml
    id: RB-payments-api
    ```

    ## Use instead

    ```yaml
    id: RB-payments-api
    title: Payments API is failing
    ```

    Fields may stand in the body, too: a title as the first heading, a severity in a line below it.
    """,
)
