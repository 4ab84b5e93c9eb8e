"""Rule timeline-out-of-order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.times import in_utc


@rule("TIM002", "timeline-out-of-order", level=Level.WARNING, strict=Level.ERROR)
def timeline_out_of_order(document: Document, context: Context) -> Iterator[Finding]:
    """A timeline entry is earlier than the one above it.

    ## Why it matters

    Either the order is wrong or a time is: a slip of the hour, a missing date after midnight, another time zone. Every duration computed from it would be wrong. Entries whose time is approximate are not compared.

    ## Example

    ```markdown
    - 14:35 — rollback starts
    - 14:32 — cause found in the last deploy
    ```

    ## Use instead

    ```markdown
    - 14:32 — cause found in the last deploy
    - 14:35 — rollback starts
    ```
    """
    certain = [
        (in_utc(event.at), event)
        for event in Incident(document, None).timeline
        if event.at is not None and not event.approximate
    ]
    for (before, previous), (moment, event) in pairwise(certain):
        if moment < before:
            yield Finding(
                event.location,
                f"Timeline entry `{event.written_at}` stands below `{previous.written_at}`",
                hint="Put it in its place, or correct one of the two times (past midnight: give the date)",
                related=(Related(previous.location, "the later entry"),),
            )
