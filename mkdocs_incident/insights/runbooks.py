"""How runbooks do: who used them, what they lack, when they were last read through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.runbook_lessons import LACKING
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import Incident, Runbook, RunbookUse
from mkdocs_incident.source.times import later

LONGEST_REVIEW_DAYS = 36_500
"""A longer interval of reviews is taken for this one, so that every date can be reckoned."""

Uses = list[tuple[Incident, RunbookUse]]


class RunbookState(msgspec.Struct, frozen=True):
    """A runbook on a stated day."""

    runbook: Runbook
    recorded: Uses
    """What incidents record of it, the latest first; some left it alone."""
    pending: list[Suggestion]
    """What incidents taught and it does not say."""
    wanting: Uses
    """Uses that found it wanting and that no correction or review has answered since."""
    review_due: date | None
    review_late_days: int

    @property
    def uses(self) -> Uses:
        """What those record that used it."""
        return [(incident, use) for incident, use in self.recorded if use.was_used]

    @property
    def used_on(self) -> datetime | None:
        """When the incident that used it last began."""
        return self.uses[0][0].began if self.uses else None


def runbook_states(
    corpus: Corpus, suggestions: Sequence[Suggestion], as_of: datetime
) -> list[RunbookState]:
    """Return the state of every runbook, in the order of the corpus."""
    uses: dict[str, Uses] = {}
    for incident in corpus.incidents:
        for use in incident.runbooks:
            uses.setdefault(use.id, []).append((incident, use))
    pending: dict[str, list[Suggestion]] = {}
    for suggestion in suggestions:
        pending.setdefault(suggestion.path, []).append(suggestion)
    wanting = unanswered_uses(suggestions, as_of)
    states = []
    for runbook in corpus.runbooks:
        due = review_due(corpus.policy, runbook)
        path = runbook.document.path
        states.append(
            RunbookState(
                runbook=runbook,
                recorded=sorted(uses.get(runbook.id or "", ()), key=_when, reverse=True),
                pending=pending.get(path, []),
                wanting=wanting.get(path, []),
                review_due=due,
                review_late_days=max(0, (as_of.date() - due).days) if due is not None else 0,
            )
        )
    return states


def _when(use: tuple[Incident, RunbookUse]) -> tuple[bool, float, str]:
    began = use[0].began
    return (began is not None, began.timestamp() if began else 0.0, use[0].document.path)


def review_days(policy: Policy, runbook: Runbook) -> int:
    """Return the days after which a runbook is to be read through again."""
    days = runbook.record.get("review_every_days")
    if isinstance(days, int) and not isinstance(days, bool) and days > 0:
        return min(days, LONGEST_REVIEW_DAYS)
    return policy.limits["runbook_review"].days


def review_due(policy: Policy, runbook: Runbook) -> date | None:
    """Return the day until which it is to be read through; None where nobody wrote down the last."""
    if runbook.reviewed_on is None:
        return None
    return later(runbook.reviewed_on, timedelta(days=review_days(policy, runbook)))


def unanswered_uses(suggestions: Iterable[Suggestion], as_of: datetime) -> dict[str, Uses]:
    """Return, by the runbook's path, the uses that it still has to learn from, earliest first.

    A review of the runbook since then is an answer, too; a final postmortem answers by its own
    findings.
    """
    found: dict[str, Uses] = {}
    for suggestion in suggestions:
        runbook, incident, review = suggestion.runbook, suggestion.incident, suggestion.review
        if runbook is None or incident is None or suggestion.reason not in {"verdict", "declared"}:
            continue
        began = incident.began
        if began is None and runbook.reviewed_on:
            continue
        if began is not None and (
            began > as_of
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
    for uses in found.values():
        uses.sort(key=lambda use: (str(use[0].began), use[0].document.path))
    return found
