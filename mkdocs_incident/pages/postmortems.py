"""The postmortem index: every review, and the incidents that still await theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from mkdocs_incident.insights.deadlines import PostmortemDeadline, unfinished_postmortems
from mkdocs_incident.language import gettext, ngettext
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.facets import Facets, of_review
from mkdocs_incident.pages.site import Site, gravest
from mkdocs_incident.pages.spans import unparted
from mkdocs_incident.pages.years import LATEST_ROWS, UNDATED, year_anchor, year_of, year_words
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.wording import left


class Review(msgspec.Struct, frozen=True):
    """A row of the index."""

    review: Postmortem
    incidents: tuple[Incident, ...]
    severity: str | None
    services: tuple[str, ...]
    began: datetime | None
    lasted: timedelta | None
    actions: int
    open_actions: int
    overdue_actions: int
    facets: Facets

    @property
    def year(self) -> str:
        """The year it is listed under."""
        return year_of(self.incidents)


class Waiting(msgspec.Struct, frozen=True):
    """An incident whose postmortem is missing or not final."""

    deadline: PostmortemDeadline
    left: str | None
    """How long there is, or how late it is, in words; None where the deadline is not known."""
    is_late: bool


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    reviews = _rows(site, site.corpus.postmortems)
    waiting = [waiting_for(site, deadline) for deadline in unfinished_postmortems(site.corpus)]
    return site.render(
        "postmortems.html",
        url,
        reviews=reviews,
        groups=_latest(reviews) if "postmortems" in site.years else _by_year(reviews),
        waiting=waiting,
        late=sum(entry.is_late for entry in waiting),
    )


def members(site: Site) -> dict[str, str]:
    """Return the title of each year's page; none where one page holds all."""
    years = site.years.get("postmortems", ())
    titles = {year: gettext("Postmortems of %(year)s", year=year) for year in years}
    undated = {UNDATED: gettext("Postmortems without a date")}
    return titles | (undated if UNDATED in titles else {})


def draw_member(site: Site, url: Url, key: str) -> str:
    """Return the page of one year below its heading: of postmortems whose incidents began in it."""
    incidents_of = site.corpus.incidents_of
    reviews = _rows(site, (r for r in site.corpus.postmortems if year_of(incidents_of(r)) == key))
    answer = ngettext(
        "%(num)s postmortem, %(final)s final.",
        "%(num)s postmortems, %(final)s of them final.",
        len(reviews),
        final=sum(row.review.status == "final" for row in reviews) or gettext("none"),
    )
    groups = _by_year(reviews)
    return site.render(
        "year.html", url, index="postmortems", year=key, answer=answer, groups=groups
    )


_Groups = list[tuple[str, str, list[Review]]]
"""Anchor, heading and rows of each part of a table."""


def _by_year(reviews: list[Review]) -> _Groups:
    found: dict[str, list[Review]] = {}
    for row in reviews:
        found.setdefault(row.year, []).append(row)
    return [(year_anchor(year), year_words(year), rows) for year, rows in found.items()]


def _latest(reviews: list[Review]) -> _Groups:
    """Return what is not final, and the latest of the rest: the years have pages of their own."""
    final = [row for row in reviews if row.review.status == "final"]
    groups = [
        ("open", gettext("Not final yet"), [r for r in reviews if r.review.status != "final"]),
        ("latest", gettext("The latest"), final[:LATEST_ROWS]),
    ]
    return [group for group in groups if group[2]]


def _rows(site: Site, reviews: Iterable[Postmortem]) -> list[Review]:
    return sorted((_row(site, review) for review in reviews), key=_by_time)


def _by_time(row: Review) -> tuple[bool, float, str]:
    """Latest first; those without a date last."""
    when = -row.began.timestamp() if row.began else 0.0
    return (row.began is None, when, row.review.document.path)


def _row(site: Site, review: Postmortem) -> Review:
    incidents = tuple(site.corpus.incidents_of(review))
    documents = {id(i.document): i.document for i in incidents} | {
        id(review.document): review.document
    }
    actions = site.actions_of(*documents.values())
    began = [incident.began for incident in incidents if incident.began]
    spans = [i.lasted for i in incidents if i.lasted is not None]
    return Review(
        review=review,
        incidents=incidents,
        severity=gravest(site, incidents),
        services=tuple(dict.fromkeys(name for i in incidents for name in i.services)),
        began=min(began, default=None),
        lasted=max(spans, default=None),
        actions=len(actions),
        open_actions=sum(action.is_open for action in actions),
        overdue_actions=sum(bool(action.overdue_days) for action in actions),
        facets=of_review(review, incidents, (a.owner for a in actions if a.is_open)),
    )


def waiting_for(site: Site, deadline: PostmortemDeadline) -> Waiting:
    """Return how long there is, or how late it is."""
    words = unparted(left(deadline.due_at, site.as_of)) if deadline.due_at is not None else None
    return Waiting(deadline, words, deadline.is_late(site.as_of))
