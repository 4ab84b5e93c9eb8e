"""Where each mark of a picture stands: geometry, which templates draw.

Across, everything is in per cent of the width, so that a picture fits any screen while its letters keep
their size; down, in pixels. The scale of time is linear. What would press all else to the ground
stands above a break, which is said in words.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from mkdocs_incident.insights.trends import ActionMonth, Distribution, Value
from mkdocs_incident.language import gettext, ngettext
from mkdocs_incident.language.formats import month as month_name
from mkdocs_incident.pages.spans import unparted
from mkdocs_incident.wording import clip, joined, span

QUARTERS = 8
"""A picture shows as many at most: two years, whose names have room on a narrow screen."""
SHOWN_MONTHS = 12

_HEIGHT = 170
"""Of the scale, in pixels."""
_HEAD = 16
"""Room above it."""
_BEYOND = 34
"""Room above it where there is a break: for the marks beyond, and the break itself."""
_BARS = 110
_LETTERS = 13
"""The least distance of two labels that can both be read."""
_MARGIN = 10
"""Characters that have room beside a line."""
_MARK = 9
"""Height of a mark, in pixels."""
_ASIDE = 2.8
"""Its width on a narrow screen, in per cent."""
_MOVES = 4
_EDGE = 0.1
"""Part of a quarter that stays free on either side, so that each mark belongs to one."""

_FENCE = 1.5
"""Quartiles' distances above the third one, beyond which a value is far out. Source: J. W. Tukey,
Exploratory Data Analysis, 1977."""
_FAR = 2
"""The scale is broken only where the greatest value is so many times the greatest within the fence; a
target is on the scale where it is at most so many times that."""
_TICKS = 5
_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200)
)
"""Distances of ticks that people count time in, up to 30 days."""
_QUARTERS_A_YEAR = 4
_MONTHS_A_QUARTER = 3


class Mark(msgspec.Struct, frozen=True):
    """One incident."""

    x: float
    """Per cent of the width."""
    y: float
    """Pixels from the top."""
    severity: str | None
    title: str


class Tick(msgspec.Struct, frozen=True):
    """A line of the scale, with its span in words."""

    y: float
    text: str


class Target(msgspec.Struct, frozen=True):
    """A line that levels set."""

    y: float
    label_y: float
    levels: str
    """Their names, as short as the margin."""


class Quarter(msgspec.Struct, frozen=True):
    """A part of the picture, and where half and where nine of ten of its incidents end."""

    x: float
    """Where it begins, in per cent of the width."""
    width: float
    name: str
    """Such as ``Q3``."""
    year: str | None
    """Where it is the first one of its year in the picture."""
    median_y: float | None
    """None where it has too few incidents for lines."""
    p90_y: float | None
    title: str


class Plot(msgspec.Struct, frozen=True):
    """The spans of incidents by the day on which they began."""

    height: float
    base: float
    """Where nothing took any time, in pixels from the top."""
    quarters: tuple[Quarter, ...]
    ticks: tuple[Tick, ...]
    targets: tuple[Target, ...]
    marks: tuple[Mark, ...]
    top: timedelta
    """The greatest span of the scale."""
    longest: timedelta
    """The greatest span of all that have a mark."""
    beyond: int
    """Incidents above the break; 0 where there is none."""
    break_y: float
    on_scale: str
    """Targets that have a line, in words; empty without any."""
    above: str
    """Targets that are greater than the scale, in words; empty without any."""
    undated: int
    """Incidents that have a span and no day: they have no place."""
    earlier: int
    """Incidents of quarters before the first one shown."""


def quarter_number(day: date) -> int:
    """Return the number of a day's quarter, counted from the year 0."""
    return day.year * _QUARTERS_A_YEAR + (day.month - 1) // _MONTHS_A_QUARTER


def quarter_key(number: int) -> str:
    """Return what `period` calls a quarter: ``2025-Q3``."""
    year, quarter = divmod(number, _QUARTERS_A_YEAR)
    return f"{year:04d}-Q{quarter + 1}"


def quarter_words(key: str | None) -> str:
    """Return a quarter as people write it, ``Q3 2025``; of None, that its day is not recorded."""
    if key is None:
        return gettext("Date not recorded")
    year, quarter = key.split("-Q")
    return gettext("Q%(quarter)s %(year)s", quarter=quarter, year=year)


def plot(
    whole: Distribution,
    quarters: Sequence[Distribution],
    shown: range,
    targets: Iterable[tuple[str, timedelta]],
) -> Plot:
    """Return the picture of a measure.

    Args:
        whole: all spans; at least one.
        quarters: the same by quarter.
        shown: numbers of the quarters to show, see `quarter_number`.
        targets: name of each level that sets one, with it.
    """
    placed = [value for value in whole.values if _number(value) in shown]
    limits = _by_limit(targets)
    top, has_break = _top([value.span for value in placed], list(limits))
    scale = _Scale(top, _BEYOND if has_break else _HEAD)
    by_key = {distribution.name: distribution for distribution in quarters}
    return Plot(
        height=scale.head + _HEIGHT,
        base=scale.head + _HEIGHT,
        quarters=tuple(_quarter(shown, n, by_key.get(quarter_key(n)), scale) for n in shown),
        ticks=tuple(Tick(scale.y(at), span(at)) for at in _ticks(top)),
        targets=_targets(limits, scale),
        marks=_spread(placed, shown, scale),
        top=top,
        longest=max((value.span for value in placed), default=top),
        beyond=sum(value.span > top for value in placed),
        break_y=scale.head - _LETTERS / 2,
        on_scale=_in_words(limits, lambda limit: limit <= top),
        above=_in_words(limits, lambda limit: limit > top),
        undated=sum(value.day is None for value in whole.values),
        earlier=sum(
            value.day is not None and _number(value) < shown.start for value in whole.values
        ),
    )


class _Scale(msgspec.Struct, frozen=True):
    """From a span to its place."""

    top: timedelta
    head: float

    def y(self, value: timedelta) -> float:
        if value > self.top:
            return round(self.head / 2 - 2, 1)
        return round(self.head + _HEIGHT * (1 - value / self.top), 1)


def _top(spans: list[timedelta], limits: list[timedelta]) -> tuple[timedelta, bool]:
    """Return the greatest span of the scale, and whether it is broken above that."""
    greatest = max(spans, default=timedelta())
    within = max((value for value in spans if value <= _fence(spans)), default=greatest)
    has_break = greatest > _FAR * within
    kept = within if has_break else greatest
    near = [limit for limit in limits if limit <= _FAR * kept]
    wanted = max(kept, *near, _STEPS[0])
    step = _step(wanted)
    return -(-wanted // step) * step, has_break


def _fence(spans: list[timedelta]) -> timedelta:
    if len(spans) < 2:
        return max(spans, default=timedelta())
    low, _, high = statistics.quantiles((s.total_seconds() for s in spans), method="inclusive")
    return timedelta(seconds=high + _FENCE * (high - low))


def _step(top: timedelta) -> timedelta:
    month = _STEPS[-1]
    return next(
        (step for step in _STEPS if top <= _TICKS * step), -(-top // (_TICKS * month)) * month
    )


def _ticks(top: timedelta) -> list[timedelta]:
    step = _step(top)
    return [step * count for count in range(top // step + 1)]


def _number(value: Value) -> int:
    return quarter_number(value.day) if value.day is not None else -1


def _x(day: date, shown: range) -> float:
    """Return where a day stands, in per cent of the width."""
    number = quarter_number(day)
    year, quarter = divmod(number, _QUARTERS_A_YEAR)
    first = date(year, quarter * _MONTHS_A_QUARTER + 1, 1)
    part = (day - first).days / 92  # of the longest quarter
    inside = _EDGE + (1 - 2 * _EDGE) * part
    return round(100 * (number - shown.start + inside) / len(shown), 2)


def _spread(values: Sequence[Value], shown: range, scale: _Scale) -> tuple[Mark, ...]:
    """Return a mark for each value; one that would cover another is moved aside, a little."""
    taken: dict[tuple[int, int], list[float]] = {}
    found = []
    for value in values:
        day = value.day or date.min
        y = scale.y(value.span)
        number = quarter_number(day)
        wanted = _x(day, shown)
        row = round(y / _MARK)
        near = [x for r in (row - 1, row, row + 1) for x in taken.get((number, r), ())]
        free = (
            x
            for x in _aside(wanted, number - shown.start, 100 / len(shown))
            if all(round(abs(x - other), 2) >= _ASIDE for other in near)
        )
        x = next(free, wanted)
        taken.setdefault((number, row), []).append(x)
        found.append(Mark(round(x, 2), y, value.incident.severity, _title(value)))
    return tuple(found)


def _aside(wanted: float, place: int, width: float) -> Iterator[float]:
    """Yield a place in a quarter, then those beside it that are still well within the quarter."""
    first, last = (place + _EDGE) * width, (place + 1 - _EDGE) * width
    yield wanted
    for step in range(1, _MOVES + 1):
        for x in (wanted + step * _ASIDE, wanted - step * _ASIDE):
            if first <= x <= last:
                yield x


def _title(value: Value) -> str:
    incident = value.incident
    severity = incident.severity or gettext("severity not recorded")
    return f"{incident.id or incident.title} {span(value.span)}, {severity}"


def _quarter(
    shown: range, number: int, distribution: Distribution | None, scale: _Scale
) -> Quarter:
    key = quarter_key(number)
    year, quarter = key.split("-Q")
    is_first = number == shown.start or number % _QUARTERS_A_YEAR == 0
    median = p90 = None
    told = gettext("no incident tells it")
    if (
        distribution is not None
        and distribution.median is not None
        and distribution.p90 is not None
    ):
        count = len(distribution.values)
        told = ngettext("%(num)s measured", "%(num)s measured", count)
        if not distribution.few:
            median, p90 = scale.y(distribution.median), scale.y(distribution.p90)
            told = gettext(
                "%(measured)s, median %(median)s, 90th percentile %(p90)s",
                measured=told,
                median=span(distribution.median),
                p90=span(distribution.p90),
            )
    return Quarter(
        x=round(100 * (number - shown.start) / len(shown), 2),
        width=round(100 / len(shown), 2),
        name=gettext("Q%(quarter)s", quarter=quarter),
        year=year if is_first else None,
        median_y=median,
        p90_y=p90,
        title=f"{quarter_words(key)}: {told}",
    )


def _by_limit(targets: Iterable[tuple[str, timedelta]]) -> dict[timedelta, list[str]]:
    """Return each target with the levels that set it, the shortest first."""
    found: dict[timedelta, list[str]] = {}
    for name, limit in targets:
        found.setdefault(limit, []).append(name)
    return dict(sorted(found.items()))


def _in_words(limits: Mapping[timedelta, list[str]], chosen: Callable[[timedelta], bool]) -> str:
    return "; ".join(
        f"{joined(names)} {unparted(span(limit))}"
        for limit, names in limits.items()
        if chosen(limit)
    )


def _targets(limits: Mapping[timedelta, list[str]], scale: _Scale) -> tuple[Target, ...]:
    """Return the targets that are on the scale; no label covers another."""
    found: list[Target] = []
    for limit, names in limits.items():
        if limit <= scale.top:
            y = scale.y(limit)
            label_y = y + 4
            if found:
                label_y = min(label_y, found[-1].label_y - _LETTERS)
            levels = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
            found.append(Target(y, round(label_y, 1), clip(levels, _MARGIN)))
    return tuple(found)


class Bars(msgspec.Struct, frozen=True):
    """The actions that were opened and done in a month, as two bars from the same ground."""

    x: float
    """Where the month begins, in per cent of the width."""
    width: float
    name: str
    """Such as ``Sep``."""
    year: str | None
    """Where it is the first one of its year in the picture."""
    opened: int
    done: int
    opened_height: float
    """In pixels."""
    done_height: float
    title: str


BARS_HEIGHT = _BARS + _HEAD
"""Room for the greatest bar and the number above it, in pixels."""


def month_bars(months: Sequence[ActionMonth]) -> tuple[Bars, ...]:
    """Return the latest months of actions, at most `SHOWN_MONTHS`."""
    shown = months[-SHOWN_MONTHS:]
    most = max((max(month.opened, month.done) for month in shown), default=0) or 1
    width = 100 / len(shown) if shown else 0.0
    return tuple(
        Bars(
            x=round(place * width, 2),
            width=round(width, 2),
            name=month_name(date.fromisoformat(f"{month.month}-01")),
            year=month.month[:4] if place == 0 or month.month.endswith("-01") else None,
            opened=month.opened,
            done=month.done,
            opened_height=round(_BARS * month.opened / most, 1),
            done_height=round(_BARS * month.done / most, 1),
            title=gettext(
                "%(month)s: %(opened)s opened, %(done)s done",
                month=month.month,
                opened=month.opened,
                done=month.done,
            ),
        )
        for place, month in enumerate(shown)
    )
