"""The response of one incident to scale, drawn on the server as inline SVG.

Here everything gets its place; the template ``timeline.html`` writes it down and escapes it. Horizontal places are shares of the width, while heights and words are in pixels: it is true
to scale at any width, and its words never shrink. Whether words collide is judged at the least width
that a layout is shown at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from mkdocs_incident.insights.cadence import Cadence, Gap
from mkdocs_incident.insights.metrics import Response
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.language.formats import moment, short_day
from mkdocs_incident.pages.lettering import LETTER, width
from mkdocs_incident.pages.markup import plain
from mkdocs_incident.pages.sent_updates import audience_words, gist
from mkdocs_incident.records import Incident
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import in_utc, later
from mkdocs_incident.wording import capitalised, joined, span, words

_PHASES = (
    (marked("detect"), "detected"),
    (marked("respond"), "identified"),
    (marked("mitigate"), "mitigated"),
    (marked("monitor"), "resolved"),
)
"""Parts of a response, with the milestone that ends each."""

_NEAR = 4
"""Entries before the begin or after the end are drawn up to a quarter of the response away."""
_DWARFS = 0.8
"""A phase that takes more than this share of the picture leaves too little to read of the others."""

_ROW = 16
_MARGIN = 86
"""Pixels at the right of the plot that words may take."""
_DAYS = timedelta(days=2)
"""A longer response has its milestones told by day instead of time."""
_BAR = 24
_LANE = 20
_AXIS = 20

_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        180,
        360,
        720,
        1440,
        2 * 1440,
        7 * 1440,
        28 * 1440,
    )
)
"""Distances of the marks of the time axis; beyond the last its multiples."""
_BETWEEN = 64
"""Pixels between two marks of the time axis at least."""


def milestone_name(name: str) -> str:
    """Return a milestone as pages name it: ``Detected``, ``IC assigned``."""
    return capitalised(words(marked("IC assigned") if name == "ic_assigned" else name))


class Phase(msgspec.Struct, frozen=True):
    """A part of a response."""

    kind: str
    """``detect``, ``respond``, ``mitigate`` or ``monitor``: what its pattern stands for."""
    name: str
    """Its own name; with those of the next where the moment between them is not recorded."""
    begin: datetime
    end: datetime
    is_running: bool = False

    @property
    def took(self) -> str:
        """How long it took, in words."""
        took = span(self.end - self.begin)
        return gettext("%(span)s so far", span=took) if self.is_running else took


class Mark(msgspec.Struct, frozen=True):
    """Something that happened at a moment."""

    at: datetime
    """In UTC."""
    text: str
    kind: str
    """A milestone's name, ``entry``, or of an update ``kept``, ``late`` or ``sent``."""


class Layout(msgspec.Struct, frozen=True):
    """How much room a picture has."""

    name: str
    width: int
    """Pixels of the plot at the least width of the page that shows the layout."""


LAYOUTS = (Layout("wide", 470), Layout("narrow", 215))
"""From 560 pixels of text on, and below it from 310 on; 90 of them are left for words at the right."""


class Bar(msgspec.Struct, frozen=True):
    """A span of time at its place, in percent of the width."""

    x: float
    width: float
    kind: str
    label: str
    """Empty where it would not fit."""
    title: str


class Flag(msgspec.Struct, frozen=True):
    """A milestone with its label, or a mark of the axis."""

    x: float
    """In percent of the width."""
    label: str
    """Empty where there is no room for one."""
    row: int
    """Of the label, counted from the bar upwards."""
    title: str
    at: datetime
    is_left: bool = False
    """Whether the label ends at the pole, instead of beginning there."""

    @property
    def length(self) -> float:
        """Of the label, in pixels."""
        return width(self.label) + LETTER

    def pole(self, layout: Layout) -> float:
        """Where the pole stands, in pixels."""
        return self.x * layout.width / 100

    def ends(self, layout: Layout) -> tuple[float, float]:
        """Where the label begins and ends, in pixels."""
        pole = self.pole(layout)
        return (pole - self.length, pole) if self.is_left else (pole, pole + self.length)


class Drawing(msgspec.Struct, frozen=True):
    """A timeline in one layout: what stands where, in percent across and pixels down."""

    layout: Layout
    bars: tuple[Bar, ...]
    flags: tuple[Flag, ...]
    silences: tuple[Bar, ...]
    axis: tuple[Flag, ...]
    has_updates: bool
    bar_y: int
    """Top of the phases, below the labels."""

    @property
    def entries_y(self) -> int:
        """Middle of the row of entries."""
        return self.bar_y + _BAR + _LANE // 2 + 2

    @property
    def updates_y(self) -> int:
        """Middle of the row of updates."""
        return self.entries_y + _LANE

    @property
    def axis_y(self) -> int:
        """The axis of time."""
        return (self.updates_y if self.has_updates else self.entries_y) + _LANE // 2 + 2

    @property
    def height(self) -> int:
        """Of the whole picture."""
        return self.axis_y + _AXIS

    def label_y(self, flag: Flag) -> int:
        """Base line of a milestone's label."""
        return self.bar_y - 6 - flag.row * _ROW


class Timeline(msgspec.Struct, frozen=True):
    """A response, ready to be drawn to scale."""

    begin: datetime
    """Left edge, in UTC: the start, or an entry shortly before it."""
    end: datetime
    origin: datetime
    """The start, from which times are counted."""
    phases: tuple[Phase, ...]
    milestones: tuple[Mark, ...]
    entries: tuple[Mark, ...]
    updates: tuple[Mark, ...]
    cadence: Cadence
    outside: int
    """Entries and updates too far before or after the response to be drawn."""

    @property
    def silences(self) -> list[Gap]:
        """The silences that were longer than the level allows."""
        every = self.cadence.every
        return [gap for gap in self.cadence.gaps if every is not None and gap.counted > every]

    @property
    def dwarfing(self) -> Phase | None:
        """The phase next to which others can hardly be seen."""
        whole = self.end - self.begin
        others = [phase for phase in self.phases if phase.end > phase.begin]
        return next(
            (p for p in others if len(others) > 1 and (p.end - p.begin) / whole > _DWARFS), None
        )

    def share(self, phase: Phase) -> int:
        """Return how much of the picture a phase takes, in percent."""
        return int(100 * ((phase.end - phase.begin) / (self.end - self.begin)))

    @property
    def has_updates(self) -> bool:
        """Whether there are updates, or should be."""
        return bool(self.updates or self.cadence.every is not None)

    def placed(self, marks: Iterable[Mark]) -> list[tuple[float, str, str]]:
        """Return of each mark its place in percent of the width, when it was and what, and its kind."""
        return [(self.x(mark.at), f"{moment(mark.at)}: {mark.text}", mark.kind) for mark in marks]

    def x(self, at: datetime) -> float:
        """Return a moment's place, in percent of the width."""
        return round(100 * ((at - self.begin) / (self.end - self.begin)), 3)

    @property
    def drawings(self) -> list[Drawing]:
        """The picture in each layout."""
        return [self._drawing(layout) for layout in LAYOUTS]

    @property
    def is_within_a_day(self) -> bool:
        """Whether a time alone says which moment is meant."""
        return self.begin.date() == self.end.date()

    def _drawing(self, layout: Layout) -> Drawing:
        flags = tuple(self._flags(layout))
        rows = max((flag.row for flag in flags if flag.label), default=-1) + 1
        return Drawing(
            layout,
            tuple(
                self._bar(layout, p.begin, p.end, p.kind, p.name, f"{p.name}: {p.took}")
                for p in self.phases
            ),
            flags,
            tuple(
                self._bar(
                    layout, gap.since, gap.until, "silence", span(gap.counted),
                    gettext("%(span)s without an update", span=span(gap.counted)),
                )
                for gap in self.silences
            ),
            tuple(self._axis(layout)),
            self.has_updates,
            rows * _ROW + 6,
        )  # fmt: skip

    def _bar(  # noqa: PLR0913, PLR0917 - what a bar is
        self, layout: Layout, begin: datetime, end: datetime, kind: str, label: str, title: str
    ) -> Bar:
        x = max(0.0, self.x(begin))
        share = round(min(100.0, self.x(end)) - x, 3)
        fits = width(label) + 2 * LETTER <= layout.width * share / 100
        return Bar(x, share, kind, label if fits else "", title)

    def _flags(self, layout: Layout) -> list[Flag]:
        """Place the labels so that none overlaps another, and no pole passes through one.

        From right to left, each goes to the lowest row that is free from its left end on. What has no room to the
        right of its pole stands to the left of it; if other poles are there, to the right without its
        time; if even that is too long, above those poles, and without its label if its own
        pole would pass through another one.
        """
        poles = [self.x(mark.at) * layout.width / 100 for mark in self.milestones]
        flags = [self._flag(layout, mark, poles) for mark in self.milestones]
        free: list[float] = []  # by row: up to where
        placed: list[Flag] = []
        over: list[Flag] = []
        for flag in reversed(flags):
            left, right = flag.ends(layout)
            if flag.is_left and any(left <= pole < right for pole in poles):
                over.append(flag)
                continue
            row = next((i for i, end in enumerate(free) if right <= end), len(free))
            free[: row + 1] = [left] * (row + 1)
            placed.append(replace(flag, row=row))
        for flag in reversed(over):
            left, right = flag.ends(layout)
            is_struck = any(o.ends(layout)[0] < right < o.ends(layout)[1] for o in placed)
            covered = [o.row for o in placed if o.ends(layout)[1] > left]
            label = "" if is_struck else flag.label
            placed.append(replace(flag, label=label, row=max(covered, default=-1) + 1))
        return sorted(placed, key=lambda flag: flag.x)

    def _flag(self, layout: Layout, mark: Mark, poles: list[float]) -> Flag:
        """Choose a label and its side."""
        is_long = self.end - self.begin > _DAYS
        at = short_day(mark.at) if is_long else f"{mark.at:%H:%M}"
        flag = Flag(self.x(mark.at), f"{mark.text} {at}", 0, mark.text, mark.at)
        edge = layout.width + _MARGIN
        if flag.ends(layout)[1] <= edge:
            return flag
        brief, other = replace(flag, label=mark.text), replace(flag, is_left=True)
        left, right = other.ends(layout)
        is_free = not any(left <= pole < right for pole in poles)
        return brief if brief.ends(layout)[1] <= edge and not is_free else other

    def _axis(self, layout: Layout) -> Iterator[Flag]:
        whole = self.end - self.begin
        most = layout.width // _BETWEEN
        step = next((step for step in _STEPS if whole / step <= most), _STEPS[-1])
        step *= max(1, -(-(whole // step) // most))
        midnight = self.begin.replace(hour=0, minute=0, second=0, microsecond=0)
        first = -(-(self.begin - midnight) // step)
        for count in range(first, first + most + 2):
            at = later(midnight, count * step)
            if at is None or at > self.end:
                return
            is_day = (at.hour, at.minute) == (0, 0)
            yield Flag(self.x(at), short_day(at) if is_day else f"{at:%H:%M}", 0, "", at)


def phases_of(measured: Response, begin: datetime, end: datetime) -> tuple[Phase, ...]:
    """Return the phases of a response from `begin` to `end`, which is now in a live one.

    Detection ends the first, the cause's identification the second, the end of harm the third. Harm that ended
    before the cause was known leaves no third one. Where a moment is not recorded, the phases on
    both sides of it are one; where its end is not, the last is left out.
    """
    ends = {name: in_utc(moment.at) for name, moment in measured.moments.items()}
    found: list[Phase] = []
    names: list[str] = []
    since = begin
    steps = list(_PHASES)
    if measured.begin is not None and measured.begin.told_by == "detection":
        steps = steps[1:]
    if measured.mitigated_first and "mitigated" in ends:
        steps = [("respond", "mitigated") if n == "mitigate" else (n, e) for n, e in steps]
        steps.remove(("respond", "identified"))
    for name, milestone in steps:
        names.append(name)
        until = ends.get(milestone)
        if until is not None and until >= since:
            found.append(Phase(names[0], _named(names), since, until))
            names, since = [], until
    if names and not measured.is_over and end > since:
        found.append(Phase(names[0], _named(names[:1]), since, end, is_running=True))
    return tuple(found)


def _named(phases: list[str]) -> str:
    return joined([gettext(phase) for phase in phases])


def timeline(measured: Response, told: Incident, as_of: datetime) -> Timeline | None:
    """Return a response to be drawn; None where fewer than two different moments are known.

    Args:
        measured: the response.
        told: the incident as the record that holds its timeline tells it.
        as_of: up to where a live one is drawn, in UTC.
    """
    moments = {name: in_utc(moment.at) for name, moment in measured.moments.items()}
    events = [
        Mark(in_utc(event.at), plain(event.words), "entry")
        for event in told.timeline
        if event.at is not None
    ]
    known = [*moments.values(), *(mark.at for mark in events)]
    begin = measured.begin.at if measured.begin is not None else min(known, default=as_of)
    end = measured.resolved_at or max(known, default=begin) if measured.is_over else as_of
    if end <= begin:
        return None
    updates = _updates(measured.incident, measured.cadence)
    aside = (end - begin) / _NEAR
    left, right = later(begin, -aside) or begin, min(later(end, aside) or end, max(end, as_of))
    drawn = [mark for mark in (*events, *updates) if left <= mark.at <= right]
    edges = [mark.at for mark in drawn] + [at for at in moments.values() if left <= at <= right]
    left, right = min([begin, *edges]), max([end, *edges])
    return Timeline(
        begin=left,
        end=right,
        origin=begin,
        phases=phases_of(measured, begin, end),
        milestones=tuple(
            Mark(moments[name], milestone_name(name), name)
            for name in sorted(
                (name for name, at in moments.items() if left <= at <= right),
                key=lambda name: (moments[name], (marked("started"), *MILESTONES).index(name)),
            )
        ),
        entries=tuple(mark for mark in drawn if mark.kind == "entry"),
        updates=tuple(mark for mark in drawn if mark.kind != "entry"),
        cadence=measured.cadence,
        outside=len(events) + len(updates) - len(drawn),
    )


def _updates(incident: Incident, kept: Cadence) -> list[Mark]:
    """Return what people outside of the response heard, and whether it broke a silence that was too long."""
    late = {gap.until: kept.every is not None and gap.counted > kept.every for gap in kept.gaps}
    by_moment = {update.at: update for update in incident.communications if update.at is not None}
    found = []
    for at in sorted({*by_moment, *(gap.until for gap in kept.gaps[:-1])}):
        update = by_moment.get(at)
        audience = audience_words(update.audience if update is not None else None)
        said = f": {gist(update)}" if update is not None and update.text else ""
        told = gettext("Update to %(audience)s", audience=audience)
        kind = {None: "sent", True: "late", False: "kept"}[late.get(at) if kept.every else None]
        found.append(Mark(at, told + said, kind))
    return found
