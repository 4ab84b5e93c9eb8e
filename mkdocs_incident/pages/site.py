"""What every page is drawn from: the corpus on a stated day, and where things are published."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.actions import TrackedAction, tracked_actions
from mkdocs_incident.insights.runbook_updates import Suggestion, runbook_updates
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.records import Incident
from mkdocs_incident.source.document import Document

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Site:
    """A corpus as of a moment, with the templates that draw it."""

    corpus: Corpus
    as_of: datetime
    templates: Environment
    index_pages: Mapping[str, str]
    """Name of an index page (``postmortems``, ``actions``, ``runbook_updates``) → its address."""

    @property
    def today(self) -> date:
        """The day that everything is told as of."""
        return self.as_of.date()

    def render(self, template: str, url: Url, **answers: Any) -> str:
        """Return a template's HTML for the page that `url` counts from."""
        drawn = self.templates.get_template(f"incident/{template}")
        return drawn.render(site=self, url=url, **answers)

    def index_url(self, name: str, url: Url) -> str | None:
        """Return the URL of an index page, None where the site has none."""
        address = self.index_pages.get(name)
        return url(address) if address else None

    @cached_property
    def actions(self) -> tuple[TrackedAction, ...]:
        """Everything that somebody promised to do."""
        return tuple(tracked_actions(self.corpus, self.today))

    @cached_property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What runbooks do not say yet."""
        return tuple(runbook_updates(self.corpus))

    @cached_property
    def _actions_by_document(self) -> dict[str, list[TrackedAction]]:
        found: dict[str, list[TrackedAction]] = {}
        for action in self.actions:
            found.setdefault(action.document.path, []).append(action)
        return found

    def actions_of(self, *documents: Document) -> list[TrackedAction]:
        """Return the actions that these records hold, open ones first."""
        found = [a for d in documents for a in self._actions_by_document.get(d.path, ())]
        return sorted(found, key=lambda action: (not action.is_open, action.due or date.max))

    def anchor(self, action: TrackedAction) -> str:
        """Return the name of the place where the action stands on its record's page."""
        return f"action-{action.location.line}"

    def beside(self, document: Document, target: str) -> str:
        """Return the path of a file that a record names relative to itself."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(document.path), target))


def gravest(site: Site, incidents: tuple[Incident, ...]) -> str | None:
    """Return the gravest severity of several incidents, None where none is known."""
    order = [level.name for level in site.corpus.policy.levels]
    named = [incident.severity for incident in incidents if incident.severity]
    return min(named, key=lambda n: order.index(n) if n in order else len(order), default=None)


def as_markup(html: str) -> Markup:
    """Mark HTML that this package made or cleaned itself as safe to stand in a page."""
    return Markup(html)  # noqa: S704 - see above
