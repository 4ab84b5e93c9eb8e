"""The home of the knowledge base: what is open, what is overdue, what was learned."""

from __future__ import annotations

from mkdocs_incident.insights.deadlines import unfinished_postmortems
from mkdocs_incident.insights.directory import latest_first
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.postmortems import waiting_for
from mkdocs_incident.pages.site import Site
from mkdocs_incident.records import Postmortem

SHOWN = 5
"""Entries of a list; its own page shows them all."""


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
        learned=_learned(site),
        wanting=[state for state in site.runbooks.values() if state.pending],
        shown=SHOWN,
    )


def _learned(site: Site) -> list[tuple[Postmortem, tuple[str, ...]]]:
    """Return the latest final reviews that say what was learned, with their first lessons."""
    reviews = [review for review in site.corpus.postmortems if review.status == "final"]
    told = [(review, lessons) for review in reviews if (lessons := review.learned)]
    told.sort(key=lambda pair: str(pair[0].published_on or ""), reverse=True)
    return told[:SHOWN]
