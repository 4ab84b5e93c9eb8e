"""The action tracker: what is overdue, what is open, what ended."""

from __future__ import annotations

from collections import Counter

import msgspec

from mkdocs_incident.insights.actions import TrackedAction
from mkdocs_incident.language import gettext, ngettext
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.facets import URGENCIES, urgency_of, urgency_words
from mkdocs_incident.pages.site import Site
from mkdocs_incident.pages.years import UNDATED, year_of


class Group(msgspec.Struct, frozen=True):
    """Actions under one heading."""

    name: str
    title: str
    actions: tuple[TrackedAction, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.actions)


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
        groups=_groups(site, open_actions[: site.longest_table]),
        ended=[action for action in site.actions if not action.is_open],
        busiest=[(name, count) for name, count in owners.most_common(3) if count > 1],
        unowned=sum(action.owner is None for action in open_actions),
        proved=sum(bool(site.proofs_of(action)) for action in open_actions),
        undated=sum(action.due is None for action in open_actions),
    )


def members(site: Site) -> dict[str, str]:
    """Return the title of each year's page; none where one page holds all."""
    years = site.years.get("actions", ())
    titles = {year: gettext("Action items of %(year)s", year=year) for year in years}
    undated = {UNDATED: gettext("Action items of no year")}
    return titles | (undated if UNDATED in titles else {})


def draw_member(site: Site, url: Url, key: str) -> str:
    """Return the page of one year below its heading: of actions whose incidents began in it."""
    actions = [action for action in site.actions if year_of(action.incidents) == key]
    open_actions = [action for action in actions if action.is_open]
    answer = ngettext(
        "%(num)s action item, %(open)s open, %(overdue)s overdue.",
        "%(num)s action items, %(open)s of them open, %(overdue)s overdue.",
        len(actions),
        open=len(open_actions) or gettext("none"),
        overdue=sum(bool(action.overdue_days) for action in open_actions) or gettext("none"),
    )
    ended = Group("ended", gettext("Ended"), tuple(a for a in actions if not a.is_open))
    parts = [*_groups(site, open_actions), *([ended] if ended.actions else [])]
    groups = [(group.name, group.title, group.actions) for group in parts]
    return site.render("year.html", url, index="actions", year=key, answer=answer, groups=groups)


def _groups(site: Site, actions: list[TrackedAction]) -> list[Group]:
    """Return open actions by urgency, without the groups that nothing is in."""
    found: dict[str, list[TrackedAction]] = {name: [] for name in URGENCIES}
    for action in actions:
        found[urgency_of(site.today, action)].append(action)
    return [
        Group(name, urgency_words(name), tuple(found[name])) for name in URGENCIES if found[name]
    ]
