"""One file below the repository that keeps blobs by key; whatever is wrong with it, it is only empty."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from mkdocs_incident.file_names import CACHE_NAME

_NAME = "cache.sqlite"
_WAIT = 2.0
"""Seconds to wait for another process that writes."""
_SUM = 16
_IGNORED = "# Made by mkdocs-incident; safe to delete.\n*\n"


class Store:
    """Blobs by key. Errors of the file, the disk or another process make it forget, never fail."""

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE_NAME
        self._connection: sqlite3.Connection | None = None
        self._is_usable = True

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under a key; None if that is nothing, or not what was put there."""
        connection = self._open()
        if connection is None:
            return None
        try:
            row = connection.execute("SELECT blob FROM kept WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            self._give_up()
            return None
        return _unsealed(key, row[0]) if row is not None else None

    def put(self, blobs: Iterable[tuple[bytes, bytes]]) -> bool:
        """Keep blobs, all of them or none; return whether they are kept."""
        rows = [(key, _sum(key, blob) + blob) for key, blob in blobs]
        connection = self._open(create=True)
        if connection is None:
            return False
        try:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
        except sqlite3.Error:
            self._give_up()
            return False
        return True

    def count(self) -> int:
        """Return how many blobs there are."""
        connection = self._open()
        if connection is None:
            return 0
        try:
            found: int = connection.execute("SELECT count(*) FROM kept").fetchone()[0]
        except sqlite3.Error:
            self._give_up()
            return 0
        return found

    def keep(self, keys: set[bytes]) -> None:
        """Forget all but what is kept under these keys."""
        connection = self._open()
        if connection is None:
            return
        try:
            known = [key for (key,) in connection.execute("SELECT key FROM kept")]
            with connection:
                gone = ((key,) for key in known if key not in keys)
                connection.executemany("DELETE FROM kept WHERE key = ?", gone)
            connection.execute("VACUUM")
        except sqlite3.Error:
            self._give_up()

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self, *, create: bool = False) -> sqlite3.Connection | None:
        if self._connection is not None or not self._is_usable:
            return self._connection
        path = self._folder / _NAME
        try:
            if create:
                self._folder.mkdir(exist_ok=True)
                (self._folder / ".gitignore").write_text(_IGNORED, "utf-8")
            elif not path.is_file():
                return None
            self._connection = _connected(path)
        except (OSError, sqlite3.Error):
            self._give_up()
        return self._connection

    def _give_up(self) -> None:
        """Use the file no longer; one that is no database, or a broken one, is removed."""
        self._is_usable = False
        with contextlib.suppress(sqlite3.Error):
            self.close()
        self._connection = None
        path = self._folder / _NAME
        try:
            is_whole = path.is_file() and _is_whole(path)
            if not is_whole:
                path.unlink(missing_ok=True)
        except OSError:
            pass  # somebody else's file, or a read-only disk: then there is no cache


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    # What the machine's failure loses is read again; what it spoils the sums tell.
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, blob BLOB NOT NULL) WITHOUT ROWID"
    )
    return connection


def _is_whole(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_WAIT)) as connection:
            return bool(connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.OperationalError:
        return True  # in use by another process, or not ours to read
    except sqlite3.DatabaseError:
        return False


def _sum(key: bytes, blob: bytes) -> bytes:
    return blake2b(blob, digest_size=_SUM, key=key[:64]).digest()


def _unsealed(key: bytes, sealed: object) -> bytes | None:
    if not isinstance(sealed, bytes):
        return None
    blob = sealed[_SUM:]
    return blob if sealed[:_SUM] == _sum(key, blob) else None
