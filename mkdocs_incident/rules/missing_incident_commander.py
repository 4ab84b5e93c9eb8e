"""Rule missing-incident-commander."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule


@rule("INC002", "missing-incident-commander", essential=True)
def missing_incident_commander(incident: Incident, context: Context) -> Iterator[Finding]:
    """An incident has no incident commander.

    ## Why it matters

    One person decides, assigns and hands over; without one, mitigations run against each other and nobody owns the communication. Afterwards the commander is who can answer what the record leaves open. An empty value and `TBD` are missing.

    ## Example

    ```markdown
    ---
    id: INC-2025-0142
    title: Payments are failing
    severity: SEV1
    ---
    ```

    ## Use instead

    ```markdown
    ---
    id: INC-2025-0142
    title: Payments are failing
    severity: SEV1
    incident_commander: "@payments-lead"
    ---
    ```

    A line `**Incident Commander:** @payments-lead` below the title does as well.
    """
    if "incident_commander" in incident.record:
        return
    what = "Postmortem stands for its incident and" if incident.is_postmortem else "Incident"
    yield Finding(
        incident.document.at("incident_commander"),
        f"{what} has no incident commander (IC)",
        hint='Add `incident_commander: "@handle"` to the front matter, or `**IC:** @handle` below the title',
    )
