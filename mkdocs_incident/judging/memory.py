"""Findings that were made earlier, and which of them still hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from sys import intern
from typing import NamedTuple

from mkdocs_incident.cache.documents import RememberedFiles
from mkdocs_incident.cache.fingerprint import fingerprint
from mkdocs_incident.cache.rows import Rows
from mkdocs_incident.cache.store import Store
from mkdocs_incident.corpus import Corpus, entry_of, load_corpus
from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.judging.findings import (
    Asked,
    comparing_rules,
    findings_in,
    findings_of,
    subjects,
)
from mkdocs_incident.judging.names import ALERT_RULES, IDS, STANDS_IN, linked, names_of
from mkdocs_incident.judging.trace import Trace
from mkdocs_incident.judging.traced_corpus import TracedContext
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import Incident
from mkdocs_incident.records.entry import Entry
from mkdocs_incident.rules.rule import Rule
from mkdocs_incident.rules.targets import Target, target
from mkdocs_incident.source.document import Document
from mkdocs_incident.workers import in_slices, pays

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_TICK = timedelta.resolution


class _Unit(NamedTuple):
    """What was found in one document, or by one rule about all, and from what.

    All files of alert rules are one unit in which nothing is found: findings depend on what they say.
    """

    key: bytes
    """Stands for the document's path and content, or those of the files of alert rules."""
    entry: bytes
    """Stands for what links the document."""
    answers: tuple[str, ...]
    """The names that it answers to."""
    asked: tuple[str, ...]
    """The names whose meaning has to be the same."""
    targets: tuple[tuple[str, Target], ...]
    since: int
    until: int
    """Microseconds between which the clock says the same, the second not included."""
    findings: tuple[Finding, ...]


class Memory:
    """Findings by document, each with what it was made from; what still holds is not judged again."""

    def __init__(self, policy: Policy, *, with_texts: bool = False) -> None:
        """Remember what there is to say by a policy; keep the records' texts at hand if all are wanted."""
        self._store = Store(policy.root)
        self._files = RememberedFiles(policy, self._store, with_texts=with_texts)
        name = os.fsencode(policy.config_name or "")
        decides = b"\0".join((fingerprint(), b"findings", policy.digest, name))
        key = blake2b(decides, digest_size=16).digest()
        self._rows = Rows(self._store, key, _Unit)

    def corpus(self) -> Corpus:
        """Return all records, as `load_corpus` does; what has not changed is not parsed again."""
        corpus = load_corpus(self._files.policy, self._files)
        if self._files.save():
            self._store.tidy(self._in_use)
        return corpus

    def forget(self) -> None:
        """Keep nothing of what earlier runs knew."""
        self._store.forget()

    def _in_use(self) -> set[bytes]:
        return {*self._files.in_use(), *self._rows.keys}

    def findings(self, corpus: Corpus, as_of: datetime, asked: Asked) -> list[Finding]:
        """Return all findings, as `judging.findings` has them; remember those that were made anew."""
        known = dict(self._rows.kept)
        rule_files, rule_files_before = self._rule_files(corpus), known.pop(ALERT_RULES, None)
        keys = {document.path: self._key_of(document) for document in corpus.documents}
        changed = self._changed(corpus, known, keys)
        if rule_files != rule_files_before:
            changed.add(ALERT_RULES)
        if IDS in changed and (
            any(STANDS_IN in unit.answers for unit in known.values())
            or any(incident.is_postmortem for incident in corpus.incidents)
        ):
            known = {}  # which postmortem stands for an incident depends on how all ids are written
        clock = (as_of - _EPOCH) // _TICK
        units: dict[str, _Unit] = {}
        pending: list[Rule | Document] = []
        for name, subject, key in self._subjects(corpus, asked, keys):
            unit = known.get(name)
            if unit is None or not self._holds(unit, key, clock, changed):
                pending.append(subject)
            else:
                units[name] = unit

        def judged(subjects: Sequence[Rule | Document]) -> dict[str, _Unit]:
            return dict(self._judged(subject, corpus, as_of, asked) for subject in subjects)

        if pays(pending):
            corpus.link()
        new: dict[str, _Unit] = {}
        for some in in_slices(judged, pending):
            new |= some
        units |= new
        if changed or any(_lasting(unit) != _lasting(known.get(n)) for n, unit in new.items()):
            self._rows.put({ALERT_RULES: rule_files, **units})
            self._store.tidy(self._in_use)
        found = [finding for unit in units.values() for finding in unit.findings]
        return [*found, *(f for file in corpus.alert_rule_files for f in file.findings)]

    def _key_of(self, document: Document) -> bytes:
        key = self._files.key(document.path)
        return key if key is not None else repr(document.findings).encode()

    def _rule_files(self, corpus: Corpus) -> _Unit:
        paths = (file.source.path for file in corpus.alert_rule_files)
        files = [(path, self._files.digest(path)) for path in paths]
        key = blake2b(repr(files).encode(), digest_size=16).digest()
        return _Unit(key, b"", (ALERT_RULES,), (), (), 0, 0, ())

    def _changed(self, corpus: Corpus, known: dict[str, _Unit], keys: dict[str, bytes]) -> set[str]:
        """Return the names whose meaning may have changed: those that changed documents answer to."""
        rules = {rule.code for rule in comparing_rules()}
        found = {
            name
            for path, unit in known.items()
            if path not in keys and path not in rules
            for name in unit.answers
        }
        for document in corpus.documents:
            before = known.get(document.path)
            if before is None or before.key != keys[document.path]:
                entry = entry_of(document)
                if before is not None and before.entry == _digest(document, entry):
                    found |= names_of(document, None)
                else:
                    found |= names_of(document, entry)
                    found.update(before.answers if before is not None else ())
        return found

    def _holds(self, unit: _Unit, key: bytes, clock: int, changed: set[str]) -> bool:
        return (
            unit.key == key
            and unit.since <= clock < unit.until
            and (not changed or changed.isdisjoint(unit.asked))
            and all(self._leads_to(path) == found for path, found in unit.targets)
        )

    def _leads_to(self, path: str) -> Target:
        if path in self._files.paths:
            return "something"
        return target(self._files.policy.root, "", path)

    def _subjects(
        self, corpus: Corpus, asked: Asked, keys: dict[str, bytes]
    ) -> Iterator[tuple[str, Rule | Document, bytes]]:
        """Yield what is judged by name, with its key: rules about all first, they take longest."""
        for rule in filter(asked, comparing_rules()):
            yield rule.code, rule, b""
        for document in corpus.documents:
            yield document.path, document, keys[document.path]

    def _judged(
        self, subject: Rule | Document, corpus: Corpus, as_of: datetime, asked: Asked
    ) -> tuple[str, _Unit]:
        if isinstance(subject, Rule):
            return subject.code, _compared(subject, corpus, as_of)
        return subject.path, self._of_document(subject, corpus, as_of, asked)

    def _of_document(
        self, document: Document, corpus: Corpus, as_of: datetime, asked: Asked
    ) -> _Unit:
        trace = Trace()
        trace.saw([document])
        entry = entry_of(document)
        trace.names |= linked(entry)
        stands_in = False
        for _, subject in subjects(document, corpus):
            if isinstance(subject, Incident):
                trace.met(subject)
                stands_in |= subject.is_postmortem
        context = TracedContext.of(corpus, as_of, trace)
        found = tuple(findings_in(document, corpus, context, asked))
        key = self._key_of(document)
        names = [*names_of(document, entry), *([STANDS_IN] if stands_in else ())]
        return _unit(trace, found, key, _digest(document, entry), tuple(map(intern, names)))


def _lasting(unit: _Unit | None) -> _Unit | None:
    """Return a unit without its hour, if that is this one moment: nobody can take it up again.

    It would be written in each run, and a server that watches the folder would build without end.
    """
    if unit is None or unit.until - unit.since > 1:
        return unit
    return unit._replace(since=0, until=0)


def _digest(document: Document, entry: Entry) -> bytes:
    linking = repr((document.kind, document.is_record, entry))
    return blake2b(linking.encode(), digest_size=16).digest()


def _compared(rule: Rule, corpus: Corpus, as_of: datetime) -> _Unit:
    trace = Trace()
    context = TracedContext.of(corpus, as_of, trace)
    return _unit(trace, tuple(findings_of(rule, context.corpus, context)))


def _unit(
    trace: Trace,
    found: tuple[Finding, ...],
    key: bytes = b"",
    entry: bytes = b"",
    answers: tuple[str, ...] = (),
) -> _Unit:
    return _Unit(
        key,
        entry,
        answers,
        tuple(map(intern, trace.names)),  # once in the memory, and in the file
        tuple(trace.targets.items()),
        (trace.since - _EPOCH) // _TICK,
        (trace.until - _EPOCH) // _TICK,
        found,
    )
