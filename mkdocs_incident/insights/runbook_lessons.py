"""What records say a runbook should learn, lesson by lesson, and which of it the runbook has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.insights.runbook_coverage import covering
from mkdocs_incident.insights.runbook_edits import rebased
from mkdocs_incident.insights.runbook_statements import says
from mkdocs_incident.records import (
    ActionItem,
    Incident,
    Postmortem,
    Runbook,
    RunbookUpdate,
    RunbookUse,
)
from mkdocs_incident.source.mitigations import RUNBOOK_ID
from mkdocs_incident.source.synonyms import synonyms

LACKING = {"wrong": "was wrong", "outdated": "was outdated", "missing-step": "was missing a step"}
"""Verdicts that ask for an edit, as the sentence that says so."""

_DECIDED = frozenset({"applied", "rejected"})


class Lesson(msgspec.Struct, frozen=True):
    """One thing that a record wants a runbook to say."""

    reason: Literal["declared", "verdict", "requested"]
    location: Location
    """Where the record says so: what tells a lesson from others."""
    runbook: Runbook | None
    """None where it does not exist yet."""
    incidents: tuple[Incident, ...]
    """Which incidents taught it."""
    lines: tuple[str, ...]
    """Its text as it would stand in the runbook; empty for a verdict without a note."""
    status: str = "proposed"
    """What a review says of an update of its own."""

    @property
    def ids(self) -> list[str]:
        """Ids of its incidents, as `learned_from` names them."""
        return [incident.id for incident in self.incidents if incident.id]


class _Others(msgspec.Struct):
    """Where an incident's lessons for one runbook are told."""

    declared: set[Location] = msgspec.field(default_factory=set)
    """Those that a review declares and does not reject."""
    decided: set[Location] = msgspec.field(default_factory=set)
    """Those about which somebody decided."""
    named: set[Location] = msgspec.field(default_factory=set)
    """Those on whose account the runbook names the incident."""


class Lessons:
    """What of a corpus is learned; each incident's lessons are gathered once for all that is asked."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._others: dict[str, dict[str, _Others]] = {}

    def is_learned(self, lesson: Lesson) -> bool:
        """Whether a lesson needs no suggestion any more. This is the only place that decides it.

        1. A person said so: the update's `status` is `applied` or `rejected`.
        2. The runbook says every line of it (`runbook_statements.says`). That holds without any mark,
           and it is what `runbook-updates --apply` leaves behind.
        3. People reword a lesson while they write it into the runbook, and then name the incident in
           `learned_from`. No text can show that, so the name vouches for the lesson, if

           - all incidents are named that taught it: another review's lesson may have brought the one;
           - nothing else accounts for the name: `--apply` writes it, too, with whatever it applies. An
             incident is named on account of another lesson of it if that one is `applied` or the
             runbook says it. Then this one may have been declared later, and is suggested once too
             often rather than lost; its `status`, or its action item when it is done, ends that. A
             runbook that is still a `draft` names the incident from which it was drafted, whatever a
             review declares afterwards.

           A verdict has neither, so it is answered by name as soon as a review has `applied` or
           `rejected` an update of its incident for this runbook: somebody has looked at both. Without
           a note it has no text either, and any update that is not rejected speaks for it.
        """
        runbook = lesson.runbook
        if lesson.status in _DECIDED:
            return True
        if runbook is None:
            return False
        named = bool(lesson.ids) and set(lesson.ids) <= set(runbook.learned_from)
        if not lesson.lines:
            here = {lesson.location}
            return named or any(
                self._of(incident, runbook).declared - here for incident in lesson.incidents
            )
        if _stands(lesson, runbook):
            return True
        return named and any(
            not self._is_named_for_another(lesson, incident, runbook)
            for incident in lesson.incidents
        )

    def _is_named_for_another(self, lesson: Lesson, incident: Incident, runbook: Runbook) -> bool:
        """Whether another lesson of the incident is why the runbook names it."""
        if lesson.reason == "declared" and runbook.status == "draft":
            return True
        others, here = self._of(incident, runbook), {lesson.location}
        if lesson.reason == "verdict" and others.decided - here:
            return False
        return bool(others.named - here)

    def _of(self, incident: Incident, runbook: Runbook) -> _Others:
        """Return what an incident taught a runbook."""
        path = incident.document.path
        if path not in self._others:
            self._others[path] = _by_runbook(_lessons(self._corpus, incident))
        return self._others[path].get(runbook.document.path) or _Others()


def _by_runbook(lessons: Iterable[Lesson]) -> dict[str, _Others]:
    found: dict[str, _Others] = {}
    for lesson in lessons:
        if lesson.runbook is None:
            continue
        others = found.setdefault(lesson.runbook.document.path, _Others())
        if lesson.status in _DECIDED:
            others.decided.add(lesson.location)
        if lesson.status == "rejected":
            continue
        if lesson.reason == "declared":
            others.declared.add(lesson.location)
        if lesson.status == "applied" or _stands(lesson, lesson.runbook):
            others.named.add(lesson.location)
    return found


def _stands(lesson: Lesson, runbook: Runbook) -> bool:
    """Whether the runbook says a lesson, alone or behind the incidents that taught it."""
    body = runbook.document.body
    before = ["", *(f"{ident}: " for ident in lesson.ids), f"{', '.join(lesson.ids)}: "]
    return bool(lesson.lines) and all(
        any(says(body, start + line) for start in before) for line in lesson.lines
    )


def _lessons(corpus: Corpus, incident: Incident) -> Iterator[Lesson]:
    reviews = corpus.postmortems_of(incident)
    for review in reviews:
        for update in review.runbook_updates:
            yield declared(corpus, review, update)
    for use in incident.runbooks:
        if found := by_verdict(corpus, incident, use):
            yield found
    for review in reviews:
        for item in requests(corpus, review):
            yield requested(corpus, review, item)


def declared(corpus: Corpus, review: Postmortem, update: RunbookUpdate) -> Lesson:
    """Return what a review declares: its steps, else its reason, else the scenario alone."""
    incidents = corpus.incidents_of(review)
    runbook = corpus.runbook_by_id.get(update.runbook or "")
    if runbook is None and update.runbook is None and incidents:
        runbook = next(iter(covering(corpus, incidents[0])), None)
    lines = [line for step in steps_of(update).values() for line in step]
    alone = [update.scenario] if update.scenario else []
    return Lesson(
        "declared",
        update.location,
        runbook,
        tuple(incidents),
        _moved(lines or alone, review.document.path, runbook),
        update.status,
    )


def steps_of(update: RunbookUpdate) -> dict[str, tuple[str, ...]]:
    """Return what an update would have the runbook say by section; its reason belongs to none."""
    return update.steps or ({"": (update.reason,)} if update.reason else {})


def by_verdict(corpus: Corpus, incident: Incident, use: RunbookUse) -> Lesson | None:
    """Return what an incident found its runbook lacking; None where it lacked nothing."""
    runbook = corpus.runbook_by_id.get(use.id)
    if runbook is None or use.verdict not in LACKING:
        return None
    path = incident.document.path
    notes = [use.note] if use.note else []
    return Lesson(
        "verdict",
        incident.document.at(*use.route),
        runbook,
        (incident,),
        _moved(notes, path, runbook),
    )


def requests(corpus: Corpus, review: Postmortem) -> Iterator[ActionItem]:
    """Yield open action items whose title asks for a runbook change."""
    asks = synonyms().runbook_request.search
    return (item for item in corpus.action_items_of(review) if item.is_open and asks(item.title))


def requested(corpus: Corpus, review: Postmortem, item: ActionItem) -> Lesson:
    """Return what an action item asks for."""
    incidents = corpus.incidents_of(review)
    runbook = _named(corpus, item, incidents[0] if incidents else None)
    lines = _moved([item.title], item.document.path, runbook)
    return Lesson("requested", item.location, runbook, tuple(incidents), lines)


def _named(corpus: Corpus, item: ActionItem, incident: Incident | None) -> Runbook | None:
    match = RUNBOOK_ID.search(item.title)
    if match and match[0] in corpus.runbook_by_id:
        return corpus.runbook_by_id[match[0]]
    title = item.title.casefold()
    for runbook in corpus.runbooks:
        if any(service.casefold() in title for service in runbook.services):
            return runbook
    return next(iter(covering(corpus, incident)), None) if incident else None


def _moved(lines: Iterable[str], record: str, runbook: Runbook | None) -> tuple[str, ...]:
    """Return lines of a record with their links as they must be in the runbook."""
    if runbook is None:
        return tuple(lines)
    return tuple(rebased(line, record, runbook.document.path) for line in lines)
