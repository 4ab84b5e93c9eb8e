"""Which value of a record a route means, and where and why one can't be edited."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.patterns import regex
from mkdocs_incident.schema.explanation import readable
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.wording import clip

_STEP = regex(r"(?P<key>[^\[\]/]+)(?P<choices>(?:\[[^\[\]]+\])*)")
_CHOICE = regex(r"\[(?:(?P<index>\d+)|(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*))\]")
_BY_HAND = "Edit the file by hand"


def resolve(record: RecordText, route: str | Route) -> Route:
    """Return the keys and indices that a written route means in the front matter.

    Raises:
        EditError: an entry that it names is not there, or stands in the body.
    """
    if isinstance(route, tuple):
        return route
    steps: list[str | int] = []
    for part in route.split("/"):
        match = _STEP.fullmatch(part)
        choices = list(_CHOICE.finditer(match["choices"])) if match else []
        if match is None or "".join(choice[0] for choice in choices) != match["choices"]:
            raise EditError(
                record.front.location,
                f"`{clip(route)}` is no route, expected names such as `action_items[id=AI-2]/status`",
                "Separate keys by `/`, and name entries of a list by `[id=…]` or `[0]`",
            )
        steps.append(match["key"])
        for choice in choices:
            steps.append(_chosen(record, tuple(steps), choice))
    return tuple(steps)


def _chosen(record: RecordText, steps: Route, choice: re.Match[str]) -> int:
    """Return the index of the entry that ``[0]`` or ``[id=AI-2]`` names."""
    entries = value_at(record.data, steps)
    name = readable(steps)
    if not isinstance(entries, list):
        if isinstance(value_at(record.document.record, steps), list):
            refuse_body(record, steps)
        refuse(record, steps, "is no list" if entries is not None else "is not there")
    if choice["index"]:
        index = int(choice["index"])
        found = [index] if index < len(entries) else []
    else:
        found = [
            i
            for i, entry in enumerate(entries)
            if isinstance(entry, dict) and str(entry.get(choice["key"])) == choice["value"]
        ]
    if len(found) == 1:
        return found[0]
    raise EditError(
        _place(record, steps),
        f"`{name}` has {len(found) or 'no'} entries `{clip(choice[0])}`, expected one",
        "Name an entry that is there, by a field that no other entry has in common",
    )


def value_at(data: Any, steps: Route) -> Any:
    """Return the value at a route of a record, None where there is none."""
    for step in steps:
        if isinstance(step, str) and isinstance(data, dict):
            data = data.get(step)
        elif isinstance(step, int) and isinstance(data, list) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def put_at(record: RecordText, data: dict[str, Any], steps: Route, value: Any) -> None:
    """Put a value at a route of a record, with the mappings on the way to it.

    Raises:
        EditError: the route leads nowhere.
    """
    target: Any = data
    for depth, step in enumerate(steps[:-1], start=1):
        if isinstance(target, dict) and isinstance(step, str):
            if target.get(step) is None:
                target[step] = {}
            target = target[step]
        elif isinstance(target, list) and isinstance(step, int) and step < len(target):
            target = target[step]
        else:
            refuse(record, steps[:depth], "is not there")
    last = steps[-1]
    is_key = isinstance(target, dict) and isinstance(last, str)
    if not is_key and not (isinstance(target, list) and last in range(len(target))):
        refuse(record, steps[:-1], "holds no such value")
    target[last] = value


def _place(record: RecordText, steps: Route) -> Location:
    positions = record.front.positions
    for end in range(len(steps), 0, -1):
        found = positions.values.get(steps[:end]) or positions.keys.get(steps[:end])
        if found is not None:
            return found
    return record.front.location


def refuse(record: RecordText, steps: Route, why: str, hint: str = _BY_HAND) -> NoReturn:
    """Refuse an edit at the place of a value of the front matter."""
    raise EditError(_place(record, steps), f"`{readable(steps)}` {why}", hint)


def refuse_body(record: RecordText, steps: Route) -> NoReturn:
    """Refuse an edit of what stands in the body."""
    raise EditError(
        record.document.at(*steps),
        f"`{readable(steps)}` stands in the body, not in the front matter",
        "Edit it there, or move it into the front matter",
    )
