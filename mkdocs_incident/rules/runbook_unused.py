"""Rule runbook-unused."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.records import Runbook
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.wording import clip, counted


@rule("RB004", "runbook-unused", kind=Kind.CLOCK, level=None, options=("limits.runbook_unused",))
def runbook_unused(runbook: Runbook, context: Context) -> Iterator[Finding]:
    """No incident has used a runbook for a long time.

    ## Why it matters

    A runbook that nobody opens is not needed, or not found: its alerts don't lead to it, or its services have other names. The rule is off unless `rules` in `incident.yml` gives it a level, because a runbook for what never happens may be worth keeping. `limits` in `incident.yml` says how long is long; the default is a year.

    A use with the verdict `not-used` is none. Nothing is said while all incidents are younger than the limit, or while the day of one that used the runbook isn't known. Runbooks that are a `draft` or `deprecated` are not asked.

    ## Example

    With `runbook-unused: note` under `rules`, a runbook whose last use was in an incident of March 2023.

    ## Use instead

    Name its alerts and services as the incidents do, rehearse it, or set `status: deprecated`.
    """
    if runbook.status != "active" or runbook.id is None:
        return
    limit = context.policy.limits["runbook_unused"]
    began = [
        (i.began, i)
        for i in context.corpus.incidents
        if i.began is None or i.began <= context.as_of
    ]
    used = [
        (moment, incident)
        for moment, incident in began
        if any(use.id == runbook.id and use.was_used for use in incident.runbooks)
    ]
    ages = [context.as_of - moment for moment, _ in began if moment is not None]
    since_use = [context.as_of - moment for moment, _ in used if moment is not None]
    if len(since_use) < len(used) or max(ages, default=limit) <= limit:
        return
    if since_use and min(since_use) <= limit:
        return
    name = clip(runbook.id)
    expected = f"expected a use within {counted(limit.days, 'day')}"
    message = f"No incident has used `{name}`, {expected}"
    if since_use:
        _, last = max((moment, i.id or i.title) for moment, i in used if moment is not None)
        days = counted(min(since_use).days, "day")
        message = f"`{name}` was last used in `{clip(last)}`, {days} ago, {expected}"
    yield Finding(
        runbook.document.at("id"),
        message,
        hint="See that its alerts and services lead to it, rehearse it, or set `status: deprecated`",
    )
