"""A real client of the language server: its process, its standard input and output."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from lsprotocol import types
from pygls.lsp.client import LanguageClient

WAIT = 60
"""Seconds after which a test gives up waiting."""


class Editor:
    """An editor with one folder open; texts that it types stand in no file."""

    def __init__(self, root):
        self.root = root
        self.client = LanguageClient("test", "1")
        self.published = {}
        self.messages = []
        self.registered = []
        self._news = asyncio.Condition()
        self._versions = {}
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self._take))
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(
            lambda params: self.messages.append(params.message)
        )
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(
            lambda params: self.registered.extend(params.registrations)
        )

    async def _take(self, params):
        async with self._news:
            self.published[params.uri] = params
            self._news.notify_all()

    def uri(self, path):
        return path if ":" in path else (self.root / path).as_uri()

    async def open(self, path, text=None):
        """Open a file; without a text, as it is on the disk."""
        uri = self.uri(path)
        text = (self.root / path).read_bytes().decode() if text is None else text
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, "markdown", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def type(self, path, text):
        """Replace the text of an open file."""
        uri = self.uri(path)
        self._versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def until(self, path, holds):
        """Wait until what is published of a file is as wanted; return it."""
        uri = self.uri(path)

        def is_so():
            return uri in self.published and holds(self.published[uri].diagnostics)

        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(is_so), WAIT)
            except TimeoutError:
                found = self.published.get(uri)
                raise AssertionError(f"{path}: {found and rules(found.diagnostics)}") from None
        return self.published[uri].diagnostics

    def at(self, text, marked, path):
        """Return document and position of the mark ``█`` in a text, in UTF-16 code units."""
        before = marked.partition("█")[0]
        line = before.rpartition("\n")[2]
        assert marked.replace("█", "") == text
        units = len(line.encode("utf-16-le")) // 2
        return {
            "text_document": types.TextDocumentIdentifier(self.uri(path)),
            "position": types.Position(before.count("\n"), units),
        }

    async def ask(self, kind, path, marked):
        """Type a text with the mark ``█`` in it (at first: open it) and ask for what is there."""
        text = marked.replace("█", "")
        uri = self.uri(path)
        await (self.type(path, text) if uri in self._versions else self.open(path, text))
        params = {"completion": types.CompletionParams, "hover": types.HoverParams,
                  "definition": types.DefinitionParams}[kind]  # fmt: skip
        asked = getattr(self.client, f"text_document_{kind}_async")
        return await asyncio.wait_for(asked(params(**self.at(text, marked, path))), WAIT)

    async def complete(self, path, marked):
        """Return the proposals at the mark, label to text that is typed."""
        found = await self.ask("completion", path, marked)
        return {item.label: item.text_edit.new_text for item in found.items}


def rules(diagnostics):
    """Return the rules of diagnostics, sorted."""
    return sorted(diagnostic.code for diagnostic in diagnostics)


@asynccontextmanager
async def editor(root, options=None, **more):
    """Start the server as editors do, and end it as they do."""
    began = Editor(root)
    arguments = [sys.executable, "-m", "mkdocs_incident", "lsp"]
    await began.client.start_io(*arguments, cwd=root)
    capabilities = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=True
            )
        )
    )
    settings = {
        "capabilities": capabilities,
        "root_uri": root.as_uri(),
        "initialization_options": {"as_of": "2025-06-16", **(options or {})},
        **more,
    }
    began.capabilities = (
        await asyncio.wait_for(
            began.client.initialize_async(types.InitializeParams(**settings)), WAIT
        )
    ).capabilities
    began.client.initialized(types.InitializedParams())
    try:
        yield began
    finally:
        await asyncio.wait_for(began.client.shutdown_async(None), WAIT)
        began.client.exit(None)
        await asyncio.wait_for(began.client.stop(), WAIT)


POLICY = """\
severity: sev1-sev4
alert_rules: [alerts.yml]
services:
  payments-api: {owner: "@payments-team", alerts: [PaymentsDown]}
  label-service:
people:
  "@payments-lead": {name: Duty lead of payments, team: payments}
teams: ["@payments-team"]
"""
ALERTS = "groups: [{name: all, rules: [{alert: LabelsSlow, expr: up}]}]\n"
FIRST = """\
---
id: INC-2025-0001
title: Card payments fail 🚚
severity: SEV3
status: closed
incident_commander: "@payments-lead"
services: [payments-api]
related: [INC-2025-0002]
evidence: [{title: Free connections, path: pool.csv}]
---

# Card payments fail

See the [runbook](../../runbooks/payments.md#undo) and INC-2025-0002.

## Timeline (UTC)

- 2025-06-10 14:23 — Detected: payments fail
- 2025-06-10 15:47 — Resolved

## Action items

- [ ] Refuse a pool size below 10 (@payments-team, due 2025-06-20)

## Root cause

The pool was read from the wrong variable.
"""
SECOND = """\
---
id: INC-2025-0002
title: Labels print slowly
severity: SEV4
status: closed
incident_commander: "@payments-lead"
---

## Timeline (UTC)

- 2025-05-01 10:00 — Detected
- 2025-05-01 11:00 — Resolved
"""
RUNBOOK = """\
---
id: RB-payments
title: Payments fail
owner: "@payments-team"
services: [payments-api]
---

# Payments fail
"""
ONE, TWO = "incidents/INC-2025-0001/incident.md", "incidents/INC-2025-0002/incident.md"
FILES = {
    "incident.yml": POLICY,
    "alerts.yml": ALERTS,
    ONE: FIRST,
    TWO: SECOND,
    "incidents/INC-2025-0001/pool.csv": "",
    "runbooks/payments.md": RUNBOOK,
}


def player(tmp_path, write):
    """Return what writes files and plays a scene in an editor that has their folder open."""

    def play(scene, files=FILES, options=None, **more):
        write(files)

        async def whole():
            async with editor(tmp_path, options, **more) as began:
                await scene(began)

        # In a thread of its own: a browser's driver may keep an event loop in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, whole()).result()

    return play


def has(*names):
    """Return a condition: these rules, and no others, are found."""
    return lambda found: rules(found) == sorted(names)


def span(found, number=0):
    place = found[number].range
    return (place.start.line, place.start.character, place.end.line, place.end.character)
