"""`runbook-updates --patch` in real git repositories: git takes it, and then nothing is left to say."""

import shutil
import subprocess

import pytest
from runbook_support import (
    AS_OF,
    CRLF,
    DECLARED,
    DONE,
    INCIDENT,
    READ_WELL,
    RUNBOOK,
    SCENARIO,
    VERDICT,
    assert_nothing_is_left,
    git,
    incident,
    lines_of,
    patch_of,
    postmortem,
    repository,
    runbook,
)

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

CASES = {
    "declared": {**DONE, **runbook()},
    "scenario": {**incident(), **postmortem(more=SCENARIO), **runbook()},
    "verdict": {**incident(more=VERDICT), **postmortem(), **runbook()},
    "requested by an action item": {
        **incident(),
        **postmortem(actions="- [ ] Update the runbook RB-checkout (@payments-team, due 06/30)\n"),
        **runbook(),
    },
    "alert that leads to no runbook": {**incident(more="alerts: [CheckoutSlow]\n"), **runbook()},
    "service without a runbook": {**incident(), **postmortem()},
    "declared for a runbook still to be written": {
        **incident(),
        **postmortem(more=SCENARIO.replace("- runbook: RB-checkout\n    scenario", "- scenario")),
    },
    "several of one review": {
        **incident(more=VERDICT + "alerts: [CheckoutSlow]\n"),
        **postmortem(more=DECLARED + SCENARIO.partition("\n")[2]),
        **runbook(),
    },
    "of several incidents": {
        **DONE,
        **incident("0143", VERDICT),
        **postmortem("0143", SCENARIO),
        **incident("0144", VERDICT),
        **runbook(),
    },
    "of several runbooks": {
        **DONE,
        **runbook(),
        **incident("0143", "").copy(),
        "incidents/INC-2025-0143/incident.md": INCIDENT.format(id="INC-2025-0143", more="").replace(
            "[checkout]", "[search]"
        ),
    },
    "no newline at the end": {**DONE, **runbook(RUNBOOK.rstrip("\n"))},
    "blank lines at the end": {**DONE, **runbook(RUNBOOK + "\n\n\n")},
    "CRLF": {**DONE, **runbook(CRLF)},
    "CRLF, scenario": {**incident(), **postmortem(more=SCENARIO), **runbook(CRLF)},
    "CRLF, no newline at the end": {**DONE, **runbook(CRLF.rstrip(b"\r\n"))},
    "byte order mark": {**DONE, **runbook("\ufeff" + RUNBOOK)},
    "byte order mark, CRLF": {**DONE, **runbook("\ufeff".encode() + CRLF)},
    "learned from others": {
        **DONE,
        **incident("0100"),
        **runbook(more="learned_from: [INC-2025-0100]\n"),
    },
    "learned from others, quoted": {
        **DONE,
        **incident("0100"),
        **runbook(more="learned_from: ['INC-2025-0100',]  # a year ago\n"),
    },
    "learned from others, over lines": {
        **DONE,
        **incident("0100"),
        **runbook(more="learned_from: [\n  INC-2025-0100,  # a year ago\n]\n"),
    },
    "learned from others, block list": {
        **DONE,
        **incident("0100"),
        **runbook(more="learned_from:\n  - INC-2025-0100  # a year ago\nowner: '@payments-team'\n"),
    },
    "learned from others, list without indent": {
        **DONE,
        **incident("0100"),
        **runbook(more="learned_from:\n- INC-2025-0100\n"),
    },
    "learned from nobody": {**DONE, **runbook(more="learned_from:\n")},
    "learned from an empty list": {**DONE, **runbook(more="learned_from: []\n")},
    "learned from null": {**DONE, **runbook(more="learned_from: ~\n")},
    "learned from, comment behind nothing": {**DONE, **runbook(more="learned_from:  # none yet\n")},
    "space in the path": {**DONE, **runbook(path="runbooks/pay ments/check out.md")},
    "other script in the path": {**DONE, **runbook(path="runbooks/zahlung/größe-決済.md")},
    "closed by dots": {**DONE, **runbook(RUNBOOK.replace("{more}---", "{more}..."))},
    "section at the end of the file": {
        **DONE,
        **runbook(RUNBOOK.partition("## Escalation")[0].rstrip() + "\n"),
    },
    "no sections": {**DONE, **runbook(RUNBOOK.partition("## Diagnosis")[0])},
    "no body": {**DONE, **runbook(RUNBOOK.partition("# Checkout")[0].rstrip() + "\n")},
    "text that Markdown and YAML read": {
        **incident(),
        **postmortem(
            more='runbook_updates:\n  - runbook: RB-checkout\n    diagnosis: "# `a: b` | *x* {{ y }} <b> \\\\ 100 %"\n'
        ),
        **runbook(),
    },
}


@pytest.mark.parametrize("files", CASES.values(), ids=list(CASES))
def test_git_takes_the_patch_and_nothing_is_left(files, tmp_path, run):
    repository(tmp_path, files)
    patch = patch_of(run, tmp_path)
    assert patch
    git(tmp_path, "apply", "--check", "-", data=patch)
    git(tmp_path, "apply", "-", data=patch)
    assert_nothing_is_left(run, tmp_path)


@pytest.mark.parametrize("files", CASES.values(), ids=list(CASES))
def test_what_stood_there_stays(files, tmp_path, run):
    """Only lists in the front matter change; the text's own bytes stay, line ends included."""
    repository(tmp_path, files)
    git(tmp_path, "apply", "-", data=patch_of(run, tmp_path))
    for path, content in files.items():
        before = content if isinstance(content, bytes) else content.encode()
        after = (tmp_path / path).read_bytes()
        if not path.startswith("runbooks/"):
            assert after == before
            continue
        listed = (b"learned_from", b"INC-2025-0100")
        kept = [line for line in before.split(b"\n") if not any(w in line for w in listed)]
        lines = iter(after.split(b"\n"))
        missing = [line for line in kept if line.rstrip(b"\r") and line not in lines]
        assert missing in ([], [before.split(b"\n")[-1]])  # the last line gets its line end
        assert (b"\r\n" in after) is (b"\r\n" in before)
        assert after.count(b"\n") == after.count(b"\r\n") or b"\r" not in before
        assert after.startswith(b"\xef\xbb\xbf") is before.startswith(b"\xef\xbb\xbf")


def test_below_the_root_of_the_git_repository(tmp_path, run):
    files = {f"ops/knowledge base/{path}": text for path, text in CASES["declared"].items()}
    repository(tmp_path, {**files, "README.md": "# Everything\n"})
    folder = tmp_path / "ops/knowledge base"
    git(folder, "apply", "-", data=patch_of(run, folder))
    assert_nothing_is_left(run, folder)
    assert git(tmp_path, "status", "--short") == b' M "ops/knowledge base/runbooks/checkout.md"\n'


def test_the_real_command_through_a_pipe(tmp_path, command):
    """What the documentation tells people to type; a shell's pipe must not change line ends."""
    repository(tmp_path, CASES["CRLF"])
    typed = f"'{command}' runbook-updates --patch | git apply --check - && '{command}' runbook-updates --patch | git apply"
    subprocess.run(["sh", "-c", typed], cwd=tmp_path, check=True)
    done = subprocess.run(
        [command, "runbook-updates"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout == "Every runbook says what the incidents taught\n"


EDITED = """\
--- a/runbooks/checkout.md
+++ b/runbooks/checkout.md
@@ -2,6 +2,7 @@
 id: RB-checkout
 title: Checkout is slow
 services: [checkout]
+learned_from: [INC-2025-0142]
 ---

 # Checkout is slow
@@ -9,11 +10,13 @@
 ## Diagnosis

 - Look at the pool
+- Compare the size of the pool with the last release

 ## Mitigation

 1. Restart the workers
 2. Enlarge the pool
+3. Roll the release back

 ## Escalation

"""

DRAFTED = """\
--- /dev/null
+++ b/runbooks/checkout.md
@@ -0,0 +1,31 @@
+---
+id: RB-checkout
+title: "checkout"
+status: draft
+services: ["checkout"]
+alerts: ["CheckoutSlow"]
+learned_from: [INC-2025-0142]
+---
+
+# checkout
+
+## Symptoms
+
+- Alert `CheckoutSlow` fires
+- Customers waited: a minute each
+
+## Diagnosis
+
+- The connection pool was sized for half of the traffic.
+
+## Mitigation
+
+1. Enlarge the pool — fast again
+
+## Escalation
+
+To be written.
+
+## Prevention
+
+- Alert at 80 % of the pool
"""

LISTED = """\
runbooks/checkout.md
  `RB-checkout` does not say yet what INC-2025-0142 taught
    incidents/INC-2025-0142/postmortem.md:5:5
    - Diagnosis: Compare the size of the pool with the last release
    - Mitigation: Roll the release back

1 update for 1 runbook; `mkdocs-incident runbook-updates --apply` writes them, `--patch` shows them first
"""


def test_an_edit_reads_as_a_person_would_make_it(tmp_path, run):
    repository(tmp_path, CASES["declared"])
    assert lines_of(patch_of(run, tmp_path)) == EDITED.splitlines()


def test_the_list_says_what_was_taught_and_where(tmp_path, run):
    repository(tmp_path, CASES["declared"])
    assert run("runbook-updates", folder=tmp_path).output == LISTED


def test_a_draft_is_filled_from_the_incident(tmp_path, run):
    more = (
        "alerts: [CheckoutSlow]\n"
        "impact: {summary: 'Customers waited: a minute each'}\n"
        "mitigations:\n  - action: Enlarge the pool\n    result: fast again\n"
    )
    repository(tmp_path, {**incident(more=more), **postmortem()})
    assert lines_of(patch_of(run, tmp_path)) == DRAFTED.splitlines()


def test_one_diff_a_runbook(tmp_path, run):
    repository(tmp_path, CASES["of several incidents"])
    patch = patch_of(run, tmp_path).decode()
    assert patch.count("\n+++ b/") == 1
    assert "learned_from: [INC-2025-0142, INC-2025-0143, INC-2025-0144]" in patch


@pytest.mark.parametrize("status", ["rejected", "applied"])
def test_what_was_decided_is_not_suggested(status, tmp_path, run):
    more = DECLARED + f"    status: {status}\n    reason: The release tool compares them now\n"
    repository(tmp_path, {**incident(), **postmortem(more=more), **runbook()})
    assert patch_of(run, tmp_path) == b""


def test_apply_writes_what_the_patch_would(tmp_path, run):
    text = RUNBOOK.format(more="").replace("\n", "\r\n")
    more = "runbooks: [{id: RB-checkout, verdict: missing-step, note: Drain the queue first}]\n"
    files = {
        "incidents/INC-2025-0001.md": INCIDENT.format(id="INC-2025-0001", more=more),
        "incidents/INC-2025-0002.md": INCIDENT.format(id="INC-2025-0002", more="").replace(
            "[checkout]", "[labels]"
        ),
        "runbooks/checkout.md": text,
    }
    for path, content in files.items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content.encode())
    wanted = run("runbook-updates", "--patch").stdout
    done = run("runbook-updates", "--apply")
    assert (done.exit_code, done.output) == (
        0,
        (
            "runbooks/checkout.md: updated\nrunbooks/labels.md: written\n\n"
            "Read the changes, correct what is not true, and commit them\n"
        ),
    )
    edited = (tmp_path / "runbooks/checkout.md").read_bytes().decode()
    assert "Drain the queue first" in edited
    assert "learned_from: [INC-2025-0001]\r\n" in edited
    added = [line[1:] for line in wanted.splitlines() if line[:1] == "+" and line[:3] != "+++"]
    written = [*edited.splitlines(), *(tmp_path / "runbooks/labels.md").read_text().splitlines()]
    assert [line for line in added if line not in written] == []
    assert (
        run("runbook-updates", "--apply").output == "Every runbook says what the incidents taught\n"
    )


def test_draft_writes_a_runbook_that_is_a_record(tmp_path, run):
    (tmp_path / "incidents").mkdir()
    incident = INCIDENT.format(id="INC-2025-0001", more="alerts: [CheckoutSlow]\n")
    (tmp_path / "incidents/INC-2025-0001.md").write_text(incident)
    done = run("runbook-updates", "draft", "INC-2025-0001")
    assert done.output == (
        "runbooks/checkout.md: written; correct what is not true, and name its `owner`\n"
    )
    draft = (tmp_path / "runbooks/checkout.md").read_text()
    assert "learned_from: [INC-2025-0001]\n" in draft
    assert "- Alert `CheckoutSlow` fires\n" in draft
    assert run("check", "--select", READ_WELL, *AS_OF).exit_code == 0
    again = run("runbook-updates", "draft", "INC-2025-0001")
    assert again.exit_code == 2
    assert "`RB-checkout` exists, in runbooks/checkout.md" in again.output
    assert run("runbook-updates", "draft", "INC-2025-0001", "--for", "CheckoutSlow").exit_code == 0
    assert (tmp_path / "runbooks/checkoutslow.md").exists()
    assert (tmp_path / "runbooks/checkout.md").read_text() == draft
