"""A corpus, and a rule's context, that note what they were asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.judging.moment import Moment
from mkdocs_incident.judging.names import (
    ALERT_RULES,
    ALL,
    IDS,
    LIKENESS,
    UNREADABLE,
    of_kind,
    uses_of,
)
from mkdocs_incident.judging.trace import Trace
from mkdocs_incident.records import ActionItem, Incident, MitigationPlan, Postmortem, Runbook
from mkdocs_incident.records.entry import Entry
from mkdocs_incident.rules.rule import Context
from mkdocs_incident.rules.targets import Target, joined
from mkdocs_incident.source.alert_rules import AlertRule, AlertRuleFile
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.text import SourceText

V = TypeVar("V", bound=Incident | Runbook | MitigationPlan)


class _Known(Mapping[str, V], Generic[V]):
    """Records by a name; asked for one, it notes that name, asked for all, all names."""

    def __init__(self, known: Mapping[str, V], trace: Trace, *, by_path: bool = False) -> None:
        self._known, self._trace = known, trace
        self._all = ALL if by_path else IDS

    def __getitem__(self, name: str) -> V:
        self._trace.names.add(name)
        found = self._known[name]
        if isinstance(found, Incident):
            self._trace.met(found)
        else:
            self._trace.saw([found.document])
        return found

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str):
            self._trace.names.add(name)
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        self._trace.names.add(self._all)
        return iter(self._known)

    def __len__(self) -> int:
        self._trace.names.add(self._all)
        return len(self._known)


class TracedCorpus(Corpus, frozen=True, kw_only=True):
    """A corpus that notes what it is asked, by the names that the documents concerned answer to.

    What is not asked through it is noted by whoever gives out a subject: `Trace.met` and `Trace.saw`.
    """

    _corpus: Corpus
    _trace: Trace

    @classmethod
    def of(cls, corpus: Corpus, trace: Trace) -> TracedCorpus:
        """Return a corpus that asks another, and notes it in a trace."""
        return cls(corpus.policy, (), _corpus=corpus, _trace=trace)

    def _every(self, *names: str) -> Corpus:
        self._trace.names.update(names)
        return self._corpus

    @property  # type: ignore[misc] # in the place of a field, to note who asks
    def documents(self) -> tuple[Document, ...]:
        """All documents."""
        return self._every(ALL).documents

    @property
    def records(self) -> tuple[Document, ...]:
        """All records."""
        return self._every(ALL).records

    def source(self, path: str) -> SourceText | None:
        """Return the text of a file."""
        return self._every(path, ALERT_RULES).source(path)

    @property
    def action_items(self) -> tuple[ActionItem, ...]:
        """All action items."""
        return self._every(ALL).action_items

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents; reviews tell them, too."""
        return self._every(of_kind("incident"), of_kind("postmortem")).incidents

    @property
    def postmortems(self) -> tuple[Postmortem, ...]:
        """All reviews; incidents may be their own."""
        return self._every(of_kind("incident"), of_kind("postmortem")).postmortems

    @property
    def runbooks(self) -> tuple[Runbook, ...]:
        """All runbooks."""
        return self._every(of_kind("runbook")).runbooks

    @property
    def plans(self) -> tuple[MitigationPlan, ...]:
        """All plans."""
        return self._every(of_kind("mitigation-plan")).plans

    @property
    def alert_rules(self) -> tuple[AlertRule, ...]:
        """All alerts."""
        return self._every(ALERT_RULES).alert_rules

    @property  # type: ignore[misc]
    def alert_rule_files(self) -> tuple[AlertRuleFile, ...]:
        """All rule files."""
        return self._every(ALERT_RULES).alert_rule_files

    @property
    def unreadable_ids(self) -> set[str]:
        """Ids in paths of files that could not be read."""
        return self._every(UNREADABLE).unreadable_ids

    @property
    def unreadable_runbook_ids(self) -> set[str]:
        """Ids of runbooks that could not be read."""
        return self._every(UNREADABLE).unreadable_runbook_ids

    @property
    def incident_by_id(self) -> Mapping[str, Incident]:
        """Incidents by id."""
        return _Known(self._corpus.incident_by_id, self._trace)

    @property
    def incident_by_path(self) -> Mapping[str, Incident]:
        """Incidents by path."""
        return _Known(self._corpus.incident_by_path, self._trace, by_path=True)

    @property
    def runbook_by_id(self) -> Mapping[str, Runbook]:
        """Runbooks by id."""
        return _Known(self._corpus.runbook_by_id, self._trace)

    @property
    def plan_by_path(self) -> Mapping[str, MitigationPlan]:
        """Plans by path."""
        return _Known(self._corpus.plan_by_path, self._trace, by_path=True)

    def entry(self, document: Document) -> Entry:
        """Return what links a record."""
        self._trace.saw([document])
        return self._corpus.entry(document)

    def compared(self) -> Corpus:
        """Return the records for a comparison; what it may ask for has one name."""
        return self._every(LIKENESS)

    def postmortems_of(self, incident: Incident) -> list[Postmortem]:
        """Return the reviews that cover an incident."""
        self._trace.met(incident)
        found = self._corpus.postmortems_of(incident)
        self._trace.saw(review.document for review in found)
        return found

    def incidents_of(self, review: Postmortem) -> list[Incident]:
        """Return the incidents that a review covers."""
        self._trace.saw([review.document])
        self._trace.names.update(review.incident_ids)
        return self._given(self._corpus.incidents_of(review))

    def plans_of(self, incident: Incident) -> list[MitigationPlan]:
        """Return the plans of an incident."""
        self._trace.met(incident)
        found = self._corpus.plans_of(incident)
        self._trace.saw(plan.document for plan in found)
        return found

    def parts_of(self, incident: Incident) -> Sequence[Incident]:
        """Return the parts of a major incident."""
        self._trace.met(incident)
        return self._given(self._corpus.parts_of(incident))

    def incidents_using(self, runbook: Runbook) -> Sequence[Incident]:
        """Return the incidents that used a runbook."""
        self._trace.saw([runbook.document])
        self._trace.names.add(uses_of(runbook.id or ""))
        return self._given(self._corpus.incidents_using(runbook))

    def records_with_id(self, ident: str) -> Sequence[Document]:
        """Return the records that have an id."""
        self._trace.names.add(ident)
        found = self._corpus.records_with_id(ident)
        self._trace.saw(found)
        return found

    def records_naming(self, ident: str) -> Sequence[Document]:
        """Return the records that are about an incident."""
        self._trace.names.add(ident)
        found = self._corpus.records_naming(ident)
        self._trace.saw(found)
        return found

    def _given(self, found: Sequence[Incident]) -> list[Incident]:
        for incident in found:
            self._trace.met(incident)
        return [*found]


class TracedContext(Context, frozen=True):
    """A rule's context that notes what it tells."""

    _trace: Trace

    @classmethod
    def of(cls, corpus: Corpus, as_of: datetime, trace: Trace) -> TracedContext:
        """Return a context that tells what a corpus and a clock tell, and notes it in a trace."""
        return cls(TracedCorpus.of(corpus, trace), Moment.of(as_of, trace), trace)

    def target(self, base: str, relative: str) -> Target:
        """Return what a path leads to that stands in the file `base`."""
        found, path = super().target(base, relative), joined(base, relative)
        if path is not None:
            self._trace.targets[path] = found
        return found
