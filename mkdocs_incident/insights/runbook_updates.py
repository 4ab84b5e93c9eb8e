"""What incidents taught and which runbook does not say yet, each with the edit that would say it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.insights.runbook_drafts import draft_runbook, front_matter, new_path
from mkdocs_incident.insights.runbook_edits import (
    add_to_list,
    append_lesson,
    append_scenario,
    insert_steps,
    rebased,
)
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import ActionItem, Incident, Postmortem, Runbook, RunbookUpdate
from mkdocs_incident.records.values import text as text_at
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.wording import capitalised, slug, words

Reason = Literal["declared", "verdict", "uncovered", "requested"]
Edit = Callable[[str], str]

LACKING = {"wrong": "was wrong", "outdated": "was outdated", "missing-step": "was missing a step"}
"""Verdicts that ask for an edit, as the sentence that says so."""

_VERDICTS = {
    "wrong": marked("`%(runbook)s` was wrong in %(incident)s"),
    "outdated": marked("`%(runbook)s` was outdated in %(incident)s"),
    "missing-step": marked("`%(runbook)s` was missing a step in %(incident)s"),
}

_RUNBOOK_ID = regex(r"\bRB-[A-Za-z0-9][\w-]*")
_SPACES = regex(r"\s+")


class Suggestion(msgspec.Struct, frozen=True):
    """One thing that a runbook should say."""

    reason: Reason
    headline: str
    """What is lacking, in one sentence without full stop."""
    taught: tuple[str, ...]
    """What the incident taught, line by line."""
    location: Location
    """Where the record says so."""
    path: str
    """The runbook's file: an existing one, or the new one that the draft would be."""
    runbook: Runbook | None
    """None where the runbook does not exist yet."""
    incident: Incident | None
    review: Postmortem | None
    edit: Edit


def runbook_updates(corpus: Corpus) -> list[Suggestion]:
    """Return what runbooks lack, by runbook, then by place of the record that says so."""
    found: list[Suggestion] = []
    for review in corpus.postmortems:
        found += pending_updates(corpus, review)
    reviewed = {id(i.document) for r in corpus.postmortems for i in corpus.incidents_of(r)}
    for incident in corpus.incidents:
        if id(incident.document) not in reviewed:
            found += _verdicts(corpus, incident, None)
    found += _uncovered(corpus)
    taken = {(s.path, s.incident.id if s.incident else None) for s in found}
    for suggestion in _requested(corpus):
        if (suggestion.path, suggestion.incident.id if suggestion.incident else None) not in taken:
            found.append(suggestion)
    return sorted(found, key=lambda suggestion: (suggestion.path, suggestion.location))


def pending_updates(corpus: Corpus, review: Postmortem) -> list[Suggestion]:
    """Return what a review declares, or its incidents' verdicts say, that no runbook carries yet."""
    incidents = corpus.incidents_of(review)
    found = [
        suggestion
        for update in review.runbook_updates
        if update.status == "proposed"
        and (suggestion := _declared(corpus, review, update, incidents)) is not None
    ]
    declared = {suggestion.path for suggestion in found}
    for incident in incidents:
        found += [s for s in _verdicts(corpus, incident, review) if s.path not in declared]
    return found


def updates_by_use(corpus: Corpus, runbook: Runbook) -> list[Suggestion]:
    """Return what reviews and verdicts of the incidents that used a runbook say, of it and of others."""
    reviews: dict[str, Postmortem] = {}
    found: list[Suggestion] = []
    for incident in corpus.incidents_using(runbook):
        own = {
            review.document.path: review
            for review in corpus.postmortems_of(incident)
            if any(i.document is incident.document for i in corpus.incidents_of(review))
        }
        reviews.update(own)
        if not own:
            found += _verdicts(corpus, incident, None)
    for review in reviews.values():
        found += pending_updates(corpus, review)
    return found


def edited_runbooks(suggestions: Iterable[Suggestion]) -> dict[str, tuple[str, str]]:
    """Return the text of each runbook's file as it is, empty for a new one, and with its suggestions."""
    texts: dict[str, tuple[str, str]] = {}
    for suggestion in suggestions:
        before = ""
        if suggestion.runbook is not None:
            before = suggestion.runbook.document.source.raw
        old, new = texts.get(suggestion.path, (before, before))
        texts[suggestion.path] = (old, suggestion.edit(new))
    return dict(sorted(texts.items()))


def patch(suggestions: Iterable[Suggestion]) -> str:
    """Return one unified diff a runbook, all its suggestions in it, as ``git apply`` takes it."""
    texts = edited_runbooks(suggestions)
    return "".join(_diff(path, old, new) for path, (old, new) in texts.items())


def _diff(path: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(
        _git_lines(old),
        _git_lines(new),
        fromfile="/dev/null" if not old else _git_name(f"a/{path}"),
        tofile=_git_name(f"b/{path}"),
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _git_name(path: str) -> str:
    """Return a path as git writes it in a diff: quoted where it holds what would end the line."""
    if re.search(r'[\x00-\x1f"\\]', path):
        named = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        return '"' + "".join(named.get(c, c if c >= " " else f"\\{ord(c):03o}") for c in path) + '"'
    return f"{path}\t" if " " in path else path


def _git_lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _learned(runbook: Runbook | None, incidents: Iterable[Incident]) -> bool:
    return runbook is not None and any(i.id in runbook.learned_from for i in incidents if i.id)


def _id_of(incident: Incident) -> str:
    return incident.id or gettext("an incident")


def _declared(
    corpus: Corpus, review: Postmortem, update: RunbookUpdate, incidents: list[Incident]
) -> Suggestion | None:
    incident = incidents[0] if incidents else None
    ident = incident.id if incident is not None and incident.id else gettext("the incident")
    runbook = corpus.runbook_by_id.get(update.runbook or "")
    if runbook is None and update.runbook is None and incident is not None:
        runbook = next(iter(_covering(corpus, incident)), None)
    if _learned(runbook, incidents) or (runbook is not None and _carries(runbook, update)):
        return None
    taught = tuple(
        f"{capitalised(words(name))}: {line}"
        for name, lines in update.steps.items()
        for line in lines
    )
    scenario = update.scenario
    ids = [i.id for i in incidents if i.id]
    if runbook is None and update.runbook is None and incident is None:
        return None
    services = incident.services if incident is not None else ()
    subject = services[0] if services else scenario or ident
    new_id = update.runbook or f"RB-{slug(subject) or 'runbook'}"
    path = runbook.document.path if runbook else new_path(corpus, new_id.removeprefix("RB-"))
    steps = {
        name: [rebased(line, review.document.path, path) for line in lines]
        for name, lines in update.steps.items()
    }

    def edit(text: str) -> str:
        text = text or front_matter(new_id, subject, incident, ids)
        if scenario:
            text = append_scenario(text, scenario, ids, steps)
        else:
            text = insert_steps(text, steps)
        return add_to_list(text, "learned_from", ids)

    if runbook is None:
        return Suggestion(
            "declared",
            gettext(
                "`%(runbook)s` does not exist yet; the postmortem of %(incident)s has text for it",
                runbook=new_id,
                incident=ident,
            ),
            taught,
            update.location,
            path,
            None,
            incident,
            review,
            edit,
        )
    lacks = gettext(
        "`%(runbook)s` does not say yet what %(incident)s taught",
        runbook=runbook.id,
        incident=ident,
    )
    if scenario:
        lacks = gettext("%(lacks)s about “%(scenario)s”", lacks=lacks, scenario=scenario)
    return Suggestion(
        "declared",
        lacks,
        taught,
        update.location,
        path,
        runbook,
        incident,
        review,
        edit,
    )


def _carries(runbook: Runbook, update: RunbookUpdate) -> bool:
    """Whether the runbook's text holds every line of the update already."""
    body = _plain(runbook.document.body)
    lines = [line for step in update.steps.values() for line in step]
    if lines:
        return all(_plain(line) in body for line in lines)
    return bool(update.scenario) and _plain(update.scenario or "") in body


def _plain(text: str) -> str:
    return (
        _SPACES.sub(" ", re.sub(r"[*_`#>]|^\s*(?:[-+]|\d+[.)])\s", " ", text, flags=re.MULTILINE))
        .strip(" .")
        .casefold()
    )


def _verdicts(
    corpus: Corpus, incident: Incident, review: Postmortem | None
) -> Iterator[Suggestion]:
    for use in incident.runbooks:
        runbook = corpus.runbook_by_id.get(use.id)
        if runbook is None or use.verdict not in LACKING or _learned(runbook, [incident]):
            continue
        note = use.note or f"The runbook {LACKING[use.verdict]}."
        if use.note and _plain(use.note) in _plain(runbook.document.body):
            continue

        yield Suggestion(
            "verdict",
            gettext(_VERDICTS[use.verdict], runbook=runbook.id, incident=_id_of(incident)),
            (note,),
            incident.document.at(*use.route),
            runbook.document.path,
            runbook,
            incident,
            review,
            _lesson(note, incident.document.path, runbook, incident.id),
        )


def _lesson(note: str, record: str, runbook: Runbook, incident: str | None) -> Edit:
    """Return the edit that adds one learning and names the incident."""
    lesson = rebased(note, record, runbook.document.path)

    def edit(text: str) -> str:
        text = append_lesson(text, f"{incident}: {lesson}" if incident else lesson)
        return add_to_list(text, "learned_from", [incident] if incident else [])

    return edit


def _covering(corpus: Corpus, incident: Incident) -> list[Runbook]:
    """Runbooks that the incident used, else those of its services."""
    used = [
        corpus.runbook_by_id[use.id] for use in incident.runbooks if use.id in corpus.runbook_by_id
    ]
    return used or [
        runbook
        for runbook in corpus.runbooks
        if runbook.status != "deprecated" and set(runbook.services) & set(incident.services)
    ]


def _uncovered(corpus: Corpus) -> Iterator[Suggestion]:
    """Services with an incident and no runbook; alerts that no runbook knows, without a service."""
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
        covering = _covering(corpus, incident)
        for alert in incident.alerts:
            if alert in alerts or lacking:
                continue
            if covering:
                alert_of[covering[0].document.path, alert] = (incident, covering[0])
            else:
                latest[alert] = incident
    for subject, incident in latest.items():
        ident = f"RB-{slug(subject) or 'runbook'}"
        if ident in corpus.runbook_by_id:
            yield _claim(corpus.runbook_by_id[ident], subject, incident)
        elif ident not in corpus.unreadable_runbook_ids:
            yield _draft(corpus, subject, incident)
    for (path, alert), (incident, runbook) in alert_of.items():

        def edit(text: str, alert: str = alert) -> str:
            return add_to_list(text, "alerts", [alert])

        yield Suggestion(
            "uncovered",
            gettext(
                "Alert `%(alert)s` fired in %(incident)s and leads to no runbook",
                alert=alert,
                incident=_id_of(incident),
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
            incident=_id_of(incident),
        ),
        (gettext("Name it under `%(key)s`", key=key),),
        incident.document.at(key),
        runbook.document.path,
        runbook,
        incident,
        None,
        lambda text: add_to_list(text, key, [subject]),
    )


def _draft(corpus: Corpus, subject: str, incident: Incident) -> Suggestion:
    is_service = subject in incident.services
    lacks = (
        marked("Service `%(subject)s` had %(incident)s and has no runbook")
        if is_service
        else marked("Alert `%(subject)s` had %(incident)s and has no runbook")
    )
    reviews = corpus.postmortems_of(incident)
    text = draft_runbook(corpus, subject, incident)
    taught = tuple(
        line
        for line in (
            (text_at(incident.record, "impact", "summary") or "").split("\n")[0],
            *(review.root_cause.split("\n")[0] for review in reviews if review.root_cause),
        )
        if line
    )
    return Suggestion(
        "uncovered",
        gettext(lacks, subject=subject, incident=_id_of(incident)),
        taught,
        incident.document.at("services" if is_service else "alerts"),
        new_path(corpus, subject),
        None,
        incident,
        reviews[0] if reviews else None,
        lambda before: before or text,
    )


def _requested(corpus: Corpus) -> Iterator[Suggestion]:
    """Open action items whose title asks for a runbook change."""
    for review in corpus.postmortems:
        incidents = corpus.incidents_of(review)
        incident = incidents[0] if incidents else None
        for item in corpus.action_items_of(review):
            if not item.is_open or not synonyms().runbook_request.search(item.title):
                continue
            runbook = _named(corpus, item, incident)
            if _learned(runbook, incidents):
                continue
            yield _request(corpus, item, runbook, incident, review)


def _named(corpus: Corpus, item: ActionItem, incident: Incident | None) -> Runbook | None:
    match = _RUNBOOK_ID.search(item.title)
    if match and match[0] in corpus.runbook_by_id:
        return corpus.runbook_by_id[match[0]]
    title = item.title.casefold()
    for runbook in corpus.runbooks:
        if any(service.casefold() in title for service in runbook.services):
            return runbook
    return next(iter(_covering(corpus, incident)), None) if incident else None


def _request(
    corpus: Corpus,
    item: ActionItem,
    runbook: Runbook | None,
    incident: Incident | None,
    review: Postmortem,
) -> Suggestion:
    ident = incident.id if incident is not None else None
    if runbook is None:
        subject = incident.services[0] if incident and incident.services else ident or "new-runbook"
        text = draft_runbook(corpus, subject, incident) if incident else ""
        return Suggestion(
            "requested",
            gettext(
                "%(incident)s asks for a runbook that does not exist yet",
                incident=ident or gettext("A postmortem"),
            ),
            (item.title,),
            item.location,
            new_path(corpus, subject),
            None,
            incident,
            review,
            lambda before: before or text or f"# {subject}\n\n- {item.title}\n",
        )

    return Suggestion(
        "requested",
        gettext(
            "An open action item of %(incident)s asks for a change of `%(runbook)s`",
            incident=ident or gettext("a postmortem"),
            runbook=runbook.id,
        ),
        (item.title,),
        item.location,
        runbook.document.path,
        runbook,
        incident,
        review,
        _lesson(item.title, item.document.path, runbook, ident),
    )
