"""A large mapping in the store, of which a small change is written alone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import GenericAlias
from typing import Generic, TypeVar

from mkdocs_incident.cache.pickles import dumps, loads
from mkdocs_incident.cache.store import Store

_SMALL = 0.05
"""Share of the rows that may have changed since all were written; more, and all are written again."""

R = TypeVar("R")


class Rows(Generic[R]):
    """Rows by name: those that were last written all together, and what has changed since.

    Who reads has what some run wrote, whole, whoever else writes: changes name the rows that they change.
    """

    def __init__(self, store: Store, key: bytes, kind: type[R]) -> None:
        """Take the rows that are kept under a key; none, if it can't be said which they are.

        Args:
            store: keeps the rows.
            key: under which it does.
            kind: the type of a row.
        """
        self._store = store
        self._key = key
        rows = GenericAlias(dict, (str, kind))
        whole: tuple[bytes, dict[str, R]] = loads(
            store.get(key), GenericAlias(tuple, (bytes, rows))
        ) or (b"", {})
        self._stamp, self._whole = whole
        self.kept: dict[str, R] = self._whole
        kept = store.get(self.keys[1]) if self._whole else None
        changes = loads(kept, GenericAlias(tuple, (set[str], rows)))
        if changes is not None:
            gone, new = changes
            self.kept = {**self._whole, **new}
            for name in gone:
                self.kept.pop(name, None)

    @property
    def keys(self) -> tuple[bytes, bytes]:
        """Under which the store has all rows, and what has changed in these and no others."""
        return self._key, self._key + self._stamp

    def put(self, rows: dict[str, R], others: Iterable[tuple[bytes, bytes]] = ()) -> None:
        """Keep these rows, and no others; with them, all or none, other blobs by key."""
        new = {name: row for name, row in rows.items() if self._whole.get(name) is not row}
        gone = self._whole.keys() - rows.keys()
        if self._whole and len(new) + len(gone) <= _SMALL * len(self._whole):
            self._store.put([*others, (self.keys[1], dumps((gone, new)))])
            return
        stamp = os.urandom(8)
        if self._store.put([*others, (self._key, dumps((stamp, rows)))]):
            self._stamp, self._whole = stamp, rows
