"""One file below the repository that keeps blobs by key; whatever is wrong with it, it is only empty."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar
from weakref import WeakSet

from mkdocs_incident.file_names import CACHE_NAME

R = TypeVar("R")

_NAME = "cache.sqlite"
_GROWTH = 3
_WAIT = 2.0
"""Seconds to wait for another process that writes."""
_SUM = 16
_ERRORS = (sqlite3.Error, UnicodeError)
"""What reading the file may raise; the latter where the message quotes what is no text."""
_NOT_OF_THE_FILE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_CANTOPEN,
}
"""Errors of another process, the disk or permissions: the file may be whole."""
_IGNORED = "# Made by mkdocs-incident; safe to delete.\n*\n"


class Store:
    """Blobs by key. Errors of the file, the disk or another process make it forget, never fail."""

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE_NAME
        self._connection: sqlite3.Connection | None = None
        self._is_usable = True
        _stores.add(self)

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under a key; None if that is nothing, or not what was put there."""
        found = self._answer(
            lambda kept: kept.execute("SELECT blob FROM kept WHERE key = ?", (key,)).fetchone(),
            None,
        )
        return _unsealed(key, found[0]) if found is not None else None

    def put(self, blobs: Iterable[tuple[bytes, bytes]]) -> bool:
        """Keep blobs, all of them or none; return whether they are kept."""
        rows = [(key, _sum(key, blob) + blob) for key, blob in blobs]

        def put(kept: sqlite3.Connection) -> bool:
            with kept:
                kept.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
            return True

        return self._answer(put, otherwise=False, create=True)

    def tidy(self, in_use: Callable[[], set[bytes]]) -> None:
        """Forget what is not in use, once the file is much larger than when it was tidied last.

        Until then it knows other branches, too, and yesterday.

        Args:
            in_use: tells the keys of what is.
        """

        def tidy(kept: sqlite3.Connection) -> None:
            before, now = (_number(kept, name) for name in ("user_version", "page_count"))
            if before and now <= _GROWTH * before:
                return
            if before:
                _forget(kept, in_use())
                now = _number(kept, "page_count")
            kept.execute(f"PRAGMA user_version = {now}")

        self._answer(tidy, None)

    def forget(self) -> None:
        """Keep nothing."""
        self._answer(lambda kept: _forget(kept, set()), None)

    def _answer(
        self, ask: Callable[[sqlite3.Connection], R], otherwise: R, *, create: bool = False
    ) -> R:
        connection = self._open(create=create)
        if connection is None:
            return otherwise
        try:
            return ask(connection)
        except _ERRORS as error:
            self._give_up(error)
            return otherwise

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
            if self._folder.is_symlink() or path.is_symlink():
                self._is_usable = False  # it leads to somebody else's files, which stay as they are
                return None
            if create:
                self._folder.mkdir(exist_ok=True)
                _ignore(self._folder / ".gitignore")
            elif not path.is_file():
                return None
            self._connection = _connected(path)
        except OSError:
            self._is_usable = False  # nothing is known of the file
        except _ERRORS as error:
            self._give_up(error)
        return self._connection

    def _give_up(self, error: Exception) -> None:
        """Use the file no longer; one that can't serve the next run either is removed."""
        self._is_usable = False
        with contextlib.suppress(sqlite3.Error):
            self.close()
        self._connection = None
        path = self._folder / _NAME
        if not _is_of_the_file(error, path):
            return
        # Somebody else's file, or a read-only disk: then there is no cache.
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


_stores: WeakSet[Store] = WeakSet()


def forget_all() -> None:
    """Keep nothing in any store of this process: after an error of ours, nobody knows what led to it."""
    for store in _stores:
        store.forget()


def _close_all() -> None:
    for store in _stores:
        store.close()


if hasattr(os, "register_at_fork"):
    # A connection is no process's but the one's that opened it.
    os.register_at_fork(before=_close_all)


def _ignore(path: Path) -> None:
    """Tell Git to pass over the folder; whatever is there already stays, and no link is followed."""
    with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
        file.write(_IGNORED)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    # What the machine's failure loses is read again; what it spoils the sums tell.
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, blob BLOB NOT NULL)")
    return connection


def _number(kept: sqlite3.Connection, pragma: str) -> int:
    return int(kept.execute(f"PRAGMA {pragma}").fetchone()[0])


def _forget(kept: sqlite3.Connection, but: set[bytes]) -> None:
    known = [key for (key,) in kept.execute("SELECT key FROM kept")]
    with kept:
        gone = ((key,) for key in known if key not in but)
        kept.executemany("DELETE FROM kept WHERE key = ?", gone)
    kept.execute("VACUUM")


def _is_of_the_file(error: Exception, path: Path) -> bool:
    """Return whether an error tells of what the file holds; one without a code does: text that is none."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_READONLY:  # a byte of the file's head says so, too
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return code is None or code & 0xFF not in _NOT_OF_THE_FILE


def _sum(key: bytes, blob: bytes) -> bytes:
    return blake2b(blob, digest_size=_SUM, key=key[:64]).digest()


def _unsealed(key: bytes, sealed: object) -> bytes | None:
    if not isinstance(sealed, bytes):
        return None
    blob = sealed[_SUM:]
    return blob if sealed[:_SUM] == _sum(key, blob) else None
