"""What rows of tables are filtered by: a name in the address → the row's values, the same in all languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from mkdocs_incident.insights.actions import TrackedAction
from mkdocs_incident.insights.directory import CATEGORIES, handles
from mkdocs_incident.insights.recurrence import Recurrence
from mkdocs_incident.insights.runbooks import RunbookState
from mkdocs_incident.language import gettext
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.wording import words

SOON_DAYS = 14
"""An open action that is due within these days is due soon."""

URGENCIES = ("overdue", "soon", "later", "undated")
"""How urgent an open action is, in the order of urgency."""

Facets = dict[str, list[str]]

_BETWEEN_WORDS = regex(r"[\s_-]+")


def urgency_words(urgency: str) -> str:
    """Return one of `URGENCIES` as people read it."""
    return {
        "overdue": gettext("Overdue"),
        "soon": gettext("Due within %(days)s days", days=SOON_DAYS),
        "later": gettext("Due later"),
        "undated": gettext("Without a due date"),
    }[urgency]


def category_key(category: str) -> str:
    """Return what a category of factors is filtered by: ``config-drift``, with whatever signs and letters it is written."""
    return _BETWEEN_WORDS.sub("-", category.strip()).casefold()


def category_words(category: str) -> str:
    """Return a category of factors as people read it; a team's own is no name that we have words for."""
    key = category_key(category)
    return (
        words(key) if key in (*CATEGORIES, "uncategorised") else _BETWEEN_WORDS.sub(" ", category)
    )


def facet_words(
    table: str, names: Iterable[str], known: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return how people read the values of a table's filters; those that are read as they are have no entry.

    Args:
        table: the index page that lists the same: filters of different tables may share a name, as ``state``.
        names: the filters.
        known: values that records hold, by filter, each as it is written.
    """
    own = {
        "actions": {
            "due": {urgency: urgency_words(urgency) for urgency in URGENCIES},
            "proved": {"yes": gettext("by a recurrence"), "no": gettext("by none so far")},
        },
        "incidents": {
            "recurrence": {
                "declared": gettext("repeats an earlier one"),
                "alike": gettext("looks like an earlier one"),
                "new": gettext("new"),
            }
        },
        "runbooks": {
            "state": {
                "lacking": gettext("lacks what incidents taught"),
                "current": gettext("up to date"),
                "review-overdue": gettext("review overdue"),
            }
        },
    }.get(table, {})
    said = {
        name: {
            **{
                value: _read(name, as_written)
                for value, as_written in sorted(known.get(name, {}).items())
            },
            **own.get(name, {}),
        }
        for name in names
    }
    other = {
        name: {value: read for value, read in values.items() if value != read}
        for name, values in said.items()
    }
    return {name: values for name, values in other.items() if values}


def _read(name: str, as_written: str) -> str:
    return category_words(as_written) if name == "cause" else words(as_written)


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
        state=[action.status],
        due=[urgency_of(today, action)] if action.is_open else [],
        owner=handles(action.owner),
        horizon=[action.horizon] if action.horizon else [],
        type=[action.type or "preventive"],
        service=action.services,
        proved=["yes" if proofs else "no"],
        tag=action.tags,
        year=_years(action.incidents),
    )


def of_incident(incident: Incident, causes: Iterable[str], recurrence: Recurrence | None) -> Facets:
    """Return what an incident is filtered by; `causes` are the categories of its factors."""
    declared = recurrence is not None and recurrence.is_declared
    again = "declared" if declared else "alike"
    return _known(
        severity=[incident.severity] if incident.severity else [],
        status=[incident.status],
        service=incident.services,
        cause=causes,
        recurrence=[again if recurrence is not None else "new"],
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
        state=[review.status],
        service=[name for i in incidents for name in i.services],
        owner=[handle for owner in owners for handle in handles(owner)],
        cause=[category_key(c) for _, factor in factors if (c := text(factor, "category"))],
        tag=[
            *texts(review.record, "tags"),
            *(t for i in incidents for t in texts(i.record, "tags")),
        ],
        year=_years(incidents),
    )


def of_runbook(state: RunbookState) -> Facets:
    """Return what a runbook is filtered by."""
    return _known(
        state=[
            "lacking" if state.pending else "current",
            *(["review-overdue"] if state.review_late_days else []),
        ],
        owner=handles(state.runbook.owner),
        service=state.runbook.services,
        tag=texts(state.runbook.record, "tags"),
    )


def _years(incidents: Iterable[Incident]) -> list[str]:
    return [str(incident.began.year) for incident in incidents if incident.began]


def _known(**values: Iterable[str]) -> Facets:
    found = {name: list(dict.fromkeys(given)) for name, given in values.items()}
    return {name: given for name, given in found.items() if given}
