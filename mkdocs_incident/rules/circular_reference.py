"""Rule circular-reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mkdocs_incident.diagnostic import Finding, Related
from mkdocs_incident.records import Incident, MitigationPlan
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip, listed


@rule("REF004", "circular-reference", essential=True)
def circular_reference(document: Document, context: Context) -> Iterator[Finding]:
    """Records refer to each other in a circle.

    ## Why it matters

    An incident can't be the recurrence of its own recurrence, nor a plan the successor of its successor. Looked at are `recurrence_of`, `major_incident` and `superseded_by`.

    ## Example

    ```yaml
    # INC-2025-0142
    recurrence_of: INC-2025-0142
    ```

    ## Use instead

    Only the later record refers to the earlier one.
    """
    corpus = context.corpus
    incident = corpus.incident_by_path.get(document.path)
    if incident is not None and incident.id is not None:
        yield from _circle("recurrence_of", incident.id, corpus.incident_by_id)
        yield from _circle("major_incident", incident.id, corpus.incident_by_id)
    if document.path in corpus.plan_by_path:
        yield from _circle("superseded_by", document.path, corpus.plan_by_path)


def _circle(
    name: str, start: str, records: Mapping[str, Incident | MitigationPlan]
) -> Iterator[Finding]:
    chain = [start]
    following = _referred(records[start], name)
    while following is not None and following in records and following not in chain:
        chain.append(following)
        following = _referred(records[following], name)
    if following != start:
        return
    others = chain[1:]
    by_way = f" by way of {listed(others)}" if others else ""
    yield Finding(
        records[start].document.at(name),
        f"`{name}` leads back to `{clip(start)}` itself{by_way}",
        hint="Let only the later record refer to the earlier one",
        related=tuple(
            Related(records[other].document.at(name), "the circle goes on here") for other in others
        ),
    )


def _referred(record: Incident | MitigationPlan, name: str) -> str | None:
    if isinstance(record, MitigationPlan):
        return record.successor
    return text(record.record, name)
