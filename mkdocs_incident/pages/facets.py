"""What rows of tables are filtered by: a name in the address → the row's values, as people read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from mkdocs_incident.insights.actions import TrackedAction
from mkdocs_incident.insights.directory import handles
from mkdocs_incident.insights.recurrence import Recurrence
from mkdocs_incident.insights.runbooks import RunbookState
from mkdocs_incident.language import gettext
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.wording import words

SOON_DAYS = 14
"""An open action that is due within these days is due soon."""

URGENCIES = ("overdue", "soon", "later", "undated")
"""How urgent an open action is, in the order of urgency."""

Facets = dict[str, list[str]]


def urgency_words(urgency: str) -> str:
    """Return one of `URGENCIES` as people read it."""
    return {
        "overdue": gettext("Overdue"),
        "soon": gettext("Due within %(days)s days", days=SOON_DAYS),
        "later": gettext("Due later"),
        "undated": gettext("Without a due date"),
    }[urgency]


def urgency_of(today: date, action: TrackedAction) -> str:
    """Return how urgent an open action is, one of `URGENCIES`."""
    if action.due is None:
        return "undated"
    if action.overdue_days:
        return "overdue"
    return "soon" if (action.due - today).days <= SOON_DAYS else "later"


def of_action(today: date, action: TrackedAction, proofs: Collection[Incident]) -> Facets:
    """Return what an action is filtered by; `proofs` are recurrences that proved it needed."""
    return _known(
        state=[words(action.status)],
        due=[urgency_words(urgency_of(today, action))] if action.is_open else [],
        owner=handles(action.owner),
        horizon=[words(action.horizon)] if action.horizon else [],
        type=[words(action.type or "preventive")],
        service=action.services,
        proved=[gettext("by a recurrence") if proofs else gettext("by none so far")],
        tag=action.tags,
        year=_years(action.incidents),
    )


def of_incident(incident: Incident, causes: Iterable[str], recurrence: Recurrence | None) -> Facets:
    """Return what an incident is filtered by; `causes` are the categories of its factors."""
    declared = recurrence is not None and recurrence.is_declared
    again = gettext("repeats an earlier one") if declared else gettext("looks like an earlier one")
    return _known(
        severity=[incident.severity] if incident.severity else [],
        status=[words(incident.status)],
        service=incident.services,
        cause=map(words, causes),
        recurrence=[again if recurrence is not None else gettext("new")],
        tag=texts(incident.record, "tags"),
        year=_years([incident]),
    )


def of_review(
    review: Postmortem, incidents: tuple[Incident, ...], owners: Iterable[str | None]
) -> Facets:
    """Return what a postmortem is filtered by; `owners` are those of its open actions."""
    factors = mappings(review.record, "contributing_factors")
    return _known(
        severity=[i.severity for i in incidents if i.severity],
        state=[words(review.status)],
        service=[name for i in incidents for name in i.services],
        owner=[handle for owner in owners for handle in handles(owner)],
        cause=[words(name) for _, factor in factors if (name := text(factor, "category"))],
        tag=[
            *texts(review.record, "tags"),
            *(t for i in incidents for t in texts(i.record, "tags")),
        ],
        year=_years(incidents),
    )


def of_runbook(state: RunbookState) -> Facets:
    """Return what a runbook is filtered by."""
    lacks = gettext("lacks what incidents taught") if state.pending else gettext("up to date")
    return _known(
        state=[lacks, *([gettext("review overdue")] if state.review_late_days else [])],
        owner=handles(state.runbook.owner),
        service=state.runbook.services,
        tag=texts(state.runbook.record, "tags"),
    )


def _years(incidents: Iterable[Incident]) -> list[str]:
    return [str(incident.began.year) for incident in incidents if incident.began]


def _known(**values: Iterable[str]) -> Facets:
    found = {name: list(dict.fromkeys(given)) for name, given in values.items()}
    return {name: given for name, given in found.items() if given}
