"""The baseline: findings that were there when the gate came, in a file that can only get shorter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mkdocs_incident.diagnostic import Diagnostic, Finding, Location
from mkdocs_incident.file_names import BASELINE_NAME
from mkdocs_incident.policy import PolicyError
from mkdocs_incident.rules import RULE_BY_NAME
from mkdocs_incident.rules.rule import Kind
from mkdocs_incident.wording import counted

_VERSION = 1
Counts = dict[str, Counter[str]]
"""Path → what is found there (`Diagnostic.identity`), and how often."""


class Baseline(msgspec.Struct, frozen=True):
    """Findings that do not fail the gate."""

    counts: Counts
    lines: dict[tuple[str, str], int]
    """Line of the file on which each entry stands."""

    def divide(
        self, diagnostics: Sequence[Diagnostic], touched: frozenset[str]
    ) -> tuple[list[Diagnostic], list[Diagnostic]]:
        """Return the findings that are new or in a touched file, and those that are known."""
        left = {path: Counter(found) for path, found in self.counts.items()}
        new: list[Diagnostic] = []
        known: list[Diagnostic] = []
        for diagnostic in diagnostics:
            path, said = diagnostic.location.path, diagnostic.identity
            is_known = is_lasting(diagnostic) and left.get(path, Counter())[said] > 0
            if is_known:
                left[path][said] -= 1
            (known if is_known and path not in touched else new).append(diagnostic)
        return new, known

    def stale(
        self, diagnostics: Iterable[Diagnostic], has_run: Callable[[str], bool]
    ) -> list[Finding]:
        """Return a finding for each entry that names more than there is.

        `has_run` tells by a rule's code whether it was asked; of others nothing is known.
        """
        there = counts_of(diagnostics)
        found = []
        for path, entries in self.counts.items():
            for said, count in entries.items():
                gone = count - there.get(path, Counter())[said]
                if gone > 0 and has_run(said.split(" ", maxsplit=1)[0]):
                    line = self.lines.get((path, said), 1)
                    found.append(
                        Finding(
                            Location(BASELINE_NAME, line, 1, line, 1),
                            f"Baseline has {counted(gone, 'finding')} that `{path}` no longer has: {said}",
                            "Run `mkdocs-incident baseline`, which takes out what is mended and follows renamed "
                            "files, and commit the file",
                            rule="stale-baseline",
                        )
                    )
        return found


def is_lasting(diagnostic: Diagnostic) -> bool:
    """Return whether a baseline may hold a finding: not where passing time alone makes and ends it."""
    return RULE_BY_NAME[diagnostic.name].kind is not Kind.CLOCK


def counts_of(diagnostics: Iterable[Diagnostic]) -> Counts:
    """Return what a baseline of these findings holds."""
    found: Counts = {}
    for diagnostic in filter(is_lasting, diagnostics):
        if diagnostic.location.path != BASELINE_NAME:
            found.setdefault(diagnostic.location.path, Counter())[diagnostic.identity] += 1
    return found


def followed(counts: Counts, renames: Mapping[str, str]) -> Counts:
    """Return a baseline's entries under the new paths of files that were renamed.

    A path that has entries of its own keeps them.
    """
    return {
        renames[path] if path in renames and renames[path] not in counts else path: entries
        for path, entries in counts.items()
    }


def written(counts: Counts) -> str:
    """Return a baseline as its file holds it: sorted, one finding a line, so that it merges well."""
    entries = {path: dict(sorted(found.items())) for path, found in sorted(counts.items())}
    return (
        json.dumps({"version": _VERSION, "findings": entries}, indent=1, ensure_ascii=False) + "\n"
    )


def load_baseline(root: Path) -> Baseline | None:
    """Read the baseline of a repository, None if it has none.

    Raises:
        PolicyError: the file can't be read, or is none.
    """
    path = root / BASELINE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if path.is_symlink():
            raise _refusal(
                "Baseline can't be read: it is a link to a file that is not there"
            ) from None
        return None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise _refusal(f"Baseline can't be read: {why}") from error
    try:
        data = json.loads(text)
    except ValueError as error:
        raise _refusal(f"Baseline is not JSON: {error}") from error
    except RecursionError:
        raise _refusal("Baseline is not JSON that can be read: it is nested too deep") from None
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, bool) or version != _VERSION:
        raise _refusal(f"Baseline is not of version {_VERSION}, which this tool reads")
    findings: Any = data.get("findings")
    if not _is_well_formed(findings):
        raise _refusal("Baseline names no findings by file")
    counts = {name: Counter(found) for name, found in findings.items()}
    return Baseline(counts, _lines(text, counts))


def _is_well_formed(findings: Any) -> bool:
    return isinstance(findings, dict) and all(
        isinstance(found, dict)
        and all(
            isinstance(count, int) and not isinstance(count, bool) and count > 0
            for count in found.values()
        )
        for found in findings.values()
    )


def _refusal(message: str) -> PolicyError:
    hint = "Write it anew with `mkdocs-incident baseline --accept-new`, or restore it from git"
    return PolicyError([Finding(Location(BASELINE_NAME), message, hint, rule="stale-baseline")])


def _lines(text: str, counts: Counts) -> dict[tuple[str, str], int]:
    """Find the line of each entry; from one on that is spelled in another way none is known."""
    found: dict[tuple[str, str], int] = {}
    line = 1
    at = 0
    for path, entries in counts.items():
        for said in (None, *entries):
            key = json.dumps(path if said is None else said, ensure_ascii=False)
            next_at = text.find(key, at)
            if next_at < 0:
                return found
            line += text.count("\n", at, next_at)
            at = next_at
            if said is not None:
                found[path, said] = line
            at += len(key)
    return found
