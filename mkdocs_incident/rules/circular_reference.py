"""Rule circular-reference."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Related
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip, listed


@rule("REF004", "circular-reference", essential=True)
def circular_reference(corpus: Corpus, context: Context) -> Iterator[Finding]:
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
    incidents = {incident.id: incident.document for incident in corpus.incidents if incident.id}
    graphs = [
        (name, {i: text(d.record, name) for i, d in incidents.items()}, incidents)
        for name in ("recurrence_of", "major_incident")
    ]
    plans = {plan.document.path: plan.document for plan in corpus.plans}
    successors = {plan.document.path: plan.successor for plan in corpus.plans}
    graphs.append(("superseded_by", successors, plans))
    for name, edges, documents in graphs:
        for start in edges:
            chain = [start]
            while (following := edges.get(chain[-1])) in edges and following not in chain:
                chain.append(following)
            if following != start:
                continue
            others = chain[1:]
            by_way = f" by way of {listed(others)}" if others else ""
            yield Finding(
                documents[start].at(name),
                f"`{name}` leads back to `{clip(start)}` itself{by_way}",
                hint="Let only the later record refer to the earlier one",
                related=tuple(
                    Related(documents[other].at(name), "the circle goes on here")
                    for other in others
                ),
            )
