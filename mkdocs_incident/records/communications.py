"""Updates that people outside of the response were sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import in_utc, parse_instant


@dataclass(frozen=True)
class Update:
    """One entry of `communications`."""

    document: Document
    route: Route
    number: int
    """Counted from 1, as updates are numbered when they are sent."""
    at: datetime | None
    """In UTC."""
    audience: str | None
    status: str | None
    text: str | None
    next_update_at: datetime | None
    """In UTC."""

    @property
    def location(self) -> Location:
        """Where the entry begins."""
        return self.document.at(*self.route)


def updates(document: Document) -> tuple[Update, ...]:
    """Return a record's updates, in its own order."""
    return tuple(
        Update(
            document=document,
            route=("communications", i),
            number=number,
            at=_moment(entry.get("at")),
            audience=text(entry, "audience"),
            status=text(entry, "status"),
            text=text(entry, "text"),
            next_update_at=_moment(entry.get("next_update_at")),
        )
        for number, (i, entry) in enumerate(mappings(document.record, "communications"), start=1)
    )


def _moment(value: object) -> datetime | None:
    moment = parse_instant(value)
    return in_utc(moment) if moment is not None else None


def speaks_of(words: str, audience: str) -> bool:
    """Return whether a text names an audience, by its own name or by a synonym."""
    key = f"audience_{audience.replace('-', '_').replace(' ', '_')}"
    names = {audience.replace("-", " ").casefold(), *synonyms().words.get(key, ())}
    text = words.replace("-", " ").casefold()
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)
