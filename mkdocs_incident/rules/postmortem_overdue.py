"""Rule postmortem-overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.deadlines import postmortem_deadline
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, Kind, rule


@rule(
    "PM004",
    "postmortem-overdue",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=("levels.*.postmortem_due", "categories.*.postmortem_due"),
)
def postmortem_overdue(incident: Incident, context: Context) -> Iterator[Finding]:
    """A postmortem is not final although the time for it is over.

    ## Why it matters

    Memory and logs fade within days. The deadline counts from resolution; the severity level sets it (48 hours for SEV1 and SEV2, a week for SEV3 by default).

    ## Example

    A SEV1 incident resolved on 15 June, its postmortem still `draft` on 20 June.

    ## Use instead

    Finish the review and set `status: final`. A nightly run with `--clock error` can fail on it.
    """
    deadline = postmortem_deadline(context.corpus, incident)
    if deadline is None or context.as_of <= deadline.due_at:
        return
    review = deadline.review
    if review is None and incident.status == "closed":
        return  # missing-postmortem says so, whatever the day
    if review is not None and review.status == "final":
        return
    late = _spoken(context.as_of - deadline.due_at)
    document = review.document if review is not None else incident.document
    yield Finding(
        document.at("status"),
        f"Postmortem of `{incident.id}` was due {deadline.due_at:%Y-%m-%d %H:%M} UTC, {late} ago",
        hint="Finish it and set `status: final`" if review else "Write `postmortem.md` beside it",
    )


def _spoken(span: timedelta) -> str:
    for unit, size in (("day", 86400), ("hour", 3600)):
        count = int(span.total_seconds()) // size
        if count > 1:
            return f"{count} {unit}s"
    return "1 hour" if count else "less than an hour"
