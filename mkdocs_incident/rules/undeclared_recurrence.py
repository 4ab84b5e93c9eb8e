"""Rule undeclared-recurrence."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.recurrence import undeclared_repeat
from mkdocs_incident.insights.similarity import Similarity
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("REF012", "undeclared-recurrence", level=Level.NOTE)
def undeclared_recurrence(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """An incident looks like an earlier one, and no record says how they belong together.

    ## Why it matters

    What came back is worth more attention than what is new: the earlier review knows the cause, and its actions were to prevent this. An incident that names the earlier one counts as its recurrence, and its readers see which of those actions were still open. While the response runs, the earlier mitigation may be the fastest.

    Two incidents look alike when they share a service or an alert, and much of what their titles, causes and timelines say. The later one has the finding, for the earlier incident most like it. An incident has none that declares a recurrence, or is related to an incident it looks like, by its own record or the other's.

    ## Example

    ```yaml
    # INC-2024-0007 was: a full disk of warehouse-db, because a replication slot kept its WAL
    id: INC-2025-0142
    title: Warehouse database stops, a replication slot has filled the disk with WAL
    services: [warehouse-db]
    ```

    ## Use instead

    ```yaml
    id: INC-2025-0142
    title: Warehouse database stops, a replication slot has filled the disk with WAL
    services: [warehouse-db]
    recurrence_of: INC-2024-0007
    ```
    """
    compared = corpus.compared()
    similarity = Similarity(compared)  # a rule about the corpus runs once, and so does this
    for incident in compared.incidents:
        best = undeclared_repeat(incident, similarity)
        if best is None:
            continue
        own = clip(incident.id or incident.title)
        other = clip(best.incident.id or best.incident.title)
        yield Finding(
            incident.document.at("title"),
            f"`{own}` looks like `{other}` ({clip(best.incident.title)}): {best.words}",
            hint=f"Add `recurrence_of: {other}`, or `related: [{other}]` to dismiss it",
            related=(Related(best.incident.document.at("title"), "the earlier incident"),),
        )
