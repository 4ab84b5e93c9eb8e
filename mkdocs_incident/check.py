"""Everything that is wrong with a corpus, as sorted diagnostics."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from mkdocs_incident.baseline import Baseline
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic, Finding, Level
from mkdocs_incident.judging.findings import document_findings, findings
from mkdocs_incident.judging.memory import Memory
from mkdocs_incident.policy import Policy, PolicyError
from mkdocs_incident.rules import RULE_BY_NAME, RULES
from mkdocs_incident.rules.rule import Kind, Rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.waiving import ABOUT_WAIVERS, Waived, Waivers, unfit_rule


class Selection(msgspec.Struct, frozen=True):
    """Which rules count in a run, and how much."""

    select: tuple[str, ...] = ()
    """Names, codes or beginnings of codes; empty selects all."""
    ignore: tuple[str, ...] = ()
    clock: Level | None = None
    """Level of the clock's findings; None leaves each its own."""
    within: frozenset[str] | None = None
    """Paths of the records that are asked, by rules that visit one at a time; None asks all."""

    def includes(self, rule: Rule) -> bool:
        """Return whether a rule's findings are wanted."""
        chosen = not self.select or any(_names(word, rule) for word in self.select)
        return chosen and not any(_names(word, rule) for word in self.ignore)

    @property
    def is_everything(self) -> bool:
        """Whether all rules are asked about all records."""
        return not self.select and not self.ignore and self.within is None


def _names(word: str, rule: Rule) -> bool:
    return word == rule.name or rule.code.startswith(word.upper())


def unknown_words(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return the words that name no rule, each with the nearest name (or nothing)."""
    found = []
    for word in words:
        if not any(_names(word, rule) for rule in RULES):
            near = difflib.get_close_matches(word, list(RULE_BY_NAME), n=1, cutoff=0.5)
            found.append((word, near[0] if near else ""))
    return found


class Outcome(msgspec.Struct, frozen=True):
    """What a check found, by place."""

    diagnostics: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]
    """Findings that stand no longer in `diagnostics`, because a waiver covers them."""
    known: tuple[Diagnostic, ...] = ()
    """Findings that stand no longer in `diagnostics`, because the baseline holds them."""


def check(  # noqa: PLR0913 - one parameter a thing that decides
    corpus: Corpus,
    as_of: datetime,
    selection: Selection | None = None,
    baseline: Baseline | None = None,
    touched: frozenset[str] = frozenset(),
    *,
    memory: Memory | None = None,
) -> Outcome:
    """Return all findings of source, schema and rules, but for those that are waived or known.

    Args:
        corpus: all records.
        as_of: when deadlines are judged, in UTC.
        selection: which rules count; None is all.
        baseline: the findings that are known.
        touched: paths of files in which known findings count all the same.
        memory: what was found earlier; only what may have changed is judged.

    Raises:
        PolicyError: the policy names a rule that does not exist.
    """
    refuse_unknown_rules(corpus.policy)
    selection = selection or Selection()
    found = _stamped(_findings(corpus, as_of, selection, memory), corpus.policy, selection)
    waivers, today = Waivers(corpus), as_of.date()
    kept, waived = waivers.divide(_sorted(found), today)
    about_waivers = waivers.wrong(
        waived, today, lambda rule: _judges_text(rule, corpus.policy, selection)
    )
    kept += _stamped(about_waivers, corpus.policy, selection)
    known: list[Diagnostic] = []
    if baseline is not None:
        left_out = {rule.code for rule in RULES if not selection.includes(rule)}
        stale = baseline.stale(kept, lambda code: code not in left_out)
        kept, known = baseline.divide(_sorted(kept), touched)
        kept += _stamped(stale, corpus.policy, selection)
    return Outcome(_sorted(kept), tuple(waived), tuple(known))


def _findings(
    corpus: Corpus, as_of: datetime, selection: Selection, memory: Memory | None
) -> Iterable[Finding]:
    wanted = {
        rule.code
        for rule in RULES
        if selection.includes(rule) and _level(rule, corpus.policy) is not None
    }

    def asked(rule: Rule) -> bool:
        return rule.code in wanted

    if memory is not None and selection.is_everything:
        return memory.findings(corpus, as_of, asked)
    return findings(corpus, as_of, asked, selection.within)


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(set(found), key=lambda diagnostic: diagnostic.sort_key))


def _judges_text(rule: Rule, policy: Policy, selection: Selection) -> bool:
    """Whether a rule was asked, and would have found today what it finds on any other day."""
    level = _level(rule, policy)
    return rule.kind is Kind.TEXT and level is not None and selection.includes(rule)


def _level(rule: Rule, policy: Policy) -> Level | None:
    """Return the level of a rule's findings, but for what one says itself; None is off."""
    return policy.rule_levels.get(rule.name, rule.level_in(policy.profile))


def diagnose(document: Document, policy: Policy) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of one document alone."""
    return _sorted(_stamped(document_findings(document, policy), policy, Selection()))


def policy_diagnostics(error: PolicyError) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the policy file itself."""
    return _sorted(_stamped(error.findings, Policy(), Selection()))


def _stamped(
    findings: Iterable[Finding], policy: Policy, selection: Selection
) -> Iterator[Diagnostic]:
    """Give findings their rule's code and the level that the policy and the run decide."""
    for finding in findings:
        rule = RULE_BY_NAME[finding.rule]
        usual = rule.level_in(policy.profile)
        lowered = finding.level if usual is not None and finding.level is not None else usual
        level = policy.rule_levels.get(rule.name, lowered)
        if level is None or not selection.includes(rule):
            continue
        if rule.kind is Kind.CLOCK and selection.clock is not None:
            level = selection.clock
        yield Diagnostic(
            finding.location,
            rule.code,
            rule.name,
            level,
            finding.message,
            finding.hint,
            finding.related,
            finding.repair,
        )


def refuse_unknown_rules(policy: Policy) -> None:
    """Judge the rules that a policy names, in its levels and its waivers.

    Raises:
        PolicyError: it names a rule that does not exist.
    """
    findings = [
        Finding(policy.at("rules", word), *unfit_rule(word))
        for word in policy.rule_levels
        if word not in RULE_BY_NAME
    ]
    for i, waiver in enumerate(policy.waivers):
        rule = RULE_BY_NAME.get(waiver.rule)
        if rule is None or rule.code.startswith(ABOUT_WAIVERS):
            place = policy.positions.values["waivers", i, "rule"]
            findings.append(Finding(place, *unfit_rule(waiver.rule)))
    findings = [replace(finding, rule="value-not-allowed") for finding in findings]
    if findings:
        raise PolicyError(findings)
