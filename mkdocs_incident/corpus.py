"""All records of a repository, by id, linked both ways."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from mkdocs_incident.cache.documents import StoredDocument
from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.files import Files, record_files, unreadable_path
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import ActionItem, Incident, MitigationPlan, Postmortem, Runbook
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.records.entry import Entry
from mkdocs_incident.records.likeness import Likeness, likeness_of
from mkdocs_incident.source.alert_rules import (
    AlertRule,
    AlertRuleFile,
    matching_files,
)
from mkdocs_incident.source.document import Document, unreadable
from mkdocs_incident.source.text import SourceText

K = TypeVar("K")
V = TypeVar("V")

NOT_RECORDS = {"readme", "index", "_index"}
"""Names of files that introduce a folder and are no records, unless front matter names a kind."""

_ID_IN_PATH = regex(r"(?<![A-Za-z0-9])([A-Z][A-Z0-9]{1,9}-(?:\d{4}-)?\d{1,6})(?![0-9])")


class Corpus(msgspec.Struct, frozen=True, dict=True):
    """Every record, as read, and what refers to what."""

    policy: Policy
    documents: tuple[Document, ...]
    alert_rule_files: tuple[AlertRuleFile, ...] = ()

    @cached_property
    def alert_rules(self) -> tuple[AlertRule, ...]:
        """The alerts of all rule files that the policy names."""
        return tuple(alert for file in self.alert_rule_files for alert in file.alerts)

    def source(self, path: str) -> SourceText | None:
        """Return the text of a file that was read, record or rule file."""
        holder = self._holders.get(path)
        return holder.source if holder is not None else None

    @cached_property
    def _holders(self) -> dict[str, Document | AlertRuleFile]:
        files = {file.source.path: file for file in self.alert_rule_files}
        return {**files, **{document.path: document for document in self.documents}}

    @cached_property
    def records(self) -> tuple[Document, ...]:
        """The documents that hold a record; of the others only their findings are known."""
        return tuple(document for document in self.documents if document.is_record)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return {document.path: entry_of(document) for document in self.records}

    def entry(self, document: Document) -> Entry:
        """Return what links a record of this corpus."""
        return self._entries[document.path]

    def likeness(self, document: Document) -> Likeness:
        """Return what a record is compared with others by."""
        return document.likeness if isinstance(document, StoredDocument) else likeness_of(document)

    def _of(self, kind: str) -> Iterator[Document]:
        return (document for document in self.records if document.kind == kind)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Incidents by their own records, then those that a postmortem stands for; with their reviews."""
        return tuple(map(self._with_reviews, self._alone))

    def _with_reviews(self, incident: Incident) -> Incident:
        """Return an incident with the records of the reviews that are about it only."""
        reviews = self.postmortems_of(incident)
        alone = tuple(review.document for review in reviews if len(review.incident_ids) < 2)
        return replace(incident, reviews=alone) if alone else incident

    @cached_property
    def _alone(self) -> tuple[Incident, ...]:
        """Incidents as one record tells each."""
        own = [Incident(document, self.entry(document).id) for document in self._of("incident")]
        known = {incident.id for incident in own if incident.id} | self.unreadable_ids
        return (*own, *self._standing_in(known))

    def _standing_in(self, known: set[str]) -> Iterator[Incident]:
        """Incidents without a record: the postmortem stands for them, or lacks what it would need."""
        for document in self._of("postmortem"):
            entry = self.entry(document)
            ids = entry.incidents
            missing = [ident for ident in ids if ident not in known]
            if ids and not missing:
                continue
            if not ids:
                stands = entry.is_decided
            else:
                stands = entry.carries_incident or (
                    len(missing) == 1
                    and not difflib.get_close_matches(missing[0], known, n=1, cutoff=0.9)
                )
            if stands:
                yield Incident(document, missing[0] if missing else None)

    @cached_property
    def postmortems(self) -> tuple[Postmortem, ...]:
        """Reviews: postmortem records, and incidents that are their own."""
        reviews = [
            Postmortem(document, self.entry(document).incidents)
            for document in self._of("postmortem")
        ]
        reviewed = {ident for review in reviews for ident in review.incident_ids}
        reviews += [
            Postmortem(incident.document, (incident.id,) if incident.id else ())
            for incident in self._alone
            if not incident.is_postmortem
            and incident.id not in reviewed
            and self.entry(incident.document).is_own_review
        ]
        return tuple(sorted(reviews, key=lambda review: review.document.path))

    @cached_property
    def runbooks(self) -> tuple[Runbook, ...]:
        """Runbooks."""
        return tuple(Runbook(document, self.entry(document).id) for document in self._of("runbook"))

    @cached_property
    def plans(self) -> tuple[MitigationPlan, ...]:
        """Mitigation plans."""
        return tuple(
            MitigationPlan(document, self.entry(document).incident)
            for document in self._of("mitigation-plan")
        )

    @cached_property
    def action_items(self) -> tuple[ActionItem, ...]:
        """Action items of all incidents and reviews."""
        return tuple(item for document in self.records for item in action_items(document))

    def records_about(self, incident: Incident) -> tuple[Document, ...]:
        """Return the incident's own record, then its reviews, each once."""
        found = [incident.document, *(r.document for r in self.postmortems_of(incident))]
        return tuple({document.path: document for document in found}.values())

    def records_of(self, review: Postmortem) -> tuple[Document, ...]:
        """Return the records that tell a review: its own, its incidents' and their other reviews.

        Teams keep preventive actions or the analysis in a file beside the review.
        """
        others = (d for i in self.incidents_of(review) for d in self.records_about(i))
        return tuple({d.path: d for d in (review.document, *others)}.values())

    def action_items_of(self, review: Postmortem) -> tuple[ActionItem, ...]:
        """Return a review's action items, from all records that tell it."""
        return tuple(item for doc in self.records_of(review) for item in action_items(doc))

    def knows_incident(self, ident: str) -> bool:
        """Return whether an incident has a record, be it one that can't be read."""
        incident = self.incident_by_id.get(ident)
        if incident is None:
            return ident in self.unreadable_ids
        return not incident.is_postmortem or self.entry(incident.document).carries_incident

    @cached_property
    def unreadable_runbook_ids(self) -> set[str]:
        """Ids of runbooks that could not be read, as their text and path suggest them."""
        found: set[str] = set()
        for document in self.documents:
            if not document.is_record and document.kind == "runbook":
                found.update(re.findall(r"\bRB-[\w-]+", document.source.text))
                found.add("RB-" + Path(document.path).stem)
        return found

    @cached_property
    def unreadable_ids(self) -> set[str]:
        """Ids in the paths of files that could not be read: they exist, whatever they say."""
        return {
            match
            for document in self.documents
            if not document.is_record
            for match in _ID_IN_PATH.findall(document.path)
        }

    @cached_property
    def incident_by_id(self) -> Mapping[str, Incident]:
        """Incidents by id; of two with the same id the first by path."""
        return {i.id: i for i in reversed(self.incidents) if i.id is not None}

    @cached_property
    def incident_by_path(self) -> Mapping[str, Incident]:
        """Incidents by the path of the record that tells or stands for each."""
        return {incident.document.path: incident for incident in self.incidents}

    @cached_property
    def runbook_by_id(self) -> Mapping[str, Runbook]:
        """Runbooks by id; of two with the same id the first by path."""
        return {r.id: r for r in reversed(self.runbooks) if r.id is not None}

    @cached_property
    def _postmortems_by_incident(self) -> dict[str, list[Postmortem]]:
        found = _grouped((i, review) for review in self.postmortems for i in review.incident_ids)
        for reviews in found.values():
            if len(reviews) > 1:
                reviews.sort(key=lambda review: not self.entry(review.document).is_final)
        return found

    def compared(self) -> Corpus:
        """Return the records for a comparison, which asks for nothing but what `Entry.likeness` stands for."""
        return self

    def link(self) -> None:
        """Link all records now: in copies of this process each would have to do it."""
        for name in ("_holders", "_parts", "_incidents_by_runbook", "_records_by_id", "_records_by_name",
                     "_plans_by_incident", "_postmortems_by_incident", "incident_by_id", "incident_by_path",
                     "runbook_by_id", "runbook_by_path", "plan_by_path", "review_by_path",
                     "unreadable_ids", "unreadable_runbook_ids"):  # fmt: skip
            getattr(self, name)

    def postmortems_of(self, incident: Incident) -> list[Postmortem]:
        """Return the reviews that cover an incident, its own record among them, final ones first."""
        if incident.id is not None:
            return self._postmortems_by_incident.get(incident.id, [])
        return [r for r in self.postmortems if r.document is incident.document]

    def incidents_of(self, review: Postmortem) -> list[Incident]:
        """Return the incidents that a review covers and that are known."""
        if not review.incident_ids:
            own = self.incident_by_path.get(review.document.path)
            return [own] if own is not None else []
        return [
            self.incident_by_id[ident]
            for ident in review.incident_ids
            if ident in self.incident_by_id
        ]

    @cached_property
    def plan_by_path(self) -> Mapping[str, MitigationPlan]:
        """Mitigation plans by their path."""
        return {plan.document.path: plan for plan in self.plans}

    @cached_property
    def review_by_path(self) -> Mapping[str, Postmortem]:
        """Reviews by the path of the record that holds each."""
        return {review.document.path: review for review in self.postmortems}

    @cached_property
    def runbook_by_path(self) -> Mapping[str, Runbook]:
        """Runbooks by their path."""
        return {runbook.document.path: runbook for runbook in self.runbooks}

    def records_with_id(self, ident: str) -> Sequence[Document]:
        """Return the records of any kind that have an id."""
        return self._records_by_id.get(ident, ())

    @cached_property
    def _records_by_id(self) -> dict[str, list[Document]]:
        return _grouped((self.entry(document).id, document) for document in self.records)

    def records_naming(self, ident: str) -> Sequence[Document]:
        """Return the records that are about an incident: they name it, or else have its id."""
        return self._records_by_name.get(ident, ())

    @cached_property
    def _records_by_name(self) -> dict[str, list[Document]]:
        return _grouped((i, d) for d in self.records for i in self.entry(d).incidents)

    def parts_of(self, incident: Incident) -> Sequence[Incident]:
        """Return the incidents that are part of a major one; of two with its id the first has them."""
        if incident.id is None or self.incident_by_id[incident.id] is not incident:
            return ()
        return [part for part in self._parts.get(incident.id, ()) if part.id != incident.id]

    @cached_property
    def _parts(self) -> dict[str, list[Incident]]:
        return _grouped((self.entry(i.document).major_incident, i) for i in self.incidents)

    def incidents_using(self, runbook: Runbook) -> Sequence[Incident]:
        """Return the incidents that name a runbook among those they used."""
        return self._incidents_by_runbook.get(runbook.id or "", ())

    @cached_property
    def _incidents_by_runbook(self) -> dict[str, list[Incident]]:
        return _grouped((id_, i) for i in self.incidents for id_ in self.entry(i.document).runbooks)

    def plans_of(self, incident: Incident) -> list[MitigationPlan]:
        """Return the mitigation plans of an incident."""
        return self._plans_by_incident.get(incident.id, []) if incident.id else []

    @cached_property
    def _plans_by_incident(self) -> dict[str, list[MitigationPlan]]:
        return _grouped((plan.incident_id, plan) for plan in self.plans)

    def timeline_holder(self, incident: Incident) -> Incident:
        """Return the incident as the record that holds its timeline tells it."""
        if incident.timeline:
            return incident
        for review in self.postmortems_of(incident):
            if review.document is not incident.document and review.record.get("timeline"):
                return Incident(review.document, incident.id)
        return incident


def _grouped(pairs: Iterable[tuple[K | None, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        if key is not None:
            found.setdefault(key, []).append(value)
    return found


def entry_of(document: Document) -> Entry:
    """Return what links a document; a remembered one still knows it."""
    return document.entry if isinstance(document, StoredDocument) else Entry.of(document)


def load_corpus(policy: Policy, files: Files | None = None) -> Corpus:
    """Read every record below the policy's sources; what can't be read is a document with a finding."""
    files = files or Files(policy)
    found = {**dict.fromkeys(files.unsaved), **dict(record_files(files))}
    files.expect([path for path, finding in found.items() if finding is None])
    read = (
        _read(files, path, finding) for path, finding in sorted(found.items(), key=itemgetter(0))
    )
    documents = [document for document in read if document is not None]
    days = {
        ident: day
        for document in documents
        if document.kind == "incident" and document.is_record
        if (ident := (entry := entry_of(document)).id) is not None
        if (day := entry.day) is not None
    }
    return Corpus(
        policy,
        tuple(_with_incident_day(files, document, days) for document in documents),
        tuple(_alert_rule_files(files)),
    )


def _alert_rule_files(files: Files) -> Iterator[AlertRuleFile]:
    policy = files.policy
    paths = {path for name in policy.alert_rules for path in matching_files(policy.root, name)}
    for path in sorted(paths):
        try:
            yield files.alert_rules(path)
        except OSError as error:
            why = error.strerror or "can't be opened"
            hint = "Make it a readable file, or take it out of `alert_rules` in incident.yml"
            finding = unreadable_path(path, why, hint)
            yield AlertRuleFile(SourceText(path, ""), findings=(finding,))


def _with_incident_day(files: Files, document: Document, days: dict[str, date]) -> Document:
    """Read a document again whose days have no year, now that its incident's day is known."""
    if not document.wants_year:
        return document
    named = entry_of(document).named
    day = min((days[ident] for ident in named if ident in days), default=None)
    if day is None:
        return document
    return files.document(document.path, day)


def _read(files: Files, path: str, finding: Finding | None) -> Document | None:
    if finding is not None:
        return unreadable(path, finding)
    try:
        document = files.document(path)
    except OSError as error:
        return unreadable(path, unreadable_path(path, error.strerror or "can't be opened"))
    name = path.rpartition("/")[2].rpartition(".")[0]
    if name.lower() in NOT_RECORDS and not entry_of(document).says_what_it_is:
        return None
    return document
