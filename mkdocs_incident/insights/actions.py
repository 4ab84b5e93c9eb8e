"""Everything that somebody promised to do, across postmortems, incidents and mitigation plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.insights.recurrence import missed_prevention
from mkdocs_incident.insights.similarity import Similarity
from mkdocs_incident.records import ActionItem, Incident, PlanAction
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.records.values import texts
from mkdocs_incident.source.document import Document


class TrackedAction(msgspec.Struct, frozen=True):
    """An action with what it comes from, as of a stated day."""

    title: str
    id: str | None
    owner: str | None
    due: date | None
    horizon: str | None
    type: str | None
    priority: str | None
    status: str
    ticket: str | None
    reason: str | None
    tags: tuple[str, ...]
    document: Document
    location: Location
    incidents: tuple[Incident, ...]
    services: tuple[str, ...]
    overdue_days: int
    """How many days late it is; 0 if it is not, or has no due date."""
    since: date | None
    """The day of its incident, of several the earliest; None where it is not known."""
    age_days: int | None
    """Days since then; None where that is not known or lies ahead."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status not in {"done", "wont-do"}


def tracked_actions(corpus: Corpus, today: date) -> list[TrackedAction]:
    """Return all actions: open ones by due date (the most overdue first), then those that ended."""
    found = [
        _of_item(corpus, action, today)
        if isinstance(action, ActionItem)
        else _of_plan(corpus, action, today)
        for document in corpus.records
        for action in promises(document, corpus)
    ]
    return sorted(
        found,
        key=lambda action: (
            not action.is_open,
            action.due is None,
            action.due or date.max,
            action.document.path,
            action.location,
        ),
    )


def promises(document: Document, corpus: Corpus) -> Iterator[ActionItem | PlanAction]:
    """Yield a record's own actions that are followed up: its action items, what a plan promises for good."""
    yield from action_items(document)
    plan = corpus.plan_by_path.get(document.path)
    if plan is not None and plan.status != "superseded":
        yield from (action for action in plan.actions if action.horizon == "long-term")


def proved_needed(similarity: Similarity) -> dict[Location, tuple[Incident, ...]]:
    """Return, by the place of each action, the incidents that it was to prevent and that came back.

    It counts where it was open or dropped on the day of the recurrence, and where a record declares
    that: what only looks like an earlier incident proves nothing.
    """
    found: dict[Location, tuple[Incident, ...]] = {}
    for incident in similarity.corpus.incidents:
        for missed in missed_prevention(incident, similarity):
            if missed.is_declared and missed.state in {"open", "overdue", "dropped"}:
                place = missed.action.location
                found[place] = (*found.get(place, ()), incident)
    return found


def incidents_of(corpus: Corpus, document: Document) -> tuple[Incident, ...]:
    """Return the incidents that a document tells or names, its own first."""
    own = corpus.incident_by_path.get(document.path)
    ids = [*texts(document.record, "incidents"), *texts(document.record, "incident")]
    linked = (corpus.incident_by_id.get(ident) for ident in ids)
    found = (incident for incident in (own, *linked) if incident is not None)
    return tuple({incident.document.path: incident for incident in found}.values())


def _since(incidents: tuple[Incident, ...]) -> date | None:
    return min((i.day for i in incidents if i.day is not None), default=None)


def _age(since: date | None, today: date) -> int | None:
    return (today - since).days if since is not None and since <= today else None


def _services(incidents: tuple[Incident, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(service for incident in incidents for service in incident.services))


def _of_item(corpus: Corpus, item: ActionItem, today: date) -> TrackedAction:
    incidents = incidents_of(corpus, item.document)
    return TrackedAction(
        title=item.title,
        id=item.id,
        owner=item.owner,
        due=item.due,
        horizon=item.horizon,
        type=item.type,
        priority=item.priority,
        status=item.status,
        ticket=item.ticket,
        reason=item.reason,
        tags=item.tags,
        document=item.document,
        location=item.location,
        incidents=incidents,
        services=_services(incidents),
        overdue_days=item.overdue_days(today),
        since=_since(incidents),
        age_days=_age(_since(incidents), today),
    )


def _of_plan(corpus: Corpus, action: PlanAction, today: date) -> TrackedAction:
    incidents = incidents_of(corpus, action.document)
    late = max(0, (today - action.due).days) if action.due and not action.done else 0
    return TrackedAction(
        title=action.title,
        id=None,
        owner=action.owner,
        due=action.due,
        horizon=action.horizon,
        type=None,
        priority=action.priority,
        status="done" if action.done else "open",
        ticket=None,
        reason=None,
        tags=(),
        document=action.document,
        location=action.location,
        incidents=incidents,
        services=_services(incidents),
        overdue_days=late,
        since=_since(incidents),
        age_days=_age(_since(incidents), today),
    )
