"""The index of incidents: all of them by year, and this year against the one before."""

from __future__ import annotations

from collections import Counter
from datetime import date

import msgspec

from mkdocs_incident.insights.directory import latest_first
from mkdocs_incident.language import gettext, ngettext
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site
from mkdocs_incident.pages.years import LATEST_ROWS, UNDATED, year_anchor, year_of, year_words
from mkdocs_incident.records import Incident


class SoFar(msgspec.Struct, frozen=True):
    """Incidents of one severity that began this year, and as much of the year before."""

    severity: str | None
    """None for incidents that record none."""
    count: int
    before: int
    """In the year before, to the same day."""


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    incidents = latest_first(site.corpus.incidents)
    so_far = _so_far(site, incidents)
    return site.render(
        "incidents.html",
        url,
        incidents=incidents,
        groups=_latest(incidents) if "incidents" in site.years else _by_year(incidents),
        live=sum(incident.is_live for incident in incidents),
        undated=sum(incident.began is None for incident in incidents),
        so_far=so_far,
        count=sum(entry.count for entry in so_far),
        before=sum(entry.before for entry in so_far),
    )


def members(site: Site) -> dict[str, str]:
    """Return the title of each year's page; none where one page holds all."""
    titles = {
        year: gettext("Incidents of %(year)s", year=year)
        for year in site.years.get("incidents", ())
    }
    return titles | ({UNDATED: gettext("Incidents without a date")} if UNDATED in titles else {})


def draw_member(site: Site, url: Url, key: str) -> str:
    """Return the page of one year below its heading."""
    incidents = [i for i in latest_first(site.corpus.incidents) if year_of([i]) == key]
    live = sum(incident.is_live for incident in incidents)
    answer = ngettext(
        "%(num)s incident, %(open)s open.",
        "%(num)s incidents, %(open)s of them open.",
        len(incidents),
        open=live or gettext("none"),
    )
    groups = _by_year(incidents)
    return site.render("year.html", url, index="incidents", year=key, answer=answer, groups=groups)


_Groups = list[tuple[str, str, list[Incident]]]
"""Anchor, heading and rows of each part of a table."""


def _by_year(incidents: list[Incident]) -> _Groups:
    found: dict[str, list[Incident]] = {}
    for incident in incidents:
        found.setdefault(year_of([incident]), []).append(incident)
    return [(year_anchor(year), year_words(year), rows) for year, rows in found.items()]


def _latest(incidents: list[Incident]) -> _Groups:
    """Return what is open, and the latest of the rest: the years have pages of their own."""
    live = [incident for incident in incidents if incident.is_live]
    over = [incident for incident in incidents if not incident.is_live]
    groups = [
        ("open", gettext("Open"), live),
        ("latest", gettext("The latest"), over[:LATEST_ROWS]),
    ]
    return [group for group in groups if group[2]]


def _so_far(site: Site, incidents: list[Incident]) -> list[SoFar]:
    """Return this year's numbers by severity, gravest first, those without one last."""
    days = [(i.severity, i.began.date()) for i in incidents if i.began is not None]
    now = _until(days, site.today.year, site.today)
    before = _until(days, site.today.year - 1, site.today)
    order = {name: place for place, name in enumerate(site.levels)}
    names = sorted(
        now.keys() | before.keys(),
        key=lambda name: (name is None, order.get(name or "", len(order)), name or ""),
    )
    return [SoFar(name, now[name], before[name]) for name in names]


def _until(days: list[tuple[str | None, date]], year: int, today: date) -> Counter[str | None]:
    """Count by severity what began in a year no later than the day and month of today."""
    end = (today.month, today.day)
    return Counter(name for name, day in days if day.year == year and (day.month, day.day) <= end)
