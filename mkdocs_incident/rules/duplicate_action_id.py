"""Rule duplicate-action-id."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Related
from mkdocs_incident.records import ActionItem
from mkdocs_incident.records.values import texts
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("ACT003", "duplicate-action-id", essential=True)
def duplicate_action_id(corpus: Corpus, context: Context) -> Iterator[Finding]:
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
    groups: dict[tuple[str, ...], list[ActionItem]] = {}
    for item in corpus.action_items:
        record = item.document.record
        incidents = texts(record, "incidents") or texts(record, "id") or (item.document.path,)
        if item.id is not None:
            for incident in incidents:
                groups.setdefault((incident, item.id), []).append(item)
    for (_, ident), items in groups.items():
        for item in items if len(items) > 1 else ():
            others = [Related(o.location, o.title) for o in items if o is not item]
            yield Finding(
                item.document.at(*item.route, "id"),
                f"Action item id `{clip(ident)}` is used {len(items)} times",
                hint="Give each item an id of its own",
                related=tuple(others),
            )
