"""The language server, asked by a real client over its standard input and output."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lsp_support import editor, rules
from lsprotocol import types

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.lsp.repository import Repository
from mkdocs_incident.rules import RULES

ROOT = Path(__file__).resolve().parent.parent

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


@pytest.fixture
def play(tmp_path, write):
    """Write files and play a scene in an editor that has their folder open."""

    def play(scene, files=FILES, options=None, **more):
        write(files)

        async def whole():
            async with editor(tmp_path, options, **more) as began:
                await scene(began)

        # In a thread of its own: a browser's driver may keep an event loop in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, whole()).result()

    return play


SUCH_AS = "such as 2025-10-01 and no time such as 2025-10-01T12:00Z"


def has(*names):
    """Return a condition: these rules, and no others, are found."""
    return lambda found: rules(found) == sorted(names)


def span(found, number=0):
    place = found[number].range
    return (place.start.line, place.start.character, place.end.line, place.end.character)


def test_the_findings_of_the_check_follow_what_is_typed(play, run, tmp_path):
    broken = FIRST.replace("SEV3", "SEV9").replace("[INC-2025-0002]", "[INC-2025-0009]")

    async def scene(editor):
        await editor.open(ONE)
        clean = await editor.until(ONE, lambda _: True)
        await editor.type(ONE, broken)
        found = await editor.until(ONE, has(*rules(clean), "unknown-incident", "value-not-allowed"))
        by_rule = {diagnostic.code: diagnostic for diagnostic in found}
        severity = by_rule["value-not-allowed"]
        assert span([severity]) == (3, 10, 3, 14)
        assert severity.severity is types.DiagnosticSeverity.Error
        assert severity.source == "mkdocs-incident"
        assert severity.message == (
            "Severity `SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`\nCorrect it, or name another"
            " scheme in incident.yml: `severity: p0-p3` or `p1-p4`"
        )
        # What is typed is in no file: the gate says so, and says the same once it is saved.
        assert "SEV9" not in run("check", "--as-of", "2025-06-16").stdout
        (tmp_path / ONE).write_text(broken, "utf-8")
        report = json.loads(run("check", "--as-of", "2025-06-16", "--format", "json").stdout)
        gate = [d["name"] for d in report["diagnostics"] if d["path"] == ONE]
        assert sorted(gate) == rules(found)
        await editor.type(ONE, FIRST)
        await editor.until(ONE, has(*rules(clean)))

    play(scene)


def test_an_edit_changes_what_is_found_in_other_records(play):
    async def scene(editor):
        await editor.open(TWO)
        await editor.open(ONE)
        await editor.until(ONE, lambda found: "unknown-incident" not in rules(found))
        await editor.type(TWO, SECOND.replace("id: INC-2025-0002", "id: INC-2025-0001"))
        found = await editor.until(ONE, lambda found: "duplicate-id" in rules(found))
        duplicate = next(d for d in found if d.code == "duplicate-id")
        related = duplicate.related_information[0].location
        assert (related.uri, related.range.start.line) == (editor.uri(TWO), 1)
        # A file that is not open is judged, too: what it refers to went.
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(editor.uri(TWO)))
        )
        await editor.until(ONE, lambda found: "duplicate-id" not in rules(found))

    play(scene)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_columns_count_what_the_client_counts(play, ends):
    line = 'related: [INC-2025-0002, "🚚🚚", INC-2025-0008]'
    text = FIRST.replace("related: [INC-2025-0002]", line).replace("\n", ends)

    def place(encodings):
        async def scene(editor):
            await editor.open(ONE, text)
            found = await editor.until(ONE, lambda found: "unknown-incident" in rules(found))
            unknown = [d for d in found if d.code == "unknown-incident"]
            begin = line.index("INC-2025-0008")
            units = {"utf-8": 6, "utf-16": 2, "utf-32": 0}[encodings[0]]
            assert span(unknown, -1) == (7, begin + units, 7, begin + units + 13)

        capabilities = types.GeneralClientCapabilities(position_encodings=encodings)
        play(scene, capabilities=types.ClientCapabilities(general=capabilities))

    place(["utf-16"])
    place(["utf-8"])
    place(["utf-32", "utf-16"])


COMPLETIONS = [
    # Keys: those that the mapping lacks, in the order of the schema.
    ("---\nid: X\nsev█\n---\n", {"severity": "severity: "}, {"id", "kinds"}),
    ("---\nid: X\n█\n---\n", {"title": "title: ", "roles": "roles: "}, {"id"}),
    ("---\nroles:\n  scribe: x\n  tech█\n---\n", {"technical_lead": "technical_lead: "}, {"scribe", "id"}),
    ("---\naction_items:\n  - title: x\n    ow█\n    due: 2025-06-20\n", {"owner": "owner: "}, {"due", "title"}),
    ("---\naction_items:\n  - ti█\n---\n", {"title": "title: "}, {"id: "}),
    ("---\naction_items: [{title: x, ow█}]\n---\n", {"owner": "owner: "}, {"title"}),
    ("---\naction_items: [\n  {title: x,\n   ow█\n---\n", {"owner": "owner: "}, {"title"}),
    # Values of fields that have a list of them.
    ("---\nseverity: █\n---\n", {"SEV1": "SEV1", "SEV4": "SEV4"}, {"P1", "closed"}),
    ("---\nstatus: res█\n---\n", {"resolved": "resolved"}, {"final"}),
    ("---\nstatus:\n  re█\n---\n", {"resolved": "resolved"}, {"final"}),
    ("---\nkind: █\n---\n", {"postmortem": "postmortem"}, {"closed"}),
    ("---\nkind: postmortem\nstatus: █\n---\n", {"final": "final"}, {"closed"}),
    ("---\naction_items:\n- title: x\n  status: █\n---\n", {"wont-do": "wont-do"}, {"closed"}),
    ("---\nservices: [payments-api, lab█]\n---\n", {"label-service": "label-service"}, {"LabelsSlow"}),
    ("---\nservices:\n- █\n---\n", {"label-service": "label-service"}, {"@payments-lead"}),
    ("---\nalerts: [█]\n---\n", {"LabelsSlow": "LabelsSlow", "PaymentsDown": "PaymentsDown"}, {"SEV1"}),
    # People and ids, quoted where YAML asks for it.
    ("---\nincident_commander: @█\n---\n", {"@payments-lead": '"@payments-lead"'}, {"SEV1"}),
    ('---\nincident_commander: "@pay█"\n---\n', {"@payments-team": "@payments-team"}, {"SEV1"}),
    ("---\nroles: {scribe: '█'}\n---\n", {"@payments-team": "@payments-team"}, {"SEV1"}),
    ("---\nrelated: [INC-█\n---\n", {"INC-2025-0002": "INC-2025-0002"}, {"RB-payments"}),
    ("---\nrunbooks:\n  - id: █\n---\n", {"RB-payments": "RB-payments"}, {"INC-2025-0002"}),
    ("---\nid: INC-█\n---\n", {}, {"INC-2025-0002"}),
    # Where nothing is known, nothing is proposed.
    ("---\nsummary: |\n  sev█\n---\n", {}, {"severity"}),
    ("---\nstatus:█\n---\n", {}, {"resolved"}),
    ("---\nstatus: closed # res█\n---\n", {}, {"resolved"}),
    ("---█\nid: X\n---\n", {}, {"title"}),
    ("---\nid: X\n---\n\nsev█\n", {}, {"severity"}),
    # Text.
    ("---\nid: X\n---\n\nAsk @pay█ first\n", {"@payments-lead": "@payments-lead"}, {"INC-2025-0002"}),
    ("---\nid: X\n---\n\n🚚 As in inc-█\n", {"INC-2025-0002": "INC-2025-0002"}, {"RB-payments"}),
    ("---\nid: X\n---\n\nSee RB█\n", {"RB-payments": "RB-payments"}, {"INC-2025-0002"}),
    ("Without front matter: INC█", {"INC-2025-0002": "INC-2025-0002"}, {"RB-payments"}),
]  # fmt: skip


def test_what_can_be_typed_next_is_proposed(play):
    async def scene(editor):
        for ends in ("\n", "\r\n"):
            for marked, expected, absent in COMPLETIONS:
                found = await editor.complete(ONE, marked.replace("\n", ends))
                assert expected.items() <= found.items(), marked
                assert not absent & found.keys(), marked
                assert expected or not found, marked
        found = await editor.complete("incident.yml", POLICY + "rules:\n  missing-sev█\n")
        assert found["missing-severity"] == "missing-severity: "
        found = await editor.complete("incident.yml", POLICY + "prof█\n")
        assert found["profile"] == "profile: "
        assert "teams" not in found
        found = await editor.complete("incident.yml", POLICY + "profile: █\n")
        assert found == {"essential": "essential", "standard": "standard", "strict": "strict"}

    play(scene)


def test_a_proposal_says_what_it_is_and_replaces_what_was_typed(play):
    async def scene(editor):
        found = await editor.ask(
            "completion", ONE, "---\nid: X\ntitle: '🚚'\nrelated: ['🚚', INC-2025-000█\n"
        )
        item = next(item for item in found.items if item.label == "INC-2025-0002")
        assert item.detail == "SEV4 · closed · Labels print slowly"
        assert item.filter_text == "INC-2025-0002"
        assert span([item.text_edit]) == (3, 16, 3, 28)
        found = await editor.ask("completion", ONE, "---\nstat█\n")
        item = next(item for item in found.items if item.label == "status")
        assert item.detail == "Incident status"
        assert item.documentation.value == (
            "Where the response stands now. Left out, the incident counts as closed.\n\n"
            "One of `detected`, `investigating`, `identified`, `mitigating`, `monitoring`, `resolved`, `closed`"
        )
        found = await editor.ask("completion", ONE, "---\nincident_commander: @█\n")
        item = next(item for item in found.items if item.label == "@payments-lead")
        assert item.detail == "Duty lead of payments, payments"

    play(scene)


def test_hovering_tells_what_a_key_an_id_and_a_handle_are(play):
    async def scene(editor):
        async def told(marked):
            found = await editor.ask("hover", ONE, marked)
            return found and found.contents.value

        assert await told(FIRST.replace("status:", "sta█tus:")) == (
            "**Incident status**\n\n"
            "Where the response stands now. Left out, the incident counts as closed.\n\n"
            "One of `detected`, `investigating`, `identified`, `mitigating`, `monitoring`, `resolved`, `closed`"
        )
        other = (
            "**INC-2025-0002**\n\nLabels print slowly\n\n- Severity: SEV4\n- Status: closed\n"
            "- Began: 2025-05-01 10:00 UTC"
        )
        assert await told(FIRST.replace("[INC-2025", "[INC-█2025")) == other
        assert await told(FIRST.replace("and INC-2025", "and INC-20█25")) == other
        lead = "**@payments-lead**\n\nDuty lead of payments, payments"
        assert await told(FIRST.replace('"@payments-lead', '"@payments█-lead')) == lead
        assert (
            await told(FIRST.replace("(@payments-team", "(@payments-te█am"))
            == "**@payments-team**\n\nteam"
        )
        assert "Alerts: `PaymentsDown`" in await told(
            FIRST.replace("[payments-api", "[payments█-api")
        )
        assert "- resolve: 24 h" in await told(FIRST.replace("SEV3", "S█EV3"))
        assert await told(FIRST.replace("The pool", "The po█ol")) is None

    play(scene)


def test_ids_names_and_links_lead_to_where_they_are(play):
    async def scene(editor):
        async def target(marked, path=ONE):
            found = await editor.ask("definition", path, marked)
            return found and (
                found.uri.removeprefix(editor.root.as_uri() + "/"),
                found.range.start.line,
            )

        assert await target(FIRST.replace("[INC-2025", "[INC-█2025")) == (TWO, 1)
        assert await target(FIRST.replace("and INC-2025", "and INC-20█25")) == (TWO, 1)
        assert await target(FIRST.replace("runbooks/pay", "runb█ooks/pay")) == (
            "runbooks/payments.md",
            0,
        )
        assert await target(FIRST.replace("pool.csv", "pool█.csv")) == (
            "incidents/INC-2025-0001/pool.csv",
            0,
        )
        assert await target(FIRST.replace('"@payments-lead', '"@pay█ments-lead')) == (
            "incident.yml",
            6,
        )
        assert await target(FIRST.replace("(@payments-team", "(@pay█ments-team")) == (
            "incident.yml",
            7,
        )
        assert await target(FIRST.replace("[payments-api", "[payments█-api")) == ("incident.yml", 3)
        assert await target(FIRST.replace("The pool", "The po█ol")) is None
        assert await target(FIRST.replace("../../runbooks", "../../../█../etc")) is None

    play(scene)


def test_a_record_is_outlined(play):
    def tree(symbols):
        return [(s.name, s.detail, tree(s.children)) for s in symbols]

    async def scene(editor):
        await editor.open(ONE)
        asked = types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri(ONE)))
        found = await editor.client.text_document_document_symbol_async(asked)
        assert tree(found) == [
            ("Front matter", None, [
                ("id", "INC-2025-0001", []),
                ("title", "Card payments fail 🚚", []),
                ("severity", "SEV3", []),
                ("status", "closed", []),
                ("incident_commander", '"@payments-lead"', []),
                ("services", "[payments-api]", []),
                ("related", "[INC-2025-0002]", []),
                ("evidence", "[{title: Free connections, path: pool.csv}]", []),
            ]),
            ("Card payments fail", None, [
                ("Timeline (UTC)", None, [
                    ("2025-06-10T14:23Z Detected: payments fail", None, []),
                    ("2025-06-10T15:47Z Resolved", None, []),
                ]),
                ("Action items", None, [
                    ("Refuse a pool size below 10", "@payments-team, 2025-06-20, open", []),
                ]),
                ("Root cause", None, []),
            ]),
        ]  # fmt: skip
        whole = [found]
        while whole:
            for symbol in (level := whole.pop()):
                begin, end = symbol.range.start, symbol.range.end
                assert (begin.line, begin.character) <= (symbol.selection_range.start.line,
                                                         symbol.selection_range.start.character)  # fmt: skip
                assert symbol.selection_range.end.line <= end.line
                whole.append(symbol.children)
            assert level is not None

    play(scene)


def applied(text, edits):
    """Return a text after edits whose columns count UTF-16 code units."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character))[::-1]:
        line = lines[edit.range.start.line].encode("utf-16-le")
        begin, end = edit.range.start.character * 2, edit.range.end.character * 2
        new = line[:begin] + edit.new_text.encode("utf-16-le") + line[end:]
        lines[edit.range.start.line] = new.decode("utf-16-le")
    return "\n".join(lines)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_has_one_right_answer_is_repaired(play, ends):
    clean = FIRST.replace("\n", ends)
    text = (
        clean.replace("SEV3", "Sev-3")
        .replace("related: [INC", "related: ['🚚', inc")
        .replace("status: closed", "status: Fixed")
    )
    after = clean.replace("related: [INC", "related: ['🚚', INC").replace(
        "status: closed", "status: resolved"
    )

    async def scene(editor):
        await editor.open(ONE, text)
        found = await editor.until(
            ONE, lambda found: rules(found).count("non-canonical-value") == 2
        )

        async def actions(place, only=None):
            asked = types.CodeActionParams(
                types.TextDocumentIdentifier(editor.uri(ONE)),
                place,
                types.CodeActionContext([], only),
            )
            return await editor.client.text_document_code_action_async(asked)

        severity = next(d for d in found if "Sev-3" in d.message)
        one, every = await actions(severity.range)
        assert (one.title, one.kind, one.is_preferred) == ("Write `SEV3`", "quickfix", True)
        assert list(one.diagnostics) == [severity]
        assert applied(text, one.edit.changes[editor.uri(ONE)]) == text.replace("Sev-3", "SEV3")
        assert every.title == "Repair 3 findings of this record"
        assert applied(text, every.edit.changes[editor.uri(ONE)]) == after
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        assert [a.title for a in await actions(start)] == [every.title]
        assert not await actions(start, ["quickfix"])
        assert [a.kind for a in await actions(start, ["source.fixAll"])] == [
            "source.fixAll.mkdocs-incident"
        ]
        await editor.type(ONE, after)
        await editor.until(ONE, lambda found: "non-canonical-value" not in rules(found))
        assert not await actions(severity.range)

    play(scene)


def test_a_broken_policy_is_told_where_it_is_broken_and_the_last_good_one_holds(play):
    async def scene(editor):
        await editor.open("incident.yml")
        await editor.open(ONE)
        await editor.until(ONE, lambda _: True)
        await editor.type("incident.yml", POLICY.replace("sev1-sev4", "sev1-sev5"))
        found = await editor.until("incident.yml", lambda found: found)
        assert (rules(found), span(found)[:2]) == (["value-not-allowed"], (0, 10))
        await editor.type(ONE, FIRST.replace("SEV3", "P1"))
        await editor.until(ONE, lambda found: "value-not-allowed" in rules(found))
        await editor.type("incident.yml", POLICY.replace("sev1-sev4", "p1-p4"))
        await editor.until("incident.yml", lambda found: not found)
        await editor.until(ONE, lambda found: "value-not-allowed" not in rules(found))
        await editor.type("incident.yml", "rules: {no-such-rule: off}\n🚚: [")
        found = await editor.until("incident.yml", lambda found: found)
        assert rules(found) == ["invalid-yaml"]
        await editor.type("incident.yml", "rules: {no-such-rule: error}\n")
        found = await editor.until("incident.yml", has("value-not-allowed"))
        assert "no-such-rule" in found[0].message

    play(scene)


def test_a_policy_that_was_never_good_judges_nothing(play):
    async def scene(editor):
        await editor.open(ONE, FIRST.replace("SEV3", "SEV9"))
        await editor.until("incident.yml", lambda found: rules(found) == ["value-not-allowed"])
        assert not await editor.until(ONE, lambda _: True)
        found = await editor.complete(ONE, "---\nrelated: [INC-█")
        assert "INC-2025-0002" in found

    play(scene, {**FILES, "incident.yml": "profile: none\n"})


def test_known_findings_stay_in_the_baseline_and_a_broken_one_is_told(play, write, run):
    broken = FIRST.replace("[INC-2025-0002]", "[INC-2025-0009]")
    write({**FILES, ONE: broken})
    run("baseline")

    async def scene(editor):
        await editor.open(ONE)
        await editor.until(ONE, lambda found: "unknown-incident" not in rules(found))
        await editor.type(ONE, broken.replace("0009", "0008"))
        await editor.until(ONE, lambda found: "unknown-incident" not in rules(found))
        await editor.type(ONE, broken.replace("SEV3", "SEV9"))
        found = await editor.until(ONE, lambda found: "value-not-allowed" in rules(found))
        assert "unknown-incident" not in rules(found)
        (editor.root / ".incident-baseline.json").write_text("{")
        changed = types.FileEvent(
            editor.uri(".incident-baseline.json"), types.FileChangeType.Changed
        )
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([changed])
        )
        await editor.until(".incident-baseline.json", has("stale-baseline"))
        found = await editor.until(ONE, lambda found: "value-not-allowed" in rules(found))
        assert "unknown-incident" not in rules(found)

    play(scene, {**FILES, ONE: broken})


def test_files_of_others_are_left_alone(play, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "incidents" / "INC-2025-0007.md"

    async def scene(editor):
        bad = FIRST.replace("SEV3", "SEV9")
        others = ("untitled:Untitled-1", "git:/a/incidents/b.md?ref=1", other.as_uri(),
                  "docs/page.md", "incidents/INC-2025-0001/pool.csv", "incidents/README.md")  # fmt: skip
        for path in others:
            await editor.open(path, bad if path != "incidents/README.md" else "# Incidents\n")
        await editor.open(ONE, bad)
        await editor.until(ONE, lambda found: "value-not-allowed" in rules(found))
        for path in others:
            uri = editor.uri(path)
            assert uri not in editor.published or not editor.published[uri].diagnostics
            if not path.endswith("README.md"):  # it may become a record
                asked = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
                assert await editor.client.text_document_document_symbol_async(asked) is None

    play(scene)


def test_a_record_that_is_no_file_yet_is_judged_and_known_to_others(play):
    new = "incidents/INC-2025-0003/incident.md"

    async def scene(editor):
        await editor.open(new, SECOND.replace("0002", "0003").replace("SEV4", "SEV9"))
        await editor.until(new, lambda found: "value-not-allowed" in rules(found))
        assert "INC-2025-0003" in await editor.complete(ONE, "---\nrelated: [INC-█")

    play(scene)


def test_files_that_others_change_are_read_again(play):
    async def scene(editor):
        await editor.open(ONE)
        await editor.until(ONE, lambda _: True)
        assert [r.method for r in editor.registered] == ["workspace/didChangeWatchedFiles"]
        (editor.root / TWO).unlink()
        gone = types.FileEvent(editor.uri(TWO), types.FileChangeType.Deleted)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([gone]))
        await editor.until(ONE, lambda found: "unknown-incident" in rules(found))

    play(scene)


def test_each_folder_of_a_client_is_a_repository_of_its_own(play, write, tmp_path):
    inner = {f"inner/{path}": text for path, text in FILES.items()}
    inner["inner/incident.yml"] = POLICY.replace("sev1-sev4", "p1-p4")
    write(inner)

    async def scene(editor):
        folder = types.WorkspaceFolder((editor.root / "inner").as_uri(), "inner")
        change = types.WorkspaceFoldersChangeEvent([folder], [])
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(change)
        )
        await editor.open(f"inner/{ONE}")
        await editor.until(f"inner/{ONE}", lambda found: "value-not-allowed" in rules(found))
        await editor.open(ONE)
        found = await editor.until(ONE, lambda _: True)
        assert "value-not-allowed" not in rules(found)
        change = types.WorkspaceFoldersChangeEvent([], [folder])
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(change)
        )
        await editor.until(f"inner/{ONE}", lambda found: not found)

    play(scene, workspace_folders=[types.WorkspaceFolder(tmp_path.as_uri(), "outer")])


def test_the_day_and_the_policy_are_the_clients_to_choose(play):
    files = {f"kb/{path}": text for path, text in FILES.items()}

    async def scene(editor):
        path = f"kb/{ONE}"
        await editor.open(path)
        await editor.until(path, lambda found: "action-overdue" in rules(found))

    play(scene, files, {"as_of": "2025-07-01", "config": "kb/incident.yml"})

    async def told(editor):
        await editor.open(ONE)
        await editor.until(ONE, lambda found: "action-overdue" in rules(found))  # as of today
        assert editor.messages == [
            "mkdocs-incident: initialization option `config` is no path",
            f"mkdocs-incident: initialization option `as_of`: `soon` is no date {SUCH_AS}",
        ]

    play(told, FILES, {"as_of": "soon", "config": 3})


def test_nothing_that_is_typed_ends_the_server(play):
    async def scene(editor):
        await editor.open(ONE)
        for text in ("", "---", "---\n", "---\n- [", "---\nid: {\n", "\ufeff---\nid: X\n---\n", "---\na: &a [*a]\n---\n",
                     "---\n\0\n---\n", "---\nid: X\n---\n\u2028\f\x85 INC", "---\nkind: 7\ntimeline: 3\n---\n"):  # fmt: skip
            await editor.type(ONE, text)
            document = types.TextDocumentIdentifier(editor.uri(ONE))
            for line, character in ((0, 0), (0, 99), (1, 3), (99, 99)):
                position = types.Position(line, character)
                await editor.client.text_document_completion_async(
                    types.CompletionParams(document, position)
                )
                await editor.client.text_document_hover_async(types.HoverParams(document, position))
                await editor.client.text_document_definition_async(
                    types.DefinitionParams(document, position)
                )
            await editor.client.text_document_document_symbol_async(
                types.DocumentSymbolParams(document)
            )
        await editor.type(ONE, FIRST.replace("SEV3", "SEV9"))
        await editor.until(ONE, lambda found: "value-not-allowed" in rules(found))

    play(scene)


def test_one_record_alone_is_judged_as_all_are(tmp_path):
    """What is shown at once is what the check of all records shows a second later."""
    for name in ("incidents", "runbooks", "monitoring"):
        shutil.copytree(ROOT / name, tmp_path / name)
    policy = (ROOT / "incident.yml").read_text("utf-8")
    (tmp_path / "incident.yml").write_text(f"{policy}profile: strict\n", "utf-8")
    again = tmp_path / "incidents/2025/INC-2025-0098"
    shutil.copytree(tmp_path / "incidents/2025/INC-2025-0003", again)
    for record in again.glob("*.md"):
        text = record.read_text("utf-8").replace("INC-2025-0003", "INC-2025-0098")
        record.write_text(text.replace("2025-", "2024-").replace("INC-2024-", "INC-2025-"), "utf-8")
    as_of = datetime(2025, 10, 1, tzinfo=UTC)
    repository = Repository(tmp_path)
    before = repository.read({})
    found = before.findings(as_of)
    judged = [path for path in found if path in before.paths]
    compared = {d.name for path in judged for d in found[path]} & {
        rule.name for rule in RULES if rule.visits is Corpus
    }
    assert len(judged) > 10
    assert compared
    for path in judged[::3]:
        text = (tmp_path / path).read_text("utf-8")
        text = text.replace("\n---\n", "\nx-note: one line more\nx-nor: two\n---\n", 1)
        now = before.with_text(path, text)
        alone = now.findings_in(path, as_of, found[path], before.lines(path))
        assert alone == repository.read({path: text}).findings(as_of)[path]


def test_without_pygls_the_command_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['pygls'] = None; sys.modules['pygls.lsp.server'] = None;"
        " sys.argv = ['mkdocs-incident', 'lsp'];"
        " from mkdocs_incident.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env=os.environ,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        "Error: The language server needs pygls: pip install 'mkdocs-incident[lsp]'" in done.stderr
    )
