"""Services, owners and causes: everything that the records tell about one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.actions import TrackedAction
from mkdocs_incident.language import marked
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Service
from mkdocs_incident.policy.model import handle_key
from mkdocs_incident.records import Incident, Postmortem, Runbook
from mkdocs_incident.records.values import mappings, text

CATEGORIES = (
    marked("people"),
    marked("process"),
    marked("technology"),
    marked("environment"),
)
"""Categories of contributing factors, as a fishbone has them."""

_HANDLE = regex(r"@[\w./-]*\w")


class ServiceEntry(msgspec.Struct):
    """A service, listed in the policy or named by a record."""

    name: str
    listed: Service | None
    """What the policy says of it; None where only records name it."""
    incidents: list[Incident] = msgspec.field(default_factory=list)
    """Latest first."""
    runbooks: list[Runbook] = msgspec.field(default_factory=list)
    actions: list[TrackedAction] = msgspec.field(default_factory=list)


class OwnerEntry(msgspec.Struct):
    """A person or a team, by handle."""

    handle: str
    """As first written."""
    actions: list[TrackedAction] = msgspec.field(default_factory=list)
    runbooks: list[Runbook] = msgspec.field(default_factory=list)
    services: list[str] = msgspec.field(default_factory=list)
    postmortems: list[Postmortem] = msgspec.field(default_factory=list)
    """Reviews that they write and that are not final."""
    led: list[Incident] = msgspec.field(default_factory=list)
    """Incidents that they were the commander of, latest first."""


class Factor(msgspec.Struct, frozen=True):
    """A contributing factor, and the incidents of the review that names it."""

    text: str
    review: Postmortem
    incidents: tuple[Incident, ...]


class CauseEntry(msgspec.Struct):
    """A category of contributing factors."""

    category: str
    factors: list[Factor] = msgspec.field(default_factory=list)
    """Latest first."""

    @property
    def incidents(self) -> list[Incident]:
        """The incidents that had such a factor, latest first."""
        found = {id(i): i for factor in self.factors for i in factor.incidents}
        return latest_first(found.values())


def handles(written: str | None) -> tuple[str, ...]:
    """Return the handles in an owner as written; an owner without one stands for itself."""
    if not written:
        return ()
    return tuple(dict.fromkeys(_HANDLE.findall(written))) or (written,)


def latest_first(incidents: Iterable[Incident]) -> list[Incident]:
    """Return incidents by when they began, latest first; those without a date come last."""
    return sorted(incidents, key=_began, reverse=True)


def _began(incident: Incident) -> tuple[bool, float, str]:
    began = incident.began
    return (began is not None, began.timestamp() if began else 0.0, incident.document.path)


def services(corpus: Corpus, actions: Sequence[TrackedAction]) -> list[ServiceEntry]:
    """Return every service by name: those of the policy, and those that records name."""
    found = {s.name: ServiceEntry(s.name, s) for s in corpus.policy.services}

    def entry(name: str) -> ServiceEntry:
        return found.setdefault(name, ServiceEntry(name, None))

    for incident in latest_first(corpus.incidents):
        for name in dict.fromkeys(incident.services):
            entry(name).incidents.append(incident)
    for runbook in corpus.runbooks:
        for name in dict.fromkeys(runbook.services):
            entry(name).runbooks.append(runbook)
    for action in actions:
        for name in action.services:
            entry(name).actions.append(action)
    return sorted(found.values(), key=lambda service: service.name.casefold())


def owners(corpus: Corpus, actions: Sequence[TrackedAction]) -> list[OwnerEntry]:
    """Return everybody who owns something or led a response, by handle."""
    found: dict[str, OwnerEntry] = {}

    def entries(written: str | None) -> Iterable[OwnerEntry]:
        return [found.setdefault(handle_key(h), OwnerEntry(h)) for h in handles(written)]

    for action in actions:
        for entry in entries(action.owner):
            entry.actions.append(action)
    for runbook in corpus.runbooks:
        for entry in entries(runbook.owner):
            entry.runbooks.append(runbook)
    for service in corpus.policy.services:
        for entry in entries(service.owner):
            entry.services.append(service.name)
    for review in corpus.postmortems:
        authors = review.record.get("authors") if review.status != "final" else None
        for author in authors if isinstance(authors, list) else ():
            for entry in entries(author if isinstance(author, str) else None):
                entry.postmortems.append(review)
    for incident in latest_first(corpus.incidents):
        for entry in entries(incident.commander):
            entry.led.append(incident)
    return sorted(found.values(), key=lambda owner: handle_key(owner.handle))


def causes(corpus: Corpus) -> list[CauseEntry]:
    """Return the contributing factors of all reviews by category, in the order of the fishbone.

    Factors without a category come last, as ``uncategorised``.
    """
    found = {category: CauseEntry(category) for category in (*CATEGORIES, marked("uncategorised"))}
    for review in corpus.postmortems:
        incidents = tuple(corpus.incidents_of(review))
        for _, factor in mappings(review.record, "contributing_factors"):
            words = text(factor, "factor")
            category = text(factor, "category") or ""
            if words:
                entry = found.get(category.casefold(), found["uncategorised"])
                entry.factors.append(Factor(words, review, incidents))
    for entry in found.values():
        entry.factors.sort(key=lambda f: max(map(_began, f.incidents), default=(False, 0.0, "")))
        entry.factors.reverse()
    return [entry for entry in found.values() if entry.factors]
