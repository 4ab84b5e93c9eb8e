"""How responses go over time: how long they take, what is kept of what was promised, what comes back."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

import msgspec

from mkdocs_incident.insights.metrics import Response
from mkdocs_incident.insights.trends import (
    FEW,
    ActionHistory,
    Distribution,
    Grouping,
    Share,
    action_history,
    distribution,
    postmortems_in_time,
    recurrence_share,
    targets_met,
)
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.incident_sections import REACHED
from mkdocs_incident.pages.plots import (
    BARS_HEIGHT,
    QUARTERS,
    SHOWN_MONTHS,
    Plot,
    month_bars,
    plot,
    quarter_key,
    quarter_number,
    quarter_words,
)
from mkdocs_incident.pages.response_timeline import milestone_name
from mkdocs_incident.pages.site import Site
from mkdocs_incident.wording import percent

_SPOKEN = {
    "detect": (marked("Time to detect"), marked("from the start to the detection")),
    "acknowledge": (
        marked("Time to acknowledge"),
        marked("from the detection to the acknowledgement"),
    ),
    "engage": (marked("Time to engage"), marked("from the detection until responders are engaged")),
    "mitigate": (marked("Time to mitigate"), marked("from the detection until the harm ends")),
    "resolve": (marked("Time to resolve"), marked("from the detection to the resolution")),
    "classify": (
        marked("Time to classify"),
        marked("from the detection until the severity is set"),
    ),
    "assign": (
        marked("Time to assign an incident commander"),
        marked("from the detection until somebody leads"),
    ),
}
"""What the page speaks of, in this order: name and meaning."""
_ALWAYS = ("detect", "acknowledge", "engage", "mitigate", "resolve")
"""The others are shown where an incident tells them."""
_TARGETS = {
    **{name: title for name, (title, _) in _SPOKEN.items()},
    "cadence": marked("Updates without a gap"),
    "the status page": marked("First word on the status page"),
    "management": marked("First word to management"),
    "executives": marked("First word to executives"),
}
_AGES = (
    (30, marked("up to 30 days")),
    (90, marked("31 to 90 days")),
    (180, marked("91 to 180 days")),
)
_OLDER = marked("over 180 days")


class Measure(msgspec.Struct, frozen=True):
    """One part of responses, over time."""

    name: str
    title: str
    brief: str
    """Its name as the head of a column."""
    meaning: str
    whole: Distribution
    quarters: tuple[Distribution, ...]
    plot: Plot | None
    """None where no incident of the quarters shown tells it."""
    too_few: bool
    """Whether a quarter with marks has too few incidents for lines."""


class Row(msgspec.Struct, frozen=True):
    """One group of incidents: what each measure is there."""

    name: str | None
    incidents: int
    cells: tuple[Distribution, ...]
    """In the order of the measures."""


class Quarter(msgspec.Struct, frozen=True):
    """What the first sentence tells of a quarter."""

    name: str
    incidents: int
    recurred: int
    targets: Share | None
    """None where no target was set."""


class Age(msgspec.Struct, frozen=True):
    """Open actions of an age."""

    name: str
    count: int
    part: float
    """Of all open actions whose age is known, from 0 to 1."""


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    measured = site.responses
    measures = _measures(site)
    history = action_history(site.corpus, site.today)
    open_ages = [a.age_days for a in site.actions if a.is_open and a.age_days is not None]
    now = quarter_number(site.today)
    begun = [r for r in measured if r.incident.day is not None and r.incident.day <= site.today]
    return site.render(
        "trends.html",
        url,
        measures=measures,
        unknown_severity=any(i.severity not in site.levels for i in site.corpus.incidents),
        running=_quarter(site, begun, now),
        last=_quarter(site, begun, now - 1),
        before=_quarter(site, begun, now - 2),
        few=FEW,
        percent=percent,
        quarters_shown=QUARTERS,
        quarter_words=quarter_words,
        by_severity=_rows(site, "severity", measures),
        by_service=_rows(site, "service", measures),
        targets=targets_met(measured),
        by_target=_by_target(measured),
        postmortems=postmortems_in_time(measured),
        recurrences=recurrence_share(site.corpus, measured),
        history=history,
        bars=month_bars(history.months),
        bars_height=BARS_HEIGHT,
        open_ages=sorted(open_ages),
        median_age=statistics.median(open_ages) if open_ages else None,
        ages=_ages(open_ages),
        year=_sums(history),
    )


def _measures(site: Site) -> list[Measure]:
    found = []
    for name, (title, meaning) in _SPOKEN.items():
        whole = distribution(site.responses, name)
        if whole and (name in _ALWAYS or whole[0].values):
            quarters = distribution(site.responses, name, "quarter")
            found.append(_measure(site, (name, title, meaning), whole[0], quarters))
    return found


def _measure(
    site: Site, said: tuple[str, str, str], whole: Distribution, quarters: Sequence[Distribution]
) -> Measure:
    name, title, meaning = said
    shown = _shown(site)
    targets = [
        (level.name, limit)
        for level in site.corpus.policy.levels
        if (limit := getattr(level, name, None)) is not None
    ]
    drawn = plot(whole, quarters, shown, targets)
    keys = {quarter_key(number) for number in shown}
    too_few = any(q.few and q.values for q in quarters if q.name in keys)
    return Measure(
        name,
        gettext(title),
        milestone_name(REACHED[name]),
        gettext(meaning),
        whole,
        tuple(quarters),
        drawn if drawn.marks else None,
        too_few,
    )


def _shown(site: Site) -> range:
    """Return the numbers of the quarters that pictures show: up to the latest one with an incident."""
    now = quarter_number(site.today)
    days = (entry.begin.at for entry in site.responses if entry.begin is not None)
    numbers = [number for day in days if (number := quarter_number(day)) <= now] or [now]
    return range(max(min(numbers), max(numbers) - QUARTERS + 1), max(numbers) + 1)


def _quarter(site: Site, measured: Sequence[Response], number: int) -> Quarter:
    key = quarter_key(number)
    again = next(
        (entry for entry in recurrence_share(site.corpus, measured) if entry.quarter == key), None
    )
    return Quarter(
        name=quarter_words(key),
        incidents=again.incidents if again is not None else 0,
        recurred=again.recurred if again is not None else 0,
        targets=next((share for share in targets_met(measured) if share.quarter == key), None),
    )


def _rows(site: Site, by: Grouping, measures: Sequence[Measure]) -> list[Row]:
    """Return each group's distribution of the measures that the page always speaks of."""
    names = [measure.name for measure in measures if measure.name in _ALWAYS]
    groups = [distribution(site.responses, name, by, site.levels) for name in names]
    return [
        Row(cells[0].name, len(cells[0].values) + cells[0].unknown + cells[0].pending, cells)
        for cells in zip(*groups, strict=True)
    ]


def _by_target(measured: Sequence[Response]) -> list[tuple[str, Share]]:
    """Return what was kept of each target over all quarters."""
    found = []
    for name, title in _TARGETS.items():
        whole = _total(targets_met(measured, name))
        if whole.met or whole.missed or whole.unknown or whole.pending:
            found.append((gettext(title), whole))
    return found


def _total(shares: Iterable[Share]) -> Share:
    shares = list(shares)
    return Share(
        None,
        sum(share.met for share in shares),
        sum(share.missed for share in shares),
        sum(share.unknown for share in shares),
        sum(share.pending for share in shares),
    )


def _ages(days: Iterable[int]) -> list[Age]:
    counts = {name: 0 for _, name in _AGES} | {_OLDER: 0}
    for number in days:
        counts[next((name for limit, name in _AGES if number <= limit), _OLDER)] += 1
    whole = sum(counts.values()) or 1
    return [Age(gettext(name), count, count / whole) for name, count in counts.items()]


def _sums(history: ActionHistory) -> tuple[int, int]:
    """Return how many actions were opened and done in the months that the picture shows."""
    shown = history.months[-SHOWN_MONTHS:]
    return sum(month.opened for month in shown), sum(month.done for month in shown)
