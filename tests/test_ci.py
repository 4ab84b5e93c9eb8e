"""Continuous integration in one step: the action, the template and the hook, run as they are written."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from ci_support import (
    ACTION,
    BASE,
    FIRST,
    GUIDE,
    HOOK,
    NEW,
    OLD,
    ROOT,
    SECOND,
    TEMPLATE,
    begun,
    commit,
    git,
)
from msgspec.structs import replace

from mkdocs_incident.diagnostic import Diagnostic, Level, Location
from mkdocs_incident.reporters import REPORTERS
from mkdocs_incident.reporters.report import Change, Lesson, Likeness, Report

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
