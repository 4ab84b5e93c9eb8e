"""One repository in an editor: when it is read, when it is checked, what is published."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime

import msgspec
from lsprotocol import types

from mkdocs_incident.diagnostic import Diagnostic, Level, Location
from mkdocs_incident.lsp.names import Names
from mkdocs_incident.lsp.positions import Columns
from mkdocs_incident.lsp.repository import Reading, Repository
from mkdocs_incident.lsp.view import View

log = logging.getLogger(__name__)

SOON = 0.2
"""Seconds without a key pressed after which the record that is typed is checked."""
LATER = 1.0
"""Seconds after which all records are, for what the edit means to others."""

_SEVERITIES = {
    Level.ERROR: types.DiagnosticSeverity.Error,
    Level.WARNING: types.DiagnosticSeverity.Warning,
    Level.NOTE: types.DiagnosticSeverity.Information,
}


class OpenFile(msgspec.Struct, frozen=True):
    """A file of the repository that is open in the editor."""

    uri: str
    """As the client writes it."""
    text: str
    version: int | None


Publish = Callable[[str, list[types.Diagnostic], int | None], None]


class Session:
    """Follows what is typed; all of its methods are called in one thread, checks run in others."""

    def __init__(
        self,
        repository: Repository,
        as_of: Callable[[], datetime],
        columns: Columns,
        publish: Publish,
    ) -> None:
        self.repository = repository
        self._as_of = as_of
        self._columns = columns
        self._publish = publish
        self._open: dict[str, OpenFile] = {}
        self._reading: Reading | None = None
        self._names: Names | None = None
        self._is_read = asyncio.Event()
        self._found: dict[str, list[Diagnostic]] = {}
        """By the last check of all records, each where it was then."""
        self._checked: dict[str, OpenFile] = {}
        """What was open at that check."""
        self._current: dict[str, list[Diagnostic]] = {}
        self._published: dict[str, tuple[str, list[types.Diagnostic]]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_checking = False
        self._is_stale = False
        self._is_closed = False

    # What the client tells

    def opened(self, path: str, file: OpenFile) -> None:
        """Take an open file's text, its first or a new one, in the place of what is on the disk."""
        self._open[path] = file
        if self._reading is None:
            self.changed(0)
            return
        self._after(SOON, path, lambda: self._check_one(path))
        self.changed(LATER)

    def closed(self, path: str) -> None:
        """Go back to what is on the disk."""
        self._open.pop(path, None)
        self.changed()

    def changed(self, delay: float = SOON) -> None:
        """Check all records in a while, since some file is another."""
        self._after(delay, "", self._check_all)

    def close(self) -> None:
        """Check nothing more, and take back what was published."""
        for timer in self._timers.values():
            timer.cancel()
        self._is_closed = True
        for path in [*self._published]:
            self._send(path, [])

    # What handlers ask

    async def view(self, path: str) -> View | None:
        """Return an open file that the check reads, once all records were read; None of another."""
        await self._is_read.wait()
        file, reading, names = self._open.get(path), self._reading, self._names
        if file is None or reading is None or names is None:
            return None
        if path != reading.policy_text.path and not reading.may_hold(path):
            return None
        return View(file.uri, path, file.text, reading, names, self._columns)

    def found_in(self, view: View) -> list[tuple[Diagnostic, types.Diagnostic]]:
        """Return a file's findings, as they are and as they were sent."""
        _, sent = self._published.get(view.path, ("", []))
        return list(zip(self._current.get(view.path, []), sent, strict=True))

    def file_and_range(self, place: Location) -> tuple[str, types.Range]:
        """Return the address of a place, as the client writes it."""
        lines = self._reading.lines(place.path) if self._reading is not None else ()
        return self.uri(place.path), self._columns.range(lines, place)

    def uri(self, path: str) -> str:
        """Return a file's address: the client's own of an open one."""
        file = self._open.get(path)
        return file.uri if file is not None else (self.repository.root / path).as_uri()

    # When checks run

    def _after(
        self, delay: float, name: str, check: Callable[[], Coroutine[None, None, None]]
    ) -> None:
        """Run a check after a while; asked for again meanwhile, it waits anew."""
        if name in self._timers:
            self._timers[name].cancel()

        def start() -> None:
            self._timers.pop(name, None)
            task = asyncio.ensure_future(check())
            self._tasks.add(task)
            task.add_done_callback(self._done)

        self._timers[name] = asyncio.get_running_loop().call_later(delay, start)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The next edit checks again; a server that ended would say nothing any more.
            log.error("a check failed", exc_info=error)

    async def _check_one(self, path: str) -> None:
        file, reading = self._open.get(path), self._reading
        if (
            file is None
            or reading is None
            or path not in reading.paths
            or self._has_checked(file, path)
        ):
            return
        before, lines, as_of = self._found.get(path, []), reading.lines(path), self._as_of()

        def check() -> tuple[list[Diagnostic], Sequence[str]]:
            now = reading.with_text(path, file.text)
            return now.findings_in(path, as_of, before, lines), now.lines(path)

        found, now = await asyncio.to_thread(check)
        if self._open.get(path) is file and not self._has_checked(file, path):
            self._show(path, found, {path: now})

    def _has_checked(self, file: OpenFile, path: str) -> bool:
        return self._checked.get(path) == file

    async def _check_all(self) -> None:
        if self._is_checking:
            self._is_stale = True
            return
        self._is_checking = True
        try:
            await self._read_and_check()
        finally:
            self._is_checking = False
            if self._is_stale:
                self._is_stale = False
                self.changed(0)

    async def _read_and_check(self) -> None:
        files = dict(self._open)
        texts = {path: file.text for path, file in files.items()}
        reading = await asyncio.to_thread(self.repository.read, texts)
        if self._reading is None:  # names can be proposed before the first check has ended
            self._reading, self._names = reading, Names(reading.corpus)
            self._is_read.set()
        found = await asyncio.to_thread(reading.findings, self._as_of())
        self._reading, self._names, self._found = reading, Names(reading.corpus), found
        self._checked = files
        for path in {*found, *self._published, *files}:
            if self._open.get(path) == files.get(path):  # else a check of the newer text will come
                self._show(path, found.get(path, []))

    # What is published

    def _show(
        self, path: str, found: list[Diagnostic], lines: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._current[path] = found
        self._send(path, [self._sent(diagnostic, lines or {}) for diagnostic in found])

    def _send(self, path: str, sent: list[types.Diagnostic]) -> None:
        """Publish a file's findings where they are others than before, or the first of an open file."""
        sent = [] if self._is_closed else sent
        uri, file = self.uri(path), self._open.get(path)
        before = self._published.pop(path, None)
        if before is not None and before[0] != uri:  # before the client told its own spelling
            self._publish(before[0], [], None)
        if before != (uri, sent):
            self._publish(uri, sent, file.version if file is not None else None)
        if sent or file is not None:
            self._published[path] = uri, sent

    def _sent(self, diagnostic: Diagnostic, lines: Mapping[str, Sequence[str]]) -> types.Diagnostic:
        def span(place: Location) -> types.Range:
            known = self._reading.lines(place.path) if self._reading is not None else ()
            return self._columns.range(lines.get(place.path, known), place)

        hint = f"\n{diagnostic.hint}" if diagnostic.hint else ""
        return types.Diagnostic(
            range=span(diagnostic.location),
            message=f"{diagnostic.message}{hint}",
            severity=_SEVERITIES[diagnostic.level],
            code=diagnostic.name,
            source="mkdocs-incident",
            related_information=[
                types.DiagnosticRelatedInformation(
                    types.Location(self.uri(related.location.path), span(related.location)),
                    related.message,
                )
                for related in diagnostic.related
            ]
            or None,
        )
