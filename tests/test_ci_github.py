"""The action for GitHub, as a runner carries it out."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from ci_support import ACTION, BASE, FIRST, NEW, SECOND, begun, commit, git
from legacy_support import forty_documents


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
