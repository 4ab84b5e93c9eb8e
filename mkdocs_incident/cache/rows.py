"""A large mapping in the store, of which a small change is written alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from mkdocs_incident.cache.pickles import dumps, loads
from mkdocs_incident.cache.shapes import fits
from mkdocs_incident.cache.store import Store

_SMALL = 0.05
"""Share of the rows that may have changed since all were written; more, and all are written again."""

Row = tuple[Any, ...]


class Rows:
    """Rows by name: those that were last written all together, and what has changed since.

    Who reads has what some run wrote, whole, whoever else writes: changes name the rows that they change.
    """

    def __init__(
        self, store: Store, key: bytes, are_rows: Callable[[dict[str, Row]], bool]
    ) -> None:
        """Take the rows that are kept under a key; none, if it can't be said which they are.

        Args:
            store: keeps the rows.
            key: under which it does.
            are_rows: tells rows by name from other tuples.
        """
        self._store = store
        self._key = key
        self._are_rows = are_rows
        self._stamp: bytes
        self._whole: dict[str, Row]
        self._stamp, self._whole = self._pair(key, bytes) or (b"", {})
        self.kept: dict[str, Row] = self._whole
        changes = self._pair(self.keys[1], set) if self._whole else None
        if changes is not None:
            gone, new = changes
            self.kept = {**self._whole, **new}
            for name in gone:
                self.kept.pop(name, None)

    def _pair(self, key: bytes, kind: type) -> tuple[Any, dict[str, Row]] | None:
        """Return a value of a kind and rows; None for nothing, and for anything else."""
        match loads(self._store.get(key)):
            case (first, dict() as rows) if isinstance(first, kind) and _are_named(rows):
                return (first, rows) if self._are_rows(rows) else None
        return None

    @property
    def keys(self) -> tuple[bytes, bytes]:
        """Under which the store has all rows, and what has changed in these and no others."""
        return self._key, self._key + self._stamp

    def blobs(self, rows: dict[str, Row]) -> list[tuple[bytes, bytes]]:
        """Return what the store has to put so that these rows, and no others, are kept."""
        new = {name: row for name, row in rows.items() if self._whole.get(name) is not row}
        gone = self._whole.keys() - rows.keys()
        if self._whole and len(new) + len(gone) <= _SMALL * len(self._whole):
            return [(self.keys[1], dumps((gone, new)))]
        self._stamp, self._whole = os.urandom(8), rows
        return [(self._key, dumps((self._stamp, rows)))]


def _are_named(rows: dict[Any, Any]) -> bool:
    return fits(list(rows), list[str]) and set(map(type, rows.values())) <= {tuple}
