"""What every page is drawn from: the corpus on a stated day, and where things are published."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sized
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic, Location
from mkdocs_incident.insights import directory
from mkdocs_incident.insights.actions import TrackedAction, proved_needed, tracked_actions
from mkdocs_incident.insights.directory import CauseEntry, OwnerEntry, ServiceEntry
from mkdocs_incident.insights.metrics import Response, responses
from mkdocs_incident.insights.recurrence import Recurrence, recurrence_of
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.insights.runbook_updates import runbook_updates
from mkdocs_incident.insights.runbooks import RunbookState, runbook_states
from mkdocs_incident.insights.similarity import Similarity
from mkdocs_incident.insights.trends import Distribution, distribution
from mkdocs_incident.pages.environment import Url, compile_all
from mkdocs_incident.pages.facets import category_key, facet_words
from mkdocs_incident.pages.own_templates import mistake_in_template
from mkdocs_incident.pages.shared_rows import SharedRows
from mkdocs_incident.pages.years import LONGEST_TABLE, counted_years, year_of
from mkdocs_incident.policy.model import Person, handle_key
from mkdocs_incident.records import ActionItem, Incident
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import slug

if TYPE_CHECKING:
    from jinja2 import Environment


class Site(msgspec.Struct, frozen=True, dict=True):
    """A corpus as of a moment, with the templates that draw it."""

    corpus: Corpus
    as_of: datetime
    templates: Environment
    index_pages: Mapping[str, str]
    """Name of an index page such as ``postmortems`` → its address; those that are off are absent."""
    longest_table: int = LONGEST_TABLE
    """Rows of an index page that are not parted by year."""
    known: tuple[Diagnostic, ...] = ()
    """Findings that the baseline holds."""

    @property
    def today(self) -> date:
        """The day that everything is told as of."""
        return self.as_of.date()

    @property
    def levels(self) -> list[str]:
        """The names of the severity levels, gravest first."""
        return [level.name for level in self.corpus.policy.levels]

    def prepare(self) -> None:
        """Learn what pages ask for about all records, so that copies of this process need not learn it each."""
        compile_all(self.templates)
        for name, answer in vars(type(self)).items():
            if isinstance(answer, cached_property):
                getattr(self, name)

    def render(self, template: str, url: Url, **answers: Any) -> str:
        """Return a template's HTML for the page that `url` counts from."""
        try:
            drawn = self.templates.get_template(f"incident/{template}")
            return drawn.render(site=self, url=url, **answers)
        except Exception as error:
            mistake = mistake_in_template(error, self.templates)
            if mistake is None:
                raise
            raise mistake from error

    def row(self, table: str, thing: object, url: Url) -> Markup:
        """Return a thing's row in the tables of a template, for the page that `url` counts from."""
        return self._rows.row(table, thing, url)

    @cached_property
    def _rows(self) -> SharedRows:
        return SharedRows(self)

    def facet_words(self, table: str, facets: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return how people read the values of a table's filters, where that is not as they are."""
        return facet_words(table, facets, self._facet_values.get(table, {}))

    @cached_property
    def _facet_values(self) -> dict[str, dict[str, dict[str, str]]]:
        """The values of filters that are names of ours or of a record, as first written, by table and filter."""
        reviews, actions = self.corpus.postmortems, self.actions
        categories: dict[str, str] = {}
        for review in reviews:
            for _, factor in mappings(review.record, "contributing_factors"):
                if category := text(factor, "category"):
                    categories.setdefault(category_key(category), category)
        return {
            "actions": {
                "state": _as_they_are(action.status for action in actions),
                "horizon": _as_they_are(action.horizon for action in actions if action.horizon),
                "type": _as_they_are(action.type or "preventive" for action in actions),
            },
            "incidents": {
                "status": _as_they_are(incident.status for incident in self.corpus.incidents),
                "cause": _as_they_are(cause.category for cause in self.causes),
            },
            "postmortems": {
                "state": _as_they_are(review.status for review in reviews),
                "cause": categories,
            },
        }

    def index_url(self, name: str, url: Url) -> str | None:
        """Return the URL of an index page, None where the site has none."""
        address = self.index_pages.get(name)
        return url(address) if address else None

    def member_uri(self, index: str, key: str) -> str | None:
        """Return the address of a thing's own page, None where the site has none."""
        address = self.index_pages.get(index)
        name = self._member_files.get(index, {}).get(key)
        return f"{address.removesuffix('.md')}/{name}.md" if address and name else None

    def member_url(self, index: str, key: str, url: Url) -> str | None:
        """Return the URL of the page of a service, an owner or a cause, None where there is none."""
        address = self.member_uri(index, key)
        return url(address) if address else None

    @cached_property
    def _member_files(self) -> dict[str, dict[str, str]]:
        """Return each thing's file name by its key, no two alike."""
        keys = {
            "services": [service.name for service in self.services],
            "owners": [handle_key(owner.handle) for owner in self.owners],
            "causes": [cause.category for cause in self.causes],
            **{index: list(years) for index, years in self.years.items()},
        }
        return {index: _file_names(names) for index, names in keys.items()}

    @cached_property
    def years(self) -> dict[str, dict[str, int]]:
        """The rows of each year, latest first, by the index page whose table is too long for one page."""
        corpus = self.corpus
        found = {
            "incidents": [year_of([incident]) for incident in corpus.incidents],
            "postmortems": [year_of(corpus.incidents_of(r)) for r in corpus.postmortems],
            "actions": [year_of(action.incidents) for action in self.actions],
        }
        return {
            index: counted_years(years)
            for index, years in found.items()
            if index in self.index_pages and len(years) > self.longest_table
        }

    def is_parted(self, index: str, rows: Sized) -> bool:
        """Return whether rows are too many for one page, and stand on pages of an index's years."""
        return index in self.years and len(rows) > self.longest_table

    @cached_property
    def services(self) -> tuple[ServiceEntry, ...]:
        """Every service, by name."""
        return tuple(directory.services(self.corpus, self.actions))

    @cached_property
    def owners(self) -> tuple[OwnerEntry, ...]:
        """Everybody who owns something, by handle."""
        return tuple(directory.owners(self.corpus, self.actions))

    @cached_property
    def service_by_name(self) -> dict[str, ServiceEntry]:
        """Every service by its name."""
        return {service.name: service for service in self.services}

    @cached_property
    def owner_by_key(self) -> dict[str, OwnerEntry]:
        """Everybody who owns something by the key of the handle."""
        return {handle_key(owner.handle): owner for owner in self.owners}

    @cached_property
    def person_by_key(self) -> dict[str, Person]:
        """Everybody whom the policy lists by the key of the handle; of two entries the first counts."""
        people = reversed(self.corpus.policy.people)
        return {handle_key(person.handle): person for person in people}

    @cached_property
    def causes(self) -> tuple[CauseEntry, ...]:
        """The categories of contributing factors."""
        return tuple(directory.causes(self.corpus))

    def causes_of(self, document: Document) -> tuple[str, ...]:
        """Return the categories of the contributing factors of a postmortem, or of an incident's."""
        return self._causes_by_record.get(document.path, ())

    @cached_property
    def _causes_by_record(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for cause in self.causes:
            reviews = [factor.review.document.path for factor in cause.factors]
            incidents = [incident.document.path for incident in cause.incidents]
            for path in dict.fromkeys([*reviews, *incidents]):
                found[path] = (*found.get(path, ()), cause.category)
        return found

    @cached_property
    def runbooks(self) -> dict[str, RunbookState]:
        """The state of every runbook by the path of its file."""
        states = runbook_states(self.corpus, self.suggestions, self.as_of)
        return {state.runbook.document.path: state for state in states}

    @cached_property
    def actions(self) -> tuple[TrackedAction, ...]:
        """Everything that somebody promised to do."""
        return tuple(tracked_actions(self.corpus, self.today))

    @cached_property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What runbooks do not say yet."""
        return tuple(runbook_updates(self.corpus))

    @cached_property
    def suggestions_by_review(self) -> dict[str, list[Suggestion]]:
        """What each review taught that no runbook says yet, by the path of its file."""
        found: dict[str, list[Suggestion]] = {}
        for suggestion in self.suggestions:
            if suggestion.review is not None:
                found.setdefault(suggestion.review.document.path, []).append(suggestion)
        return found

    @cached_property
    def similarity(self) -> Similarity:
        """The index that tells which incidents are alike and what repeats."""
        return Similarity(self.corpus)

    @cached_property
    def recurrences(self) -> dict[str, Recurrence]:
        """What is an earlier incident again, by the path of its record."""
        found = (recurrence_of(incident, self.similarity) for incident in self.corpus.incidents)
        return {entry.incident.document.path: entry for entry in found if entry is not None}

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """How the response to each incident went."""
        return responses(self.corpus, self.as_of)

    def resolution_of(self, incidents: Iterable[Incident]) -> Distribution | None:
        """Return how long the resolution of incidents took; None without incidents."""
        measured = [self.response_by_path[incident.document.path] for incident in incidents]
        return next(iter(distribution(measured, "resolve")), None)

    @cached_property
    def response_by_path(self) -> dict[str, Response]:
        """How each response went, by the path of the record that tells the incident."""
        return {entry.incident.document.path: entry for entry in self.responses}

    @cached_property
    def known_by_path(self) -> dict[str, list[Diagnostic]]:
        """The findings that the baseline holds, by the path of their file, the most of them first."""
        found: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.known:
            found.setdefault(diagnostic.location.path, []).append(diagnostic)
        return dict(sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0])))

    @cached_property
    def parts_of(self) -> dict[str, list[Incident]]:
        """The parts of each major incident by its id, in the order of the corpus."""
        found: dict[str, list[Incident]] = {}
        for incident in self.corpus.incidents:
            for whole in texts(incident.record, "major_incident"):
                found.setdefault(whole, []).append(incident)
        return found

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

    def proofs_of(self, action: TrackedAction) -> tuple[Incident, ...]:
        """Return the recurrences that proved an action needed."""
        return self._proofs.get(action.location, ())

    @cached_property
    def _proofs(self) -> dict[Location, tuple[Incident, ...]]:
        return proved_needed(self.similarity)

    def anchor(self, action: TrackedAction | ActionItem) -> str:
        """Return the name of the place where the action stands on its record's page."""
        return f"action-{action.location.line}"

    def beside(self, document: Document, target: str) -> str:
        """Return the path of a file that a record names relative to itself."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(document.path), target))


def _as_they_are(values: Iterable[str]) -> dict[str, str]:
    return {value: value for value in values}


_LONGEST_NAME = 100
"""Bytes of a page's file name: file systems take 255, and builds put folders and endings around it."""
_INDEX_NAMES = ("index", "readme")
"""Names that MkDocs gives the folder itself."""


def _file_names(keys: list[str]) -> dict[str, str]:
    taken = set(_INDEX_NAMES)
    found: dict[str, str] = {}
    for key in keys:
        stem = slug(key).encode()[:_LONGEST_NAME].decode(errors="ignore") or "unnamed"
        names = (stem + suffix for suffix in ("", *(f"-{n}" for n in range(2, len(keys) + 2))))
        found[key] = next(name for name in names if name not in taken)
        taken.add(found[key])
    return found


def gravest(site: Site, incidents: tuple[Incident, ...]) -> str | None:
    """Return the gravest severity of several incidents, None where none is known."""
    order = [level.name for level in site.corpus.policy.levels]
    named = [incident.severity for incident in incidents if incident.severity]
    return min(named, key=lambda n: order.index(n) if n in order else len(order), default=None)


def as_markup(html: str) -> Markup:
    """Mark HTML that this package made or cleaned itself as safe to stand in a page."""
    return Markup(html)  # noqa: S704 - see above
