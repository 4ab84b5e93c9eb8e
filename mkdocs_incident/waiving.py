"""Waivers at work: which findings they silence, and which waivers are wrong, expired or unused."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic, Finding
from mkdocs_incident.policy import Waiver
from mkdocs_incident.records.values import texts
from mkdocs_incident.rules import RULE_BY_NAME, RULES
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.rules.rule import Rule
from mkdocs_incident.wording import clip


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that a team has decided to live with."""

    diagnostic: Diagnostic
    waiver: Waiver


def waivers_of(corpus: Corpus) -> tuple[Waiver, ...]:
    """Return all waivers: those of the policy, then those that stand in records."""
    inline = (
        Waiver(w.rule, document.path, None, w.reason, w.until, w.location, w.line)
        for document in corpus.documents
        for w in document.waivers
    )
    return (*corpus.policy.waivers, *inline)


def divide(
    found: Sequence[Diagnostic], corpus: Corpus, today: date
) -> tuple[list[Diagnostic], list[Waived]]:
    """Return the findings that stand, and those that a waiver covers today."""
    waivers = [
        (waiver, paths_of(corpus, waiver))
        for waiver in waivers_of(corpus)
        if today <= waiver.expires
    ]
    kept: list[Diagnostic] = []
    waived: list[Waived] = []
    for diagnostic in found:
        covering = (w for w, paths in waivers if _covers(w, paths, diagnostic, corpus))
        waiver = next(covering, None)
        if waiver is None:
            kept.append(diagnostic)
        else:
            waived.append(Waived(diagnostic, waiver))
    return kept, waived


def wrong_waivers(
    corpus: Corpus, waived: Sequence[Waived], today: date, has_run: Callable[[Rule], bool]
) -> Iterator[Finding]:
    """Yield what is wrong with waivers; `has_run` tells whether a rule would have been seen to find."""
    used = {entry.waiver.location for entry in waived}
    for waiver in waivers_of(corpus):
        rule = rule_called(waiver.rule)
        if rule is None:
            near = difflib.get_close_matches(waiver.rule, list(RULE_BY_NAME), n=1, cutoff=0.5)
            yield Finding(
                waiver.location,
                f"Waiver names the rule `{clip(waiver.rule)}`, which does not exist",
                f"Did you mean `{near[0]}`?" if near else "`mkdocs-incident rules` lists all",
                rule="invalid-waiver",
            )
        elif today > waiver.expires:
            yield Finding(
                waiver.location,
                f"Waiver of `{rule.name}` expired on {waiver.expires}",
                "Mend what it was for and take it out, or decide again and move the date",
                rule="expired-waiver",
            )
        elif not paths_of(corpus, waiver):
            known = [i.id for i in (*corpus.incidents, *corpus.runbooks) if i.id is not None]
            yield Finding(
                waiver.location,
                f"Waiver is for the record `{clip(waiver.record)}`, which does not exist",
                nearest(waiver.record, known),
                rule="unused-waiver",
            )
        elif waiver.location not in used and has_run(rule):
            where = "on this line" if waiver.line is not None else f"in `{clip(waiver.record)}`"
            item = f" that speaks of `{clip(waiver.item)}`" if waiver.item else ""
            yield Finding(
                waiver.location,
                f"Waiver of `{rule.name}` covers nothing: there is no such finding {where}{item}",
                "Take it out; at the end of a line it covers that line alone"
                if waiver.line is not None
                else "Take it out",
                rule="unused-waiver",
            )


def rule_called(word: str) -> Rule | None:
    """Return the rule of a name or a code."""
    by_code = (rule for rule in RULES if rule.code == word.upper())
    return RULE_BY_NAME.get(word) or next(by_code, None)


def paths_of(corpus: Corpus, waiver: Waiver) -> frozenset[str]:
    """Return the paths that a waiver's record means: an incident's id means its review and plan, too."""
    return frozenset(
        document.path
        for document in corpus.documents
        if waiver.record in {document.path, document.record.get("id")}
        or waiver.record in texts(document.record, "incidents")
        or waiver.record in texts(document.record, "incident")
    )


def _covers(waiver: Waiver, paths: frozenset[str], diagnostic: Diagnostic, corpus: Corpus) -> bool:
    rule = rule_called(waiver.rule)
    place = diagnostic.location
    if rule is None or rule.name != diagnostic.name or place.path not in paths:
        return False
    if waiver.line is not None and not place.line <= waiver.line <= max(place.line, place.end_line):
        return False
    if waiver.item is None:
        return True
    source = next(d.source for d in corpus.documents if d.path == place.path)
    line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
    return waiver.item.casefold() in f"{diagnostic.message}\n{line}".casefold()
