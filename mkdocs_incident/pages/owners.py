"""The owners, and everything that one of them answers for."""

from __future__ import annotations

from mkdocs_incident.insights.directory import OwnerEntry
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site
from mkdocs_incident.policy.model import handle_key


def members(site: Site) -> dict[str, str]:
    """Return the title of each owner's page by the key of the handle."""
    return {handle_key(owner.handle): owner.handle for owner in site.owners}


def draw(site: Site, url: Url) -> str:
    """Return the page of all owners below its heading."""
    owners = sorted(site.owners, key=_late_first)
    return site.render(
        "owners.html",
        url,
        owners=owners,
        late=[owner for owner in owners if any(a.overdue_days for a in owner.actions)],
        owning=[o for o in owners if o.actions or o.runbooks or o.services or o.postmortems],
    )


def _late_first(owner: OwnerEntry) -> tuple[int, int, str]:
    late = sum(bool(action.overdue_days) for action in owner.actions)
    open_actions = sum(action.is_open for action in owner.actions)
    return (-late, -open_actions, handle_key(owner.handle))


def draw_member(site: Site, url: Url, key: str) -> str:
    """Return the page of one owner below its heading."""
    person = site.person_by_key.get(key)
    return site.render("owner.html", url, owner=site.owner_by_key[key], person=person)
