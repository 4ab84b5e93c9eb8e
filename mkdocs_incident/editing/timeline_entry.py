"""An entry to be added to a timeline, and the entries that are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.source.milestones import MARKS
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.times import in_utc, parse_instant

SPOKEN = {"started": "{} (started)", **{name: f"{words}: {{}}" for name, words in MARKS.items()}}
"""How an entry tells a milestone in a shape that has no place of its own for it."""


class Entry(msgspec.Struct, frozen=True):
    """What is to be added."""

    at: datetime
    """In UTC."""
    words: str
    milestone: str | None

    @property
    def spellings(self) -> tuple[str, ...]:
        """The event as asked for, then with words that tell its milestone."""
        if self.milestone is None:
            return (self.words,)
        return (self.words, SPOKEN[self.milestone].format(self.words))


def entries_of(record: RecordText) -> list[Any]:
    """Return the entries of a record's timeline, whatever they hold."""
    found = record.document.record.get("timeline")
    return found if isinstance(found, list) else []


def moments_of(record: RecordText) -> list[datetime | None]:
    """Return when each entry was, None where that is not certain."""
    return [
        parse_instant(entry.get("at")) if isinstance(entry, dict) else None
        for entry in entries_of(record)
    ]


def index_at(moments: list[datetime | None], at: datetime) -> int:
    """Return before which entry one at `at` belongs: behind equal times, in the order they have."""
    known = [in_utc(moment) for moment in moments if moment is not None]
    newest_first = len(known) > 1 and known[0] > known[-1] and known == sorted(known, reverse=True)
    passed = [moment is not None and in_utc(moment) <= at for moment in moments]
    if newest_first:
        return passed.index(True) if True in passed else len(moments)
    return len(moments) - passed[::-1].index(True) if True in passed else 0


def nearest_moment(moments: list[datetime | None], index: int) -> datetime | None:
    """Return the moment that is known of the entry nearest to an index."""
    order = sorted(range(len(moments)), key=lambda i: abs(i - index))
    return next((moments[i] for i in order if moments[i] is not None), None)


def sections_of(record: RecordText) -> list[Section]:
    """Return the sections of the body, each before those below it."""
    return list(outline(record.document.blocks, record.document.kind).walk())
