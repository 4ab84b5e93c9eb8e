"""Rule runbook-stale."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.runbook_updates import LACKING, runbook_updates
from mkdocs_incident.records import Incident, Runbook, RunbookUse
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
def runbook_stale(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """An incident found a runbook wanting, or its review is overdue.

    ## Why it matters

    A runbook that misled one responder will mislead the next. Use tells more than the calendar: an incident that used the runbook with the verdict `wrong`, `outdated` or `missing-step` after it was last reviewed makes it stale, until the runbook names the incident in `learned_from` or is reviewed again. Where the incident's postmortem is final, `runbook-not-updated` says so in its place.

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
    contradicted = _contradicted(corpus, context)
    for runbook in corpus.runbooks:
        if runbook.status != "active":
            continue
        uses = contradicted.get(runbook.document.path)
        if uses:
            yield _by_use(runbook, uses)
        else:
            yield from _by_calendar(runbook, context)


def _contradicted(corpus: Corpus, context: Context) -> dict[str, list[tuple[Incident, RunbookUse]]]:
    """Return the uses that a runbook's path still has to learn from, earliest first."""
    found: dict[str, list[tuple[Incident, RunbookUse]]] = {}
    for suggestion in runbook_updates(corpus):
        runbook, incident, review = suggestion.runbook, suggestion.incident, suggestion.review
        if runbook is None or incident is None or suggestion.reason not in {"verdict", "declared"}:
            continue
        began = incident.began
        if began is None and runbook.reviewed_on:
            continue
        if began is not None and (
            began > context.as_of
            or (runbook.reviewed_on is not None and began.date() <= runbook.reviewed_on)
        ):
            continue
        if review is not None and review.status == "final":
            continue  # runbook-not-updated says so, at the incident
        use = next(
            (u for u in incident.runbooks if u.id == runbook.id and u.verdict in LACKING), None
        )
        uses = found.setdefault(runbook.document.path, [])
        if use is not None and all(known is not incident for known, _ in uses):
            uses.append((incident, use))
    return found


def _by_use(runbook: Runbook, uses: list[tuple[Incident, RunbookUse]]) -> Finding:
    uses = sorted(uses, key=lambda use: (str(use[0].began), use[0].document.path))
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
    if runbook.reviewed_on is None:
        return
    days = runbook.record.get("review_every_days")
    every = context.policy.limits["runbook_review"].days
    if isinstance(days, int) and not isinstance(days, bool) and days > 0:
        every = days
    late = (context.today - runbook.reviewed_on).days - every
    if late <= 0:
        return
    yield Finding(
        runbook.document.at("reviewed_on"),
        f"`{clip(runbook.id or runbook.title)}` was last reviewed {runbook.reviewed_on}, expected every "
        f"{counted(every, 'day')}: {counted(late, 'day')} overdue",
        hint="Read it through, correct it and set `reviewed_on`",
    )
