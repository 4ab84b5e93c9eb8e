"""Which runbooks cover an incident, and the services and alerts that none covers."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.runbook_drafts import NewRunbooks, draft_runbook
from mkdocs_incident.insights.runbook_edits import add_to_list
from mkdocs_incident.insights.runbook_suggestion import Suggestion, id_of
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.records import Incident, Runbook
from mkdocs_incident.records.values import text
from mkdocs_incident.wording import slug


def covering(corpus: Corpus, incident: Incident) -> list[Runbook]:
    """Return the runbooks that the incident used, else those of its services."""
    used = [
        corpus.runbook_by_id[use.id] for use in incident.runbooks if use.id in corpus.runbook_by_id
    ]
    return used or [
        runbook
        for runbook in corpus.runbooks
        if runbook.status != "deprecated" and set(runbook.services) & set(incident.services)
    ]


def uncovered(corpus: Corpus, new: NewRunbooks) -> Iterator[Suggestion]:
    """Yield services with an incident and no runbook, and alerts that no runbook knows."""
    active = [runbook for runbook in corpus.runbooks if runbook.status != "deprecated"]
    services = {service for runbook in active for service in runbook.services}
    alerts = {alert for runbook in active for alert in runbook.alerts}
    latest: dict[str, Incident] = {}
    alert_of: dict[tuple[str, str], tuple[Incident, Runbook]] = {}
    for incident in sorted(
        corpus.incidents, key=lambda i: (i.began is not None, str(i.began), i.document.path)
    ):
        lacking = [service for service in incident.services if service not in services]
        for service in lacking:
            latest[service] = incident
        nearest = next(iter(covering(corpus, incident)), None)
        for alert in incident.alerts:
            if alert in alerts or lacking:
                continue
            if nearest is not None:
                alert_of[nearest.document.path, alert] = (incident, nearest)
            else:
                latest[alert] = incident
    for subject, incident in latest.items():
        ident = f"RB-{slug(subject) or 'runbook'}"
        if ident in corpus.runbook_by_id:
            yield _claim(corpus.runbook_by_id[ident], subject, incident)
        elif ident not in corpus.unreadable_runbook_ids:
            yield _draft(corpus, subject, incident, new.of(subject))
    for (path, alert), (incident, runbook) in alert_of.items():

        def edit(before: str, alert: str = alert) -> str:
            return add_to_list(before, "alerts", [alert])

        yield Suggestion(
            "uncovered",
            gettext(
                "Alert `%(alert)s` fired in %(incident)s and leads to no runbook",
                alert=alert,
                incident=id_of(incident),
            ),
            (
                gettext(
                    "`%(runbook)s` covers the service; name the alert in it", runbook=runbook.id
                ),
            ),
            incident.document.at("alerts"),
            path,
            runbook,
            incident,
            None,
            edit,
        )


def _claim(runbook: Runbook, subject: str, incident: Incident) -> Suggestion:
    """Suggest that the runbook whose id is a service's or an alert's own name says so."""
    key = "services" if subject in incident.services else "alerts"
    return Suggestion(
        "uncovered",
        gettext(
            "`%(runbook)s` does not name `%(subject)s`, which had %(incident)s",
            runbook=runbook.id,
            subject=subject,
            incident=id_of(incident),
        ),
        (gettext("Name it under `%(key)s`", key=key),),
        incident.document.at(key),
        runbook.document.path,
        runbook,
        incident,
        None,
        lambda before: add_to_list(before, key, [subject]),
    )


def _draft(corpus: Corpus, subject: str, incident: Incident, name: tuple[str, str]) -> Suggestion:
    """Suggest the runbook of a service or an alert, with the id and the path that are its name."""
    is_service = subject in incident.services
    lacks = (
        marked("Service `%(subject)s` had %(incident)s and has no runbook")
        if is_service
        else marked("Alert `%(subject)s` had %(incident)s and has no runbook")
    )
    reviews = corpus.postmortems_of(incident)
    drafted = draft_runbook(corpus, subject, incident, name)
    taught = tuple(
        line
        for line in (
            (text(incident.record, "impact", "summary") or "").split("\n")[0],
            *(review.root_cause.split("\n")[0] for review in reviews if review.root_cause),
        )
        if line
    )
    return Suggestion(
        "uncovered",
        gettext(lacks, subject=subject, incident=id_of(incident)),
        taught,
        incident.document.at("services" if is_service else "alerts"),
        name[1],
        None,
        incident,
        reviews[0] if reviews else None,
        lambda before: before or drafted,
    )
