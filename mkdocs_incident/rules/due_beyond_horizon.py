"""Rule due-beyond-horizon."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.actions import incidents_of
from mkdocs_incident.records import ActionItem
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.times import later
from mkdocs_incident.wording import clip


@rule(
    "ACT005",
    "due-beyond-horizon",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("horizons",),
)
def due_beyond_horizon(item: ActionItem, context: Context) -> Iterator[Finding]:
    """An action item's due date lies beyond its horizon.

    ## Why it matters

    "Immediate" that is due in two months is a long-term action with a reassuring label. A horizon is a week, a month or three months after the incident's end (or, unknown, its day), unless the policy says otherwise; an item that a published review made may count from that day. Items that ended are not asked.

    ## Example

    ```yaml
    date: 2025-06-15
    action_items:
      - title: Refuse a pool size below 10 at start-up
        owner: "@payments-team"
        horizon: immediate
        due: 2025-08-01
    ```

    ## Use instead

    ```yaml
    date: 2025-06-15
    action_items:
      - title: Refuse a pool size below 10 at start-up
        owner: "@payments-team"
        horizon: long-term
        due: 2025-08-01
    ```

    or an earlier day.
    """
    longest = context.policy.horizons.get(item.horizon or "")
    incidents = incidents_of(context.corpus, item.document)
    days = [
        resolved_at.date() if (resolved_at := incident.milestone("resolved")) else incident.day
        for incident in incidents
    ]
    days += [review.published_on for i in incidents for review in context.corpus.postmortems_of(i)]
    known = [day for day in days if day is not None]
    if longest is None or item.due is None or not item.is_open or not known:
        return
    begin = max(known)
    last = later(begin, longest)
    if last is None or item.due <= last:
        return
    yield Finding(
        item.document.at(*item.route, "due"),
        f"Action item `{clip(item.id or item.title)}` is {item.horizon} and due {item.due}, expected by {last}",
        hint=f"Its horizon ends {longest.days} days after {begin}: move the date or choose a later horizon",
    )
