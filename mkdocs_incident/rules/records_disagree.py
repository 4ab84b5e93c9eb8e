"""Rule records-disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.moments import SAME, comparable, same, written
from mkdocs_incident.records import Incident, Telling
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import Duration, read_written
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import parse_instant
from mkdocs_incident.wording import clip

_INSTANTS: tuple[Route, ...] = tuple(
    (f"{name}_at",)
    for name in ("started", "detected", "declared", "classified", "ic_assigned", "acknowledged",
                 "engaged", "identified", "mitigated", "resolved")
)  # fmt: skip
_VALUES: tuple[Route, ...] = (
    ("severity",),
    ("duration",),
    ("impact", "users_affected"),
    ("impact", "users_affected_percent"),
    ("impact", "requests_failed"),
)

_COMPARED = ("detected", "mitigated", "resolved")
"""Milestones that every timeline tells in much the same words."""


@rule("REF011", "records-disagree", level=Level.WARNING, strict=Level.ERROR, essential=True)
def records_disagree(incident: Incident, context: Context) -> Iterator[Finding]:
    """An incident's record and its postmortem give different times or numbers.

    ## Why it matters

    One of the two is wrong, and every figure on the site takes one of them. Better than correcting the wrong one is to have the fact once: in the incident's record, to which the postmortem refers. Times, the severity, the duration and the numbers of the impact are compared, and when two timelines tell detection, mitigation and resolution; no prose. A number that is given as a rough one may be off by a tenth.

    ## Example

    In `incident.md`:

    ```text
    resolved_at: 2025-06-15T15:47Z
    ```

    and in `postmortem.md` beside it:

    ```text
    resolved_at: 2025-06-15T14:47Z
    ```

    ## Use instead

    Take it out of the postmortem, or correct the one that is wrong.
    """
    if incident.is_postmortem:
        return
    for review in context.corpus.postmortems_of(incident):
        own, other = incident.document, review.document
        if own is other or len(review.incident_ids) > 1:
            continue
        for route in (*_INSTANTS, *_VALUES):
            ours, theirs = _value(own, route), _value(other, route)
            if ours is None or theirs is None or _agree(route, (own, ours), (other, theirs)):
                continue
            name = ".".join(map(str, route))
            for (here, value), (there, others) in permutations(((own, ours), (other, theirs))):
                kind = "the postmortem" if there is other else "the incident's record"
                yield Finding(
                    here.at(*route),
                    f"`{name}` is `{clip(value)}`, {kind} has `{clip(others)}`",
                    hint="Correct the one that is wrong, or keep the fact in the incident's record alone",
                    related=(Related(there.at(*route), f"the other {name}"),),
                )
    yield from _told_differently(incident, context)


def _told_differently(incident: Incident, context: Context) -> Iterator[Finding]:
    """Yield where two timelines tell the same milestone at different times."""
    told = incident.tellings
    for name in _COMPARED:
        surest: dict[str, Telling] = {}
        for telling in told.get(name, ()):
            if telling.told_by != "field":  # milestone-disagrees compares fields with timelines
                surest.setdefault(telling.document.path, telling)
        for one, other in permutations(surest.values(), 2):
            if one.approximate or other.approximate:
                continue
            if comparable(one.at, other.at) and not same(one.at, other.at):
                mine, theirs = written(one.at, other.at)
                where = "the incident's record"
                if one.document.path == incident.document.path:
                    where = "the postmortem"
                yield Finding(
                    one.location,
                    f"The incident was {name} at {mine} here, {where} tells {theirs}",
                    hint="Correct the one that is wrong, or keep the timeline in the incident's record alone",
                    related=(Related(other.location, "the other time"),),
                )


def _value(document: Document, route: Route) -> Any:
    value: Any = document.record
    for part in route:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str | int | float) else None


def _agree(route: Route, ours: tuple[Document, Any], theirs: tuple[Document, Any]) -> bool:
    (own, one), (other, two) = ours, theirs
    if route in _INSTANTS:
        first, second = parse_instant(one), parse_instant(two)
        if first is None or second is None or not comparable(first, second):
            return True
        return same(first, second)
    if route == ("duration",):
        first_claim, second_claim = _length(one), _length(two)
        if first_claim is None or second_claim is None:
            return True
        return first_claim.allows(second_claim.low) or second_claim.allows(first_claim.low)
    if isinstance(one, str) or isinstance(two, str):
        return bool(one == two)
    rough = _is_rough(own, route) or _is_rough(other, route)
    return bool(abs(one - two) <= (max(abs(one), abs(two)) / 10 if rough else 0))


def _length(written_duration: Any) -> Duration | None:
    """Return how long a record says that it lasted, in its own words or by the ends that it gives."""
    stated = read_written(str(written_duration))
    if stated is None or stated.claim is not None:
        return stated.claim if stated else None
    begin, end = stated.begin, stated.end
    if begin is None or end is None or not comparable(begin, end):
        return None
    return Duration(end - begin, end - begin, SAME, in_support_hours=False)


def _is_rough(document: Document, route: Route) -> bool:
    """Return whether a word such as ``about`` stands before a number on its line."""
    place = document.at(*route)
    words = document.source.lines[place.line - 1][: place.end_column - 1].lower()
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words)
        for word in synonyms().words["approximate"]
    )
