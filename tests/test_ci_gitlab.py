"""The template for GitLab and the hook of pre-commit, as they are carried out."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from ci_support import BASE, FIRST, HOOK, NEW, ROOT, SECOND, TEMPLATE, begun, commit, git

from mkdocs_incident import __version__


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
