"""Rule records-disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import parse_duration
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.times import in_utc, parse_instant
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


@rule("REF011", "records-disagree", level=Level.WARNING, strict=Level.ERROR, essential=True)
def records_disagree(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """An incident's record and its postmortem give different times or numbers.

    ## Why it matters

    One of the two is wrong, and every figure on the site takes one of them. Better than correcting the wrong one is to have the fact once: in the incident's record, to which the postmortem refers. Times, the severity, the duration and the numbers of the impact are compared, no prose.

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
    for incident in corpus.incidents:
        if incident.is_postmortem:
            continue
        for review in corpus.postmortems_of(incident):
            own, other = incident.document, review.document
            if own is other or len(review.incident_ids) > 1:
                continue
            for route in (*_INSTANTS, *_VALUES):
                ours, theirs = _value(own, route), _value(other, route)
                if ours is None or theirs is None or _agree(route, ours, theirs):
                    continue
                name = ".".join(map(str, route))
                for here, there, value, others in (
                    (own, other, ours, theirs),
                    (other, own, theirs, ours),
                ):
                    kind = "the postmortem" if there is other else "the incident's record"
                    yield Finding(
                        here.at(*route),
                        f"`{name}` is `{clip(value)}`, {kind} has `{clip(others)}`",
                        hint="Correct the one that is wrong, or keep the fact in the incident's record alone",
                        related=(Related(there.at(*route), f"the other {name}"),),
                    )


def _value(document: Document, route: Route) -> Any:
    value: Any = document.record
    for part in route:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str | int | float) else None


def _agree(route: Route, ours: Any, theirs: Any) -> bool:
    if route in _INSTANTS:
        first, second = parse_instant(ours), parse_instant(theirs)
        return first is None or second is None or in_utc(first) == in_utc(second)
    if route == ("duration",):
        one, two = parse_duration(str(ours)), parse_duration(str(theirs))
        return one is None or two is None or one.allows(two.low) or two.allows(one.low)
    return bool(ours == theirs)
