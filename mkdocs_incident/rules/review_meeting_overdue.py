"""Rule review-meeting-overdue."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.source.times import in_utc, later, parse_instant
from mkdocs_incident.wording import moment


@rule(
    "PM009",
    "review-meeting-overdue",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=("levels.*.review_meeting",),
)
def review_meeting_overdue(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A review meeting was to be held, and the postmortem still is not final.

    ## Why it matters

    A review that slips once slips again, and memories fade by the day. Where the policy gives a level's meeting a time after resolution (the preset `p0-p3` does), a postmortem without any meeting is found, too. A final one is not asked.

    ## Example

    On 1 July:

    ```markdown
    ---
    incidents: [INC-2024-0001]
    status: in-review
    review_meeting_at: 2025-06-18T14:00Z
    ---
    ```

    ## Use instead

    Hold it and make the postmortem `final`, or move the meeting:

    ```markdown
    ---
    incidents: [INC-2024-0001]
    status: in-review
    review_meeting_at: 2025-07-03T14:00Z
    ---
    ```
    """
    if review.status == "final":
        return
    planned = parse_instant(review.record.get("review_meeting_at"))
    if planned is not None:
        if in_utc(planned) < context.as_of:
            yield Finding(
                review.document.at("review_meeting_at"),
                f"Review meeting was to be on {moment(in_utc(planned))}, and the postmortem is `{review.status}`",
                hint="Hold it and set `status: final`, or move `review_meeting_at`",
            )
        return
    for incident in context.corpus.incidents_of(review):
        level = context.policy.level(incident.severity)
        resolved_at = incident.milestone("resolved")
        if level is None or level.review_meeting is None or resolved_at is None or incident.is_live:
            continue
        due_at = later(resolved_at, level.review_meeting)
        if due_at is not None and due_at < context.as_of:
            yield Finding(
                review.document.at("review_meeting_at"),
                f"Review meeting of a {level.name} was due by {moment(due_at)}, and none is planned",
                hint="Invite to it and write `review_meeting_at`",
            )
            return
