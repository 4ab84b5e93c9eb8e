"""The record under construction: values with the places they were read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from mkdocs_incident.diagnostic import Finding, Location, Related, clip
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.text import Fragment, SourceText
from mkdocs_incident.source.times import DateOrder


@dataclass
class Clock:
    """What the document says of day and zone outside of its timeline's entries."""

    day: date | None = None
    start: datetime | None = None
    """First moment that is known with its time of day, without zone."""
    end: datetime | None = None
    """Last such moment, if any."""
    zone: str | None = None

    def day_near_start(self, clock_minutes: int) -> date | None:
        """Return the day that brings a time of day (minutes since midnight) nearest to the start.

        A deploy at 23:50 before an incident that starts at 00:05 was the day before.
        """
        if self.day is None or self.start is None:
            return self.day
        at = timedelta(minutes=clock_minutes)
        midnight = datetime(self.day.year, self.day.month, self.day.day)  # noqa: DTZ001
        best = min(
            (0, -1, 1), key=lambda days: abs(midnight + timedelta(days=days) + at - self.start)
        )
        return self.day + timedelta(days=best)


@dataclass
class Draft:
    """Values read from the body, by route, and what was noticed on the way."""

    source: SourceText
    kind: str
    order: DateOrder = "month-first"
    clock: Clock = field(default_factory=Clock)
    data: dict[str, Any] = field(default_factory=dict)
    positions: Positions = field(default_factory=Positions)
    findings: list[Finding] = field(default_factory=list)
    wants_year: bool = False
    """Whether a day without a year was met that only the incident's own date can complete."""

    def place(self, fragment: Fragment) -> Location:
        """Return where a fragment stands, its end kept inside the line it starts on."""
        lines = self.source.lines
        width = len(lines[fragment.line - 1]) if fragment.line <= len(lines) else 0
        column = min(fragment.column, width + 1)
        end = min(column + max(len(fragment.text), 0), width + 1)
        return Location(self.source.path, fragment.line, column, fragment.line, end)

    def put(self, route: Route, value: Any, fragment: Fragment) -> None:
        """Set `value` at `route`, made of mappings; a second, different value is a finding."""
        target = self.data
        for part in route[:-1]:
            self.positions.values.setdefault(route[: route.index(part) + 1], self.place(fragment))
            target = target.setdefault(part, {})
        key = route[-1]
        if key not in target or synonyms().is_missing(target[key]):
            target[key] = value
            self.positions.values[route] = self.place(fragment)
        elif target[key] != value and not synonyms().is_missing(value):
            self.findings.append(
                given_twice(route, target[key], value, self.positions.values[route], self.place(fragment))
            )

    def add(self, name: str, entry: dict[str, tuple[Any, Fragment]] | str, where: Fragment) -> None:
        """Append an entry to the list `name`: text, or fields each with its fragment."""
        entries = self.data.setdefault(name, [])
        self.positions.values.setdefault((name,), self.place(where))
        route = (name, len(entries))
        self.positions.values[route] = self.place(where)
        if isinstance(entry, str):
            entries.append(entry)
            return
        entries.append({key: value for key, (value, _) in entry.items()})
        for key, (_, fragment) in entry.items():
            self.positions.values[*route, key] = self.place(fragment)

    def append_text(self, name: str, text: str, where: Fragment) -> None:
        """Add prose to the text field `name`; what it already says is not repeated."""
        if not text:
            return
        known = self.data.get(name)
        if not isinstance(known, str) or synonyms().is_missing(known):
            self.data[name] = text
            self.positions.values[name,] = self.place(where)
        elif text not in known:
            self.data[name] = f"{known}\n\n{text}"


def given_twice(route: Route, first: Any, second: Any, there: Location, here: Location) -> Finding:
    """Return the finding for a fact that stands in two places and differs."""
    name = ".".join(str(part) for part in route)
    if isinstance(first, list) or isinstance(second, list):
        message = f"`{name}` is given twice, in the front matter and in the body"
    else:
        message = f"`{name}` is given twice: `{clip(second)}` here, `{clip(first)}` before"
    return Finding(
        here,
        message,
        hint="Keep it in one place",
        related=(Related(there, "first given here"),),
        rule="field-given-twice",
    )
