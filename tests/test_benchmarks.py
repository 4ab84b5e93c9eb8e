"""The benchmarks: what they measure on is what it says, and they run. How long they take is not judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

from repository import AS_OF, FAULTS, generate  # noqa: E402

SAYS = {
    "severity": "missing-severity",
    "incident_commander": "missing-incident-commander",
    "preventive": "missing-preventive-action",
    "due": "action-without-due-date",
    "reference": "unknown-runbook",
}


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def found(run, folder):
    """The rules that have a finding, by the incident whose folder it is in."""
    printed = run("check", "--as-of", AS_OF, "--format", "json", folder=folder).stdout
    rules = {}
    for entry in json.loads(printed)["diagnostics"]:
        rules.setdefault(entry["path"].split("/")[2], set()).add(entry["name"])
    return rules


def figures(*arguments):
    return subprocess.run(
        [sys.executable, BENCHMARKS / "figures.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_same_repository_is_generated_again(tmp_path):
    generate(tmp_path / "one", 30, 0.3)
    generate(tmp_path / "other", 30, 0.3)
    one = files(tmp_path / "one")
    assert one == files(tmp_path / "other")
    assert {Path(name).name for name in one} >= {"incident.md", "postmortem.md", "plan.md"}


def test_a_generated_repository_has_no_findings(tmp_path, run):
    assert generate(tmp_path, 60) == {}
    assert found(run, tmp_path) == {}


def test_each_planted_fault_is_found_and_nothing_else(tmp_path, run):
    planted = generate(tmp_path, 60, 1)
    assert set(planted.values()) == set(FAULTS)
    assert found(run, tmp_path) == {ident: {SAYS[fault]} for ident, fault in planted.items()}


def test_figures_tells_how_it_is_used():
    done = figures("--help")
    assert done.returncode == 0
    assert "--quick" in done.stdout
    assert "new-file" in done.stdout


def test_a_figure_that_is_not_there_is_named():
    done = figures("builds")
    assert done.returncode == 2
    assert "`builds` is no figure" in done.stderr


@pytest.mark.parametrize(
    "names", [("gate", "peers", "start", "new-file", "findings"), ("site", "growth")]
)
def test_figures_are_printed_as_a_table(names):
    done = figures(*names, "--peers", "none", "--incidents", "4", "--records", "8", "--rounds", "1")
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert {row.count("|") for row in rows} == {8}
    assert len(rows) > len(names)
    judged = [row for row in rows if "| same | yes |" in row]
    assert len(judged) == sum("| same |" in row for row in rows) > 0
