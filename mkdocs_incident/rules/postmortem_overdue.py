"""Rule postmortem-overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.deadlines import postmortem_deadline
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import DAYS_FROM, counted


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
    if deadline is None or deadline.due_at is None or not deadline.is_late(context.as_of):
        return
    review = deadline.review
    if review is None and incident.status == "closed":
        return  # missing-postmortem says so, whatever the day
    late = _spoken(context.as_of, deadline.due_at)
    document = review.document if review is not None else incident.document
    yield Finding(
        document.at("status"),
        f"Postmortem of `{incident.id}` was due {deadline.due_at:%Y-%m-%d %H:%M} UTC, {late} ago",
        hint="Finish it and set `status: final`" if review else "Write `postmortem.md` beside it",
    )


def _spoken(as_of: datetime, due_at: datetime) -> str:
    """Return how late it is: whole hours first, then days of the calendar, as the site counts."""
    if as_of - due_at >= DAYS_FROM:
        return counted((as_of.date() - due_at.date()).days, "day")
    hours = int((as_of - due_at).total_seconds()) // 3600
    return counted(hours, "hour") if hours else "less than an hour"
