"""A repository as an editor sees it: the files on the disk, and what is typed in their place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec.structs import replace

from mkdocs_incident.baseline import Baseline, load_baseline
from mkdocs_incident.check import Selection, check, policy_diagnostics, refuse_unknown_rules
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.diagnostic import Diagnostic
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.files import Files, is_excluded, is_markdown
from mkdocs_incident.policy import Policy, PolicyError, load_policy
from mkdocs_incident.records.values import texts
from mkdocs_incident.rules import RULE_BY_NAME
from mkdocs_incident.source.alert_rules import AlertRuleFile, read_alert_rules
from mkdocs_incident.source.document import Document, read_document
from mkdocs_incident.source.text import SourceText

Texts = Mapping[str, str]
"""What is open in the editor, by path relative to the root."""


class _OpenFiles(Files):
    """The disk with what is open in the editor in its place; what has not changed is not read again."""

    def __init__(self, policy: Policy, open_texts: Texts, before: _OpenFiles | None) -> None:
        super().__init__(policy)
        self._texts = open_texts
        same = before is not None and before.policy.read_options == policy.read_options
        self._before = before if same else None
        self._documents: dict[tuple[str, date | None], tuple[bytes, Document]] = {}
        self._alert_rules: dict[str, tuple[bytes, AlertRuleFile]] = {}

    @property
    def unsaved(self) -> Sequence[str]:
        return [
            path
            for path in self._texts
            if _is_in_sources(self.policy, path) and not os.path.lexists(self.policy.root / path)
        ]

    def content(self, path: str) -> bytes:
        text = self._texts.get(path)
        return super().content(path) if text is None else encoded(text)

    def document(self, path: str, day: date | None = None) -> Document:
        content = self.content(path)
        known = self._before._documents.get((path, day)) if self._before else None  # noqa: SLF001
        if known is None or known[0] != content:
            known = content, read_document(path, content, self.policy.read_options, day=day)
        self._documents[path, day] = known
        return known[1]

    def alert_rules(self, path: str) -> AlertRuleFile:
        content = self.content(path)
        known = self._before._alert_rules.get(path) if self._before else None  # noqa: SLF001
        if known is None or known[0] != content:
            known = content, read_alert_rules(path, content, self.policy.read_options)
        self._alert_rules[path] = known
        return known[1]

    def forget(self) -> None:
        """Let go of what was read earlier: of that only what is still in use is kept."""
        self._before = None


def _is_in_sources(policy: Policy, path: str) -> bool:
    return (
        is_markdown(path)
        and any(path.startswith(f"{source}/") for source in policy.sources)
        and not any(part.startswith(".") for part in path.split("/"))
        and not is_excluded(policy, path)
    )


def encoded(text: str) -> bytes:
    """Return the bytes that a file with this text would have; half a character becomes ``?``."""
    return text.encode("utf-8", "replace")


class Reading(msgspec.Struct, frozen=True, dict=True):
    """All records, and what they are judged by, as they were at one moment."""

    corpus: Corpus
    baseline: Baseline | None
    problems: tuple[Diagnostic, ...]
    """What is wrong with the policy or the baseline; then the last good ones are in force."""
    is_judged: bool
    """Whether there is a policy to judge records by: not before the first good one."""
    policy_text: SourceText

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.corpus.policy

    def lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file that was read; none of another."""
        is_policy = path == self.policy_text.path
        source = self.policy_text if is_policy else self.corpus.source(path)
        return source.lines if source is not None else ()

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths of all records."""
        return frozenset(document.path for document in self.corpus.documents)

    def may_hold(self, path: str) -> bool:
        """Return whether a file with this path is, or will be, a record."""
        return path in self.paths or _is_in_sources(self.policy, path)

    def findings(self, as_of: datetime) -> dict[str, list[Diagnostic]]:
        """Return all findings by path, as ``check`` has them."""
        found = self.problems
        if self.is_judged:
            found += check(self.corpus, as_of, baseline=self.baseline).diagnostics
        by_path: dict[str, list[Diagnostic]] = {}
        for diagnostic in found:
            by_path.setdefault(diagnostic.location.path, []).append(diagnostic)
        return by_path

    def with_text(self, path: str, text: str) -> Reading:
        """Return the reading with one record as it is typed now; all others are as they were."""
        document = self.document(path, text)
        documents = (document if d.path == path else d for d in self.corpus.documents)
        return replace(self, corpus=replace(self.corpus, documents=tuple(documents)))

    def document(self, path: str, text: str) -> Document:
        """Return the record that a text is, read as the corpus reads it."""
        content = encoded(text)
        try:
            return RecordText.of(self.corpus, path, content).document
        except EditError:
            return read_document(path, content, self.policy.read_options)

    def findings_in(
        self, path: str, as_of: datetime, before: Sequence[Diagnostic], lines: Sequence[str]
    ) -> list[Diagnostic]:
        """Return the findings of one record without comparing all records anew.

        What rules found that compare all records stays, moved to where its lines are now.

        Args:
            path: the record.
            as_of: when deadlines are judged.
            before: the record's findings by the last whole check.
            lines: the record's lines as they were then.
        """
        if not self.is_judged:
            return []
        selection = Selection(within=self._about_the_same(path))
        found = check(self.corpus, as_of, selection, self.baseline).diagnostics
        compared = [d for d in before if RULE_BY_NAME[d.name].visits is Corpus]
        here = [diagnostic for diagnostic in found if diagnostic.location.path == path]
        here += _moved(compared, lines, self.lines(path))
        return sorted(here, key=lambda diagnostic: diagnostic.sort_key)

    def _about_the_same(self, path: str) -> frozenset[str]:
        """Return the paths of a record and of all that share an incident with it."""
        ids = {document.path: _ids(document) for document in self.corpus.records}
        own = ids.get(path, frozenset())
        return frozenset({path, *(other for other, known in ids.items() if known & own)})


def _ids(document: Document) -> frozenset[str]:
    return frozenset(
        ident for name in ("id", "incident", "incidents") for ident in texts(document.record, name)
    )


def _moved(
    found: Sequence[Diagnostic], before: Sequence[str], after: Sequence[str]
) -> Iterator[Diagnostic]:
    """Yield findings where their lines are after an edit; those of edited lines are left out."""
    shortest = min(len(before), len(after))
    head = next((i for i in range(shortest) if before[i] != after[i]), shortest)
    tail = next(
        (i for i in range(shortest - head) if before[-1 - i] != after[-1 - i]), shortest - head
    )
    by = len(after) - len(before)
    for diagnostic in found:
        place = diagnostic.location
        if place.end_line <= head:
            yield diagnostic
        elif place.line > len(before) - tail:
            moved = place._replace(line=place.line + by, end_line=place.end_line + by)
            yield replace(diagnostic, location=moved)


class Repository:
    """A folder with records; remembers what it read."""

    def __init__(self, root: Path, config: str = CONFIG_NAME) -> None:
        """Take the folder `root`, or the one of the policy file `config` in it."""
        self._config = Path(os.path.abspath(root / config))  # noqa: PTH100 - links are named
        self.root = self._config.parent
        self._files: _OpenFiles | None = None
        self._policy: Policy | None = None
        self._baseline: Baseline | None = None

    @property
    def policy_path(self) -> str:
        """Path of the policy file relative to the root, whether there is one or not."""
        return self._config.name

    def path_of(self, file: Path) -> str | None:
        """Return a file's path relative to the root, None of one outside of it."""
        for root, path in (
            (str(self.root), os.path.abspath(file)),  # noqa: PTH100
            (os.path.realpath(self.root), os.path.realpath(file)),
        ):
            if Path(path).is_relative_to(root):
                return Path(path).relative_to(root).as_posix()
        return None

    def read(self, open_texts: Texts) -> Reading:
        """Read all that changed since the last time."""
        text = open_texts.get(self.policy_path)
        policy, problems = self._read_policy(text)
        files = _OpenFiles(policy, open_texts, self._files)
        corpus = load_corpus(policy, files)
        files.forget()
        self._files = files
        try:
            self._baseline = load_baseline(policy.root)
        except PolicyError as error:
            problems += policy_diagnostics(error)
        return Reading(
            corpus,
            self._baseline,
            problems,
            self._policy is not None,
            SourceText(self.policy_path, self._policy_on_disk() if text is None else text),
        )

    def _read_policy(self, text: str | None) -> tuple[Policy, tuple[Diagnostic, ...]]:
        is_there = text is not None or os.path.lexists(self._config)
        try:
            policy = load_policy(
                self._config if is_there else None,
                self.root,
                None if text is None else encoded(text),
            )
            refuse_unknown_rules(policy)
        except PolicyError as error:
            return self._policy or Policy(self.root), policy_diagnostics(error)
        if policy != self._policy:  # an equal one keeps its schemas, which take time to make
            self._policy = policy
        return self._policy or policy, ()

    def _policy_on_disk(self) -> str:
        try:
            return self._config.read_text("utf-8", "replace")
        except OSError:
            return ""
