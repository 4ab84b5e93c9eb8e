"""The language server: what editors ask, answered for the repository that the file is in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from mkdocs_incident import __version__
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.lsp.completion import TRIGGERS, completions
from mkdocs_incident.lsp.definition import definition
from mkdocs_incident.lsp.hover import hover
from mkdocs_incident.lsp.positions import Columns
from mkdocs_incident.lsp.quick_fixes import FIX_ALL, quick_fixes
from mkdocs_incident.lsp.repository import Repository
from mkdocs_incident.lsp.session import OpenFile, Session
from mkdocs_incident.lsp.symbols import symbols
from mkdocs_incident.lsp.view import View
from mkdocs_incident.source.times import parse_as_of

WATCHED = ("**/*.{md,markdown}", "**/*.{yml,yaml}", "**/.incident-baseline.json")
"""Files that decide what is found, as the client is asked to watch them."""


class Server(LanguageServer):
    """Answers a client for all folders that it has open."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        # Whole texts: pygls applies changes to lines as `str.splitlines` sees them, and the protocol
        # knows fewer line ends (a form feed, for one, is none).
        super().__init__("mkdocs-incident", __version__, types.TextDocumentSyncKind.Full)
        self.as_of = now
        self.config = CONFIG_NAME
        self.sessions: list[Session] = []

    def begin(self, folders: list[Path]) -> None:
        """Serve these folders, and no others that were served before."""
        repositories = [Repository(folder, self.config) for folder in folders]
        wanted = {repository.root: repository for repository in repositories}
        for session in self.sessions:
            if session.repository.root not in wanted:
                session.close()
        kept = [s for s in self.sessions if wanted.pop(s.repository.root, None) is not None]
        encoding = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16")
        columns = Columns(encoding.value)
        started = [Session(r, self.as_of, columns, self._publish) for r in wanted.values()]
        self.sessions = [*kept, *started]
        for session in started:
            session.changed(0)
        for document in self.workspace.text_documents.values():
            self.take(document.uri, started)

    def _publish(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, found, version=version)
        )

    def take(self, uri: str, sessions: list[Session] | None = None) -> None:
        """Give the text of an open file to the session of its repository."""
        found = self.session_of(uri)
        if found is not None and (sessions is None or found[0] in sessions):
            session, path = found
            document = self.workspace.get_text_document(uri)
            session.opened(path, OpenFile(uri, document.source, document.version))

    def session_of(self, uri: str) -> tuple[Session, str] | None:
        """Return the innermost repository that a file is in, and its path there; None of another."""
        name = to_fs_path(uri)
        if not name:
            return None
        found = [
            (session, path)
            for session in self.sessions
            if (path := session.repository.path_of(Path(name))) is not None
        ]
        return max(found, key=lambda entry: len(str(entry[0].repository.root)), default=None)

    async def view_of(self, uri: str) -> tuple[Session, View] | None:
        """Return a file that the check reads, with its session."""
        found = self.session_of(uri)
        if found is None:
            return None
        session, path = found
        view = await session.view(path)
        return None if view is None else (session, view)

    def configure(self, options: Any) -> None:
        """Take the client's own options; what can't be used is told and left out."""
        options = options if isinstance(options, dict) else {}
        as_of, config = options.get("as_of"), options.get("config", CONFIG_NAME)
        if isinstance(config, str):
            self.config = config
        else:
            self._complain("`config` is no path")
        if as_of is None:
            return
        try:
            moment = parse_as_of(str(as_of))
        except ValueError as error:
            self._complain(f"`as_of`: {error}")
        else:
            self.as_of = lambda: moment

    def _complain(self, message: str) -> None:
        text = f"mkdocs-incident: initialization option {message}"
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))

    def folders(self) -> list[Path]:
        """Return the folders that the client has open; the current one where it names none."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        return [Path(name) for uri in uris if (name := to_fs_path(uri))] if uris else [Path.cwd()]

    async def watch(self) -> None:
        """Ask the client to tell of files that others change, such as git."""
        workspace = self.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is None or not watching.dynamic_registration:
            return
        watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("files", method, options)
        await self.client_register_capability_async(types.RegistrationParams([registration]))


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    ls.configure(params.initialization_options)


async def _initialized(ls: Server, _params: types.InitializedParams) -> None:
    ls.begin(ls.folders())
    await ls.watch()


def _folders_changed(ls: Server, _params: types.DidChangeWorkspaceFoldersParams) -> None:
    ls.begin(ls.folders())


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    ls.take(params.text_document.uri)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    ls.take(params.text_document.uri)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    if (found := ls.session_of(params.text_document.uri)) is not None:
        found[0].changed()


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    if (found := ls.session_of(params.text_document.uri)) is not None:
        session, path = found
        session.closed(path)


def _files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        if (found := ls.session_of(change.uri)) is not None:
            found[0].changed()


async def _complete(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    found = await ls.view_of(params.text_document.uri)
    return completions(found[1], params.position) if found is not None else None


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    found = await ls.view_of(params.text_document.uri)
    return hover(found[1], params.position) if found is not None else None


async def _define(ls: Server, params: types.DefinitionParams) -> types.Location | None:
    found = await ls.view_of(params.text_document.uri)
    if found is None:
        return None
    session, view = found
    target = definition(view, params.position)
    if isinstance(target, Path):
        start = types.Position(0, 0)
        path = session.repository.path_of(target)
        uri = session.uri(path) if path is not None else target.as_uri()
        return types.Location(uri, types.Range(start, start))
    return types.Location(*session.file_and_range(target)) if target is not None else None


async def _symbols(
    ls: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    found = await ls.view_of(params.text_document.uri)
    return symbols(found[1]) if found is not None else None


async def _act(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    found = await ls.view_of(params.text_document.uri)
    if found is None or found[1].is_policy:
        return None
    session, view = found
    return quick_fixes(view, params, session.found_in(view))


_FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (types.INITIALIZE, _initialize, None),
    (types.INITIALIZED, _initialized, None),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, _folders_changed, None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _files_changed, None),
    (types.TEXT_DOCUMENT_DID_OPEN, _opened, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, _changed, None),
    (types.TEXT_DOCUMENT_DID_SAVE, _saved, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        _complete,
        types.CompletionOptions(trigger_characters=TRIGGERS),
    ),
    (types.TEXT_DOCUMENT_HOVER, _hover, None),
    (types.TEXT_DOCUMENT_DEFINITION, _define, None),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols, None),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        _act,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    ),
)


def serve(now: Callable[[], datetime]) -> None:
    """Answer a client on standard input and output until it ends the session.

    Args:
        now: tells the moment at which deadlines are judged, where the client names none.
    """
    server = Server(now)
    for name, handler, options in _FEATURES:
        server.feature(name, options)(handler)
    server.start_io()
