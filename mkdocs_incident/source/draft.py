"""The record under construction: values with the places they were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.diagnostic import Finding, Location, Related
from mkdocs_incident.source.clock import Clock
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import read_stamp
from mkdocs_incident.wording import clip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from mkdocs_incident.source.text import Fragment, SourceText
    from mkdocs_incident.source.times import DateOrder

Fields = dict[str, tuple[Any, "Fragment"]]
"""Fields of a list's entry, each with the place it was read from."""


class Draft(msgspec.Struct):
    """Values read from the body, by route, and what was noticed on the way."""

    source: SourceText
    kind: str
    order: DateOrder = "month-first"
    front: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """What the front matter says already."""
    day: date | None = None
    """The incident's day as the caller knows it; the document's own comes first."""
    clock: Clock = msgspec.field(default_factory=Clock)
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    positions: Positions = msgspec.field(default_factory=Positions)
    findings: list[Finding] = msgspec.field(default_factory=list)
    row_numbers: set[int] = msgspec.field(default_factory=set)
    """Indices of the action items whose id is a plain number in a column of numbers."""
    wants_year: bool = False
    """Whether a day without a year was met that only the incident's own date can complete."""

    def read_due(self, text: str) -> str:
        """Return the date that `text` means, in the year after the incident; else as written."""
        stamp = read_stamp(text, self.order)
        if stamp is None or stamp.month is None or stamp.approximate or text[stamp.end :].strip():
            return text
        day = stamp.on(self.clock.day)
        self.wants_year |= day is None
        return day.isoformat() if day else text

    def place(self, fragment: Fragment) -> Location:
        """Return where a fragment stands, its end kept inside the line it starts on."""
        after = len(self.source.lines[fragment.line - 1]) + 1
        column = min(fragment.column, after)
        end = min(column + len(fragment.text), after)
        return Location(self.source.path, fragment.line, column, fragment.line, end)

    def put(self, route: Route, value: Any, fragment: Fragment) -> None:
        """Set `value` at `route`, made of mappings; a second, different value is a finding."""
        target = self.data
        for depth, part in enumerate(route[:-1], start=1):
            self.positions.values.setdefault(route[:depth], self.place(fragment))
            target = target.setdefault(str(part), {})
        key = str(route[-1])
        if key not in target or synonyms().is_missing(target[key]):
            target[key] = value
            self.positions.values[route] = self.place(fragment)
        elif target[key] != value and not synonyms().is_missing(value):
            self.findings.append(
                given_twice(
                    route, target[key], value, self.positions.values[route], self.place(fragment)
                )
            )

    def says(self, *route: str) -> bool:
        """Whether the body, as far as it is read, has a value at `route`."""
        target: Any = self.data
        for part in route:
            if not isinstance(target, dict) or part not in target:
                return False
            target = target[part]
        return True

    def replace(self, route: Route, value: Any, fragment: Fragment) -> None:
        """Set `value` at `route`, whatever stood there."""
        if self.says(*map(str, route)):
            del self.data[str(route[0])]
        self.put(route, value, fragment)

    def append(self, route: tuple[str, ...], text: str, fragment: Fragment) -> None:
        """Append a text to the list at `route`, made of mappings."""
        if not self.says(*route):
            self.put(route, [], fragment)
        target: Any = self.data
        for part in route:
            target = target[part]
        self.positions.values[*route, len(target)] = self.place(fragment)
        target.append(text)

    def add(self, name: str, entry: Fields | str, where: Fragment) -> None:
        """Append an entry to the list `name`: text, or fields each with its fragment."""
        entries = self.data.setdefault(name, [])
        positions, place = self.positions.values, self.place(where)
        positions.setdefault((name,), place)
        route = (name, len(entries))
        positions[route] = place
        if isinstance(entry, str):
            entries.append(entry)
            return
        entries.append({key: value for key, (value, _) in entry.items()})
        for key, (_, fragment) in entry.items():
            positions[*route, key] = place if fragment is where else self.place(fragment)

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

    def add_impact(self, text: str, where: Fragment) -> None:
        """Add a line to the summary of the impact; what it already says is not repeated."""
        if not self.says("impact", "summary"):
            self.put(("impact", "summary"), text, where)
        elif text not in (summary := self.data["impact"]["summary"]):
            self.data["impact"]["summary"] = f"{summary}\n{text}"


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
