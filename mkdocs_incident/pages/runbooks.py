"""The runbooks: which are right, which were found wanting, which nobody has read for long."""

from __future__ import annotations

from mkdocs_incident.insights.runbooks import RunbookState
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.runbook_updates import anchor
from mkdocs_incident.pages.site import Site


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    states = sorted(site.runbooks.values(), key=_wanting_first)
    return site.render(
        "runbooks.html",
        url,
        runbooks=states,
        anchor=anchor,
        wanting=[state for state in states if state.pending],
        late=[state for state in states if state.review_late_days],
        unused=[state for state in states if not state.uses],
    )


def _wanting_first(state: RunbookState) -> tuple[bool, int, str]:
    return (not state.pending, -state.review_late_days, state.runbook.title.casefold())
