"""All records of a repository, by id, linked both ways."""

from __future__ import annotations

import difflib
import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Literal

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import ActionItem, Incident, MitigationPlan, Postmortem, Runbook
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.records.postmortem import is_own_review
from mkdocs_incident.records.values import text, texts
from mkdocs_incident.source.alert_rules import (
    AlertRule,
    AlertRuleFile,
    matching_files,
    read_alert_rules,
)
from mkdocs_incident.source.document import Document, read_document, unreadable
from mkdocs_incident.source.text import SourceText
from mkdocs_incident.source.times import parse_date, parse_instant

NOT_RECORDS = {"readme", "index", "_index"}
"""Names of files that introduce a folder and are no records, unless front matter names a kind."""

_STANDS_FOR = (
    "id",
    "severity",
    "incident_commander",
    "timeline",
    "incident_status",
    "impact",
    "started_at",
    "detected_at",
    "resolved_at",
    "duration",
)
_DECIDED = ("severity", "incident_commander", "incident_status")
"""What only an incident has: a postmortem that names none is taken for one that stands for it."""
_ID_IN_PATH = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Z0-9]{1,9}-(?:\d{4}-)?\d{1,6})(?![0-9])")


def _carries_incident(document: Document) -> bool:
    """Whether a postmortem carries an incident's own facts, and so stands for it."""
    return any(name in document.record for name in _STANDS_FOR)


@dataclass(frozen=True)
class Corpus:
    """Every record, as read, and what refers to what."""

    policy: Policy
    documents: tuple[Document, ...]
    alert_rule_files: tuple[AlertRuleFile, ...] = ()

    @cached_property
    def alert_rules(self) -> tuple[AlertRule, ...]:
        """The alerts of all rule files that the policy names."""
        return tuple(alert for file in self.alert_rule_files for alert in file.alerts)

    @property
    def sources(self) -> Iterator[SourceText]:
        """The texts of all files that were read, records and rule files."""
        yield from (document.source for document in self.documents)
        yield from (file.source for file in self.alert_rule_files)

    @cached_property
    def records(self) -> tuple[Document, ...]:
        """The documents that hold a record; of the others only their findings are known."""
        return tuple(document for document in self.documents if document.is_record)

    def _of(self, kind: str) -> Iterator[Document]:
        return (document for document in self.records if document.kind == kind)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Incidents by their own records, then those that a postmortem stands for; with their reviews."""
        return tuple(
            replace(incident, reviews=self._reviews_of(incident)) for incident in self._alone
        )

    def _reviews_of(self, incident: Incident) -> tuple[Document, ...]:
        """Return the records of the reviews that are about this incident only."""
        reviews = self.postmortems_of(incident)
        return tuple(review.document for review in reviews if len(review.incident_ids) < 2)

    @cached_property
    def _alone(self) -> tuple[Incident, ...]:
        """Incidents as one record tells each."""
        own = [Incident(document, text(document.record, "id")) for document in self._of("incident")]
        known = {incident.id for incident in own if incident.id} | self.unreadable_ids
        return (*own, *self._standing_in(known))

    def _standing_in(self, known: set[str]) -> Iterator[Incident]:
        """Incidents without a record: the postmortem stands for them, or lacks what it would need."""
        for document in self._of("postmortem"):
            ids = texts(document.record, "incidents") or texts(document.record, "id")
            missing = [ident for ident in ids if ident not in known]
            if ids and not missing:
                continue
            if not ids:
                stands = any(name in document.record for name in _DECIDED)
            else:
                stands = _carries_incident(document) or (
                    len(missing) == 1
                    and not difflib.get_close_matches(missing[0], known, n=1, cutoff=0.9)
                )
            if stands:
                yield Incident(document, missing[0] if missing else None)

    @cached_property
    def postmortems(self) -> tuple[Postmortem, ...]:
        """Reviews: postmortem records, and incidents that are their own."""
        reviews = [
            Postmortem(
                document, texts(document.record, "incidents") or texts(document.record, "id")
            )
            for document in self._of("postmortem")
        ]
        reviewed = {ident for review in reviews for ident in review.incident_ids}
        reviews += [
            Postmortem(incident.document, (incident.id,) if incident.id else ())
            for incident in self._alone
            if not incident.is_postmortem
            and incident.id not in reviewed
            and is_own_review(incident.document)
        ]
        return tuple(sorted(reviews, key=lambda review: review.document.path))

    @cached_property
    def runbooks(self) -> tuple[Runbook, ...]:
        """Runbooks."""
        return tuple(
            Runbook(document, text(document.record, "id")) for document in self._of("runbook")
        )

    @cached_property
    def plans(self) -> tuple[MitigationPlan, ...]:
        """Mitigation plans."""
        return tuple(
            MitigationPlan(document, text(document.record, "incident"))
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
        return not incident.is_postmortem or _carries_incident(incident.document)

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
    def incident_by_id(self) -> dict[str, Incident]:
        """Incidents by id; of two with the same id the first by path."""
        return {i.id: i for i in reversed(self.incidents) if i.id is not None}

    @cached_property
    def incident_by_path(self) -> dict[str, Incident]:
        """Incidents by the path of the record that tells or stands for each."""
        return {incident.document.path: incident for incident in self.incidents}

    @cached_property
    def runbook_by_id(self) -> dict[str, Runbook]:
        """Runbooks by id; of two with the same id the first by path."""
        return {r.id: r for r in reversed(self.runbooks) if r.id is not None}

    @cached_property
    def _postmortems_by_incident(self) -> dict[str, list[Postmortem]]:
        found: dict[str, list[Postmortem]] = {}
        for review in self.postmortems:
            for ident in review.incident_ids:
                found.setdefault(ident, []).append(review)
        for reviews in found.values():
            reviews.sort(key=lambda review: review.status != "final")
        return found

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

    def plans_of(self, incident: Incident) -> list[MitigationPlan]:
        """Return the mitigation plans of an incident."""
        return self._plans_by_incident.get(incident.id, []) if incident.id else []

    @cached_property
    def _plans_by_incident(self) -> dict[str | None, list[MitigationPlan]]:
        found: dict[str | None, list[MitigationPlan]] = {}
        for plan in self.plans:
            found.setdefault(plan.incident_id, []).append(plan)
        return found

    def timeline_holder(self, incident: Incident) -> Incident:
        """Return the incident as the record that holds its timeline tells it."""
        if incident.timeline:
            return incident
        for review in self.postmortems_of(incident):
            if review.document is not incident.document and review.record.get("timeline"):
                return Incident(review.document, incident.id)
        return incident


class Files:
    """What the files of a repository hold: what is on the disk.

    An editor's take the place of it where it knows better.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    @property
    def unsaved(self) -> Sequence[str]:
        """Paths of records that may not be on the disk yet."""
        return ()

    def content(self, path: str) -> bytes:
        """Return a file's bytes.

        Raises:
            OSError: it can't be read.
        """
        return (self.policy.root / path).read_bytes()

    def document(self, path: str, content: bytes, day: date | None = None) -> Document:
        """Return what a record's file says, with the arguments of `read_document`."""
        return read_document(path, content, self.policy.read_options, day=day)

    def alert_rules(self, path: str, content: bytes) -> AlertRuleFile:
        """Return what a rule file says."""
        return read_alert_rules(path, content, self.policy.read_options)


def load_corpus(policy: Policy, files: Files | None = None) -> Corpus:
    """Read every record below the policy's sources; what can't be read is a document with a finding."""
    files = files or Files(policy)
    found = {**dict.fromkeys(files.unsaved), **dict(_files(policy))}
    read = (
        _read(files, path, finding) for path, finding in sorted(found.items(), key=itemgetter(0))
    )
    documents = [document for document in read if document is not None]
    days = {
        ident: day
        for document in documents
        if document.kind == "incident" and (ident := text(document.record, "id"))
        if (day := day_of(document)) is not None
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
            content = files.content(path)
        except OSError as error:
            why = error.strerror or "can't be opened"
            hint = "Make it a readable file, or take it out of `alert_rules` in incident.yml"
            finding = _unreadable_path(path, why, hint)
            yield AlertRuleFile(SourceText(path, ""), findings=(finding,))
        else:
            yield files.alert_rules(path, content)


def day_of(document: Document) -> date | None:
    """Return the day that a record gives: its date, a ``*_at``, or its timeline's first entry."""
    record = document.record
    day = parse_date(record.get("date"))
    if day is not None:
        return day
    moments = [parse_instant(value) for name, value in record.items() if name.endswith("_at")]
    timeline = record.get("timeline")
    if isinstance(timeline, list):
        moments += [parse_instant(e.get("at")) for e in timeline if isinstance(e, dict)]
    return min((moment.date() for moment in moments if moment is not None), default=None)


def _with_incident_day(files: Files, document: Document, days: dict[str, date]) -> Document:
    """Read a document again whose days have no year, now that its incident's day is known."""
    if not document.wants_year:
        return document
    ids = [*texts(document.record, "incidents"), *texts(document.record, "incident")]
    day = min((days[ident] for ident in ids if ident in days), default=None)
    if day is None:
        return document
    return files.document(document.path, files.content(document.path), day)


def _read(files: Files, path: str, finding: Finding | None) -> Document | None:
    if finding is not None:
        return unreadable(path, finding)
    file = files.policy.root / path
    try:
        if file.exists() and not file.is_file():  # reading a pipe would wait for ever
            return unreadable(path, _unreadable_path(path, "it is a pipe or a device"))
        content = files.content(path)
    except OSError as error:
        return unreadable(path, _unreadable_path(path, error.strerror or "can't be opened"))
    document = files.document(path, content)
    introduces = Path(path).stem.lower() in NOT_RECORDS
    if introduces and "kind" not in document.record and not document.record.get("id"):
        return None
    return document


def _unreadable_path(
    path: str,
    why: str,
    hint: str = "Make it a readable file, or add it to `exclude` in incident.yml",
) -> Finding:
    return Finding(
        Location(path),
        f"`{path}` can't be read: {why.lower()}",
        hint=hint,
        rule="unreadable-path",
    )


def is_markdown(name: str) -> bool:
    """Return whether a file's name says that it is Markdown."""
    return name.lower().endswith((".md", ".markdown"))


def is_excluded(policy: Policy, path: str) -> bool:
    """Return whether a path, or a folder above it, matches one of the policy's patterns."""
    parts = path.split("/")
    candidates = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(
        fnmatch.fnmatchcase(candidate, pattern.removesuffix("/**").rstrip("/"))
        or fnmatch.fnmatchcase(candidate, pattern)
        or (pattern.startswith("**/") and fnmatch.fnmatchcase(candidate, pattern[3:]))
        for pattern in policy.exclude
        for candidate in candidates
    )


def _files(policy: Policy) -> Iterator[tuple[str, Finding | None]]:
    """Yield each Markdown file's path relative to the root, with what hinders reading it."""
    links: list[str] = []
    own: set[str] = set()
    for path, entry in walk(policy):
        if entry == "unreadable":
            yield path, _unreadable_path(path, "the folder can't be listed")
        elif entry == "outside" and (is_markdown(path) or (policy.root / path).is_dir()):
            yield path, _unreadable_path(path, "it is a link that leads out of the repository")
        elif entry == "folder" and is_markdown(path):
            yield path, _unreadable_path(path, "it is a folder named like a file")
        elif entry == "file" and is_markdown(path):
            if (policy.root / path).is_symlink():
                links.append(path)
            else:
                own.add(path)
                yield path, None
    real = {os.path.realpath(policy.root / path) for path in own} if links else set()
    for path in links:
        if os.path.realpath(policy.root / path) not in real:
            yield path, None


def walk(
    policy: Policy,
) -> Iterator[tuple[str, Literal["file", "folder", "unreadable", "outside"]]]:
    """Yield path and nature of everything below the sources that is not excluded.

    Names that begin with a dot are passed over. Linked folders are followed, each real one once.
    """
    root = Path(os.path.realpath(policy.root))
    seen: set[Path] = set()
    pending = list(reversed(policy.sources))
    linked: list[str] = []
    while pending or linked:
        # Links last: what lies in a source is known by its own path.
        folder = pending.pop() if pending else linked.pop()
        real = Path(os.path.realpath(policy.root / folder))  # one that loops does not raise
        if real in seen or not real.is_dir():
            continue
        seen.add(real)
        try:
            names = sorted(entry.name for entry in real.iterdir())
        except OSError:
            yield folder, "unreadable"
            continue
        for name in names:
            path = f"{folder}/{name}"
            if name.startswith(".") or is_excluded(policy, path):
                continue
            if not Path(os.path.realpath(policy.root / path)).is_relative_to(root):
                yield path, "outside"
                continue
            is_folder = (policy.root / path).is_dir()
            yield path, "folder" if is_folder else "file"
            if is_folder:
                (linked if (policy.root / path).is_symlink() else pending).append(path)
