"""Rule unknown-incident."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.rules.references import nearest, references, same_but_case
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip


@rule("REF002", "unknown-incident", essential=True)
def unknown_incident(document: Document, context: Context) -> Iterator[Finding]:
    """A record refers to an incident that does not exist.

    ## Why it matters

    The link on the site leads nowhere, and what was learned is not found from the incident that taught it. Looked at are `incidents`, `incident`, `related`, `recurrence_of`, `major_incident` and a runbook's `learned_from`.

    ## Example

    ```yaml
    recurrence_of: INC-2024-0098
    ```

    with no record of that id.

    ## Use instead

    The id of an incident that has a record; a typing slip is named with the nearest ids. A postmortem whose incident never had a record may carry the incident's fields itself.
    """
    for route, ident in references(document.record, "incident"):
        if context.corpus.knows_incident(ident):
            continue
        yield Finding(
            document.at(*route),
            f"Incident `{clip(ident)}` has no record",
            hint=nearest(ident, [i for i in context.corpus.incident_by_id if i != ident]),
            repair=same_but_case(ident, context.corpus.incident_by_id),
        )
