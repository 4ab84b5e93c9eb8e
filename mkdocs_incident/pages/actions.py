"""The action tracker: what is overdue, what is open, what ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mkdocs_incident.insights.actions import TrackedAction
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.facets import URGENCIES, urgency_of, urgency_words
from mkdocs_incident.pages.site import Site


@dataclass(frozen=True)
class Group:
    """Actions under one heading."""

    name: str
    title: str
    actions: tuple[TrackedAction, ...]


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    open_actions = [action for action in site.actions if action.is_open]
    overdue = [action for action in open_actions if action.overdue_days]
    owners = Counter(action.owner for action in overdue if action.owner)
    return site.render(
        "actions.html",
        url,
        actions=site.actions,
        open_actions=open_actions,
        overdue=overdue,
        groups=_groups(site, open_actions),
        ended=[action for action in site.actions if not action.is_open],
        busiest=[(name, count) for name, count in owners.most_common(3) if count > 1],
        unowned=sum(action.owner is None for action in open_actions),
        proved=sum(bool(site.proofs_of(action)) for action in open_actions),
        undated=sum(action.due is None for action in open_actions),
    )


def _groups(site: Site, actions: list[TrackedAction]) -> list[Group]:
    """Return open actions by urgency, without the groups that nothing is in."""
    found: dict[str, list[TrackedAction]] = {name: [] for name in URGENCIES}
    for action in actions:
        found[urgency_of(site.today, action)].append(action)
    return [
        Group(name, urgency_words(name), tuple(found[name])) for name in URGENCIES if found[name]
    ]
