"""What made incidents likelier or longer, by kind."""

from __future__ import annotations

from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site
from mkdocs_incident.wording import capitalised, words


def members(site: Site) -> dict[str, str]:
    """Return the title of each category's page by its name."""
    return {cause.category: capitalised(words(cause.category)) for cause in site.causes}


def draw(site: Site, url: Url) -> str:
    """Return the page of all causes below its heading."""
    reviews = site.corpus.postmortems
    named = {id(factor.review) for cause in site.causes for factor in cause.factors}
    return site.render(
        "causes.html",
        url,
        causes=site.causes,
        reviews=reviews,
        silent=[review for review in reviews if id(review) not in named],
    )


def draw_member(site: Site, url: Url, key: str) -> str:
    """Return the page of one category below its heading."""
    cause = next(cause for cause in site.causes if cause.category == key)
    return site.render("cause.html", url, cause=cause)
