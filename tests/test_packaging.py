"""The wheel as a stranger gets it: built, installed in an empty environment, and used."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PREVENTIVE = "- [ ] Refuse a pool size below 10 at start-up (@payments-team, due 06/22)\n"

INCIDENT = """\
---
id: INC-2025-0001
severity: SEV3
status: closed
incident_commander: "@payments-lead"
services: [payments-api]
evidence: [{title: Free connections, path: pool.csv}]
---
# INC-2025-0001: Card payments are failing

**Date:** 2025-06-15

## Timeline (UTC)

- 14:23 — alert on payment errors fires
- 14:28 — @payments-lead assigned as incident commander
- 14:50 — root cause identified: the release starts with five connections
- 15:08 — mitigated by a rollback
- 15:47 — resolved
"""

POSTMORTEM = f"""\
---
incidents: [INC-2025-0001]
status: final
---
# Postmortem: INC-2025-0001

## Impact

Every second card payment failed for 45 minutes.

## Root cause

The pool size was read from the wrong variable.

## Impact

Two in three card payments failed for 19 minutes.

## Lessons learned

- A pool size is a promise to the callers

## Action items

{PREVENTIVE}- [ ] [detective] Page below 20 % of free connections (@payments-team, due 06/22)

## What went well

- The rollback took three minutes
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Path of the executables in an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", wheel)
    return folder / "bin"


def run(*command, cwd=None, status=0):
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": ""}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_wheel_holds_code_schemas_and_assets_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {
        name.rpartition("/")[2] for name in names if name.startswith("mkdocs_incident/schemas/")
    }
    assert shipped == {path.name for path in (ROOT / "schemas").iterdir()}
    for data in (
        "source/synonyms.yml",
        "source/phrases.yml",
        "pages/assets/incident.css",
        "py.typed",
    ):
        assert f"mkdocs_incident/{data}" in names
    assert [name for name in names if "test" in name.lower()] == []


@pytest.mark.parametrize(
    ("path", "line", "message"),
    [
        ("incident.md", "severity: SEV3\n", "INC001"),
        ("incident.md", 'incident_commander: "@payments-lead"\n', "INC002"),
        ("postmortem.md", PREVENTIVE, "PM001"),
    ],
)
def test_check_and_build_stop_on_each_omission_and_pass_without(
    installed, tmp_path, path, line, message
):
    folder = tmp_path / "incidents/INC-2025-0001"
    folder.mkdir(parents=True)
    (folder / "incident.md").write_text(INCIDENT)
    (folder / "postmortem.md").write_text(POSTMORTEM)
    (folder / "pool.csv").write_text("time,free\n14:20,45\n14:23,0\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Notes\n\nSee INC-2025-0001.\n")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Notes\ntheme: material\nplugins: [search, {incident: {as_of: 2025-06-17}}]\n"
    )
    check = (installed / "mkdocs-incident", "check", "--as-of", "2025-06-17")
    build = (installed / "mkdocs", "build", "--strict")
    assert "No findings in 2 records" in run(*check, cwd=tmp_path)
    run(*build, cwd=tmp_path)
    assert (tmp_path / "site/incidents/INC-2025-0001/incident/index.html").is_file()

    record = folder / path
    whole = record.read_text()
    assert line in whole
    record.write_text(whole.replace(line, ""))
    for command in (check, build):
        output = run(*command, cwd=tmp_path, status=1)
        place = f"incidents/INC-2025-0001/{path}:"
        found = next(found for found in output.splitlines() if place in found and message in found)
        number, column = found.partition(place)[2].split(":")[:2]
        assert int(number) >= 1
        assert int(column) >= 1
        assert "Traceback" not in output
    record.write_text(whole)
    run(*check, cwd=tmp_path)
    run(*build, cwd=tmp_path)


def test_the_installed_command_prints_schemas(installed, tmp_path):
    schema = json.loads(run(installed / "mkdocs-incident", "schema", "incident", cwd=tmp_path))
    assert schema["properties"]["severity"]["enum"] == ["SEV1", "SEV2", "SEV3", "SEV4"]


def test_the_readme_of_the_project_is_what_the_commands_print(installed, tmp_path):
    """Runs every command of the README's first part as it is typed, and compares what it prints."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Work on it")[0]
    blocks = [part.partition("```")[0] for part in text.split("```console\n")[1:]]
    env = {**os.environ, "PATH": f"{installed}{os.pathsep}{os.environ['PATH']}"}
    ran = 0
    for block in blocks:
        for command, expected in commands(block):
            if command.startswith("pip install"):
                continue
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=tmp_path,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.stdout + done.stderr == expected
            ran += 1
    assert ran == 11
    assert (tmp_path / "site/incidents/INC-2025-0001/incident/index.html").is_file()
    assert (tmp_path / ".gitignore").read_text() == "site/\n"
    assert shutil.which("bash")


def commands(block):
    """Yield each ``$ command`` (with its here-document) and what the block shows below it."""
    lines = block.splitlines(keepends=True)
    while lines:
        command = lines.pop(0).removeprefix("$ ")
        if "<<'END'" in command:
            while not command.endswith("END\n") or command.count("END") < 2:
                command += lines.pop(0)
        shown = ""
        while lines and not lines[0].startswith("$ "):
            shown += lines.pop(0)
        yield command, shown
