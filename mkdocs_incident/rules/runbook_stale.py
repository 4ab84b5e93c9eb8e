"""Rule runbook-stale."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.runbook_lessons import LACKING
from mkdocs_incident.insights.runbook_updates import updates_by_use
from mkdocs_incident.insights.runbooks import Uses, review_days, review_due, unanswered_uses
from mkdocs_incident.records import Runbook
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import clip, counted, joined

_NAMED = 3


@rule(
    "RB003",
    "runbook-stale",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=("limits.runbook_review",),
)
def runbook_stale(runbook: Runbook, context: Context) -> Iterator[Finding]:
    """An incident found a runbook wanting, or its review is overdue.

    ## Why it matters

    A runbook that misled one responder will mislead the next. Use tells more than the calendar: an incident that used the runbook with the verdict `wrong`, `outdated` or `missing-step` after it was last reviewed makes it stale, until the runbook has learned from it, as `runbook-not-updated` tells, or is reviewed again. Where the incident's postmortem is final, `runbook-not-updated` says so in its place.

    Otherwise the calendar decides: the day in `reviewed_on` plus `review_every_days`, or `limits` in `incident.yml` where the runbook doesn't say how often. A runbook without a day of review is judged by use alone. Runbooks that are a `draft` or `deprecated` are not asked.

    ## Example

    On 1 July 2025:

    ```yaml
    id: RB-payments-db
    kind: runbook
    title: Payments database is slow
    owner: "@payments-team"
    reviewed_on: 2025-01-10
    review_every_days: 90
    ```

    ## Use instead

    ```yaml
    id: RB-payments-db
    kind: runbook
    title: Payments database is slow
    owner: "@payments-team"
    reviewed_on: 2025-06-20
    review_every_days: 90
    ```
    """
    if runbook.status != "active":
        return
    updates = updates_by_use(context.corpus, runbook)
    uses = unanswered_uses(updates, context.as_of).get(runbook.document.path)
    if uses:
        yield _by_use(runbook, uses)
    else:
        yield from _by_calendar(runbook, context)


def _by_use(runbook: Runbook, uses: Uses) -> Finding:
    told = [
        f"{LACKING[use.verdict or '']} in `{clip(incident.id or incident.title)}`"
        + (f" (“{clip(use.note)}”)" if use.note else "")
        for incident, use in uses
    ]
    if told[_NAMED:]:
        told = [*told[: _NAMED - 1], f"wanting in {len(told) - _NAMED + 1} more"]
    return Finding(
        runbook.document.at("reviewed_on"),
        f"`{clip(runbook.id or runbook.title)}` {joined(told)}, expected a correction or a review since",
        hint="Correct it and name the incident in `learned_from`, or read it through and set `reviewed_on`",
        related=tuple(
            Related(incident.document.at(*use.route), "the verdict") for incident, use in uses
        ),
    )


def _by_calendar(runbook: Runbook, context: Context) -> Iterator[Finding]:
    due = review_due(context.policy, runbook)
    if due is None or not context.is_over(due):
        return
    every = review_days(context.policy, runbook)
    late = (context.today - due).days
    yield Finding(
        runbook.document.at("reviewed_on"),
        f"`{clip(runbook.id or runbook.title)}` was last reviewed {runbook.reviewed_on}, expected every "
        f"{counted(every, 'day')}: {counted(late, 'day')} overdue",
        hint="Read it through, correct it and set `reviewed_on`",
    )
