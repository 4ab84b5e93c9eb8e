"""What is due, as entries of a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from mkdocs_incident.insights.actions import TrackedAction


class Due(msgspec.Struct, frozen=True):
    """Something that is due: a day of its own in a calendar, or an hour."""

    when: date
    """A day, or an instant in UTC."""
    what: str
    path: str
    """Of the record that says so."""
    place: str
    """What tells it from others of that record."""
    url: str | None = None


def due_actions(actions: Iterable[TrackedAction]) -> Iterator[Due]:
    """Yield the open actions that have a due date as entries of a calendar."""
    for action in actions:
        if action.is_open and action.due is not None:
            owner = f" ({action.owner})" if action.owner else ""
            place = str(action.location.line)
            yield Due(action.due, f"{action.title}{owner}", action.document.path, place)
