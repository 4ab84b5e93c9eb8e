"""Continuous integration in one step: the action, the template and the hook, run as they are written."""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from legacy_support import forty_documents
from msgspec.structs import replace

from mkdocs_incident import __version__
from mkdocs_incident.diagnostic import Diagnostic, Level, Location
from mkdocs_incident.reporters import REPORTERS
from mkdocs_incident.reporters.report import Change, Lesson, Likeness, Report

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/guide/ci.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TEMPLATE = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

OLD = """\
---
id: INC-2025-0001
title: Labels print blank after the template service restarts
severity: SEV3
status: closed
incident_commander: "@label-lead"
services: [label-service]
alerts: [LabelQueueStuck]
{more}---

The label queue is stuck: the template cache is empty after a restart, so every label is blank.

## Root cause

The template service reads the queue before its cache is filled.

## Action items

- [ ] Warm the template cache before the label queue is read (@label-team, due 2025-09-01)
"""
NEW = """\
---
id: INC-2025-0002
title: Blank labels again after the template service restarts
severity: SEV3
status: closed
incident_commander: "@label-lead"
services: [label-service]
alerts: [LabelQueueStuck]
recurrence_of: INC-2025-0001
runbooks: [{id: RB-labels, verdict: missing-step, note: Say how to warm the cache}]
---

The label queue is stuck again: the template cache is empty after a restart, labels are blank.

## Root cause

The template service starts without its cache.

## Action items

- [ ] Refuse to start with an empty template cache (@label-team, due 2025-07-01)
- [x] Warm it by hand (@label-lead)
"""
RUNBOOK = """\
---
id: RB-labels
title: Labels
owner: "@label-team"
services: [label-service]
alerts: [LabelQueueStuck]
---

## Symptoms

Labels are blank; see [the map](../docs/map.md).
"""
FIRST, SECOND = (f"incidents/INC-2025-000{n}.md" for n in (1, 2))
BASE = {FIRST: OLD.format(more=""), "runbooks/labels.md": RUNBOOK, "docs/map.md": "# Map\n"}


def git(folder, *arguments):
    identity = ("-c", "user.name=T", "-c", "user.email=t@parcels.example")
    done = subprocess.run(
        ["git", "-C", folder, *identity, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def branch(tmp_path, write):
    """A branch `change` off `main`, which has an old incident and a runbook."""
    return begun(tmp_path, write, BASE)


def begun(folder, write, files):
    write(files)
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    git(folder, "switch", "-qc", "change")
    return folder


def commit(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Records")


# What a change brings


@pytest.fixture
def comment(run):
    """Print the comment on the change, with the practice that these small records leave out."""

    def comment(*arguments):
        options = ("--since", "main", "--as-of", "2025-06-16", "--format", "markdown")
        rules = "missing-severity,broken-link,missing-root-cause,action-overdue"
        return run("check", *options, "--select", rules, *arguments).output

    return comment


def test_the_comment_names_what_the_change_brings(branch, write, comment, update):
    write({SECOND: NEW.replace("severity: SEV3\n", "")})
    expected = ROOT / "tests/reports/change.md"
    if update:
        expected.write_text(comment(), "utf-8")
    assert comment() == expected.read_text("utf-8")
    commit(branch)
    assert comment() == expected.read_text("utf-8")


@pytest.mark.usefixtures("branch")
def test_a_change_that_brings_nothing_is_told_in_two_lines(write, comment):
    write({FIRST: OLD.format(more="").replace("stuck:", "stuck;")})
    assert comment() == "## Incident records: no findings\n\nNo findings in 2 records\n"


def test_what_was_there_is_not_new(tmp_path, write, comment):
    """Nor is it where its lines move, or its file does."""
    flawed = OLD.format(more="").replace("severity: SEV3\n", "")
    begun(tmp_path, write, {**BASE, FIRST: flawed})
    for path in (FIRST, "incidents/2025/INC-2025-0001.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        git(tmp_path, "mv", "-k", FIRST, path)
        write({path: flawed.replace("The label", "Once more.\n\nThe label")})
        assert "1 error in 2 records; none new with this change\n" in comment()
        assert "### Was there before, and blocks the merge\n\n- `incidents/" in comment()
        assert "Comes with" not in comment()


@pytest.mark.usefixtures("branch")
def test_a_link_whose_file_goes_is_new(tmp_path, comment):
    (tmp_path / "docs/map.md").unlink()
    assert "### New, and worth a look\n\n- `runbooks/labels.md:" in comment()


def test_a_stricter_policy_is_part_of_the_change(branch, write, comment):
    relaxed = "rules: {missing-severity: 'off'}\n"
    write({"incident.yml": relaxed, FIRST: OLD.format(more="").replace("severity: SEV3\n", "")})
    commit(branch)
    git(branch, "branch", "-f", "main")
    write({"incident.yml": "rules: {missing-severity: error}\n"})
    assert "1 error in 2 records; 1 new with this change\n" in comment()
    (branch / "incident.yml").unlink()
    assert "1 error in 2 records; 1 new with this change\n" in comment()


def test_a_policy_that_stays_holds_before_and_after(tmp_path, write, comment):
    files = {path.replace("incidents/", "reports/"): text for path, text in BASE.items()}
    policy = {"incident.yml": "sources: [reports, runbooks]\n"}
    begun(tmp_path, write, {**files, **policy})
    write({SECOND.replace("incidents/", "reports/"): NEW})
    assert "| Refuse to start with an empty template cache |" in comment()
    assert "| Warm the template cache" not in comment()


def test_what_an_incident_was_known_to_be_like_is_not_told_again(tmp_path, write, comment):
    begun(tmp_path, write, {**BASE, SECOND: NEW})
    write({SECOND: NEW.replace("stuck again", "stuck again, for an hour")})
    assert "Similar incidents" not in comment()
    write({SECOND.replace("2.md", "3.md"): NEW.replace("INC-2025-0002", "INC-2025-0003")})
    told = comment().partition("### Similar incidents\n\n")[2].partition("\n###")[0]
    assert re.findall(r"^- `(.+)` is like$|^  - (INC-[\d-]+) ", told, re.MULTILINE) == [
        ("INC-2025-0002", ""),
        ("", "INC-2025-0003"),
        ("INC-2025-0003", ""),
        ("", "INC-2025-0001"),
        ("", "INC-2025-0002"),
    ]


def test_a_policy_that_was_wrong_does_not_matter(branch, write, comment):
    write({"incident.yml": "rules: {no-such-rule: error}\n"})
    commit(branch)
    git(branch, "branch", "-f", "main")
    write({"incident.yml": "profile: standard\n", SECOND: NEW})
    assert "Refuse to start with an empty template cache" in comment()


@pytest.mark.usefixtures("branch")
def test_an_action_that_moves_or_is_worded_anew_is_no_new_one(write, comment):
    before, _, item = OLD.format(more="").partition("## Action items\n\n")
    review = "---\nincidents: [INC-2025-0001]\nstatus: draft\n---\n# Review\n\n## Action items\n\n"
    write({FIRST: before, "incidents/INC-2025-0001-postmortem.md": review + item})
    assert "Warm the template" not in comment()
    write({"incidents/INC-2025-0001-postmortem.md": f"{review}{item}- [ ] Count blank labels\n"})
    assert "| nobody | Count blank labels | no date |" in comment()


def test_the_repository_is_as_it_was(branch, write, comment):
    write({SECOND: NEW})
    git(branch, "add", SECOND)
    before = git(branch, "status", "--porcelain"), git(branch, "worktree", "list")
    comment()
    assert (git(branch, "status", "--porcelain"), git(branch, "worktree", "list")) == before


def test_records_below_the_root_of_the_repository(tmp_path, write, run):
    flawed = {**BASE, FIRST: OLD.format(more="").replace("severity: SEV3\n", "")}
    begun(tmp_path, write, {f"kb/{path}": text for path, text in flawed.items()})
    write({f"kb/{SECOND}": NEW.replace("severity: SEV3\n", "")})
    done = run(
        "check", "--since", "main", "--format", "markdown", "--select", "INC001",
        folder=tmp_path / "kb",
    )  # fmt: skip
    assert "2 errors in 3 records; 1 new with this change\n" in done.output


@pytest.mark.usefixtures("branch")
def test_a_folder_narrows_what_the_comment_tells(write, comment):
    write({SECOND: NEW})
    assert "Similar incidents" in comment("incidents")
    assert comment("runbooks") == "## Incident records: no findings\n\nNo findings in 1 record\n"


@pytest.mark.parametrize("size", [20, 2_000])
def test_a_change_of_any_size_fits_in_a_comment(size):
    long = "x" * size
    found = [Diagnostic(Location("a.md", i), "X001", "x", Level.ERROR, long) for i in range(3000)]
    change = Change(
        frozenset(found[:2000]),
        [Likeness("a.md", f"INC-{i}", ((long, long),) * 3, (long,) * 9) for i in range(3000)],
        [Lesson(long, is_new=True, headline=long, location=Location("a.md"))] * 3000,
    )
    empty = Report(diagnostics=(), records=1, sources={}, rules=(), paths=("a.md",))
    written = REPORTERS["markdown"](replace(empty, diagnostics=tuple(found), change=change))
    assert len(written) < 65_536
    for said in ("New, and blocks", "Was there before, and", "Similar incidents", "runbooks could"):
        assert said in written
    for said in (f"- `a.md:1` {long[:20]}", "- `INC-0` is like", " (new): x"):
        assert said in written
    assert len(re.findall(r"^and [\d,]+ more, which `mkdocs-incident", written, re.MULTILINE)) == 4
    assert written.count("<details>") == written.count("</details>") == 3


# Several reports of one run


@pytest.mark.usefixtures("branch")
def test_reports_go_to_files(write, run, tmp_path):
    write({SECOND: NEW.replace("severity: SEV3\n", "")})
    options = ("--as-of", "2025-06-16", "--select", "INC001")
    done = run("check", *options, "--report", "json=a.json", "--report", "junit=b.xml")
    assert done.output.startswith(f"{SECOND}:1:1: error INC001")
    assert (tmp_path / "a.json").read_text() == run("check", *options, "--format", "json").output
    assert (tmp_path / "b.xml").read_text() == run("check", *options, "--format", "junit").output


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("yaml=a", "`yaml=a` is not FORMAT=FILE with text, json, github"),
        ("json", "`json` is not FORMAT=FILE"),
        ("json=", "`json=` is not FORMAT=FILE"),
        ("json=no/such/folder", "`no/such/folder` can't be written: No such file or directory"),
    ],
)
def test_a_report_that_cannot_be_written(branch, run, value, said):
    done = run("check", f"--report={value}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert branch


# GitHub


class Job:
    """Runs the steps of the action as a runner does: bash, files for outputs, values for expressions."""

    def __init__(self, workspace, temporary, command):
        self.workspace = workspace
        self.temporary = temporary
        installed = temporary / "mkdocs-incident/bin/mkdocs-incident"
        installed.parent.mkdir(parents=True)
        installed.symlink_to(command)
        self.summary = temporary / "summary"
        self.log = ""

    def run(self, *, base=None, **inputs):
        """Return the status and the outputs of the action."""
        given = {name: about["default"] for name, about in ACTION["inputs"].items()}
        known = {f"inputs.{name}": value for name, value in {**given, **inputs}.items()}
        self.summary.write_text("")
        status = 0
        for step in ACTION["runs"]["steps"]:
            assert step["shell"] == "bash"
            if step["name"] == "Install mkdocs-incident":
                continue
            status = self._step(step, known, base)
            if status:
                break
        outputs = ACTION["outputs"].items()
        return status, {name: self._value(about["value"], known) for name, about in outputs}

    def _step(self, step, known, base):
        outputs = self.temporary / "outputs"
        outputs.write_text("")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temporary),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_BASE_REF": base or "",
            **{name: self._value(value, known) for name, value in step["env"].items()},
        }
        script = self.temporary / "script.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.workspace / self._value(step["working-directory"], known),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += done.stdout + done.stderr
        for line in outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode

    @staticmethod
    def _value(written, known):
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known.get(match[1], ""), written)


@pytest.fixture
def job(tmp_path, tmp_path_factory, command):
    """A job on the branch `change`, in a checkout of one commit, as is usual."""

    def job(origin=tmp_path):
        folder = tmp_path_factory.mktemp("runner")
        checkout = folder / "work"
        git(folder, "clone", "-q", "--depth=1", "--branch=change", f"file://{origin}", checkout)
        assert git(checkout, "rev-list", "--count", "HEAD") == "1"
        return Job(checkout, folder, command)

    return job


def test_the_action_tells_and_fails(branch, write, job):
    write({SECOND: NEW.replace("severity: SEV3\n", "")})
    commit(branch)
    there = job()
    status, outputs = there.run(base="main")
    assert status == 1, there.log
    assert f"::error file={SECOND},line=1,endLine=1,col=1" in there.log
    told = there.summary.read_text()
    assert told.startswith("## Incident records: 1 error blocks the merge\n")
    for heading in ("New, and blocks the merge", "Similar incidents", "who owes what by when",
                    "what runbooks could say"):  # fmt: skip
        assert heading in told
    assert FIRST not in told
    assert Path(outputs["comment"]).read_text() == told


def test_the_action_passes(branch, write, job):
    write({SECOND: NEW})
    commit(branch)
    there = job()
    status, outputs = there.run(base="main", comment="false")
    assert status == 0, there.log
    assert there.summary.read_text() == ""
    assert "### Similar incidents" in Path(outputs["comment"]).read_text()
    assert there.run(base="main", **{"fail-on": "note"})[0] == 1


def test_the_action_outside_of_a_pull_request_judges_all(branch, write, job):
    write({SECOND: NEW.replace("severity: SEV3\n", "")})
    commit(branch)
    there = job()
    assert there.run()[0] == 1
    assert "### Blocks the merge" in there.summary.read_text()
    assert there.run(since="HEAD")[0] == 1
    assert "### Was there before, and blocks the merge" in there.summary.read_text()


@pytest.mark.usefixtures("branch")
def test_the_action_says_why_it_can_not_judge(job):
    there = job()
    status, outputs = there.run(since="no-such-ref")
    assert (status, outputs["comment"], there.summary.read_text()) == (2, "", "")
    assert "git does not know what changed since `no-such-ref`" in there.log


def test_the_action_in_a_folder(tmp_path, write, job):
    begun(tmp_path, write, {f"the kb/{path}": text for path, text in BASE.items()})
    write({f"the kb/{SECOND}": NEW.replace("severity: SEV3\n", "")})
    commit(tmp_path)
    there = job()
    assert there.run(base="main", path="the kb")[0] == 1, there.log
    told = there.summary.read_text()
    assert f"### New, and blocks the merge\n\n- `{SECOND}:1` Incident has no severity" in told
    assert "### Was there before" not in told


@pytest.mark.parametrize(
    ("version", "asked"), [("", "/the/action"), ("1.2", "mkdocs-incident==1.2")]
)
def test_the_action_installs_itself_or_a_release(version, asked, tmp_path):
    """The step as written, with a `python3` whose `pip` says what it was asked for."""
    python = tmp_path / "python3"
    python.write_text(
        '#!/bin/sh\n[ "$1 $2" = "-m venv" ] && mkdir -p "$3/bin" && '
        'printf \'#!/bin/sh\\necho "$@"\\n\' > "$3/bin/pip" && chmod +x "$3/bin/pip"\n'
    )
    python.chmod(0o755)
    step = ACTION["runs"]["steps"][0]
    paths = tmp_path / "paths"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "RUNNER_TEMP": f"{tmp_path}/t",
             "GITHUB_ACTION_PATH": "/the/action", "GITHUB_PATH": paths, "VERSION": version},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == f"install --quiet {asked}\n"
    assert not paths.exists()  # what comes with the tool stands in nobody's way


# GitLab


def pipeline(workspace, command, shell, **variables):
    """Run the script of the template's job; a runner puts its lines into one script."""
    job = TEMPLATE["incident-records"]
    return subprocess.run(
        [*shell, "-c", "\n".join(job["script"])],
        cwd=workspace,
        env={
            "PATH": f"{Path(command).parent}{os.pathsep}{os.environ['PATH']}",
            "CI_PROJECT_DIR": str(workspace),
            **TEMPLATE["variables"],
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("shell", [("bash", "-eo", "pipefail"), ("sh", "-e")])
def test_the_template_tells_and_fails(branch, write, command, shell):
    write({SECOND: NEW.replace("severity: SEV3\n", "")})
    commit(branch)
    base = git(branch, "rev-parse", "main")
    done = pipeline(branch, command, shell, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert done.returncode == 1, done.stderr
    assert f"{SECOND}:1:1: error INC001" in done.stdout
    artifacts = TEMPLATE["incident-records"]["artifacts"]
    reports = artifacts["reports"]
    assert SECOND in {
        issue["location"]["path"]
        for issue in json.loads((branch / reports["codequality"]).read_text())
    }
    suites = ET.fromstring((branch / reports["junit"]).read_bytes())  # noqa: S314 - our own
    assert suites.find(f".//testcase[@name='{SECOND}']/failure") is not None
    [told] = artifacts["paths"]
    assert "### New, and blocks the merge" in (branch / told).read_text()
    assert pipeline(branch, command, shell).returncode == 1


def test_the_template_names_paths_from_the_root(tmp_path, write, command):
    begun(tmp_path, write, {f"the kb/{path}": text for path, text in BASE.items()})
    write({f"the kb/{SECOND}": NEW.replace("severity: SEV3\n", "")})
    done = pipeline(tmp_path, command, ("sh", "-e"), INCIDENT_PATH="./the kb")
    assert done.returncode == 1, done.stderr
    report = TEMPLATE["incident-records"]["artifacts"]["reports"]["codequality"]
    paths = {one["location"]["path"] for one in json.loads((tmp_path / report).read_text())}
    assert f"the kb/{SECOND}" in paths
    assert all((tmp_path / path).is_file() for path in paths)
    wrong = pipeline(tmp_path, command, ("sh", "-e"), INCIDENT_FAIL_ON="nothing")
    assert wrong.returncode == 2


def test_the_template_installs_the_release_that_it_is_of():
    assert TEMPLATE["variables"]["INCIDENT_VERSION"] == __version__


def test_the_template_passes(branch, write, command):
    write({SECOND: NEW})
    commit(branch)
    base = git(branch, "rev-parse", "main")
    done = pipeline(branch, command, ("sh", "-e"), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert done.returncode == 0, done.stdout
    strict = pipeline(branch, command, ("sh", "-e"), INCIDENT_FAIL_ON="note")
    assert strict.returncode == 1


@pytest.mark.parametrize(("version", "asked"), [("", ""), ("1.2", "==1.2")])
def test_the_template_installs_a_release(version, asked, tmp_path):
    pip = tmp_path / "pip"
    pip.write_text('#!/bin/sh\necho "$@"\n')
    pip.chmod(0o755)
    done = subprocess.run(
        ["sh", "-ec", "\n".join(TEMPLATE["incident-records"]["before_script"])],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "INCIDENT_VERSION": version},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == f"install --quiet mkdocs-incident{asked}\n"


# pre-commit


def test_the_hook_stops_a_bad_commit(branch, write, command, tmp_path_factory):
    """As written, but for its environment, which pre-commit would make by an installation."""
    tool = Path(sys.executable).with_name("pre-commit")
    if not tool.exists():
        pytest.skip("needs pre-commit")
    home = tmp_path_factory.mktemp("pre-commit")
    environment = {
        **os.environ,
        "PRE_COMMIT_HOME": str(home),
        "PATH": f"{Path(command).parent}{os.pathsep}{os.environ['PATH']}",
    }

    def pre_commit(*arguments):
        return subprocess.run(
            [tool, *arguments],
            cwd=branch,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    manifest = pre_commit("validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    assert manifest.returncode == 0, manifest.stdout
    assert HOOK["language"] == "python"
    hook = {**HOOK, "language": "system"}
    write(
        {".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]})}
    )
    git(branch, "add", "-A")
    assert pre_commit("run").returncode == 0
    write({SECOND: NEW})
    commit(branch)
    git(branch, "rm", "-q", FIRST)
    deleted = pre_commit("run")
    assert "Incident `INC-2025-0001` has no record" in deleted.stdout
    assert deleted.returncode == 1
    git(branch, "reset", "-q", "--hard")
    for text, status in ((NEW, 0), (NEW.replace("severity: SEV3\n", ""), 1)):
        write({SECOND: text})
        git(branch, "add", "-A")
        done = pre_commit("run")
        assert done.returncode == status, done.stdout
        assert ("INC001 Incident has no severity" in done.stdout) is bool(status)


# Forty old documents


def test_forty_old_documents_are_green_the_same_day(tmp_path, write, run, job):
    """Adopted in one command, green with a baseline, red on the next bad change and on nothing else."""
    write(forty_documents()[0])
    assert run("adopt", "incidents").exit_code == 0
    assert run("check").exit_code == 1
    assert run("baseline").exit_code == 0
    assert run("check").exit_code == 0
    begun(tmp_path, write, {"README.md": "# Notes\n"})

    good = NEW.replace("INC-2025-0002", "INC-2025-0900").replace("runbooks: [", "x-runbooks: [")
    good = re.sub(r"recurrence_of: .*\n|x-runbooks: .*\n", "", good)
    path = "incidents/INC-2025-0900.md"
    write({path: good})
    commit(tmp_path)
    there = job()
    assert there.run(base="main")[0] == 0, there.log

    write({path: good.replace("severity: SEV3\n", "")})
    commit(tmp_path)
    there = job()
    assert there.run(base="main")[0] == 1
    blocks = there.summary.read_text().partition("### New, and blocks the merge\n\n")[2]
    named = re.findall(r"^- `([^`:]+):\d+`", blocks.partition("\n##")[0], re.MULTILINE)
    assert named == [path]


# The guide


def examples(info):
    return [
        match[1]
        for match in re.finditer(rf"^```{info}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    ]


def test_the_guide_uses_the_action_as_it_is():
    found = [
        step
        for text in examples("yaml")
        for job in (yaml.safe_load(text).get("jobs") or {}).values()
        for step in job["steps"]
        if "mkdocs-incident@" in step.get("uses", "")
    ]
    assert len(found) == 2
    for step in found:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
    section = GUIDE.partition("## GitHub Actions")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE) == list(ACTION["inputs"])
    assert set(re.findall(r"steps\.\w+\.outputs\.(\w+)", section)) == set(ACTION["outputs"])


def test_the_guide_uses_the_template_as_it_is():
    [text] = [text for text in examples("yaml") if "include:" in text]
    assert set(yaml.safe_load(text)["variables"]) <= set(TEMPLATE["variables"])
    # A job's own variables would win over those of whoever includes it.
    assert list(TEMPLATE["incident-records"]["variables"]) == ["GIT_DEPTH"]
    assert "ci/gitlab.yml" in text
    section = GUIDE.partition("## GitLab CI")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)
    assert told == list(TEMPLATE["variables"])


def test_the_hook_of_the_guide_is_there():
    [text] = [text for text in examples("yaml") if "rev:" in text]
    [repository] = yaml.safe_load(text)["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [HOOK["id"]]


def test_the_comment_of_the_guide_is_the_one_of_the_tests():
    [shown] = examples("markdown")
    whole = (ROOT / "tests/reports/change.md").read_text("utf-8")
    assert shown == whole


def test_the_lines_for_other_systems_run(branch, write, command):
    [script] = examples("bash")
    write({SECOND: NEW})
    commit(branch)
    git(branch, "update-ref", "refs/remotes/origin/main", "main")
    environment = {"PATH": f"{Path(command).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=branch, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (branch / "junit.xml").is_file()
    assert "### Similar incidents" in (branch / "comment.md").read_text()
    assert shutil.which("bash")
