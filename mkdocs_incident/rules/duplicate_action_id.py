"""Rule duplicate-action-id."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Related
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip


@rule("ACT003", "duplicate-action-id", essential=True)
def duplicate_action_id(document: Document, context: Context) -> Iterator[Finding]:
    """Two action items of one incident have the same id.

    ## Why it matters

    Commands, tickets and the tracker name an item as `INC-2025-0142/AI-2`; with two of them nobody knows which one is meant. The items of an incident's own record and of its postmortem count together.

    ## Example

    ```markdown
    - [ ] AI-1: Alert at 80 % of the pool (@payments-team, due 06/22)
    - [ ] AI-1: Refuse a pool size below 10 (@platform-team, due 06/30)
    ```

    ## Use instead

    ```markdown
    - [ ] AI-1: Alert at 80 % of the pool (@payments-team, due 06/22)
    - [ ] AI-2: Refuse a pool size below 10 (@platform-team, due 06/30)
    ```
    """
    corpus, own = context.corpus, [i for i in action_items(document) if i.id is not None]
    names = corpus.entry(document).incidents if own else ()
    for name in names or (None,):
        documents = corpus.records_naming(name) if name is not None else (document,)
        items = [item for other in documents for item in action_items(other)]
        for item in own:
            same = [other for other in items if other.id == item.id]
            if len(same) < 2:
                continue
            yield Finding(
                document.at(*item.route, "id"),
                f"Action item id `{clip(item.id or '')}` is used {len(same)} times",
                hint="Give each item an id of its own",
                related=tuple(
                    Related(o.location, o.title) for o in same if o.location != item.location
                ),
            )
