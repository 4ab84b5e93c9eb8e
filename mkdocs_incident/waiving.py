"""Waivers at work: which findings they silence, and which waivers are wrong, expired or unused."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic, Finding
from mkdocs_incident.policy import Waiver
from mkdocs_incident.records.values import texts
from mkdocs_incident.rules import RULE_BY_NAME, RULES
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.rules.rule import Rule
from mkdocs_incident.wording import clip

ABOUT_WAIVERS = "POL"
"""Codes of the rules that judge waivers: no waiver covers them."""


class Waived(msgspec.Struct, frozen=True):
    """A finding that a team has decided to live with."""

    diagnostic: Diagnostic
    waiver: Waiver


class Waivers:
    """All waivers of a corpus: those of the policy, then those that stand in records."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        inline = (
            Waiver(w.rule, document.path, None, w.reason, w.until, w.location, w.line)
            for document in corpus.documents
            for w in document.waivers
        )
        self.all: tuple[Waiver, ...] = (*corpus.policy.waivers, *inline)
        self._paths = _paths_by_name(corpus) if self.all else {}

    def divide(
        self, found: Sequence[Diagnostic], today: date
    ) -> tuple[list[Diagnostic], list[Waived]]:
        """Return the findings that stand, and those that a waiver covers today."""
        holding: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in self.all:
            if today <= waiver.expires:
                for path in self.paths_of(waiver):
                    holding.setdefault((waiver.rule, path), []).append(waiver)
        kept: list[Diagnostic] = []
        waived: list[Waived] = []
        for diagnostic in found:
            candidates = holding.get((diagnostic.name, diagnostic.location.path), ())
            covering = next((w for w in candidates if self._covers(w, diagnostic)), None)
            if covering is None or diagnostic.code.startswith(ABOUT_WAIVERS):
                kept.append(diagnostic)
            else:
                waived.append(Waived(diagnostic, covering))
        return kept, waived

    def wrong(
        self, waived: Sequence[Waived], today: date, has_run: Callable[[Rule], bool]
    ) -> Iterator[Finding]:
        """Yield what is wrong with waivers; `has_run` tells whether a rule would have found anything."""
        covered: dict[str, list[Waived]] = {}
        for entry in waived:
            covered.setdefault(entry.diagnostic.name, []).append(entry)
        used = {entry.waiver.location for entry in waived}
        for waiver in self.all:
            rule = RULE_BY_NAME.get(waiver.rule)
            if rule is None or rule.code.startswith(ABOUT_WAIVERS):
                message, hint = unfit_rule(waiver.rule)
                yield Finding(waiver.location, message, hint, rule="invalid-waiver")
            elif today > waiver.expires:
                yield Finding(
                    waiver.location,
                    f"Waiver of `{rule.name}` expired on {waiver.expires}",
                    "Mend what it was for and take it out, or decide again and move the date",
                    rule="expired-waiver",
                )
            elif not self.paths_of(waiver):
                known = [i.id for i in (*self._corpus.incidents, *self._corpus.runbooks) if i.id]
                yield Finding(
                    waiver.location,
                    f"Waiver is for the record `{clip(waiver.record)}`, which does not exist",
                    nearest(waiver.record, known),
                    rule="unused-waiver",
                )
            elif waiver.location not in used and has_run(rule):
                yield self._unused(waiver, covered.get(rule.name, ()))

    def _unused(self, waiver: Waiver, covered: Sequence[Waived]) -> Finding:
        paths = self.paths_of(waiver)
        for entry in covered:
            if entry.diagnostic.location.path in paths and self._covers(waiver, entry.diagnostic):
                other = entry.waiver.location
                return Finding(
                    waiver.location,
                    f"Waiver of `{waiver.rule}` is given twice: {other.path}:{other.line} covers what it does",
                    "Take one of the two out",
                    rule="unused-waiver",
                )
        where = "on this line" if waiver.line is not None else f"in `{clip(waiver.record)}`"
        item = f" that speaks of `{clip(waiver.item)}`" if waiver.item else ""
        return Finding(
            waiver.location,
            f"Waiver of `{waiver.rule}` covers nothing: there is no such finding {where}{item}",
            "Take it out; at the end of a line it covers that line alone"
            if waiver.line is not None
            else "Take it out",
            rule="unused-waiver",
        )

    def paths_of(self, waiver: Waiver) -> frozenset[str]:
        """Return the paths that a waiver's record means.

        An incident's id means its review and plan, too, a folder all that is in it.
        """
        names = (waiver.record, posixpath.normpath(waiver.record))
        return frozenset(next((self._paths[name] for name in names if name in self._paths), ()))

    def _lines(self, path: str) -> Sequence[str]:
        source = self._corpus.source(path)
        return source.lines if source is not None else ()

    def _covers(self, waiver: Waiver, diagnostic: Diagnostic) -> bool:
        """Whether a waiver of the finding's rule and record is for this finding."""
        place = diagnostic.location
        last = max(place.line, place.end_line)
        if waiver.line is not None and not place.line <= waiver.line <= last:
            return False
        if waiver.item is None:
            return True
        lines = self._lines(place.path)
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        return _speaks_of(waiver.item).search(f"{diagnostic.message}\n{line}") is not None


def unfit_rule(word: str) -> tuple[str, str]:
    """Return message and hint for a word that names no rule, or none that can be waived."""
    if word in RULE_BY_NAME:
        message = f"Rule `{word}` judges waivers and can't be waived"
        return message, "Mend the waiver that it speaks of"
    by_code = next((rule.name for rule in RULES if rule.code == word.upper()), None)
    near = difflib.get_close_matches(word, list(RULE_BY_NAME), n=1, cutoff=0.5)
    meant = by_code or next(iter(near), None)
    hint = f"Did you mean `{meant}`?" if meant else "`mkdocs-incident rules` lists all"
    return f"Rule `{clip(word)}` does not exist", hint


@lru_cache(maxsize=256)
def _speaks_of(item: str) -> re.Pattern[str]:
    """Return a pattern of an id or of words as a whole: ``ACT-1`` is not in ``ACT-12``."""
    return re.compile(rf"(?<![\w-]){re.escape(item.strip())}(?![\w-])", re.IGNORECASE)


def _paths_by_name(corpus: Corpus) -> dict[str, set[str]]:
    """Return the paths of the records and rule files that an id, a path or a folder means."""
    found = {file.source.path: {file.source.path} for file in corpus.alert_rule_files}
    for document in corpus.documents:
        names = {document.path, *texts(document.record, "id"), *texts(document.record, "incident")}
        names.update(texts(document.record, "incidents"))
        parts = document.path.split("/")[:-1]
        names.update("/".join(parts[: end + 1]) for end in range(len(parts)))
        for name in names:
            found.setdefault(name, set()).add(document.path)
    return found
