"""Rule event-after-resolution."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.moments import SAME, comparable, written
from mkdocs_incident.records import Incident, Telling, TimelineEvent
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.milestones import says
from mkdocs_incident.wording import clip


@rule("TIM007", "event-after-resolution", level=Level.WARNING, strict=Level.WARNING)
def event_after_resolution(incident: Incident, context: Context) -> Iterator[Finding]:
    """The timeline goes on with the response after the incident was resolved.

    ## Why it matters

    If harm came back or something more had to be rolled back, the incident was not over: its real duration is longer than every page says, and the deadline of the postmortem counts from the wrong moment. What follows an end is fine: the review, the report, customers informed, a backlog worked off, a workaround removed.

    ## Example

    ```markdown
    - 14:23 — alert on payment errors fires
    - 14:47 — resolved
    - 15:10 — errors return, second rollback starts
    ```

    ## Use instead

    ```markdown
    - 14:23 — alert on payment errors fires
    - 14:47 — mitigated
    - 15:10 — errors return, second rollback starts
    - 15:47 — resolved
    - 16:30 — customers informed
    ```
    """
    holder = context.corpus.timeline_holder(incident)
    milestones = incident.tellings
    told = milestones.get("resolved", [])
    if not told or any(
        telling.approximate or not comparable(telling.at, told[0].at) for telling in told
    ):
        return
    resolution = max(told, key=lambda telling: telling.at)
    if not any(_is_before(telling, resolution) for telling in milestones.get("detected", [])):
        return  # without a detection before it, it may well be the wrong one
    for event in holder.timeline:
        if _is_after(event, resolution) and _is_response(event):
            at, end = written(event.at or resolution.at, resolution.at)
            yield Finding(
                event.location,
                f"`{clip(event.event)}` at {at} stands after the resolution at {end}, expected nothing but follow-up there",
                hint="Move the resolution to the real end, or give what came later an incident of its own",
                related=(Related(resolution.location, "the resolution"),),
            )
            return


def _is_before(telling: Telling, resolution: Telling) -> bool:
    return comparable(telling.at, resolution.at) and telling.at <= resolution.at


def _is_after(event: TimelineEvent, resolution: Telling) -> bool:
    return (
        event.at is not None
        and not event.approximate
        and comparable(event.at, resolution.at)
        and event.at - resolution.at >= SAME
    )


def _is_response(event: TimelineEvent) -> bool:
    # A milestone after the end is named by milestone-disagrees; a cause may well be found later.
    marked = event.milestone in {"mitigated", "identified", "classified"}
    return not marked and says(event.event, "response") and not says(event.event, "follow_up")
