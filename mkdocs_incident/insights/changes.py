"""What a change brings: the difference of two states of a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic
from mkdocs_incident.insights.actions import TrackedAction, tracked_actions
from mkdocs_incident.insights.deadlines import PostmortemDeadline, unfinished_postmortems
from mkdocs_incident.insights.recurrence import MissedPrevention, missed_prevention
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.insights.runbook_updates import runbook_updates
from mkdocs_incident.insights.similarity import Similar, Similarity
from mkdocs_incident.records import Incident

MOST_ALIKE = 3
"""How many incidents are told that an incident is like."""


class Alike(msgspec.Struct, frozen=True):
    """What an incident of the change is like, and what was to prevent it."""

    incident: Incident
    similar: tuple[Similar, ...]
    missed: tuple[MissedPrevention, ...]


class Brought(msgspec.Struct, frozen=True):
    """What is there now and was not before."""

    actions: tuple[TrackedAction, ...]
    """Open ones; an action that is worded anew under its id, or moves to another record of its incident, is no new one."""
    postmortems: tuple[PostmortemDeadline, ...]
    """Reviews that are owed and not final yet."""
    updates: tuple[Suggestion, ...]
    alike: tuple[Alike, ...]


def brought(corpus: Corpus, before: Corpus, today: date) -> Brought:
    """Return what `corpus` has and `before` had not.

    Args:
        corpus: the records as they are.
        before: the records as they were.
        today: the day on which actions are judged.
    """
    then, now = (
        [action for action in tracked_actions(state, today) if action.is_open]
        for state in (before, corpus)
    )
    return Brought(
        tuple(_added(now, then, _action_key)),
        tuple(
            _added(
                unfinished_postmortems(corpus),
                unfinished_postmortems(before),
                lambda deadline: _name(deadline.incident),
            )
        ),
        tuple(_added(runbook_updates(corpus), runbook_updates(before), _update_key)),
        tuple(_alike(corpus, before)),
    )


def new_findings(
    found: Iterable[Diagnostic], before: Iterable[Diagnostic], renamed: Mapping[str, str]
) -> list[Diagnostic]:
    """Return the findings that were not there before, wherever their lines have moved.

    Args:
        found: the findings as they are.
        before: the findings as they were.
        renamed: the new path of each file that moved, by its old one.
    """
    there = Counter((renamed.get(d.location.path, d.location.path), d.identity) for d in before)
    new = []
    for diagnostic in found:
        key = (diagnostic.location.path, diagnostic.identity)
        there[key] -= 1
        if there[key] < 0:
            new.append(diagnostic)
    return new


def _added(now: Iterable[Any], then: Iterable[Any], key: Any) -> list[Any]:
    """Return what of `now` has a key that `then` lacks, or has less often."""
    there: Counter[Hashable] = Counter(map(key, then))
    added = []
    for entry in now:
        there[key(entry)] -= 1
        if there[key(entry)] < 0:
            added.append(entry)
    return added


def _name(incident: Incident) -> str:
    return incident.id or incident.document.path


def _action_key(action: TrackedAction) -> Hashable:
    about = tuple(map(_name, action.incidents)) or (action.document.path,)
    return about, action.id or " ".join(action.title.casefold().split())


def _update_key(update: Suggestion) -> Hashable:
    return update.runbook.id if update.runbook else update.path, update.headline, update.taught


def _alike(corpus: Corpus, before: Corpus) -> Iterable[Alike]:
    """Yield the incidents that the change tells, each with what it was not known to be like."""
    texts = {document.source.text for document in before.documents}
    similarity, earlier = Similarity(corpus), Similarity(before)
    there = {_name(incident): incident for incident in before.incidents}
    for incident in corpus.incidents:
        if all(record.source.text in texts for record in corpus.records_about(incident)):
            continue
        known = there.get(_name(incident))
        past = {_name(s.incident) for s in earlier.similar(known, None)} if known else set()
        similar = [s for s in similarity.similar(incident) if _name(s.incident) not in past]
        shown = tuple(similar[:MOST_ALIKE])
        if shown:
            others = {_name(s.incident) for s in shown}
            missed = missed_prevention(incident, similarity)
            yield Alike(incident, shown, tuple(m for m in missed if _name(m.earlier) in others))
