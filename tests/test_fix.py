"""`check --fix`: what has one right answer is written, all else stays, and `--diff` only shows it."""

import pytest

BEFORE = """\
---
id: INC-2025-0001
title: Labels print slowly
severity: "Sev-2"     # as declared
status: Fixed
incident_commander: "@labels-lead"
related: [inc-2025-0002, INC-2025-0003]
started_at: 15 June 2025 14:23 UTC
services: [labels]
action_items:
  - {title: Größere Warteschlange 🚚, owner: "@labels-team", due: 3 July 2025, status: ToDo}
---

**Impact:** Depots waited.

## Timeline (UTC)

- 2025-06-15 14:23 — Detected: queue is long
"""
AFTER = (
    BEFORE.replace("Sev-2", "SEV2")
    .replace("Fixed", "resolved")
    .replace("inc-2025-0002", "INC-2025-0002")
    .replace("15 June 2025 14:23 UTC", "2025-06-15T14:23Z")
    .replace("3 July 2025", "2025-07-03")
    .replace("ToDo", "open")
)
OTHER = "---\nkind: Incident\nid: INC-2025-0002\ntitle: Other\n---\n\n**Severity:** sev 3\n"
OTHER_AFTER = "---\nkind: incident\nid: INC-2025-0002\ntitle: Other\n---\n\n**Severity:** SEV3\n"
FILES = {"incidents/one.md": BEFORE, "incidents/two.md": OTHER}


def read(folder):
    return {path: (folder / path).read_bytes().decode() for path in FILES}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_one_spelling_is_written_and_nothing_else_changes(run, write, tmp_path, ends, mark):
    write({path: (mark + text.replace("\n", ends)).encode() for path, text in FILES.items()})
    done = run("check", "--fix", "--as-of", "2025-06-16")
    assert read(tmp_path) == {
        "incidents/one.md": mark + AFTER.replace("\n", ends),
        "incidents/two.md": mark + OTHER_AFTER.replace("\n", ends),
    }
    assert done.stderr.count("repaired ") == 8
    assert (
        "repaired incidents/one.md:4:11: note SCH007 Severity `Sev-2` is read as `SEV2` "
        "[non-canonical-value]\n" in done.stderr
    )
    assert "SCH007" not in done.stdout
    # One id is known in no letter case: nothing says what is meant.
    assert "Incident `INC-2025-0003` has no record" in done.stdout


def test_what_is_repaired_is_found_no_more_and_repaired_once(run, write, tmp_path):
    write(FILES)
    run("check", "--fix")
    once = read(tmp_path)
    assert run("check", "--fix").stderr == ""
    assert read(tmp_path) == once


def test_the_diff_is_shown_and_nothing_is_written(run, write, tmp_path):
    write(FILES)
    done = run("check", "--diff")
    assert done.exit_code == 1
    assert done.stdout.endswith(
        "--- a/incidents/two.md\n+++ b/incidents/two.md\n@@ -1,7 +1,7 @@\n ---\n-kind: Incident\n"
        "+kind: incident\n id: INC-2025-0002\n title: Other\n ---\n \n-**Severity:** sev 3\n"
        "+**Severity:** SEV3\n"
    )
    assert read(tmp_path) == FILES


def test_nothing_to_repair_is_no_difference(run, write):
    write({"incidents/two.md": OTHER_AFTER})
    done = run("check", "--diff")
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_path_narrows_what_is_repaired(run, write, tmp_path):
    write(FILES)
    run("check", "--fix", "incidents/two.md")
    assert read(tmp_path) == {**FILES, "incidents/two.md": OTHER_AFTER}


@pytest.mark.parametrize(
    "line",
    [
        "status: brokn",
        "severity: SEV9",
        "started_at: yesterday",
        "started_at: 06/07/2025 14:23",
        "statsu: open",
    ],
)
def test_what_needs_judgement_is_left_to_people(run, write, tmp_path, line):
    text = f"---\nid: INC-2025-0001\ntitle: x y\n{line}\n---\n"
    write({"incidents/one.md": text})
    run("check", "--fix")
    assert (tmp_path / "incidents/one.md").read_text() == text


def test_a_value_that_an_alias_shares_is_repaired_where_it_stands(run, write, tmp_path):
    text = "---\nid: INC-2025-0001\ntitle: x y\nseverity: &level Sev-2\nx-copy: *level\n---\n"
    write({"incidents/one.md": text})
    run("check", "--fix")
    # The copy would say something else then: both stay.
    assert (tmp_path / "incidents/one.md").read_text() == text


@pytest.mark.parametrize(
    ("status", "read_as"), [("Mitigated", "monitoring"), ("Acknowledged", "investigating")]
)
def test_a_state_that_says_something_else_is_told_and_not_rewritten(run, write, tmp_path, status, read_as):  # fmt: skip
    text = BEFORE.replace("status: Fixed", f"status: {status}")
    write({"incidents/one.md": text})
    done = run("check", "--fix", "--as-of", "2025-06-16")
    assert f"Status `{status}` is read as `{read_as}`" in done.stdout
    assert f"status: {status}\n" in (tmp_path / "incidents/one.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("status", "written"),
    [
        ("MONITORING", "monitoring"),
        ("Unter Beobachtung", "monitoring"),
        ("調査中", "investigating"),
    ],
)
def test_a_spelling_and_a_translation_are_rewritten(run, write, tmp_path, status, written):
    write({"incidents/one.md": BEFORE.replace("status: Fixed", f"status: {status}")})
    run("check", "--fix", "--as-of", "2025-06-16")
    assert f"status: {written}\n" in (tmp_path / "incidents/one.md").read_text("utf-8")
