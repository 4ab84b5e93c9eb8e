"""What incidents taught and which runbook does not say yet, each with the edit that would say it."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.insights.runbook_coverage import uncovered
from mkdocs_incident.insights.runbook_drafts import NewRunbooks, draft_runbook, front_matter
from mkdocs_incident.insights.runbook_edits import (
    add_to_list,
    append_lesson,
    append_scenario,
    insert_steps,
    rebased,
)
from mkdocs_incident.insights.runbook_lessons import (
    LACKING,
    Lesson,
    Lessons,
    by_verdict,
    declared,
    requested,
    requests,
    steps_of,
)
from mkdocs_incident.insights.runbook_suggestion import Edit, Suggestion, id_of
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.records import ActionItem, Incident, Postmortem, Runbook, RunbookUpdate
from mkdocs_incident.wording import capitalised, slug, words

_VERDICTS = {
    "wrong": marked("`%(runbook)s` was wrong in %(incident)s"),
    "outdated": marked("`%(runbook)s` was outdated in %(incident)s"),
    "missing-step": marked("`%(runbook)s` was missing a step in %(incident)s"),
}


def runbook_updates(corpus: Corpus) -> list[Suggestion]:
    """Return what runbooks lack, by runbook, then by place of the record that says so."""
    new, lessons = NewRunbooks(corpus), Lessons(corpus)
    found = list(uncovered(corpus, new))
    drafted = {suggestion.path for suggestion in found if suggestion.runbook is None}
    for review in corpus.postmortems:
        found += _pending(corpus, review, new, lessons)
    reviewed = {id(i.document) for r in corpus.postmortems for i in corpus.incidents_of(r)}
    for incident in corpus.incidents:
        if id(incident.document) not in reviewed:
            found += _verdicts(corpus, incident, None, lessons)
    # A runbook that is drafted anyhow is what an action item asks for that no runbook fits.
    found += [s for s in _requested(corpus, new, lessons) if s.runbook or s.path not in drafted]
    return sorted(found, key=lambda suggestion: (suggestion.path, suggestion.location))


def pending_updates(corpus: Corpus, review: Postmortem) -> list[Suggestion]:
    """Return what a review declares, or its incidents' verdicts say, that no runbook carries yet."""
    return _pending(corpus, review, NewRunbooks(corpus), Lessons(corpus))


def _pending(
    corpus: Corpus, review: Postmortem, new: NewRunbooks, lessons: Lessons
) -> list[Suggestion]:
    found = [
        suggestion
        for update in review.runbook_updates
        if (suggestion := _declared(corpus, review, update, new, lessons)) is not None
    ]
    for incident in corpus.incidents_of(review):
        found += _verdicts(corpus, incident, review, lessons)
    return found


def updates_by_use(corpus: Corpus, runbook: Runbook) -> list[Suggestion]:
    """Return what reviews and verdicts of the incidents that used a runbook say, of it and of others."""
    reviews: dict[str, Postmortem] = {}
    found: list[Suggestion] = []
    lessons = Lessons(corpus)
    for incident in corpus.incidents_using(runbook):
        own = {
            review.document.path: review
            for review in corpus.postmortems_of(incident)
            if any(i.document is incident.document for i in corpus.incidents_of(review))
        }
        reviews.update(own)
        if not own:
            found += _verdicts(corpus, incident, None, lessons)
    for review in reviews.values():
        found += _pending(corpus, review, NewRunbooks(corpus), lessons)
    return found


def _declared(
    corpus: Corpus, review: Postmortem, update: RunbookUpdate, new: NewRunbooks, lessons: Lessons
) -> Suggestion | None:
    lesson = declared(corpus, review, update)
    runbook, ids = lesson.runbook, lesson.ids
    incident = lesson.incidents[0] if lesson.incidents else None
    if runbook is None and update.runbook is None and incident is None:
        return None
    if lessons.is_learned(lesson):
        return None
    ident = incident.id if incident is not None and incident.id else gettext("the incident")
    steps = steps_of(update)
    taught = tuple(
        f"{capitalised(words(name))}: {line}" if name else line
        for name, lines in steps.items()
        for line in lines
    )
    scenario = update.scenario
    services = incident.services if incident is not None else ()
    subject = services[0] if services else scenario or ident
    if runbook is not None:
        new_id, path = "", runbook.document.path
    elif update.runbook is not None:
        new_id, path = new.with_id(update.runbook)
        name = update.runbook.removeprefix("RB-")
        subject = next((service for service in services if slug(service) == slug(name)), name)
    else:
        new_id, path = new.of(subject)
    moved = {
        name: [rebased(line, review.document.path, path) for line in lines]
        for name, lines in steps.items()
    }

    def edit(text: str) -> str:
        # A runbook that is named for something else than a service of the incident covers none of it.
        covered = incident if update.runbook is None or subject in services else None
        text = text or front_matter(new_id, subject, covered, ids)
        if scenario:
            text = append_scenario(text, scenario, ids, moved)
        elif update.steps:
            text = insert_steps(text, moved)
        else:
            for line in moved.get("", ()):
                text = append_lesson(text, f"{', '.join(ids)}: {line}" if ids else line)
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


def _verdicts(
    corpus: Corpus, incident: Incident, review: Postmortem | None, lessons: Lessons
) -> Iterator[Suggestion]:
    for use in incident.runbooks:
        lesson = by_verdict(corpus, incident, use)
        if lesson is None or lesson.runbook is None or lessons.is_learned(lesson):
            continue
        runbook, verdict = lesson.runbook, use.verdict or ""
        note = use.note or f"The runbook {LACKING[verdict]}."
        yield Suggestion(
            "verdict",
            gettext(_VERDICTS[verdict], runbook=runbook.id, incident=id_of(incident)),
            (note,),
            lesson.location,
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


def _requested(corpus: Corpus, new: NewRunbooks, lessons: Lessons) -> Iterator[Suggestion]:
    asked: set[Location] = set()
    for review in corpus.postmortems:
        for item in requests(corpus, review):
            lesson = requested(corpus, review, item)
            if lesson.location not in asked and not lessons.is_learned(lesson):
                asked.add(lesson.location)  # several reviews of an incident have its action items
                yield _request(corpus, item, lesson, review, new)


def _request(
    corpus: Corpus, item: ActionItem, lesson: Lesson, review: Postmortem, new: NewRunbooks
) -> Suggestion:
    runbook = lesson.runbook
    incident = lesson.incidents[0] if lesson.incidents else None
    ident = incident.id if incident is not None else None
    if runbook is None:
        subject = incident.services[0] if incident and incident.services else ident or "new-runbook"
        name = new.of(subject)
        text = draft_runbook(corpus, subject, incident, name) if incident else ""
        return Suggestion(
            "requested",
            gettext(
                "%(incident)s asks for a runbook that does not exist yet",
                incident=ident or gettext("A postmortem"),
            ),
            (item.title,),
            item.location,
            name[1],
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
