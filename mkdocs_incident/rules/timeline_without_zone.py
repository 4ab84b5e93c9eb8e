"""Rule timeline-without-zone."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document


@rule("TIM003", "timeline-without-zone", level=Level.WARNING, strict=Level.ERROR)
def timeline_without_zone(document: Document, context: Context) -> Iterator[Finding]:
    """Timeline entries have no time zone.

    ## Why it matters

    Responders sit in several zones, logs are in UTC, and clocks change twice a year. A time without a zone can't be compared with anything. The zone is said once: in the column's or the section's heading, or in a note.

    ## Example

    ```markdown
    ## Timeline

    | Time | Event |
    |------|-------|
    | 14:23 | Alert fires |
    ```

    ## Use instead

    ```markdown
    ## Timeline

    | Time (UTC) | Event |
    |------------|-------|
    | 14:23 | Alert fires |
    ```

    `## Timeline (UTC)`, a line `All times UTC`, or `14:23 UTC` in the entry do as well.
    """
    events = [event for event in Incident(document, None).timeline if event.at is not None]
    without = [event for event in events if event.at is not None and event.at.tzinfo is None]
    if not without:
        return
    message = "No timeline entry has a time zone"
    if len(without) < len(events):
        lack = "has" if len(without) == 1 else "have"
        message = f"{len(without)} of {len(events)} timeline entries {lack} no time zone"
    hint = "Say it once: `| Time (UTC) |`, `## Timeline (UTC)` or a line `All times UTC`"
    if without[0].location.line < document.source.position(document.body_start)[0]:
        hint = f"Write `{without[0].written_at}Z` for UTC, or an offset such as `+02:00`"
    yield Finding(without[0].location, message, hint=hint)
