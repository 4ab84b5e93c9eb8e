"""How the response to one incident went, measured against its targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.cadence import Cadence, State, cadence, has_ended
from mkdocs_incident.insights.deadlines import postmortem_deadline, requires_postmortem
from mkdocs_incident.insights.moments import comparable, event_words
from mkdocs_incident.language import gettext
from mkdocs_incident.policy import Policy, SeverityLevel
from mkdocs_incident.records import Begin, Incident
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import in_utc
from mkdocs_incident.wording import joined

_STEPS = (
    ("detect", "started", "detected"),
    ("classify", "detected", "classified"),
    ("assign", "detected", "ic_assigned"),
    ("acknowledge", "detected", "acknowledged"),
    ("engage", "detected", "engaged"),
    ("mitigate", "detected", "mitigated"),
    ("resolve", "detected", "resolved"),
)
"""What is measured, from which moment to which; names with a target are the level's fields."""
STEPS = tuple(name for name, _, _ in _STEPS)
MEASURES = (*STEPS, "duration")
"""What `distribution` knows."""

_STATES_BEFORE = {
    "detected": (),
    "acknowledged": ("detected",),
    "engaged": ("detected",),
    "mitigated": ("detected", "investigating", "identified", "mitigating"),
    "resolved": ("detected", "investigating", "identified", "mitigating", "monitoring"),
}
"""Milestone → states of an incident that may still have it ahead."""


class Moment(msgspec.Struct, frozen=True):
    """When something happened, as the surest place of the records tells it."""

    at: datetime
    """As written; without a zone it is naive."""
    approximate: bool


class Obstacle(msgspec.Struct, frozen=True):
    """Why nothing can be said of a step."""

    kind: Literal["missing", "zone", "order"]
    """Milestones are missing; one has no time zone where the other has one; the end is before the begin."""
    milestones: tuple[str, ...]
    """The missing ones; the one without a zone; begin and end."""

    @property
    def words(self) -> str:
        """The obstacle in a few words."""
        names = [event_words(name) for name in self.milestones]
        match self.kind:
            case "missing":
                return gettext("%(moments)s not recorded", moments=joined(names))
            case "zone":
                return gettext("time zone of the %(moment)s not recorded", moment=names[0])
            case "order":
                return gettext("%(end)s recorded before %(begin)s", begin=names[0], end=names[1])


class Step(msgspec.Struct, frozen=True):
    """One part of a response: how long it took, and what its level allows."""

    name: str
    span: timedelta | None
    """By the clock; None where a moment is not known."""
    counted: timedelta | None
    """As the level counts time (support hours), to the moment asked for while it is not passed."""
    target: timedelta | None
    """None where the level sets none."""
    state: State
    obstacle: Obstacle | None
    """What is in the way, where `state` is unknown."""
    approximate: bool

    @property
    def beyond(self) -> timedelta | None:
        """By how much the target was missed, negative where there was time left."""
        if self.counted is None or self.target is None:
            return None
        return self.counted - self.target


class Publication(msgspec.Struct, frozen=True):
    """Whether the postmortem that is asked for was published by its deadline."""

    due_at: datetime | None
    """None where it can't be told: the resolution is not known, or still ahead."""
    published_on: date | None
    state: State


class Response(msgspec.Struct, frozen=True):
    """An incident's response, measured as of a moment."""

    incident: Incident
    level: SeverityLevel | None
    moments: Mapping[str, Moment]
    """When each milestone was passed; those that are not known are absent."""
    begin: Begin | None
    duration: timedelta | None
    """From begin to end."""
    resolved_at: datetime | None
    """In UTC."""
    steps: tuple[Step, ...]
    mitigated_first: bool | None
    """Whether harm was ended no later than its cause was found; None where that is not known."""
    cadence: Cadence
    publication: Publication | None
    """None where no postmortem is asked for."""
    is_over: bool

    def step(self, name: str) -> Step:
        """Return one of `STEPS`."""
        return next(step for step in self.steps if step.name == name)

    def measured(self, measure: str) -> timedelta | None:
        """Return the span of one of `MEASURES`; None where it is not known."""
        return self.duration if measure == "duration" else self.step(measure).span


def response(corpus: Corpus, incident: Incident, as_of: datetime) -> Response:
    """Return what the records tell of a response, measured as of a moment."""
    level = corpus.policy.level(incident.severity)
    is_over = has_ended(incident, as_of)
    moments = {
        name: moment
        for name, moment in moments_of(incident).items()
        if is_over or (name != "resolved" and in_utc(moment.at) <= as_of)
    }
    resolved_at = in_utc(moments["resolved"].at) if "resolved" in moments else None
    state = _Measuring(corpus.policy, incident, level, moments, as_of, is_over=is_over)
    detected = in_utc(moments["detected"].at) if "detected" in moments else None
    return Response(
        incident=incident,
        level=level,
        moments=moments,
        begin=incident.begin,
        duration=incident.lasted if is_over else None,
        resolved_at=resolved_at,
        steps=tuple(state.step(*names) for names in _STEPS),
        mitigated_first=_mitigated_first(moments, is_over=is_over),
        cadence=cadence(
            corpus, incident, detected, resolved_at if is_over else as_of, is_over=is_over
        ),
        publication=_publication(corpus, incident, as_of),
        is_over=is_over,
    )


def responses(corpus: Corpus, as_of: datetime) -> tuple[Response, ...]:
    """Return the responses to all incidents, in the order of the corpus."""
    return tuple(response(corpus, incident, as_of) for incident in corpus.incidents)


def moments_of(incident: Incident) -> dict[str, Moment]:
    """Return when each milestone was passed, by the surest telling of the incident's records."""
    found = {
        name: Moment(told[0].at, told[0].approximate) for name, told in incident.tellings.items()
    }
    if incident.start is not None:
        found.setdefault("started", Moment(incident.start.at, incident.start.approximate))
    return found


class _Measuring(msgspec.Struct, frozen=True):
    """What all steps of one incident are measured by."""

    policy: Policy
    incident: Incident
    level: SeverityLevel | None
    moments: Mapping[str, Moment]
    as_of: datetime
    is_over: bool

    def step(self, name: str, since: str, until: str) -> Step:
        target: timedelta | None = getattr(self.level, name, None)
        begin, end = self.moments.get(since), self.moments.get(until)
        if begin is not None and end is None and self._is_ahead(until):
            waited = self._counted(in_utc(begin.at), max(in_utc(begin.at), self.as_of))
            late = target is not None and waited > target
            return Step(
                name, None, waited, target, "missed" if late else "pending", None, begin.approximate
            )
        obstacle = self._obstacle(since, until)
        if begin is None or end is None or obstacle is not None:
            return Step(name, None, None, target, "unknown", obstacle, approximate=False)
        counted = self._counted(in_utc(begin.at), in_utc(end.at))
        state: State = "no-target"
        if target is not None:
            state = "met" if counted <= target else "missed"
        vague = begin.approximate or end.approximate
        return Step(name, end.at - begin.at, counted, target, state, None, vague)

    def _counted(self, begin: datetime, end: datetime) -> timedelta:
        return self.policy.elapsed(self.level, begin, end) if self.level else end - begin

    def _is_ahead(self, name: str) -> bool:
        """Whether a live incident may pass the milestone yet, by its status and what it says."""
        if self.is_over:
            return False
        if name == "classified":
            return self.incident.severity is None
        if name == "ic_assigned":
            return self.incident.commander is None
        after = MILESTONES[MILESTONES.index(name) + 1 :]
        return self.incident.status in _STATES_BEFORE[name] and not any(
            passed in self.moments for passed in after
        )

    def _obstacle(self, since: str, until: str) -> Obstacle | None:
        missing = tuple(name for name in (since, until) if name not in self.moments)
        if missing:
            return Obstacle("missing", missing)
        begin, end = self.moments[since].at, self.moments[until].at
        if not comparable(begin, end):
            return Obstacle("zone", (since if begin.tzinfo is None else until,))
        return Obstacle("order", (since, until)) if end < begin else None


def _mitigated_first(moments: Mapping[str, Moment], *, is_over: bool) -> bool | None:
    mitigated, identified = moments.get("mitigated"), moments.get("identified")
    if mitigated is None or identified is None:
        return None if is_over or mitigated is identified else mitigated is not None
    if not comparable(mitigated.at, identified.at):
        return None
    return mitigated.at <= identified.at


def _publication(corpus: Corpus, incident: Incident, as_of: datetime) -> Publication | None:
    if not requires_postmortem(corpus, incident):
        return None
    reviews = corpus.postmortems_of(incident)
    published = min((r.published_on for r in reviews if r.published_on is not None), default=None)
    deadline = postmortem_deadline(corpus, incident)
    if deadline is None or deadline.due_at is None:
        return Publication(None, published, "unknown" if not incident.is_live else "pending")
    # A publication has a day and no time: the whole day of the deadline counts as in time.
    if published is not None:
        state: State = "met" if published <= deadline.due_at.date() else "missed"
    elif any(review.status == "final" for review in reviews):
        state = "unknown"
    else:
        state = "missed" if as_of > deadline.due_at else "pending"
    return Publication(deadline.due_at, published, state)
