"""The baseline: old findings do not fail the gate, new ones do, and what is mended leaves."""

import json
import shutil
import subprocess

import pytest
from site_support import build
from site_support import write as write_files

NAME = ".incident-baseline.json"
LEGACY = """\
---
id: INC-2024-000{n}
title: Labels print slowly
status: resolved
{more}services: [labels]
---

## Action items

- [ ] Widen the queue
- [ ] Page sooner (due 2024-03-01)
"""
COMPLETE = 'severity: SEV3\nincident_commander: "@labels-lead"\n'


def legacy(n, more=""):
    return {f"incidents/INC-2024-000{n}.md": LEGACY.format(n=n, more=more)}


@pytest.fixture
def adopted(write, run):
    """Two old records with findings, and a baseline that holds them."""
    write({**legacy(1), **legacy(2)})
    assert run("check").exit_code == 1
    done = run("baseline")
    assert done.exit_code == 0, done.output
    return done.output


def test_what_was_there_does_not_fail(adopted, run, tmp_path):
    assert adopted == f"{NAME}: 16 findings in 2 records; commit the file\n"
    done = run("check")
    assert done.exit_code == 0, done.output
    assert "(16 in the baseline)" in done.output
    assert "error" not in done.output
    held = json.loads((tmp_path / NAME).read_text("utf-8"))
    assert list(held["findings"]) == ["incidents/INC-2024-0001.md", "incidents/INC-2024-0002.md"]


@pytest.mark.usefixtures("adopted")
def test_what_is_new_does(run, write):
    write(legacy(3))
    done = run("check", "--select", "INC001")
    assert done.exit_code == 1
    assert done.output.startswith("incidents/INC-2024-0003.md:1:1: error INC001")
    assert done.output.endswith("1 error in 3 records (2 in the baseline)\n")


@pytest.mark.usefixtures("adopted")
def test_the_same_flaw_once_more_in_a_known_record_is_new(run, write):
    text = LEGACY.format(n=1, more="") + "- [ ] Clean the heads\n"
    write({"incidents/INC-2024-0001.md": text})
    done = run("check", "--fail-on", "warning", "--select", "action-without-owner")
    assert done.exit_code == 1
    assert done.output.count("[action-without-owner]") == 1


@pytest.mark.usefixtures("adopted")
def test_neither_moved_lines_nor_other_days_make_a_finding_new(run, write):
    text = LEGACY.format(n=1, more="").replace("## Action", "Some words.\n\n## Action")
    write({"incidents/INC-2024-0001.md": text})
    for day in ("2025-01-01", "2026-06-30"):
        assert run("check", "--as-of", day).exit_code == 0


@pytest.mark.usefixtures("adopted")
def test_what_is_mended_has_to_leave_and_nothing_comes_in(run, write, tmp_path):
    write({**legacy(1, COMPLETE), **legacy(3)})
    done = run("check", "incidents", "--select", "INC001,INC002,POL")
    assert done.exit_code == 1
    everything = run("check", "--select", "INC001,INC002,POL")
    assert everything.output.count("[stale-baseline]") == 2
    assert (
        "Baseline has 1 finding that `incidents/INC-2024-0001.md` no longer has"
        in everything.output
    )
    assert run("baseline").output == f"{NAME}: 2 taken out, 14 findings left in 2 records\n"
    held = json.loads((tmp_path / NAME).read_text("utf-8"))["findings"]
    assert "incidents/INC-2024-0003.md" not in held
    again = run("check", "--select", "INC001,INC002,POL")
    assert again.output.count("error ") == 2  # of the new record alone
    assert "stale" not in again.output


@pytest.mark.usefixtures("adopted")
def test_new_findings_come_in_only_where_somebody_says_so(run, write):
    write(legacy(3))
    assert run("baseline", "--accept-new").output == (
        f"{NAME}: 24 findings in 3 records; commit the file\n"
    )
    assert run("check").exit_code == 0


def test_a_debt_that_is_paid_leaves_no_file(write, run, tmp_path):
    write(legacy(1))
    run("baseline")
    shutil.rmtree(tmp_path / "incidents")
    assert run("baseline").output == f"No finding is left: there is no {NAME}\n"
    assert not (tmp_path / NAME).exists()


@pytest.mark.usefixtures("adopted")
def test_what_time_makes_is_in_no_baseline(run):
    late = run("check", "--as-of", "2024-04-01", "--select", "action-overdue")
    assert late.output.count("[action-overdue]") == 2


@pytest.mark.usefixtures("adopted")
def test_without_the_baseline_all_is_told(run):
    done = run("check", "--no-baseline")
    assert done.exit_code == 1
    assert "baseline" not in done.output


@pytest.mark.usefixtures("adopted")
def test_json_tells_how_many_are_known(run):
    assert json.loads(run("check", "--format", "json").stdout)["summary"]["known"] == 16


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "Baseline is not JSON"),
        (b"[]", "Baseline is not of version 1, which this tool reads"),
        (b'{"version": 2, "findings": {}}', "Baseline is not of version 1, which this tool reads"),
        (b'{"version": 1, "findings": []}', "Baseline names no findings by file"),
        (b'{"version": 1, "findings": {"a.md": {"x": "y"}}}', "Baseline names no findings by file"),
        (
            b'{"version": true, "findings": {}}',
            "Baseline is not of version 1, which this tool reads",
        ),
        (b'{"version": 1, "findings": {"a.md": {"x": -1}}}', "Baseline names no findings by file"),
        (b'{"version": 1, "findings": {"a.md": {"x": 0}}}', "Baseline names no findings by file"),
        (b"[" * 100_000, "Baseline is not JSON that can be read: it is nested too deep"),
        (b"\xff\xfe", "Baseline can't be read: it is not UTF-8"),
    ],
)
def test_a_baseline_that_is_none_is_told_and_nothing_judged(write, run, content, said):
    write({**legacy(1), NAME: content})
    for command in ("check", "baseline"):
        done = run(command)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"{NAME}:1:1: error POL004 {said}" in done.stderr
        assert "hint: Write it anew with `mkdocs-incident baseline --accept-new`" in done.stderr
    assert run("baseline", "--accept-new").exit_code == 0


@pytest.mark.parametrize(
    "layout", [{"indent": None}, {"indent": 4}, {"indent": None, "ensure_ascii": True}]
)
@pytest.mark.usefixtures("adopted")
def test_a_baseline_may_be_laid_out_in_another_way(run, write, tmp_path, layout):
    held = json.loads((tmp_path / NAME).read_text("utf-8"))
    write({NAME: json.dumps(held, **layout), **legacy(1, COMPLETE)})
    done = run("check")
    assert done.exit_code == 1
    line = 1 if layout["indent"] is None else 8
    assert done.stdout.startswith(f"{NAME}:{line}:1: error POL004"), done.output
    assert run("baseline").exit_code == 0
    assert run("check").exit_code == 0


def test_a_folder_in_the_baselines_place_is_told(write, run, tmp_path):
    write(legacy(1))
    (tmp_path / NAME).mkdir()
    for command in (("check",), ("baseline",), ("baseline", "--accept-new")):
        done = run(*command)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "is a directory" in done.stderr.lower()


@pytest.mark.parametrize("leads_to", ["nowhere.json", NAME])
def test_a_link_to_nothing_is_told(write, run, tmp_path, leads_to):
    write(legacy(1))
    (tmp_path / NAME).symlink_to(tmp_path / leads_to)
    for command in (("check",), ("baseline",), ("baseline", "--accept-new")):
        done = run(*command)
        assert (done.exit_code, done.stdout) == (2, "")
        assert NAME in done.stderr


def test_several_first_runs_at_once_write_one_baseline(write, command, tmp_path):
    write({**legacy(1), **legacy(2)})
    runs = [
        subprocess.Popen([command, "baseline"], cwd=tmp_path, stdout=-1, stderr=-1, text=True)
        for _ in range(4)
    ]
    done = [(one.communicate(), one.returncode) for one in runs]
    assert {code for _, code in done} <= {0, 2}
    assert 0 in {code for _, code in done}
    for (_, said), _ in done:
        assert "Traceback" not in said
    assert json.loads((tmp_path / NAME).read_text("utf-8"))["version"] == 1


# A branch


def git(folder, *arguments):
    identity = ("-c", "user.name=T", "-c", "user.email=t@parcels.example")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def branch(adopted, tmp_path):  # noqa: ARG001 - the records are there
    """A branch off `main`, which has the baseline."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Old records")
    git(tmp_path, "switch", "-qc", "change")
    return tmp_path


def touch(folder, n):
    path = folder / f"incidents/INC-2024-000{n}.md"
    path.write_text(path.read_text("utf-8") + "\nOne more word.\n", "utf-8")


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_record_that_the_branch_touched_is_judged_whole(branch, run, is_committed):
    touch(branch, 2)
    if is_committed:
        git(branch, "commit", "-qam", "Touch")
    assert run("check").exit_code == 0
    done = run("check", "--since", "main", "--select", "INC001")
    assert done.exit_code == 1
    assert done.output.startswith("incidents/INC-2024-0002.md:1:1: error INC001")
    assert "INC-2024-0001" not in done.output


def test_what_the_base_changed_meanwhile_is_not_the_branchs(branch, run):
    git(branch, "switch", "-q", "main")
    touch(branch, 1)
    git(branch, "commit", "-qam", "Elsewhere")
    git(branch, "switch", "-q", "change")
    assert run("check", "--since", "main").exit_code == 0


@pytest.mark.usefixtures("branch")
def test_a_new_file_counts_before_git_knows_it(run, write):
    write(legacy(3))
    assert run("check", "--since", "main", "--select", "INC001").exit_code == 1


def test_a_repository_below_the_root_of_gits(write, run, tmp_path):
    write({f"docs/{path}": text for path, text in {**legacy(1), **legacy(2)}.items()})
    folder = tmp_path / "docs"
    run("baseline", folder=folder)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Old records")
    touch(folder, 2)
    done = run("check", "--since", "main", "--select", "INC001", folder=folder)
    assert done.output.startswith("incidents/INC-2024-0002.md:1:1: error INC001")


@pytest.mark.parametrize("ref", ["no-such-branch", "--output=x", ""])
def test_a_ref_that_git_does_not_know_is_told(branch, run, ref):
    done = run("check", f"--since={ref}")
    assert done.exit_code == 2
    assert f"git does not know what changed since `{ref}`" in done.output
    assert not (branch / "x").exists()


@pytest.mark.usefixtures("adopted")
def test_a_folder_that_is_no_repository_is_told(run):
    done = run("check", "--since", "main")
    assert done.exit_code == 2
    assert "git does not know what changed since `main`: fatal: not a git repository" in done.output


@pytest.mark.parametrize("how", ["git mv", "mv", "committed", "edited"])
def test_a_renamed_record_takes_its_debt_along(branch, run, tmp_path, how):
    old, new = "incidents/INC-2024-0002.md", "incidents/2024/INC-2024-0002.md"
    (branch / "incidents/2024").mkdir()
    if how == "mv":
        (branch / old).rename(branch / new)
    else:
        git(branch, "mv", old, new)
    if how == "committed":
        git(branch, "commit", "-qm", "Move")
    if how == "edited":
        text = (branch / new).read_text("utf-8").replace("services:", COMPLETE + "services:")
        (branch / new).write_text(text, "utf-8")
    before = run("check")
    assert before.exit_code == 1
    assert "hint: Run `mkdocs-incident baseline`, which takes out what is mended and follows renamed files" in before.stdout  # fmt: skip
    staged = (branch / ".git/index").read_bytes()
    gone, left = ("2", 14) if how == "edited" else ("none", 16)
    assert run("baseline").stdout == (
        f"{NAME}: 1 renamed file followed, {gone} taken out, {left} findings left in 2 records\n"
    )
    assert (branch / ".git/index").read_bytes() == staged
    assert run("check").exit_code == 0
    assert list(json.loads((tmp_path / NAME).read_text("utf-8"))["findings"]) == [
        new,
        "incidents/INC-2024-0001.md",
    ]


@pytest.mark.parametrize("output", ["text", "markdown"])
def test_a_record_that_only_moved_is_not_touched(branch, run, output):
    (branch / "incidents/2024").mkdir()
    new = "incidents/2024/INC-2024-0002.md"
    git(branch, "mv", "incidents/INC-2024-0002.md", new)
    run("baseline")
    git(branch, "commit", "-qam", "Move")
    done = run("check", "--since", "main", "--format", output)
    assert done.exit_code == 0, done.output
    assert "no severity" not in done.stdout
    path = branch / new
    path.write_text(path.read_text("utf-8") + "\nOne more word.\n", "utf-8")
    assert run("check", "--since", "main", "--format", output).exit_code == 1


def test_another_record_inherits_no_debt(branch, run, write):
    (branch / "incidents/INC-2024-0002.md").unlink()
    write(
        {"incidents/INC-2024-0003.md": "---\nid: INC-2024-0003\ntitle: Cards\n---\nOther words.\n"}
    )
    assert "followed" not in run("baseline").stdout
    assert run("check").exit_code == 1


@pytest.mark.usefixtures("adopted")
def test_without_git_no_rename_is_known(run, tmp_path):
    (tmp_path / "incidents/INC-2024-0002.md").rename(tmp_path / "incidents/INC-2024-0002-x.md")
    assert run("baseline").stdout == f"{NAME}: 8 taken out, 8 findings left in 1 record\n"


# The site


@pytest.mark.usefixtures("adopted")
def test_the_site_is_built_and_shows_the_debt(tmp_path):
    files = {
        "mkdocs.yml": "site_name: T\nplugins:\n  - incident:\n      as_of: 2025-01-01\n",
        "docs/index.md": "# T\n",
    }
    done = build(write_files(tmp_path, files))
    assert done.code == 0, done.log
    home = done.text("knowledge-base/index.html").split("Findings from before the gate")[1]
    assert home.strip().startswith("16 known findings in 2 records; the gate lets nothing new in.")
    assert "INC-2024-0001: Labels print slowly 8 findings" in home
    page = done.text("incidents/INC-2024-0001/index.html")
    assert "8 known findings, from before the gate" in page
    assert "Incident has no severity, expected one of SEV1" in page


@pytest.mark.usefixtures("adopted")
def test_a_new_error_ends_the_build(tmp_path, write):
    write({**legacy(3), "docs/index.md": "# T\n"})
    write({"mkdocs.yml": "site_name: T\nplugins:\n  - incident:\n      as_of: 2025-01-01\n"})
    done = build(tmp_path)
    assert done.code == 1
    assert "incidents/INC-2024-0003.md:1:1: error INC001" in done.log
    assert "ERROR   -  incident: incidents/INC-2024-0001.md" not in done.log
