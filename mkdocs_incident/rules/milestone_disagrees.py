"""Rule milestone-disagrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.moments import EVENTS, SAME, comparable, same, written
from mkdocs_incident.records import Incident, Telling
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip

_BEFORE_MITIGATION = ("detected", "investigating", "identified")

_ORDER = (
    ("started", "detected"),
    ("started", "mitigated"),
    ("started", "resolved"),
    ("detected", "acknowledged"),
    ("detected", "resolved"),
    ("mitigated", "resolved"),
)
"""Certain orders only: a cause may be found after the end, and harm may end before anybody notices."""


@rule("TIM005", "milestone-disagrees", level=Level.WARNING, strict=Level.ERROR)
def milestone_disagrees(incident: Incident, context: Context) -> Iterator[Finding]:
    """A milestone's field and the timeline give different times, or two milestones are impossible together.

    ## Why it matters

    The site, the deadlines and every metric take the field. If the timeline tells another time, one of the two is wrong, and nobody can say which once the chat log is gone. The same holds for an incident that was resolved before it was detected, and for a status from its first minutes beside the time of its resolution. Nothing is said of approximate times, of times without a zone beside times with one, and of an entry whose words only may mean the milestone while another entry stands at the field's time.

    ## Example

    ```markdown
    ---
    resolved_at: 2025-06-15T14:47Z
    ---
    ## Timeline (UTC)

    - 14:23 — alert on payment errors fires
    - 15:47 — resolved
    ```

    ## Use instead

    ```markdown
    ---
    resolved_at: 2025-06-15T15:47Z
    ---
    ## Timeline (UTC)

    - 14:23 — alert on payment errors fires
    - 15:47 — resolved
    ```

    Better still, leave `resolved_at` out: the timeline says it.
    """
    yield from _stale_status(incident)
    told = incident.tellings
    named: set[str] = set()
    entries = [
        event.at
        for document in incident.documents
        for event in Incident(document, incident.id).timeline
        if event.at is not None
    ]
    for name, found in told.items():
        for field in (telling for telling in found if telling.told_by == "field"):
            stands = any(same(field.at, at) for at in entries)
            other = _other(field, found, worded=not stands)
            if other is not None and name not in named:
                named.add(name)
                yield _disagreement(field, other)
    yield from _impossible(
        {name: found for name, found in told.items() if name not in named}, entries
    )


def _stale_status(incident: Incident) -> Iterator[Finding]:
    """A status from the first minutes, in a record whose timeline ends in the resolution."""
    resolved = incident.document.milestones.get("resolved")
    if resolved is None or incident.status not in _BEFORE_MITIGATION:
        return
    yield Finding(
        incident.document.at("incident_status" if incident.is_postmortem else "status"),
        f"Status is `{incident.status}`, but the record tells the resolution at {clip(resolved.at)}",
        hint="Set `status: resolved`, or correct what reads as the resolution",
        related=(Related(incident.document.at(*resolved.route), "the resolution"),),
    )


def _other(field: Telling, found: list[Telling], *, worded: bool) -> Telling | None:
    """Return the entry that contradicts a field, if none agrees. Fields are for records-disagree."""
    for kind in ("milestone", "words") if worded else ("milestone",):
        entries = [telling for telling in found if telling.told_by == kind]
        if any(
            telling.approximate
            or not comparable(field.at, telling.at)
            or same(field.at, telling.at)
            for telling in entries
        ):
            return None
        if entries:
            return entries[0]
    return None


def _disagreement(field: Telling, other: Telling) -> Finding:
    here, there = written(field.at, other.at)
    words = f" (`{clip(other.text, 40)}`)" if other.told_by == "words" else ""
    return Finding(
        field.location,
        f"`{field.text}` says {here}, but the timeline tells {EVENTS[field.name]} at {there}{words}",
        hint="Correct the wrong one, or leave the field out: the timeline says it",
        related=(Related(other.location, "the entry"),),
    )


def _impossible(told: dict[str, list[Telling]], entries: list[datetime]) -> Iterator[Finding]:
    pairs = [
        pair
        for earlier, later in _ORDER
        if (pair := _reversed(told.get(earlier, []), told.get(later, []), entries)) is not None
    ]
    while pairs:
        # What contradicts most others is wrong; else a field before an entry, the later before the earlier.
        counts = Counter(telling.name for pair in pairs for telling in pair)
        field = {t.name: t.told_by == "field" for pair in pairs for t in pair}
        worst = max(counts, key=lambda name: (counts[name], field[name], list(EVENTS).index(name)))
        pair = next(pair for pair in pairs if worst in {pair[0].name, pair[1].name})
        yield _impossibility(pair, worst)
        pairs = [p for p in pairs if worst not in {p[0].name, p[1].name}]


def _reversed(
    before: list[Telling], after: list[Telling], entries: list[datetime]
) -> tuple[Telling, Telling] | None:
    """Return the first tellings of two milestones if each pair stands in the wrong order."""
    if not before or not after or before[0].told_by == after[0].told_by == "words":
        return None
    if before[0].told_by == "words" and any(
        not comparable(at, other.at) or at <= other.at for at in entries for other in after
    ):
        return None  # an earlier entry may have been it, in words of its own
    wrong = all(
        comparable(one.at, other.at)
        and one.at - other.at >= SAME
        and not (one.approximate or other.approximate)
        for one in before
        for other in after
    )
    return (before[0], after[0]) if wrong else None


def _impossibility(pair: tuple[Telling, Telling], worst: str) -> Finding:
    place, other = pair if pair[0].name == worst else pair[::-1]
    here, there = written(place.at, other.at)
    verb = "says" if place.told_by == "field" else "is at"
    side = "before" if place is pair[0] else "after"
    return Finding(
        place.location,
        f"`{clip(place.text, 40)}` {verb} {here}, expected it {side} {EVENTS[other.name]} at {there}",
        hint="Correct one of the two times, or the day that they are read against",
        related=(Related(other.location, f"the {EVENTS[other.name]}"),),
    )
