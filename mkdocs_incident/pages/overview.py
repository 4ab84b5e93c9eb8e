"""The home of the knowledge base: what is open, what is overdue, what was learned."""

from __future__ import annotations

from datetime import date

import msgspec

from mkdocs_incident.insights.deadlines import unfinished_postmortems
from mkdocs_incident.insights.directory import latest_first
from mkdocs_incident.insights.recurrence import (
    MissedPrevention,
    Recurrence,
    missed_prevention,
    repeated_incidents,
)
from mkdocs_incident.language.formats import month as month_name
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.postmortems import waiting_for
from mkdocs_incident.pages.records import page_title
from mkdocs_incident.pages.site import Site
from mkdocs_incident.records import Incident, Postmortem

_MONTHS_A_YEAR = 12
SHOWN = 5
"""Entries of a list; its own page shows them all."""
_STATES = ("overdue", "open", "dropped", "done-undated", "done")
"""Of prevention, what was missed most plainly first."""


class Repeat(msgspec.Struct, frozen=True):
    """Incidents that repeat each other, and what would have prevented the latest one."""

    incidents: tuple[Incident, ...]
    """The earliest first."""
    latest: Recurrence
    missed: tuple[MissedPrevention, ...]


class Month(msgspec.Struct, frozen=True):
    """A month of the year at a glance."""

    name: str
    year: int
    is_first: bool
    """Whether its year has to be said."""


class Year(msgspec.Struct, frozen=True):
    """How many incidents of each severity began in each of twelve months, up to today."""

    months: tuple[Month, ...]
    rows: tuple[tuple[str | None, tuple[int, ...]], ...]
    """Severity, None for incidents that record none, and the number of each month."""
    total: int
    undated: int
    """Incidents without a date: in no month."""


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    open_actions = [action for action in site.actions if action.is_open]
    waiting = [waiting_for(site, deadline) for deadline in unfinished_postmortems(site.corpus)]
    return site.render(
        "overview.html",
        url,
        live=latest_first(i for i in site.corpus.incidents if i.is_live),
        incidents=site.corpus.incidents,
        open_actions=open_actions,
        overdue=[action for action in open_actions if action.overdue_days],
        waiting=waiting,
        late=sum(entry.is_late for entry in waiting),
        repeats=_repeats(site),
        year=_year(site),
        learned=_learned(site),
        unread=[document for document in site.corpus.documents if not document.is_record],
        debt=list(site.known_by_path.items()),
        titles=_titles(site),
        wanting=[state for state in site.runbooks.values() if state.pending],
        shown=SHOWN,
    )


def _titles(site: Site) -> dict[str, str]:
    """Return what the records are called that the baseline names."""
    known = [d for d in site.corpus.documents if d.path in site.known_by_path]
    return {document.path: page_title(document) for document in known}


def _learned(site: Site) -> list[tuple[Postmortem, tuple[str, ...]]]:
    """Return the latest final reviews that say what was learned, with their first lessons."""
    reviews = [review for review in site.corpus.postmortems if review.status == "final"]
    told = [(review, lessons) for review in reviews if (lessons := review.learned)]
    told.sort(key=lambda pair: str(pair[0].published_on or ""), reverse=True)
    return told[:SHOWN]


def _repeats(site: Site) -> list[Repeat]:
    """Return the groups of incidents that repeat each other, the largest first."""
    found = []
    for incidents in repeated_incidents(site.similarity):
        again = [site.recurrences.get(incident.document.path) for incident in incidents]
        latest = [recurrence for recurrence in again if recurrence is not None][-1]
        missed = missed_prevention(latest.incident, site.similarity)
        missed.sort(key=lambda entry: _STATES.index(entry.state))
        found.append(Repeat(incidents, latest, tuple(missed)))
    return found


def _year(site: Site) -> Year:
    """Return the year that ends today."""
    now = _month_number(site.today)
    numbers = range(now - _MONTHS_A_YEAR + 1, now + 1)
    order: list[str | None] = list(site.levels)
    counts: dict[str | None, list[int]] = {name: [0] * len(numbers) for name in order}
    for incident in site.corpus.incidents:
        day = incident.began.date() if incident.began is not None else None
        if day is not None and day <= site.today and _month_number(day) in numbers:
            row = counts.setdefault(incident.severity, [0] * len(numbers))
            row[_month_number(day) - numbers.start] += 1
    months = [divmod(number, _MONTHS_A_YEAR) for number in numbers]
    return Year(
        months=tuple(
            Month(month_name(date(year, month + 1, 1)), year, place == 0 or month == 0)
            for place, (year, month) in enumerate(months)
        ),
        rows=tuple((name, tuple(row)) for name, row in counts.items()),
        total=sum(map(sum, counts.values())),
        undated=sum(incident.began is None for incident in site.corpus.incidents),
    )


def _month_number(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month - 1
