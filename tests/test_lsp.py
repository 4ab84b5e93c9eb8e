"""The language server, asked by a real client over its standard input and output."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lsp_support import FILES, FIRST, ONE, POLICY, SECOND, TWO, has, player, rules, span
from lsprotocol import types

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.lsp.repository import Repository
from mkdocs_incident.rules import RULES


@pytest.fixture
def play(tmp_path, write):
    return player(tmp_path, write)


ROOT = Path(__file__).resolve().parent.parent


SUCH_AS = "such as 2025-10-01 and no time such as 2025-10-01T12:00Z"


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
