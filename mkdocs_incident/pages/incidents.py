"""The index of incidents: all of them by year, and this year against the one before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from mkdocs_incident.insights.directory import latest_first
from mkdocs_incident.language import gettext
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site
from mkdocs_incident.records import Incident


@dataclass(frozen=True)
class SoFar:
    """Incidents of one severity that began this year, and as much of the year before."""

    severity: str | None
    """None for incidents that record none."""
    count: int
    before: int
    """In the year before, to the same day."""


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    incidents = latest_first(site.corpus.incidents)
    years = [(year, list(group)) for year, group in groupby(incidents, key=_year)]
    so_far = _so_far(site, incidents)
    return site.render(
        "incidents.html",
        url,
        incidents=incidents,
        groups=[_group(year, group) for year, group in years],
        live=sum(incident.is_live for incident in incidents),
        undated=sum(incident.began is None for incident in incidents),
        so_far=so_far,
        count=sum(entry.count for entry in so_far),
        before=sum(entry.before for entry in so_far),
    )


def _year(incident: Incident) -> str | None:
    return str(incident.began.year) if incident.began else None


def _group(year: str | None, incidents: list[Incident]) -> tuple[str, str, list[Incident]]:
    """Return the anchor, the heading and the rows of a year."""
    if year is None:
        return ("undated", gettext("Date not recorded"), incidents)
    return (f"year-{year}", year, incidents)


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
