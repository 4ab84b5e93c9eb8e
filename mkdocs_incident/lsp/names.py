"""What records may name: incidents, runbooks, people, teams, services, alerts; and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.insights.directory import handles, latest_first
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import handle_key
from mkdocs_incident.policy.presets import TARGETS
from mkdocs_incident.policy.settings import in_units
from mkdocs_incident.records import Incident, Runbook
from mkdocs_incident.records.values import texts
from mkdocs_incident.wording import listed, moment, words

_ID = regex(r"(?<![\w/.#@-])[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9][\w-]*")
_HANDLE = regex(r"(?<![\w@.])@[\w./-]*\w")
_MARKUP = regex(r"[\\`*_{}\[\]<>()#!|]")


def plain(text: str) -> str:
    """Return text as Markdown that shows it as it is."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


class Name(msgspec.Struct, frozen=True):
    """Something that a record may name."""

    text: str
    summary: str
    """A few words, as a list of proposals shows them."""
    details: str = ""
    """Markdown: what else is known of it."""
    place: Location | None = None
    """Where it is defined."""


class Names(msgspec.Struct, frozen=True, dict=True):
    """All names of a corpus, each kind in the order in which it is proposed."""

    corpus: Corpus

    @cached_property
    def incidents(self) -> dict[str, Name]:
        """Incidents by id, latest first."""
        known = latest_first(self.corpus.incident_by_id.values())
        return {i.id: _incident(i.id, i) for i in known if i.id is not None}

    @cached_property
    def runbooks(self) -> dict[str, Name]:
        """Runbooks by id."""
        known = sorted(self.corpus.runbook_by_id.items())
        return {ident: _runbook(ident, runbook) for ident, runbook in known}

    @cached_property
    def people(self) -> dict[str, Name]:
        """People and teams of the policy; where it lists nobody, those that records name."""
        policy = self.corpus.policy
        found = {
            person.handle: Name(
                person.handle,
                ", ".join(filter(None, (person.name, person.team))),
                place=policy.at(*self._listed("people", person.handle)),
            )
            for person in policy.people
        }
        for team in policy.teams:
            found[team] = Name(team, "team", place=policy.at(*self._listed("teams", team)))
        if not found:
            found = {handle: Name(handle, "named in records") for handle in sorted(self._named())}
        return found

    def _named(self) -> set[str]:
        corpus = self.corpus
        owners = [
            *(incident.commander for incident in corpus.incidents),
            *(runbook.owner for runbook in corpus.runbooks),
            *(action.owner for action in corpus.action_items),
            *(name for d in corpus.records for name in texts(d.record, "responders")),
        ]
        return {handle for owner in owners for handle in handles(owner) if handle.startswith("@")}

    @cached_property
    def services(self) -> dict[str, Name]:
        """Services of the policy; where it lists none, those that records name."""
        policy = self.corpus.policy
        found = {
            service.name: Name(
                service.name,
                service.owner or "service",
                f"Alerts: {listed(list(service.alerts))}" if service.alerts else "",
                policy.at(*self._listed("services", service.name)),
            )
            for service in policy.services
        }
        if not found:
            named = {name for d in self.corpus.records for name in texts(d.record, "services")}
            found = {name: Name(name, "named in records") for name in sorted(named)}
        return found

    @cached_property
    def alerts(self) -> dict[str, Name]:
        """Alerts of the rule files and of the policy's services."""
        found = {
            alert: Name(alert, f"alert of {service.name}")
            for service in self.corpus.policy.services
            for alert in service.alerts
        }
        for alert in self.corpus.alert_rules:
            found[alert.name] = Name(alert.name, alert.location.path, place=alert.location)
        return dict(sorted(found.items()))

    @cached_property
    def categories(self) -> dict[str, Name]:
        """Categories of incidents that the policy asks something of."""
        return {name: Name(name, "category") for name in self.corpus.policy.categories}

    @cached_property
    def levels(self) -> dict[str, Name]:
        """Severity levels, with what the policy asks of each."""
        found = {}
        for level in self.corpus.policy.levels:
            targets = [(name, getattr(level, name)) for name in TARGETS]
            asked = [f"- {words(name)}: {in_units(value)}" for name, value in targets if value]
            found[level.name] = Name(level.name, "severity", "\n".join(asked))
        return found

    @cached_property
    def _by_handle(self) -> dict[str, Name]:
        return {handle_key(handle): name for handle, name in self.people.items()}

    def at(self, line: str, character: int) -> tuple[Name, int, int] | None:
        """Return the id or handle at a place of a line, and where it begins and ends, from 0."""
        for start, end, name in self._in(line):
            if start <= character <= end:
                return name, start, end
        return None

    def _in(self, line: str) -> Iterator[tuple[int, int, Name]]:
        for match in _ID.finditer(line):
            name = self.incidents.get(match[0]) or self.runbooks.get(match[0])
            if name is not None:
                yield *match.span(), name
        for match in _HANDLE.finditer(line):
            person = self._by_handle.get(handle_key(match[0]))
            if person is not None:
                yield *match.span(), person

    def _listed(self, name: str, entry: str) -> tuple[str | int, ...]:
        """Return the route of an entry in a mapping or a list of the policy file."""
        positions = self.corpus.policy.positions
        if (name, entry) in positions.keys:
            return name, entry
        known = {
            "people": [person.handle for person in self.corpus.policy.people],
            "teams": self.corpus.policy.teams,
            "services": [service.name for service in self.corpus.policy.services],
        }[name]
        return name, known.index(entry)


def _incident(ident: str, incident: Incident) -> Name:
    facts = [incident.severity or "no severity", words(incident.status)]
    began = incident.began
    details = [plain(incident.title), ""]
    details.append(f"- Severity: {plain(facts[0])}")
    details.append(f"- Status: {plain(facts[1])}")
    details.append(f"- Began: {moment(began)}" if began else "- Began: not known")
    if incident.services:
        details.append(f"- Services: {listed(list(incident.services))}")
    return Name(
        ident,
        " · ".join([facts[0], facts[1], incident.title]),
        "\n".join(details),
        incident.document.at("id"),
    )


def _runbook(ident: str, runbook: Runbook) -> Name:
    details = [plain(runbook.title), "", f"- Status: {words(runbook.status)}"]
    details.append(f"- Owner: {plain(runbook.owner or 'nobody')}")
    if runbook.services:
        details.append(f"- Services: {listed(list(runbook.services))}")
    reviewed = runbook.reviewed_on
    details.append(f"- Reviewed: {reviewed}" if reviewed else "- Reviewed: not known")
    return Name(ident, f"runbook · {runbook.title}", "\n".join(details), runbook.document.at("id"))
