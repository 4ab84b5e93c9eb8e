"""What incidents taught and which runbook does not say yet, each with the edit that would say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.runbook_coverage import covering, uncovered
from mkdocs_incident.insights.runbook_drafts import draft_runbook, front_matter, new_path
from mkdocs_incident.insights.runbook_edits import (
    add_to_list,
    append_lesson,
    append_scenario,
    insert_steps,
    rebased,
)
from mkdocs_incident.insights.runbook_suggestion import Edit, Suggestion, id_of
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import ActionItem, Incident, Postmortem, Runbook, RunbookUpdate
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.wording import capitalised, slug, words

LACKING = {"wrong": "was wrong", "outdated": "was outdated", "missing-step": "was missing a step"}
"""Verdicts that ask for an edit, as the sentence that says so."""

_VERDICTS = {
    "wrong": marked("`%(runbook)s` was wrong in %(incident)s"),
    "outdated": marked("`%(runbook)s` was outdated in %(incident)s"),
    "missing-step": marked("`%(runbook)s` was missing a step in %(incident)s"),
}

_RUNBOOK_ID = regex(r"\bRB-[A-Za-z0-9][\w-]*")
_SPACES = regex(r"\s+")


def runbook_updates(corpus: Corpus) -> list[Suggestion]:
    """Return what runbooks lack, by runbook, then by place of the record that says so."""
    found: list[Suggestion] = []
    for review in corpus.postmortems:
        found += pending_updates(corpus, review)
    reviewed = {id(i.document) for r in corpus.postmortems for i in corpus.incidents_of(r)}
    for incident in corpus.incidents:
        if id(incident.document) not in reviewed:
            found += _verdicts(corpus, incident, None)
    found += uncovered(corpus)
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


def _learned(runbook: Runbook | None, incidents: Iterable[Incident]) -> bool:
    return runbook is not None and any(i.id in runbook.learned_from for i in incidents if i.id)


def _declared(
    corpus: Corpus, review: Postmortem, update: RunbookUpdate, incidents: list[Incident]
) -> Suggestion | None:
    incident = incidents[0] if incidents else None
    ident = incident.id if incident is not None and incident.id else gettext("the incident")
    runbook = corpus.runbook_by_id.get(update.runbook or "")
    if runbook is None and update.runbook is None and incident is not None:
        runbook = next(iter(covering(corpus, incident)), None)
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
            gettext(_VERDICTS[use.verdict], runbook=runbook.id, incident=id_of(incident)),
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
    return next(iter(covering(corpus, incident)), None) if incident else None


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
