"""What repeats, and what would have prevented it: earlier actions, as they stood when it came back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.similarity import Similar, Similarity
from mkdocs_incident.language import day, gettext, ngettext
from mkdocs_incident.records import ActionItem, Incident
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.wording import clip

State = Literal["open", "overdue", "dropped", "done", "done-undated"]


class Recurrence(msgspec.Struct, frozen=True):
    """An incident that is an earlier one again."""

    incident: Incident
    earlier: tuple[Incident, ...]
    """What it repeats, then what that repeats, and so on; no incident twice."""
    is_declared: bool
    """Whether a record says so; else it only looks like it."""


class MissedPrevention(msgspec.Struct, frozen=True):
    """A preventive action of an earlier incident, as it stood when the incident came back."""

    incident: Incident
    """The recurrence."""
    earlier: Incident
    action: ActionItem
    state: State
    """On the day the recurrence began; ``done-undated`` is done, nobody wrote when."""
    days_open: int | None
    """Days since the earlier incident, for an action still open; None where a day is not known."""
    days_overdue: int
    """Days past its due date; 0 if it was not, or has none."""
    is_declared: bool
    """Whether a record declares the recurrence; else it only looks like it."""

    @property
    def title(self) -> str:
        """The action's title as `words` say it."""
        return clip(self.action.title)

    @property
    def words(self) -> str:
        """What became of the action of the earlier incident, as a person would say it."""
        if self.action.id:
            return gettext(
                "preventive action %(id)s “%(title)s” %(state)s",
                id=clip(self.action.id),
                title=self.title,
                state=self._state,
            )
        return gettext(
            "preventive action “%(title)s” %(state)s", title=self.title, state=self._state
        )

    @property
    def _state(self) -> str:
        match self.state:
            case "dropped":
                if self.action.reason:
                    return gettext("was dropped: %(reason)s", reason=clip(self.action.reason))
                return gettext("was dropped, no reason recorded")
            case "done" if self.action.done_on is not None:
                return gettext(
                    "was done on %(day)s, and yet it came back", day=day(self.action.done_on)
                )
            case "done-undated":
                return gettext("is done, date not recorded")
        if self.days_open is None:
            since = gettext("was open when it came back")
        else:
            since = ngettext(
                "had been open for %(num)s day", "had been open for %(num)s days", self.days_open
            )
        if not self.days_overdue:
            return since
        late = ngettext("%(num)s day overdue", "%(num)s days overdue", self.days_overdue)
        return gettext("%(since)s, %(late)s", since=since, late=late)


def declared_earlier(corpus: Corpus, incident: Incident) -> tuple[Incident, ...]:
    """Return the incidents that one repeats as its records declare: known ones, itself never."""
    ids = (i for d in corpus.records_about(incident) for i in corpus.likeness(d).recurrence_of)
    known = (corpus.incident_by_id[ident] for ident in ids if ident in corpus.incident_by_id)
    found = {earlier.document.path: earlier for earlier in known if earlier.id != incident.id}
    return tuple(found.values())


def recurrence_of(incident: Incident, similarity: Similarity) -> Recurrence | None:
    """Return what an incident repeats, None where nothing says so.

    A declared ``recurrence_of`` decides. Without one, it repeats the earlier incidents that it looks
    like, best first; none of them if a record relates it to one: somebody has judged that.
    """
    declared = declared_earlier(similarity.corpus, incident)
    pending = [*declared] or [match.incident for match in _undeclared(incident, similarity)]
    earlier: dict[str, Incident] = {}
    while pending:
        following = pending.pop(0)
        path = following.document.path
        if (
            path != incident.document.path and path not in earlier
        ):  # circular-reference names circles
            earlier[path] = following
            pending[:0] = declared_earlier(similarity.corpus, following)
    return Recurrence(incident, tuple(earlier.values()), bool(declared)) if earlier else None


def undeclared_repeat(incident: Incident, similarity: Similarity) -> Similar | None:
    """Return the earlier incident that one looks like most; None where it looks like none.

    None, too, where its records declare a recurrence, or one of either relates it to what it looks like.
    """
    found = next(iter(_undeclared(incident, similarity)), None)
    records = similarity.corpus.records_about(incident) if found is not None else ()
    if any(document.record.get("recurrence_of") for document in records):
        return None
    return found


def missed_prevention(incident: Incident, similarity: Similarity) -> list[MissedPrevention]:
    """Return the preventive actions of all incidents that one repeats, nearest incident first.

    An action that has no record of when it was done or dropped is told as it stands today.
    """
    recurrence = recurrence_of(incident, similarity)
    if recurrence is None:
        return []
    return [
        _judged(recurrence, earlier, action)
        for earlier in recurrence.earlier
        for action in _preventive_actions(similarity.corpus, earlier)
    ]


def repeated_incidents(similarity: Similarity) -> list[tuple[Incident, ...]]:
    """Return groups of incidents that repeat each other, declared or looking like it, largest first.

    A group is in the order of time; groups of one size by their latest incident, newest first.
    """
    incidents = similarity.corpus.incidents
    leader = {incident.document.path: incident.document.path for incident in incidents}

    def find(path: str) -> str:
        while leader[path] != path:
            leader[path] = leader[leader[path]]
            path = leader[path]
        return path

    for incident in incidents:
        recurrence = recurrence_of(incident, similarity)
        if recurrence is not None:
            for earlier in recurrence.earlier:
                leader[find(incident.document.path)] = find(earlier.document.path)
    groups: dict[str, list[Incident]] = defaultdict(list)
    for incident in sorted(incidents, key=_when):
        groups[find(incident.document.path)].append(incident)
    repeated = [tuple(group) for group in groups.values() if len(group) > 1]
    return sorted(repeated, key=lambda group: (len(group), _when(group[-1])), reverse=True)


def _when(incident: Incident) -> tuple[str, str]:
    """The order of incidents in time; those whose day is not known come first, by path."""
    return (incident.began.isoformat() if incident.began else "", incident.document.path)


def _undeclared(incident: Incident, similarity: Similarity) -> list[Similar]:
    matches = similarity.lookalikes(incident)
    if any(match.is_declared for match in matches):
        return []
    return [match for match in matches if _is_earlier(match.incident, incident)]


def _is_earlier(one: Incident, than: Incident) -> bool:
    """Whether one began before another, at one moment the first by path; False where a time is unknown."""
    if one.began is None or than.began is None:
        return False
    return (one.began, one.document.path) < (than.began, than.document.path)


def _preventive_actions(corpus: Corpus, incident: Incident) -> list[ActionItem]:
    reviews = [item for r in corpus.postmortems_of(incident) for item in corpus.action_items_of(r)]
    items = reviews or action_items(incident.document)
    unique = {(item.document.path, item.route): item for item in items}
    return [item for item in unique.values() if item.type in {None, "preventive"}]


def _judged(recurrence: Recurrence, earlier: Incident, action: ActionItem) -> MissedPrevention:
    day = recurrence.incident.day
    state: State = "open"
    overdue = 0
    if action.status == "wont-do":
        state = "dropped"
    elif action.status == "done" and action.done_on is None:
        state = "done-undated"
    elif action.status == "done" and (day is None or (action.done_on or day) < day):
        state = "done"
    elif day is not None and action.due is not None and action.due < day:
        state, overdue = "overdue", (day - action.due).days
    is_open = state in {"open", "overdue"}
    return MissedPrevention(
        incident=recurrence.incident,
        earlier=earlier,
        action=action,
        state=state,
        days_open=_days(earlier.day, day) if is_open else None,
        days_overdue=overdue,
        is_declared=recurrence.is_declared,
    )


def _days(start: date | None, end: date | None) -> int | None:
    return max(0, (end - start).days) if start is not None and end is not None else None
