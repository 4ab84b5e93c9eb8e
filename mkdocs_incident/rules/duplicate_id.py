"""Rule duplicate-id."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Related
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip, listed


@rule("REF001", "duplicate-id", essential=True)
def duplicate_id(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """Two records have the same id.

    ## Why it matters

    Every link, every postmortem and every runbook that names the id would mean either of them.

    ## Example

    `incidents/INC-2025-0142/incident.md` and `incidents/INC-2025-0143/incident.md` both say `id: INC-2025-0142`.

    ## Use instead

    An id of its own for each record. With the id in the path, two branches that take the same one collide in git instead of after the merge.
    """
    groups: dict[tuple[str, str], list[Document]] = {}
    incidents = {incident.id for incident in corpus.incidents if not incident.is_postmortem}
    for document in corpus.records:
        ident = text(document.record, "id")
        if ident is None or (document.kind == "postmortem" and ident in incidents):
            continue  # a postmortem's id that is its incident's refers to it
        family = "runbook" if document.kind == "runbook" else "incident"
        groups.setdefault((family, ident), []).append(document)
    for (_, ident), documents in groups.items():
        for document in documents if len(documents) > 1 else ():
            others = [d for d in documents if d is not document]
            yield Finding(
                document.at("id"),
                f"Id `{clip(ident)}` is also the id of {listed([d.path for d in others])}",
                hint="Give one of them another id",
                related=tuple(Related(other.at("id"), "the same id") for other in others),
            )
