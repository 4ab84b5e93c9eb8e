"""Rule timeline-gap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.moments import comparable, written
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import span


@rule(
    "TIM009",
    "timeline-gap",
    level=None,
    strict=Level.WARNING,
    options=("limits.timeline_gap",),
)
def timeline_gap(incident: Incident, context: Context) -> Iterator[Finding]:
    """The timeline is silent for long between detection and mitigation.

    ## Why it matters

    Where a timeline says nothing for hours, the response was either stuck or not written down. Both are what a review wants to know: what was tried in that time, and what it ruled out. Only exact times are compared. The profile `strict` asks for it.

    ## Example

    ```yaml title="incident.yml"
    profile: strict
    limits:
      timeline_gap: 1 h
    ```

    ```markdown
    - 10:05 — alert on payment errors fires
    - 10:20 — pool of the database looks full
    - 13:40 — mitigated: pool size raised
    ```

    ## Use instead

    ```markdown
    - 10:05 — alert on payment errors fires
    - 10:20 — pool of the database looks full
    - 11:00 — restart of one pod brings nothing
    - 11:50 — network ruled out, traces asked of the vendor
    - 12:45 — vendor names the pool size
    - 13:40 — mitigated: pool size raised
    ```
    """
    limit = context.policy.limits["timeline_gap"]
    told = incident.tellings
    first, last = (told.get(name, [None])[0] for name in ("detected", "mitigated"))
    if first is None or last is None or first.approximate or last.approximate:
        return
    if not comparable(first.at, last.at) or last.at - first.at <= limit:
        return
    events = context.corpus.timeline_holder(incident).timeline
    if any(event.at is None or not comparable(event.at, first.at) for event in events):
        return  # one of them may well fill the gap
    known = [(event.at, event.location) for event in events if event.at is not None]
    inside = [(at, place) for at, place in known if first.at < at < last.at]
    points = [
        (first.at, first.location),
        *sorted(inside, key=lambda p: p[0]),
        (last.at, last.location),
    ]
    for (before, there), (after, here) in pairwise(points):
        if after - before > limit:
            start, end = written(before, after)
            yield Finding(
                here,
                f"Timeline says nothing from {start} to {end} ({span(after - before)}), expected an entry every {span(limit)}",
                hint="Add what was tried, ruled out or waited for, even if it brought nothing",
                related=(Related(there, "the entry before"),),
            )
