"""Rule major-incident-without-coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import counted


@rule("INC009", "major-incident-without-coordinator", level=Level.WARNING, strict=Level.ERROR)
def major_incident_without_coordinator(incident: Incident, context: Context) -> Iterator[Finding]:
    """Several incidents are parts of one major incident, and nobody coordinates them.

    ## Why it matters

    Each part has its own incident commander, and each of them sees one part. Without somebody above them, two teams restart the same database, or each waits for the other. The record that others name as their `major_incident` says who kept them in step.

    ## Example

    ```yaml
    major_incident: INC-2024-0001
    ```

    while the record of INC-2024-0001 fills no `coordinator`.

    ## Use instead

    In the major incident's record:

    ```yaml
    roles:
      coordinator: "@duty-manager"
    ```
    """
    members = context.corpus.parts_of(incident)
    if not members:
        return
    if any(text(i.record, "roles", "coordinator") for i in (incident, *members)):
        return
    yield Finding(
        incident.document.at("roles"),
        f"Major incident `{incident.id}` has {counted(len(members), 'part')} and no coordinator",
        hint='Name who keeps the responses in step: `roles: { coordinator: "@…" }`',
        related=tuple(
            Related(part.document.at("major_incident"), f"{part.id or 'an incident'} is a part")
            for part in members
        ),
    )
