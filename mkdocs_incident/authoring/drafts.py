"""New records: what is known by reference, a prompt where somebody must think."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from mkdocs_incident.authoring.places import beside, relative
from mkdocs_incident.authoring.rendering import render
from mkdocs_incident.authoring.webhooks import Alerted, Link
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.channels import channel_of
from mkdocs_incident.insights.deadlines import postmortem_deadline
from mkdocs_incident.insights.root_cause import known_cause
from mkdocs_incident.insights.runbook_drafts import new_path
from mkdocs_incident.insights.runbook_edits import rebased
from mkdocs_incident.policy.settings import in_units
from mkdocs_incident.records import Incident, Runbook
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.wording import slug


class Declaration(msgspec.Struct, frozen=True):
    """What is known of an incident when its record is begun."""

    title: str
    severity: str
    commander: str
    declared_at: datetime
    """In UTC, to the minute, like all other times here."""
    detected_at: datetime
    started_at: datetime | None = None
    services: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    impact: str | None = None
    severity_reason: str | None = None
    source: str | None = None
    """The monitoring system that raised it; None where people did."""
    events: tuple[tuple[datetime, str], ...] = ()
    links: tuple[Link, ...] = ()
    runbook_links: tuple[Link, ...] = ()

    @property
    def began(self) -> datetime:
        """The earliest of its times: it decides the year of the id."""
        times = (self.started_at, self.detected_at, self.declared_at)
        return min(at for at in times if at is not None)


def incident_text(corpus: Corpus, ident: str, path: str, declared: Declaration) -> str:
    """Return a new incident's record.

    Raises:
        EditError: the project's own template is wrong.
    """
    events = [(at, event, False) for at, event in declared.events]
    first = next((i for i, (at, _, _) in enumerate(events) if at == declared.detected_at), None)
    if first is not None:
        events[first] = (*events[first][:2], True)
    runbooks = [
        {"id": runbook.id or runbook.title, "path": relative(runbook.document.path, path)}
        for runbook in corpus.runbooks
        if runbook.status != "deprecated" and set(runbook.alerts) & set(declared.alerts)
    ]
    facts = {
        "id": ident,
        "title": declared.title,
        "severity": declared.severity,
        "severity_reason": declared.severity_reason,
        "commander": declared.commander,
        "services": declared.services,
        "alerts": declared.alerts,
        "impact": declared.impact,
        "source": declared.source,
        "declared_at": declared.declared_at,
        "detected_at": declared.detected_at,
        "started_at": declared.started_at,
        "is_first_alert": declared.source is not None and declared.started_at is not None,
        "has_detection_event": first is not None,
        "events": [{"at": at, "event": event, "detected": flag} for at, event, flag in events],
        "links": declared.links,
        "runbook_links": declared.runbook_links,
        "runbooks": runbooks,
    }
    return render(corpus.policy, "incident.md", facts)


def declaration_of(alerted: Alerted, **known: Any) -> Declaration:
    """Return what a payload and a person know together; what the person says goes first."""
    facts = {
        "severity_reason": alerted.severity_reason
        if known.get("severity") == alerted.severity
        else None,
        "detected_at": alerted.started_at,
        "started_at": alerted.started_at,
        "services": alerted.services,
        "alerts": alerted.alerts,
        "source": alerted.source,
        "events": alerted.events,
        "links": alerted.links,
        "runbook_links": alerted.runbook_links,
    }
    given = {key: value for key, value in known.items() if value not in {None, ()}}
    return Declaration(**(facts | given))


# ---------------------------------------------------------------------------------------------
# Postmortems


class Draft(msgspec.Struct, frozen=True):
    """A new file: where it is to stand, and what it says."""

    path: str
    text: str


def postmortem_draft(
    corpus: Corpus, incidents: Sequence[Incident], title: str | None, authors: Sequence[str]
) -> Draft:
    """Return the draft of a review: it leads to what the incidents' records say already.

    Raises:
        EditError: the project's own template is wrong.
    """
    path = beside(incidents[0], "postmortem")
    deadlines = (postmortem_deadline(corpus, incident) for incident in incidents)
    due = min((d.due_at for d in deadlines if d is not None and d.due_at is not None), default=None)
    facts = {
        "title": title or incidents[0].title,
        "authors": authors,
        "incidents": [_told(corpus, incident, path) for incident in incidents],
        "ids": [incident.id for incident in incidents],
        "due_at": due,
        "actions": max(_least_actions(corpus, incident) for incident in incidents),
        "runbooks": [
            {"id": runbook.id, "path": relative(runbook.document.path, path)}
            for runbook in _runbooks_of(corpus, incidents)
        ],
    }
    return Draft(path, render(corpus.policy, "postmortem.md", facts))


def _told(corpus: Corpus, incident: Incident, path: str) -> dict[str, Any]:
    """Return where an incident's record is and what it tells, so that nobody writes it again."""
    record = incident.record
    asked = (
        ("timeline", corpus.timeline_holder(incident).timeline),
        ("impact", record.get("impact")),
        ("people", incident.commander or texts(record, "responders")),
        ("mitigations", record.get("mitigations")),
        ("communications", incident.communications),
        ("evidence", record.get("evidence")),
    )
    return {
        "id": incident.id,
        "title": incident.title,
        "path": relative(incident.document.path, path),
        "tells": [name for name, value in asked if value],
        "plans": [relative(plan.document.path, path) for plan in corpus.plans_of(incident)],
    }


def _least_actions(corpus: Corpus, incident: Incident) -> int:
    level = corpus.policy.level(incident.severity)
    return level.actions if level is not None else 0


def _runbooks_of(corpus: Corpus, incidents: Sequence[Incident]) -> list[Runbook]:
    names = dict.fromkeys(use.id for incident in incidents for use in incident.runbooks)
    return [corpus.runbook_by_id[name] for name in names if name in corpus.runbook_by_id]


# ---------------------------------------------------------------------------------------------
# Runbooks


class Subject(msgspec.Struct, frozen=True):
    """What a runbook is for."""

    name: str
    services: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


def subject_named(corpus: Corpus, name: str) -> Subject | None:
    """Return what a name means: an alert, else a service; None where it is neither.

    Where the policy lists no services, any name is one.
    """
    policy = corpus.policy
    owners = tuple(service.name for service in policy.services if name in service.alerts)
    fired = (alert for incident in corpus.incidents for alert in incident.alerts)
    if owners or any(alert.name == name for alert in corpus.alert_rules) or name in fired:
        return Subject(name, owners, (name,))
    known = {service.name: service for service in policy.services}
    if name in known:
        return Subject(name, (name,), known[name].alerts)
    return None if known else Subject(name, (name,))


def runbook_id(subject: Subject) -> str:
    """Return the id of a new runbook."""
    return f"RB-{slug(subject.name) or 'runbook'}"


def runbook_draft(corpus: Corpus, subject: Subject, title: str | None, owner: str | None) -> Draft:
    """Return a new runbook with a prompt below each heading.

    Raises:
        EditError: the project's own template is wrong.
    """
    owners = {service.name: service.owner for service in corpus.policy.services}
    usual = next((owners[name] for name in subject.services if owners.get(name)), None)
    facts = {
        "id": runbook_id(subject),
        "title": title or subject.name,
        "owner": owner or usual,
        "services": subject.services,
        "alerts": subject.alerts,
    }
    return Draft(new_path(corpus, subject.name), render(corpus.policy, "runbook.md", facts))


# ---------------------------------------------------------------------------------------------
# Mitigation plans


def plan_draft(
    corpus: Corpus, incident: Incident, path: str, at: datetime, author: str | None
) -> Draft:
    """Return a new mitigation plan: the facts of the incident, and prompts for all else.

    Args:
        corpus: the records.
        incident: what it mitigates; it has an id and a severity.
        path: where the plan is to stand.
        at: when it is written, in UTC.
        author: handle of who writes it.

    Raises:
        EditError: the project's own template is wrong.
    """
    level = corpus.policy.level(incident.severity)
    every = level.update_every if level is not None else None
    cause = known_cause(corpus, incident)

    def moved(words: str | None, start: str = incident.document.path) -> str | None:
        return rebased(words, start, path) if words is not None else None

    steps = [
        {
            "title": moved(what),
            "impact": moved(text(entry, "result")),
            "rollback": moved(text(entry, "rollback")),
        }
        for _, entry in mappings(incident.record, "mitigations")
        if (what := text(entry, "action"))
    ]
    facts = {
        "incident": incident.id,
        "incident_path": relative(incident.document.path, path),
        "title": incident.title,
        "severity": incident.severity,
        "author": author,
        "created_at": at,
        "problem": incident.title,
        "impact": moved(text(incident.record, "impact", "summary")),
        "root_cause": moved(cause.words, cause.path) if cause is not None else None,
        "steps": steps,
        "channel": channel_of(corpus, incident),
        "update_every": in_units(every) if every is not None else None,
    }
    return Draft(path, render(corpus.policy, "mitigation-plan.md", facts))


def plan_path(corpus: Corpus, incident: Incident) -> str:
    """Return where a new plan of an incident stands: ``mitigation-plan.md``, or ``-2`` behind it."""
    first = beside(incident, "mitigation-plan")
    stem = first.removesuffix(".md")
    paths = (first, *(f"{stem}-{number}.md" for number in range(2, 1000)))
    return next(path for path in paths if not (corpus.policy.root / path).exists())
