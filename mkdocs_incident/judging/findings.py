"""What source, schema and rules say of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from msgspec.structs import replace

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import ActionItem, Incident, MitigationPlan, Postmortem, Runbook
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.rules import RULES
from mkdocs_incident.rules.rule import Context, Rule
from mkdocs_incident.schema.validation import judge
from mkdocs_incident.source.document import Document

Asked = Callable[[Rule], bool]
"""Which rules are asked."""


def findings(
    corpus: Corpus, as_of: datetime, asked: Asked, within: frozenset[str] | None = None
) -> Iterator[Finding]:
    """Yield all findings.

    Args:
        corpus: all records.
        as_of: when deadlines are judged, in UTC.
        asked: which rules are asked.
        within: paths of the records that are judged, each by itself; None judges all.
    """
    context = Context(corpus, as_of)
    for document in corpus.documents:
        if within is None or document.path in within:
            yield from findings_in(document, corpus, context, asked)
    for file in corpus.alert_rule_files:
        yield from file.findings
    for rule in comparing_rules() if within is None else ():
        if asked(rule):
            yield from findings_of(rule, corpus, context)


def findings_in(
    document: Document, corpus: Corpus, context: Context, asked: Asked
) -> Iterator[Finding]:
    """Yield what there is to say of what one document holds.

    Args:
        document: the document.
        corpus: its corpus, which tells what the document holds.
        context: what rules are told beside that.
        asked: which rules are asked.
    """
    yield from document_findings(document, context.policy)
    for visited, subject in subjects(document, corpus):
        for rule in _visitors()[visited]:
            if asked(rule):
                yield from findings_of(rule, subject, context)


def findings_of(rule: Rule, subject: Any, context: Context) -> Iterator[Finding]:
    """Yield what a rule says of a subject."""
    for finding in rule.run(subject, context):
        yield replace(finding, rule=rule.name)


def document_findings(document: Document, policy: Policy) -> Iterator[Finding]:
    """Yield what source and schema say of one document, whatever stands around it."""
    yield from document.findings
    if document.is_record:
        yield from judge(document, policy.schemas[document.kind])


def subjects(document: Document, corpus: Corpus) -> Iterator[tuple[type, Any]]:
    """Yield what rules visit of a document, by type: itself, what it is a record of, its action items."""
    if not document.is_record:
        return
    yield Document, document
    path = document.path
    if path in corpus.incident_by_path:
        yield Incident, corpus.incident_by_path[path]
    if path in corpus.review_by_path:
        yield Postmortem, corpus.review_by_path[path]
    if path in corpus.plan_by_path:
        yield MitigationPlan, corpus.plan_by_path[path]
    if path in corpus.runbook_by_path:
        yield Runbook, corpus.runbook_by_path[path]
    for item in action_items(document):
        yield ActionItem, item


def comparing_rules() -> list[Rule]:
    """Return the rules that visit all records at once."""
    return _visitors()[Corpus]


@cache
def _visitors() -> dict[type, list[Rule]]:
    found: dict[type, list[Rule]] = {}
    for rule in RULES:
        if rule.visits is not None:
            found.setdefault(rule.visits, []).append(rule)
    return found
