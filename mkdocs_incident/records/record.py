"""What every typed record is: a view of a document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import msgspec

from mkdocs_incident.records.values import text
from mkdocs_incident.source.document import Document

T = TypeVar("T")


def kept(make: Callable[[Document], T]) -> Callable[[Document], T]:
    """Make what depends on nothing but a document once, however many ask for it."""

    @wraps(make)
    def asked(document: Document) -> T:
        views = document.views
        if make.__name__ not in views:
            views[make.__name__] = make(document)
        found: T = views[make.__name__]
        return found

    return asked


class Record(msgspec.Struct, frozen=True):
    """A document, seen as a record of some kind."""

    document: Document

    @property
    def record(self) -> dict[str, Any]:
        """The merged record."""
        return self.document.record

    @property
    def title(self) -> str:
        """The title, else the file's name."""
        return text(self.record, "title") or self.document.path.rpartition("/")[2]


class NamedRecord(Record, frozen=True):
    """A record with an id that others refer to."""

    id: str | None

    @property
    def title(self) -> str:
        """The title, else the id, else the file's name."""
        return text(self.record, "title") or self.id or super().title
