"""Rule duplicate-id."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Related
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip, listed


@rule("REF001", "duplicate-id", essential=True)
def duplicate_id(document: Document, context: Context) -> Iterator[Finding]:
    """Two records have the same id.

    ## Why it matters

    Every link, every postmortem and every runbook that names the id would mean either of them.

    ## Example

    `incidents/INC-2025-0142/incident.md` and `incidents/INC-2025-0143/incident.md` both say `id: INC-2025-0142`.

    ## Use instead

    An id of its own for each record. With the id in the path, two branches that take the same one collide in git instead of after the merge.
    """
    ident = context.corpus.entry(document).id
    if ident is None:
        return
    known = context.corpus.records_with_id(ident)
    has_incident = any(other.kind == "incident" for other in known)
    holders = [
        other
        for other in known
        if (other.kind == "runbook") == (document.kind == "runbook")
        and not (other.kind == "postmortem" and has_incident)  # its id refers to the incident
    ]
    others = [other for other in holders if other is not document]
    if others and len(others) < len(holders):
        yield Finding(
            document.at("id"),
            f"Id `{clip(ident)}` is also the id of {listed([d.path for d in others])}",
            hint="Give one of them another id",
            related=tuple(Related(other.at("id"), "the same id") for other in others),
        )
