"""The services, and everything about one of them."""

from __future__ import annotations

from mkdocs_incident.insights.directory import ServiceEntry
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site


def members(site: Site) -> dict[str, str]:
    """Return the title of each service's page by its name."""
    return {service.name: service.name for service in site.services}


def draw(site: Site, url: Url) -> str:
    """Return the page of all services below its heading."""
    busiest = sorted(site.services, key=_busy)
    return site.render("services.html", url, services=busiest)


def _busy(service: ServiceEntry) -> tuple[int, int, str]:
    open_actions = sum(action.is_open for action in service.actions)
    return (-len(service.incidents), -open_actions, service.name.casefold())


def draw_member(site: Site, url: Url, key: str) -> str:
    """Return the page of one service below its heading."""
    return site.render("service.html", url, service=site.service_by_name[key])
