"""How a response went, measured: one incident against its targets, and all of them over time."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.actions import tracked_actions
from mkdocs_incident.insights.cadence import Cadence, State, cadence, has_ended
from mkdocs_incident.insights.deadlines import postmortem_deadline, requires_postmortem
from mkdocs_incident.insights.moments import EVENTS, comparable, documents_of, tellings
from mkdocs_incident.policy import Policy, SeverityLevel
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import texts
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import in_utc, later
from mkdocs_incident.wording import joined

FEW = 8
"""Fewer incidents than this say nothing about a trend, and each is better looked at for itself."""

_LONGEST = timedelta(days=3653)
"""Ten years: a mistyped year must not make a page of a thousand."""

Told = Literal["field", "entry", "duration", "detection", "first-entry"]

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


@dataclass(frozen=True)
class Moment:
    """When something happened, as the surest place of the records tells it."""

    at: datetime
    """As written; without a zone it is naive."""
    approximate: bool


@dataclass(frozen=True)
class Begin:
    """When an incident began, and what told it."""

    at: datetime
    """In UTC."""
    told_by: Told
    approximate: bool


@dataclass(frozen=True)
class Step:
    """One part of a response: how long it took, and what its level allows."""

    name: str
    span: timedelta | None
    """By the clock; None where a moment is not known."""
    counted: timedelta | None
    """As the level counts time (support hours), to the moment asked for while it is not passed."""
    target: timedelta | None
    """None where the level sets none."""
    state: State
    why: str | None
    """Why nothing can be said, where `state` is unknown."""
    approximate: bool

    @property
    def beyond(self) -> timedelta | None:
        """By how much the target was missed, negative where there was time left."""
        if self.counted is None or self.target is None:
            return None
        return self.counted - self.target


@dataclass(frozen=True)
class Publication:
    """Whether the postmortem that is asked for was published by its deadline."""

    due_at: datetime | None
    """None where it can't be told: the resolution is not known, or still ahead."""
    published_on: date | None
    state: State


@dataclass(frozen=True)
class Response:
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
        for name, moment in moments_of(corpus, incident).items()
        if is_over or in_utc(moment.at) <= as_of
    }
    resolved_at = in_utc(moments["resolved"].at) if "resolved" in moments else None
    state = _Measuring(corpus.policy, incident, level, moments, as_of, is_over=is_over)
    detected = in_utc(moments["detected"].at) if "detected" in moments else None
    return Response(
        incident=incident,
        level=level,
        moments=moments,
        begin=begin_of(corpus, incident),
        duration=lasted(corpus, incident) if is_over else None,
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


def moments_of(corpus: Corpus, incident: Incident) -> dict[str, Moment]:
    """Return when each milestone was passed, by the surest telling of the incident's records."""
    found = {
        name: Moment(told[0].at, told[0].approximate)
        for name, told in tellings(corpus, incident).items()
    }
    start = next((told.start for told in _tellers(corpus, incident) if told.start), None)
    if start is not None:
        found.setdefault("started", Moment(start.at, start.approximate))
    return found


def begin_of(corpus: Corpus, incident: Incident) -> Begin | None:
    """Return when an incident began: its start, else its detection, else its first known moment."""
    tellers = _tellers(corpus, incident)
    for told in tellers:
        if told.start is not None:
            return Begin(told.start.at, told.start.told_by, told.start.approximate)
    detected = tellings(corpus, incident).get("detected")
    if detected:
        return Begin(in_utc(detected[0].at), "detection", detected[0].approximate)
    first = next((told.first_known for told in tellers if told.first_known is not None), None)
    return Begin(first, "first-entry", approximate=True) if first is not None else None


def lasted(corpus: Corpus, incident: Incident) -> timedelta | None:
    """Return the time from begin to end; None where either is not known or the end comes first."""
    begin = begin_of(corpus, incident)
    ends = (told.ended for told in _tellers(corpus, incident))
    end = next((end for end in ends if end is not None), None)
    return end - begin.at if begin is not None and end is not None and end >= begin.at else None


def _tellers(corpus: Corpus, incident: Incident) -> tuple[Incident, ...]:
    """Return the incident as each of its records tells it, its own first."""
    others = (d for d in documents_of(corpus, incident) if d is not incident.document)
    return (incident, *(Incident(document, incident.id) for document in others))


@dataclass(frozen=True)
class _Measuring:
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
        why = self._unknown(since, until)
        if begin is None or end is None or why is not None:
            return Step(name, None, None, target, "unknown", why, approximate=False)
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

    def _unknown(self, since: str, until: str) -> str | None:
        missing = [EVENTS[name] for name in (since, until) if name not in self.moments]
        if missing:
            return f"{joined(missing)} not recorded"
        begin, end = self.moments[since].at, self.moments[until].at
        if not comparable(begin, end):
            naive = since if begin.tzinfo is None else until
            return f"time zone of the {EVENTS[naive]} not recorded"
        return f"{EVENTS[until]} recorded before {EVENTS[since]}" if end < begin else None


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
    if deadline is None:
        return Publication(None, published, "unknown" if not incident.is_live else "pending")
    # A publication has a day and no time: the whole day of the deadline counts as in time.
    if published is not None:
        state: State = "met" if published <= deadline.due_at.date() else "missed"
    elif any(review.status == "final" for review in reviews):
        state = "unknown"
    else:
        state = "missed" if as_of > deadline.due_at else "pending"
    return Publication(deadline.due_at, published, state)


@dataclass(frozen=True)
class Value:
    """One incident's span."""

    incident: Incident
    day: date | None
    """The day on which it began, in UTC."""
    span: timedelta


@dataclass(frozen=True)
class Distribution:
    """The spans of a group of incidents; each is there, so that none hides in a number."""

    name: str | None
    """Of the group; None for incidents of which it is not known."""
    values: tuple[Value, ...]
    """The shortest first."""
    unknown: int
    """Incidents that are over and do not tell the span."""
    pending: int
    """Live incidents that have not come so far."""

    @cached_property
    def _spans(self) -> list[timedelta]:
        return [value.span for value in self.values]

    @property
    def few(self) -> bool:
        """Whether there are too few for lines and comparisons."""
        return len(self.values) < FEW

    @cached_property
    def median(self) -> timedelta | None:
        """The middle span, or the mean of both; None without any."""
        return statistics.median(self._spans) if self._spans else None  # type: ignore[type-var]

    @cached_property
    def p90(self) -> timedelta | None:
        """The 90th percentile by nearest rank: a span that was measured, at least 90 % reach no further."""
        rank = -(-9 * len(self._spans) // 10)
        return self._spans[rank - 1] if self._spans else None


Grouping = Literal["all", "severity", "service", "month", "quarter", "year"]


def distribution(
    measured: Sequence[Response], measure: str, by: Grouping = "all", levels: Sequence[str] = ()
) -> tuple[Distribution, ...]:
    """Return the distribution of a measure in each group of incidents.

    Args:
        measured: the responses.
        measure: one of `MEASURES`.
        by: what groups them; periods are those in which the incidents began, in UTC. An incident
            counts for each of its services.
        levels: the order of severities, gravest first; others follow by name.
    """
    groups: dict[str | None, list[Response]] = {}
    for entry in measured:
        for name in _groups_of(entry, by):
            groups.setdefault(name, []).append(entry)
    order = {name: position for position, name in enumerate(levels)}
    names = sorted(groups, key=lambda n: (n is None, order.get(n or "", len(order)), n or ""))
    return tuple(_distributed(name, groups[name], measure) for name in names)


def _distributed(name: str | None, group: list[Response], measure: str) -> Distribution:
    values = [
        Value(entry.incident, _day(entry), span)
        for entry in group
        if (span := entry.measured(measure)) is not None
    ]
    values.sort(key=lambda value: (value.span, value.incident.document.path))
    missing = [entry for entry in group if entry.measured(measure) is None]
    pending = sum(_is_pending(entry, measure) for entry in missing)
    return Distribution(name, tuple(values), len(missing) - pending, pending)


def _is_pending(entry: Response, measure: str) -> bool:
    if measure == "duration":
        return not entry.is_over
    return not entry.is_over and entry.step(measure).state in {"pending", "missed"}


def _groups_of(entry: Response, by: Grouping) -> tuple[str | None, ...]:
    if by == "all":
        return ("all",)
    if by == "severity":
        return (entry.incident.severity,)
    if by == "service":
        return tuple(dict.fromkeys(entry.incident.services)) or (None,)
    return (period(_day(entry), by),)


def _day(entry: Response) -> date | None:
    began = entry.begin.at if entry.begin is not None else entry.incident.began
    return began.date() if began is not None else None


def period(day: date | None, by: Literal["month", "quarter", "year"]) -> str | None:
    """Return the name of a day's period: ``2025-06``, ``2025-Q2`` or ``2025``."""
    if day is None:
        return None
    if by == "year":
        return f"{day.year:04d}"
    if by == "month":
        return day.isoformat()[:7]
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


@dataclass(frozen=True)
class Share:
    """How many of a quarter's promises were kept; those that can't be told are in no share."""

    quarter: str | None
    """None for incidents without a day."""
    met: int
    missed: int
    unknown: int
    pending: int

    @property
    def part(self) -> float | None:
        """The kept part of those that can be told, from 0 to 1; None without any."""
        told = self.met + self.missed
        return self.met / told if told else None


def targets_met(measured: Iterable[Response], name: str | None = None) -> tuple[Share, ...]:
    """Return the share of targets met by quarter of the incidents' begin, the earliest first.

    A target is a step's (`STEPS`), the `cadence`, or an audience's first word, by its name; without
    a name all of them count.
    """
    return _shares(
        (period(_day(entry), "quarter"), state)
        for entry in measured
        for target, state in _targets(entry)
        if name in {None, target}
    )


def _targets(entry: Response) -> Iterator[tuple[str, State]]:
    yield from ((step.name, step.state) for step in entry.steps if step.target is not None)
    yield "cadence", entry.cadence.state
    yield from ((word.audience, word.state) for word in entry.cadence.first_words)


def postmortems_in_time(measured: Iterable[Response]) -> tuple[Share, ...]:
    """Return the share of postmortems published by their deadline, by quarter of resolution.

    Only incidents that are over and ask for one count.
    """
    return _shares(
        (
            period(entry.resolved_at.date() if entry.resolved_at else None, "quarter"),
            entry.publication.state,
        )
        for entry in measured
        if entry.publication is not None and not entry.incident.is_live
    )


def _shares(states: Iterable[tuple[str | None, State]]) -> tuple[Share, ...]:
    counts: dict[str | None, dict[State, int]] = {}
    for quarter, state in states:
        if state != "no-target":
            found = counts.setdefault(quarter, dict.fromkeys(_COUNTED, 0))
            found[state] += 1
    quarters = sorted(counts, key=lambda quarter: (quarter is None, quarter or ""))
    return tuple(Share(quarter, *counts[quarter].values()) for quarter in quarters)


_COUNTED: tuple[State, ...] = ("met", "missed", "unknown", "pending")


@dataclass(frozen=True)
class RecurrenceShare:
    """How many of a quarter's incidents say that they repeat an earlier one."""

    quarter: str | None
    incidents: int
    recurred: int


def recurrence_share(measured: Iterable[Response]) -> tuple[RecurrenceShare, ...]:
    """Return, by quarter of begin, how many incidents name another in `recurrence_of`."""
    counts: dict[str | None, list[bool]] = {}
    for entry in measured:
        again = bool(texts(entry.incident.record, "recurrence_of"))
        counts.setdefault(period(_day(entry), "quarter"), []).append(again)
    quarters = sorted(counts, key=lambda quarter: (quarter is None, quarter or ""))
    return tuple(RecurrenceShare(q, len(counts[q]), sum(counts[q])) for q in quarters)


@dataclass(frozen=True)
class ActionMonth:
    """What became of action items until the end of a month, or until the day asked for."""

    month: str
    opened: int
    """Items of incidents of this month."""
    done: int
    """Items that say that they were done in this month."""
    open: int
    """Items open at its end."""
    median_age: float | None
    """Days that those have been open then, counted from their incident; None without any."""


@dataclass(frozen=True)
class ActionHistory:
    """Action items over time, and those that have no place in it."""

    months: tuple[ActionMonth, ...]
    """Without a gap, from the first incident with an item (at most ten years back) to that day."""
    without_day: int
    """Items whose incident has no known day."""
    ended_undated: int
    """Items that are done, or will not be done, and do not say since when: open in no month."""


@dataclass(frozen=True)
class _Life:
    """From when to when an action item was open."""

    begin: date
    end: date | None
    """None while it is open."""
    is_done: bool


def action_history(corpus: Corpus, today: date) -> ActionHistory:
    """Return how action items (those that the tracker lists) were opened and done, month by month."""
    done_on = {item.location: item.done_on for item in corpus.action_items}
    lives: list[_Life] = []
    opened: dict[str, int] = {}
    without_day = undated = 0
    for action in tracked_actions(corpus, today):
        if action.age_days is None:
            without_day += 1
            continue
        begin = today - timedelta(days=action.age_days)
        month = begin.isoformat()[:7]
        opened[month] = opened.get(month, 0) + 1
        end = None if action.is_open else done_on.get(action.location)
        if action.is_open or end is not None:
            lives.append(_Life(begin, end, action.status == "done"))
        else:
            undated += 1
    months = [
        _action_month(first, last, lives, opened.get(first.isoformat()[:7], 0))
        for first, last in _months(min(opened, default=None), today)
    ]
    return ActionHistory(tuple(months), without_day, undated)


def _months(first: str | None, today: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each month from one on; the last one ends today."""
    if first is None:
        return
    earliest = later(today, -_LONGEST) or today
    begin = max(date.fromisoformat(f"{first}-01"), earliest.replace(day=1))
    while (begin.year, begin.month) != (today.year, today.month):
        after = (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
        yield begin, after - timedelta(days=1)
        begin = after
    yield begin, today


def _action_month(first: date, last: date, lives: list[_Life], opened: int) -> ActionMonth:
    ages = [
        (last - life.begin).days
        for life in lives
        if life.begin <= last and (life.end is None or life.end > last)
    ]
    done = sum(
        life.is_done and life.end is not None and first <= life.end <= last for life in lives
    )
    return ActionMonth(
        first.isoformat()[:7], opened, done, len(ages), statistics.median(ages) if ages else None
    )
