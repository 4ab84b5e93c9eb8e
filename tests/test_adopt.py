"""`adopt`: legacy documents become records, and what is said about each field."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from legacy_support import forty_documents

CASES = Path(__file__).parent / "adopting"
ARGUMENTS = {
    "shapes": ("incidents", "runbooks"),
    "other-tools": (".",),
    "one-folder": ("incidents",),
    "needs-a-person": ("incidents", "notes"),
}
"""Case → what is adopted."""


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("case", ARGUMENTS)
def test_case(case, run, tmp_path, update):
    """Before → after and the printed report, as whole files; ``--update`` rewrites them."""
    before = CASES / case / "before"
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    result = run("adopt", *ARGUMENTS[case])
    report = f"{result.stdout}exit {result.exit_code}\n"
    found = {p: c for p, c in files_of(tmp_path).items() if c != files_of(before).get(p)}
    after, expected = CASES / case / "after", CASES / case / "report.txt"
    if update:
        shutil.rmtree(after, ignore_errors=True)
        for path, content in found.items():
            (after / path).parent.mkdir(parents=True, exist_ok=True)
            (after / path).write_bytes(content)
        expected.write_text(report, "utf-8")
    assert report == expected.read_text("utf-8")
    assert found == files_of(after)


@pytest.mark.parametrize("case", ARGUMENTS)
def test_body_stays_byte_for_byte(case):
    """What stood there is there afterwards, in its order, with nothing between its lines but new keys."""
    for path, new in files_of(CASES / case / "after").items():
        old = files_of(CASES / case / "before")[path]
        mark = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
        assert new.startswith(mark + b"---")
        if old.removeprefix(mark).startswith(b"---") and not path.endswith("rule.md"):
            kept = iter(new.splitlines(keepends=True))
            assert all(line in kept for line in old.splitlines(keepends=True))
            assert new.endswith(old.split(b"---", 2)[2])
        else:
            assert new.endswith(old.removeprefix(mark))


@pytest.mark.parametrize("case", ["shapes", "other-tools", "one-folder"])
def test_check_reads_what_was_adopted(case, run, tmp_path):
    """The rest is debt: nothing is wrong with the front matter that was written."""
    for state in ("before", "after"):
        shutil.copytree(CASES / case / state, tmp_path, dirs_exist_ok=True)
    report = json.loads(run("check", "--format", "json", "--as-of", "2025-06-16").stdout)
    adopted = files_of(CASES / case / "after")
    names = {d["name"] for d in report["diagnostics"] if d["path"] in adopted}
    assert not names & {
        "front-matter-missing", "invalid-yaml", "field-given-twice", "duplicate-id", "wrong-type",
        "unknown-kind", "unknown-incident", "date-disagrees", "value-not-allowed",
    }  # fmt: skip
    assert "missing-severity" in names


def test_second_run_finds_records(run, tmp_path):
    shutil.copytree(CASES / "shapes" / "before", tmp_path, dirs_exist_ok=True)
    run("adopt", "incidents", "runbooks")
    once = files_of(tmp_path)
    result = run("adopt", "incidents", "runbooks")
    assert result.stdout == (
        "passed over: 7 files that are records already\n0 of 0 documents adopted\n"
    )
    assert (result.exit_code, files_of(tmp_path)) == (0, once)


@pytest.mark.parametrize(
    ("path", "front"),
    [
        ("incidents/a.md", "kind: incident"),
        ("incidents/a.md", "id: INC-2024-0007"),
        ("incidents/a.md", "id: PAY-112"),
        ("incidents/postmortem.md", "incidents: [INC-2024-0007]"),
        ("incidents/mitigation-plan.md", "incident: INC-2024-0007"),
        ("runbooks/a.md", "id: RB-gates"),
    ],
)
def test_records_are_left_alone(path, front, run, write, tmp_path):
    text = f"---\n{front}\n---\n\n# Gates\n"
    write({path: text})
    result = run("adopt", path, "--kind", "runbook")
    assert result.stdout == f"passed over: {path} is a record already\n0 of 0 documents adopted\n"
    assert (result.exit_code, (tmp_path / path).read_text()) == (0, text)


def test_body_that_contradicts_itself_is_adopted(run, write):
    """What it says twice is for `check` to find, in the body as before."""
    write(
        {"incidents/2021-01-01.md": "# Gates\n\n**Resolved:** not yet\n**Ende:** 1.2.2021 10:15\n"}
    )
    result = run("adopt", "incidents")
    assert result.stdout.endswith("1 of 1 document adopted\n")
    assert "`resolved_at` is given twice" in run("check").stdout


def test_ticket_of_another_tool_is_no_record(run, write, tmp_path):
    """Beside a key that no record has, `id: JIRA-12` is kept, and the rest is written."""
    write({"incidents/2024-02-01.md": "---\nid: JIRA-12\nlayout: post\n---\n\n# Gates\n"})
    assert run("adopt", "incidents").exit_code == 0
    assert (tmp_path / "incidents/2024-02-01.md").read_text() == (
        "---\nid: JIRA-12\nlayout: post\nkind: incident\ndate: 2024-02-01\n---\n\n# Gates\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\n\n# Gates\n\nShut: all of them.\n  Late.\n",
        "---\n\nGates\n  - shut\n    late: *yes\n\n---\n\nMore.\n",
    ],
)
def test_rule_on_the_first_line(text, run, write, tmp_path):
    write({"incidents/2024-02-01-gates.md": text})
    assert run("adopt", "incidents").exit_code == 0
    adopted = (tmp_path / "incidents/2024-02-01-gates.md").read_text()
    assert adopted.startswith("---\nid: INC-2024-0001\n")
    assert adopted.endswith(f"---\n\n{text}")
    assert "SRC" not in run("check").stdout


@pytest.mark.parametrize("label", ["Root Causes", "Root cause", "Causes"])
def test_root_causes(label, run, write):
    write({"incidents/2024-02-01.md": f"# Gates\n\n**{label}**: no limit on the queue\n"})
    report = run("adopt", "incidents").stdout
    assert "root_cause          no limit on the queue  extracted  line 9\n" in report


def test_numbers_go_on_in_the_order_of_dates(run, write, tmp_path):
    write({"incidents/INC-2024-0041.md": "---\nkind: incident\nid: INC-2024-0041\n---\n"})
    write({f"incidents/{day}.md": "# Incident: gates\n" for day in ("2024-03-02", "2024-02-01")})
    run("adopt", "incidents/2024-03-02.md", "incidents/2024-02-01.md")
    assert [(tmp_path / f"incidents/{day}.md").read_text().splitlines()[1]
            for day in ("2024-02-01", "2024-03-02")] == ["id: INC-2024-0042", "id: INC-2024-0043"]  # fmt: skip


def test_numbers_that_anybody_names_are_taken(run, write, tmp_path):
    write({
        "incidents/2024-02-01.md": "# Incident: gates\n",
        "incidents/INC-2024-0050/notes.md": "no record: \xff".encode("latin-1"),
        "postmortems/INC-2024-0060.md": "---\nincidents: [INC-2024-0060]\n---\n",
        "incident.yml": "sources: [incidents, postmortems]\n",
    })  # fmt: skip
    run("adopt", "incidents/2024-02-01.md")
    assert "id: INC-2024-0061\n" in (tmp_path / "incidents/2024-02-01.md").read_text()


def test_reviews_of_one_incident(run, write, tmp_path):
    """The first stands for the incident, the second refers to it; a record of its own comes first."""
    write({
        "incidents/a-postmortem.md": "# Postmortem: INC-2024-0007 gates\n",
        "incidents/b-postmortem.md": "# Postmortem: INC-2024-0007 gates\n",
        "incidents/c-postmortem.md": "# Postmortem: INC-2024-0008 gates\n",
        "incidents/d.md": "# Incident: INC-2024-0008 gates\n",
    })  # fmt: skip
    result = run("adopt", "incidents")
    assert result.exit_code == 0
    heads = {p[10]: c.decode().split("---\n")[1] for p, c in files_of(tmp_path).items()}
    review = "kind: postmortem\n"
    assert heads == {
        "a": f"{review}id: INC-2024-0007\n", "b": review, "c": review, "d": "kind: incident\n",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("incident", "id: INC-2024-0001\nkind: incident\n"),
        ("postmortem", "incidents: [INC-2024-0001]\nkind: postmortem\nid: INC-2024-0001\n"),
        ("runbook", "id: RB-2024-02-01-gates\nkind: runbook\n"),
    ],
)
def test_kind_is_given(kind, written, run, write, tmp_path):
    write({"notes/2024-02-01-gates.md": "# Gates\n"})
    result = run("adopt", "notes", "--kind", kind)
    assert result.exit_code == 0
    assert f"  + kind                {kind}".split() == result.stdout.splitlines()[1].split()[:3]
    assert "given      --kind" in result.stdout
    assert "`check` does not read `notes`: add it to `sources` in incident.yml\n" in result.stdout
    assert (tmp_path / "notes/2024-02-01-gates.md").read_text().startswith(f"---\n{written}")


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("docs/2024-01-01.md", "---\nlayout: postmortem\n---\n# Gates\n", "postmortem"),
        ("docs/2024-01-01.md", "---\ntags: [hub, Postmortems]\n---\n# Gates\n", "postmortem"),
        ("docs/2024-01-01-postmortem.md", "# Gates\n", "postmortem"),
        ("docs/2024-01-01-outage.md", "# Gates\n", "incident"),
        ("post-mortems/2024-01-01.md", "# Gates\n", "postmortem"),
        ("incidents/2024-01-01.md", "# Postmortem: gates\n", "postmortem"),
        ("docs/2024-01-01.md", "# Gates\n\n## Root cause\n\nx\n\n## Lessons\n\n- y\n", "postmortem"),
        ("docs/2024-01-01.md", "# Gates\n\n## Timeline\n\n- 10:00 x\n\n## Root cause\n\nx\n", "incident"),
        ("docs/gates.md", "# Gates\n\n## Symptoms\n\nx\n\n## Diagnosis and mitigation\n\ny\n", "runbook"),
        ("playbooks/gates.md", "# Gates\n", "runbook"),
    ],
)  # fmt: skip
def test_kind_is_inferred(path, text, kind, run, write):
    write({path: text})
    [file] = json.loads(run("adopt", ".", "--format", "json", "--dry-run").stdout)["files"]
    assert (file["outcome"], file.get("kind")) == ("adopted", kind)
    assert file["fields"][0]["how"] == "inferred"


def test_dry_run_prints_a_diff_and_writes_nothing(run, write, tmp_path):
    write({"incidents/2024-02-01-gates.md": "# Gates\n", "incidents/x.md": "# X\n"})
    before = files_of(tmp_path)
    result = run("adopt", "incidents", "--dry-run")
    assert result.stdout == (
        "--- a/incidents/2024-02-01-gates.md\n+++ b/incidents/2024-02-01-gates.md\n@@ -1 +1,7 @@\n"
        "+---\n+id: INC-2024-0001\n+kind: incident\n+date: 2024-02-01\n+---\n+\n # Gates\n"
    )
    assert result.stderr == (
        "1 of 2 documents would be adopted, 1 needs you:\n"
        "  incidents/x.md:1:1: Neither text nor name tell when this was, so its id is not known\n"
        "    hint: Write `**Date:** YYYY-MM-DD` below its title, and run the command again\n"
    )
    assert (result.exit_code, files_of(tmp_path)) == (1, before)


def test_keys_without_a_value_are_filled(run, write, tmp_path):
    write({"incidents/2024-02-01-gates.md": "---\nid:\ntitle: ~\ndate: TBD\n---\nGates.\n"})
    assert run("adopt", "incidents").exit_code == 0
    assert (tmp_path / "incidents/2024-02-01-gates.md").read_text() == (
        "---\nid: INC-2024-0001\ntitle: Gates\ndate: 2024-02-01\nkind: incident\n---\nGates.\n"
    )


def test_json(run, write):
    write({
        "incidents/2024-02-01-gates.md": "---\nlayout: post\n---\n# Gates\n\n**Severity:** SEV2\n",
        "incidents/x.md": "# X\n",
        "incidents/README.md": "# All\n",
    })  # fmt: skip
    result = run("adopt", "incidents", "--format", "json")
    report = json.loads(result.stdout)
    assert (report["dry_run"], report["adopted"], report["need_you"]) == (False, 1, 1)
    gates, readme, x = sorted(report["files"], key=lambda file: file["path"].lower())
    assert {key: gates[key] for key in ("kind", "id", "foreign_keys", "is_read")} == {
        "kind": "incident", "id": "INC-2024-0001", "foreign_keys": ["layout"], "is_read": True,
    }  # fmt: skip
    assert [field for field in gates["fields"] if field["name"] in {"severity", "services"}] == [
        {"name": "severity", "value": "SEV2", "how": "extracted", "where": "line 9", "line": 9,
         "written": False},
        {"name": "services", "value": None, "how": "missing", "where": None, "line": None,
         "written": False},
    ]  # fmt: skip
    assert readme == {
        "path": "incidents/README.md", "outcome": "passed-over", "why": "introduces its folder",
    }  # fmt: skip
    assert (x["outcome"], x["line"], x["column"]) == ("needs-you", 1, 1)


def test_lines_are_those_of_the_adopted_file(run, write, tmp_path):
    text = (
        "---\nlayout: post\nsev: SEV2\n---\n\n# Gates\n\n**IC:** @gate-lead\n**Date:** 2024-02-01\n"
    )
    write({"incidents/gates.md": text})
    [file] = json.loads(run("adopt", "incidents", "--format", "json").stdout)["files"]
    lines = (tmp_path / "incidents/gates.md").read_text().splitlines()
    at = {field["name"]: lines[field["line"] - 1] for field in file["fields"] if field["line"]}
    assert at == {
        "title": "# Gates", "date": "**Date:** 2024-02-01", "severity": "sev: SEV2",
        "incident_commander": "**IC:** @gate-lead",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["nowhere.md", "../outside.md"])
def test_paths_that_are_none_of_ours(name, run, tmp_path):
    (tmp_path / "repository").mkdir()
    (tmp_path / "outside.md").write_text("# X\n")
    result = run("adopt", name, folder=tmp_path / "repository")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr or "lies outside of" in result.stderr


def test_links(run, write, tmp_path):
    """A link out of the repository is refused; one inside is met by its own path, once."""
    write({"repository/incidents/2024-02-01.md": "# Gates\n", "outside/2024-03-01.md": "# Gates\n"})
    root = tmp_path / "repository"
    (root / "incidents/again.md").symlink_to("2024-02-01.md")
    (root / "incidents/out.md").symlink_to("../../outside/2024-03-01.md")
    (root / "incidents/gone.md").symlink_to("nowhere.md")
    (root / "incidents/folder").symlink_to("../../outside")
    (root / "incidents/loop.md").symlink_to("loop.md")
    result = run("adopt", "incidents", folder=root)
    assert result.stdout.endswith(
        "1 of 2 documents adopted, 1 needs you:\n"
        "  incidents/out.md:1:1: Link leads out of the repository\n"
        "    hint: Adopt the file that it leads to, in its own repository\n"
    )
    assert (root / "incidents/again.md").is_symlink()
    assert (root / "incidents/2024-02-01.md").read_text().startswith("---\n")
    assert (tmp_path / "outside/2024-03-01.md").read_text() == "# Gates\n"


def test_one_that_fails_does_not_stop_the_others(run, write, tmp_path):
    write({f"incidents/2024-0{month}-01.md": "# Gates\n" for month in (1, 2, 3)})
    os.mkfifo(tmp_path / "incidents/2024-04-01.md")
    (tmp_path / "incidents/2024-05-01.md").mkdir()
    write({"incidents/2024-05-01.md/2024-06-01.md": b"\0"})
    write({"incidents/2024-07-01.md": b"# Big\n" + b"x" * 6_000_000})
    result = run("adopt", "incidents")
    assert result.exit_code == 1
    assert result.stdout.split("\n3 of 6 documents adopted, 3 need you:\n")[1] == (
        "  incidents/2024-04-01.md:1:1: Not a regular file\n"
        "    hint: Name a Markdown file\n"
        "  incidents/2024-05-01.md/2024-06-01.md:1:1: NUL character in the text\n"
        "    hint: Remove it; the file may be binary or UTF-16\n"
        "  incidents/2024-07-01.md:1:1: File has 6,000,006 bytes, the limit is 5,242,880\n"
        "    hint: Move bulk data into an evidence file, or raise `max_file_size` in incident.yml\n"
    )


def test_forty_documents_in_eight_shapes(run, write, tmp_path):
    """All are adopted by one command, and each timeline is what was written."""
    files, days = forty_documents()
    write(files)
    result = run("adopt", "incidents")
    assert result.stdout.endswith(
        "`layout` in postmortems: declare it in `fields` of incident.yml, or take it out\n"
        "40 of 40 documents adopted\n"
    )
    assert result.exit_code == 0
    ids = {}
    for path, text in files.items():
        adopted = (tmp_path / path).read_text("utf-8")
        assert adopted.endswith(text.split("---\n", 2)[2] if text.startswith("---") else text)
        [shown] = json.loads(run("show", path, "--format", "json").stdout)
        record = shown["record"]
        ids[path] = record["id"] if shown["kind"] == "incident" else record["incidents"][0]
        first, vague, last = record["timeline"]
        assert first["at"][:16] == f"{days[path]}T14:03"
        assert last["at"][:16] == f"{days[path]}T15:00"
        assert vague["approximate"]
        assert vague["at"][:16] == f"{days[path]}T14:20" or vague["at"] == "2X:XX"
        assert len(first["at"]) > 16, "its zone is known"
        assert len(record["action_items"]) == 1
    assert len(set(ids.values())) == 40
    by_day = sorted(files, key=lambda path: (days[path], path))
    assert [ids[path] for path in by_day] == sorted(ids.values())
    report = json.loads(run("check", "--format", "json", "--as-of", "2025-06-16").stdout)
    assert {d["path"] for d in report["diagnostics"]} <= set(files)


def test_the_guide_shows_what_happens(run, write, tmp_path):
    guide = (Path(__file__).resolve().parent.parent / "docs/guide/adopting.md").read_text("utf-8")
    shown = dict(
        re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', guide, re.MULTILINE | re.DOTALL)
    )
    path = "incidents/2018-02-12-labels.md"
    write({path: shown[path]})
    dry = run("adopt", "incidents", "--dry-run")
    assert dry.stdout == shown["mkdocs-incident adopt incidents --dry-run"]
    assert run("adopt", "incidents").stdout == shown["mkdocs-incident adopt incidents"]
    assert (tmp_path / path).read_text("utf-8").endswith(shown[path])
