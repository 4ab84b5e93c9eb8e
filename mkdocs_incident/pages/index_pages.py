"""The pages of the site that are no record's: what there is, where each stands, who draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from mkdocs_incident.language import gettext, marked
from mkdocs_incident.pages import (
    actions,
    causes,
    incidents,
    overview,
    owners,
    postmortems,
    runbook_updates,
    runbooks,
    search,
    services,
    trends,
)
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site

Draw = Callable[[Site, Url], str]


class IndexPage(msgspec.Struct, frozen=True):
    """A kind of page: one that lists everything, and perhaps one for each thing listed."""

    name: str
    """What options call it."""
    title: str
    """In English, as all texts are before they are spoken."""
    file: str
    """Path below the folder of all index pages."""
    draw: Draw
    members: Callable[[Site], Mapping[str, str]] | None = None
    """Key of each thing that has a page of its own → that page's title."""
    draw_member: Callable[[Site, Url, str], str] | None = None


INDEX_PAGES = (
    IndexPage("overview", marked("Overview"), "index.md", overview.draw),
    IndexPage("search", marked("Search"), "search.md", search.draw),
    IndexPage(
        "incidents",
        marked("Incidents"),
        "incidents.md",
        incidents.draw,
        incidents.members,
        incidents.draw_member,
    ),
    IndexPage(
        "postmortems",
        marked("Postmortems"),
        "postmortems.md",
        postmortems.draw,
        postmortems.members,
        postmortems.draw_member,
    ),
    IndexPage(
        "actions",
        marked("Action items"),
        "action-items.md",
        actions.draw,
        actions.members,
        actions.draw_member,
    ),
    IndexPage(
        "runbook_updates", marked("Runbook updates"), "runbook-updates.md", runbook_updates.draw
    ),
    IndexPage("runbooks", marked("Runbooks"), "runbooks.md", runbooks.draw),
    IndexPage(
        "services",
        marked("Services"),
        "services.md",
        services.draw,
        services.members,
        services.draw_member,
    ),
    IndexPage(
        "owners", marked("Owners"), "owners.md", owners.draw, owners.members, owners.draw_member
    ),
    IndexPage(
        "causes", marked("Causes"), "causes.md", causes.draw, causes.members, causes.draw_member
    ),
    IndexPage("trends", marked("Trends"), "trends.md", trends.draw),
)
"""In the order of the navigation; the search is there with Pagefind only."""


class DrawnPage(msgspec.Struct, frozen=True):
    """A page to publish."""

    uri: str
    """Path as if it stood in the docs folder."""
    title: str
    draw: Draw
    index: str
    """Name of the kind of page that it is or belongs to."""
    is_index: bool


def drawn_pages(site: Site) -> Iterator[DrawnPage]:
    """Yield every page that the site has beside those of the records."""
    for page in INDEX_PAGES:
        uri = site.index_pages.get(page.name)
        if uri is None:
            continue
        yield DrawnPage(uri, gettext(page.title), page.draw, page.name, is_index=True)
        if page.members is None or page.draw_member is None:
            continue
        draw = page.draw_member
        for key, title in page.members(site).items():
            address = site.member_uri(page.name, key)
            if address is not None:
                yield DrawnPage(address, title, _bound(draw, key), page.name, is_index=False)


def _bound(draw: Callable[[Site, Url, str], str], key: str) -> Draw:
    return lambda site, url: draw(site, url, key)
