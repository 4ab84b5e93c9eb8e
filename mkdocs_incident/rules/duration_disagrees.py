"""Rule duration-disagrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.moments import EVENTS, comparable, written
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import Incident, Telling
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import Duration, WrittenDuration, read_written
from mkdocs_incident.wording import clip, span

_VAGUE = timedelta(minutes=15)
"""How far an approximate time may be off."""
_STARTS, _ENDS = ("started", "detected"), ("mitigated", "resolved")


@rule(
    "TIM006",
    "duration-disagrees",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("support_hours",),
)
def duration_disagrees(incident: Incident, context: Context) -> Iterator[Finding]:
    """The written duration is not what the record's own times give.

    ## Why it matters

    The duration is the number that is quoted to customers and management. It is often written before the timeline is complete and then forgotten. People count from the start or from detection, to mitigation or to resolution: if any of these agrees, nothing is said. Neither is it where the duration is a rough one that may well be meant, or in support hours and the policy has no `support_hours` in `incident.yml`.

    ## Example

    ```markdown
    **Duration:** 3 h 10 min

    ## Timeline (UTC)

    - 2025-06-15 14:23 — alert on payment errors fires
    - 2025-06-15 14:42 — mitigated: rollback complete
    - 2025-06-15 15:47 — resolved
    ```

    ## Use instead

    ```markdown
    **Duration:** 84 minutes

    ## Timeline (UTC)

    - 2025-06-15 14:23 — alert on payment errors fires
    - 2025-06-15 14:42 — mitigated: rollback complete
    - 2025-06-15 15:47 — resolved
    ```
    """
    if incident.is_live:
        return
    order = context.policy.read_options.order
    documents = incident.documents
    document = next((d for d in documents if isinstance(d.record.get("duration"), str)), None)
    if document is None:  # of two that differ, records-disagree speaks
        return
    stated = read_written(document.record["duration"], order)
    if stated is None:
        return
    finding = _against_its_ends(document, stated, context.policy)
    finding = finding or _against_events(document, stated, incident, context)
    if finding is not None:
        yield finding


def _against_its_ends(
    document: Document, stated: WrittenDuration, policy: Policy
) -> Finding | None:
    """Judge ``14:23 UTC → 15:47 UTC (84 minutes)`` by itself."""
    begin, end, claim = stated.begin, stated.end, stated.claim
    if begin is None or end is None or claim is None:
        return None
    if stated.approximate or not comparable(begin, end) or end < begin:
        return None
    if not stated.has_days and claim.high >= timedelta(days=1):
        return None
    lengths = _lengths(begin, end, claim, policy)
    if not lengths or any(map(claim.allows, lengths)):
        return None
    first, last = written(begin, end) if stated.has_days else (f"{begin:%H:%M}", f"{end:%H:%M}")
    return Finding(
        document.at("duration"),
        f"Duration is `{clip(stated.claim_text)}`, but from {first} to {last} it is {span(lengths[0])}",
        hint=f"Write `{span(lengths[0])}`, or correct the end that is wrong",
    )


class _Pair(msgspec.Struct, frozen=True):
    begin: Telling
    end: Telling
    length: timedelta


def _against_events(
    document: Document, stated: WrittenDuration, incident: Incident, context: Context
) -> Finding | None:
    told = incident.tellings
    claim = stated.claim
    if claim is None:
        claim = _between_ends(stated)
    if claim is None:
        return None
    names = [(stated.between[0],), (stated.between[1],)] if stated.between else [_STARTS, _ENDS]
    starts, ends = ([t for name in group for t in told.get(name, [])] for group in names)
    pairs = [
        _Pair(begin, end, length)
        for begin in starts
        for end in ends
        if comparable(begin.at, end.at) and end.at >= begin.at
        for length in _lengths(begin.at, end.at, claim, context.policy)
    ]
    exact = [pair for pair in pairs if not (pair.begin.approximate or pair.end.approximate)]
    if not exact or any(_agrees(claim, pair) for pair in pairs):
        return None
    if not stated.between and _may_count_otherwise(claim, stated, told, incident, context):
        return None
    nearest = min(exact, key=lambda pair: claim.distance(pair.length))
    return _finding(document, stated, nearest)


def _between_ends(stated: WrittenDuration) -> Duration | None:
    """Return how long two stated ends are apart, as if it had been written."""
    begin, end = stated.begin, stated.end
    if begin is None or end is None or stated.approximate or not comparable(begin, end):
        return None
    if end < begin:
        return None
    return Duration(end - begin, end - begin, timedelta(minutes=1), in_support_hours=False)


def _lengths(begin: datetime, end: datetime, claim: Duration, policy: Policy) -> list[timedelta]:
    """Return how long it was, by the clock and by the calendar of support, as the claim may count."""
    calendar = policy.support_hours
    counted = []
    if calendar is not None and begin.tzinfo is not None and end.tzinfo is not None:
        counted = [calendar.elapsed(begin, end)]
    return counted if claim.in_support_hours else [end - begin, *counted]


def _agrees(claim: Duration, pair: _Pair) -> bool:
    near = _VAGUE if pair.begin.approximate or pair.end.approximate else timedelta()
    return claim.allows(pair.length) or claim.distance(pair.length) <= near


def _may_count_otherwise(
    claim: Duration,
    stated: WrittenDuration,
    told: dict[str, list[Telling]],
    incident: Incident,
    context: Context,
) -> bool:
    """Whether the length fits from an entry before detection, or to one after mitigation.

    Harm begins and ends at entries that no milestone's words mark, such as "pool runs empty" and
    "first payment goes through".
    """
    entries = [
        event.at
        for document in incident.documents
        for event in Incident(document, incident.id).timeline
        if event.at is not None
    ]
    detected = [telling.at for telling in told.get("detected", told.get("started", []))]
    mitigated = [telling.at for telling in told.get("mitigated", told.get("detected", []))]
    starts = [telling.at for name in _STARTS for telling in told.get(name, [])]
    starts += [at for at in entries if any(comparable(at, d) and at <= d for d in detected)]
    ends = [telling.at for name in _ENDS for telling in told.get(name, [])]
    ends += [at for at in entries if any(comparable(at, m) and at >= m for m in mitigated)]
    if stated.begin is not None and stated.has_days:
        starts.append(stated.begin)
    return any(
        claim.allows(length)
        for begin in starts
        for end in ends
        if comparable(begin, end) and end >= begin
        for length in _lengths(begin, end, claim, context.policy)
    )


def _finding(document: Document, stated: WrittenDuration, pair: _Pair) -> Finding:
    begin, end = pair.begin, pair.end
    first, last = written(begin.at, end.at)
    length = span(pair.length)
    in_hours = stated.claim is not None and stated.claim.in_support_hours
    said = clip(stated.claim_text or document.record["duration"])
    if not stated.claim and stated.begin is not None and stated.end is not None:
        said = f"{said}` ({span(stated.end - stated.begin)})"
    else:
        said += "`"
    return Finding(
        document.at("duration"),
        f"Duration is `{said}, but from {EVENTS[begin.name]} ({first}) to {EVENTS[end.name]} ({last}) it is {length}{' of support' if in_hours else ''}",
        hint="Correct the duration or the time that is wrong, or leave the duration out: the times say it",
        related=(
            Related(begin.location, f"the {EVENTS[begin.name]}"),
            Related(end.location, f"the {EVENTS[end.name]}"),
        ),
    )
