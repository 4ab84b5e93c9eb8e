"""How responses, postmortems and action items went over time; no trend line, every incident counts."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.actions import tracked_actions
from mkdocs_incident.insights.cadence import State
from mkdocs_incident.insights.metrics import Response
from mkdocs_incident.insights.recurrence import declared_earlier
from mkdocs_incident.records import Incident
from mkdocs_incident.source.times import later

FEW = 8
"""Fewer incidents than this say nothing about a trend, and each is better looked at for itself."""

_LONGEST = timedelta(days=3653)
"""Ten years: a mistyped year must not make a page of a thousand."""


class Value(msgspec.Struct, frozen=True):
    """One incident's span."""

    incident: Incident
    day: date | None
    """The day on which it began, in UTC."""
    span: timedelta


class Distribution(msgspec.Struct, frozen=True, dict=True):
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
    return entry.incident.day


def period(day: date | None, by: Literal["month", "quarter", "year"]) -> str | None:
    """Return the name of a day's period: ``2025-06``, ``2025-Q2`` or ``2025``."""
    if day is None:
        return None
    if by == "year":
        return f"{day.year:04d}"
    if by == "month":
        return day.isoformat()[:7]
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


class Share(msgspec.Struct, frozen=True):
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


class RecurrenceShare(msgspec.Struct, frozen=True):
    """How many of a quarter's incidents say that they repeat an earlier one."""

    quarter: str | None
    incidents: int
    recurred: int


def recurrence_share(corpus: Corpus, measured: Iterable[Response]) -> tuple[RecurrenceShare, ...]:
    """Return, by quarter of begin, how many incidents declare that they repeat a known one."""
    counts: dict[str | None, list[bool]] = {}
    for entry in measured:
        again = bool(declared_earlier(corpus, entry.incident))
        counts.setdefault(period(_day(entry), "quarter"), []).append(again)
    quarters = sorted(counts, key=lambda quarter: (quarter is None, quarter or ""))
    return tuple(RecurrenceShare(q, len(counts[q]), sum(counts[q])) for q in quarters)


class ActionMonth(msgspec.Struct, frozen=True):
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


class ActionHistory(msgspec.Struct, frozen=True):
    """Action items over time, and those that have no place in it."""

    months: tuple[ActionMonth, ...]
    """Without a gap, from the first incident with an item (at most ten years back) to that day."""
    without_day: int
    """Items whose incident has no known day."""
    ahead: int
    """Items whose incident is dated after that day."""
    ended_undated: int
    """Items that are done, or will not be done, and do not say since when: open in no month."""


class _Life(msgspec.Struct, frozen=True):
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
    without_day = ahead = undated = 0
    for action in tracked_actions(corpus, today):
        begin = action.since
        if begin is None or begin > today:
            without_day += begin is None
            ahead += begin is not None
            continue
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
    return ActionHistory(tuple(months), without_day, ahead, undated)


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
