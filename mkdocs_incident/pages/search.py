"""The page that searches the knowledge base with Pagefind, where a site has that."""

from __future__ import annotations

from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    return site.render("search.html", url)
