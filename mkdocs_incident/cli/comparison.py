"""What a report tells beside findings: who owes what, and what a change brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from mkdocs_incident.check import Selection, check
from mkdocs_incident.cli.changes import corpus_before, renamed_since
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic
from mkdocs_incident.insights.actions import TrackedAction, tracked_actions
from mkdocs_incident.insights.changes import Alike, brought, new_findings
from mkdocs_incident.insights.deadlines import PostmortemDeadline, unfinished_postmortems
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import texts
from mkdocs_incident.reporters.report import Change, Lesson, Likeness, Owed


def owed_in(corpus: Corpus, moment: datetime) -> list[Owed]:
    """Return the open actions and unfinished postmortems of all records."""
    actions = (action for action in tracked_actions(corpus, moment.date()) if action.is_open)
    return _owed(actions, unfinished_postmortems(corpus), moment)


def compared(
    corpus: Corpus,
    ref: str,
    moment: datetime,
    selection: Selection,
    found: Sequence[Diagnostic],
) -> tuple[Change, list[Owed]]:
    """Return what the branch brings since it left `ref`, and what is owed since then.

    Args:
        corpus: the records as they are.
        ref: where the branch began.
        moment: when deadlines are judged, then and now.
        selection: which rules count.
        found: the findings of now.

    Raises:
        click.UsageError: git can't tell what was there.
    """
    with corpus_before(corpus.policy, ref) as before:  # rules look for files while they run
        past = check(before, moment, selection).diagnostics
        news = brought(corpus, before, moment.date())
    new = new_findings(found, past, renamed_since(corpus.policy.root, ref))
    likenesses, lessons = map(_likeness, news.alike), map(_lesson, news.updates)
    change = Change(frozenset(new), list(likenesses), list(lessons))
    return change, _owed(news.actions, news.postmortems, moment)


def _likeness(alike: Alike) -> Likeness:
    return Likeness(
        alike.incident.document.path,
        _name(alike.incident),
        tuple(
            (f"{_name(match.incident)} {match.incident.title}", match.words)
            for match in alike.similar
        ),
        tuple(f"{_name(item.earlier)}: {item.words}" for item in alike.missed),
    )


def _name(incident: Incident) -> str:
    return incident.id or incident.document.path


def _lesson(update: Suggestion) -> Lesson:
    return Lesson(update.path, update.runbook is None, update.headline, update.location)


def _owed(
    actions: Iterable[TrackedAction], deadlines: Iterable[PostmortemDeadline], moment: datetime
) -> list[Owed]:
    found = [
        Owed(
            action.owner, action.title, action.due, action.document.path, bool(action.overdue_days)
        )
        for action in actions
    ]
    for deadline in deadlines:
        incident = deadline.incident
        document = deadline.review.document if deadline.review else incident.document
        authors = texts(document.record, "authors")
        found.append(
            Owed(
                ", ".join(authors) or incident.commander,
                f"Postmortem of {incident.id or incident.title}",
                deadline.due_at.date() if deadline.due_at is not None else None,
                document.path,
                deadline.is_late(moment),
            )
        )
    return found
