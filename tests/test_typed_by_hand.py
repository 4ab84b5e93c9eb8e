"""What people type in a hurry: times without a zone, empty texts, ids in another letter case, control characters."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from typed_support import INC, LATER, LIVE, PATH


@pytest.mark.parametrize(
    "words",
    [
        "DNS part resolved, checkout still fails",
        "Alert for disk resolved",
        "Ticket resolved as duplicate",
        "Pager alert auto-resolved",
    ],
)
def test_words_end_no_live_incident_and_log_says_how_it_reads_them(there, words):
    run, _ = there
    done = run("log", INC, words, "--at", "2025-06-15T14:42Z")
    assert done.exit_code == 0
    assert done.stdout.endswith(f"{words}\n  read as: resolved\n")
    assert done.stderr == (
        f"note: {INC} is still investigating; when it is over, "
        f"`mkdocs-incident set {INC} status resolved` says so\n"
    )
    due = run("comms", "--due", "--as-of", LATER)
    assert due.exit_code == 1
    assert f"{INC} stakeholders: nobody told them" in due.stdout
    assert run("comms", INC, "--audience", "resolution", "--at", LATER).exit_code == 1


@pytest.mark.parametrize(
    "ends",
    [
        ("log", INC, "Checkouts pass", "--at", "2025-06-15T14:42Z", "--milestone", "resolved"),
        ("log", INC, "Resolved: checkouts pass", "--at", "2025-06-15T14:42Z"),
        ("set", INC, "resolved_at", "2025-06-15T14:42Z"),
        ("set", INC, "status", "resolved"),
    ],
)
def test_a_status_a_field_and_a_mark_end_it(there, ends):
    run, _ = there
    assert run(*ends).exit_code == 0
    assert run("comms", "--due", "--as-of", LATER).exit_code == 0


def test_log_says_nothing_of_what_was_asked_for(there):
    run, _ = there
    done = run("log", INC, "Pool enlarged", "--at", "2025-06-15T14:42Z", "--milestone", "mitigated")
    assert "read as" not in done.output
    assert "read as: mitigated\n" in run("log", INC, "Rollback complete", "--at", "2025-06-15T14:44Z").stdout  # fmt: skip


# Texts


@pytest.mark.parametrize("content", ["", "\n", "  \n\t\n", "\ufeff\n"])
def test_an_empty_text_tells_nobody(there, tmp_path, content):
    run, text = there
    (tmp_path / "sent.txt").write_text(content, "utf-8")
    done = run("comms", INC, "--text", "sent.txt", "--record")
    assert (done.exit_code, text()) == (2, LIVE)
    assert "`--text` is empty: nothing was told" in done.stderr


def test_a_recorded_text_is_alone_on_standard_output(there, tmp_path):
    run, text = there
    (tmp_path / "sent.txt").write_text("Checkout fails; we look into it.\n")
    done = run("comms", INC, "--text", "sent.txt", "--record", "--at", "2025-06-15T14:50Z")
    assert (done.exit_code, done.stdout) == (0, "Checkout fails; we look into it.\n")
    assert f"{PATH}\n  + communications:\n" in done.stderr
    assert "communications:" in text()


def test_an_output_writes_over_no_file(there):
    run, text = there
    done = run("comms", INC, "--output", PATH)
    assert (done.exit_code, text()) == (2, LIVE)
    assert f"`{PATH}` is there already, and nothing is written over" in done.stderr
    assert run("comms", INC, "--output", "update.txt").exit_code == 0


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x01", "U+0001 (a control character)"),
        ("\x1b[D", "U+001B (ESCAPE)"),
        ("\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("\u2066", "U+2066 (LEFT-TO-RIGHT ISOLATE)"),
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ("log", INC, "a{}b"),
        ("set", INC, "title", "a{}b"),
        ("set", INC, "services", "[checkout, a{}b]"),
        ("set", INC, "x{}", "1"),
        ("comms", INC, "--impact", "a{}b"),
        ("new", "incident", "--severity=SEV2", "--commander=@a", "--title=a{}b"),
        ("new", "incident", "--severity=SEV2", "--commander=@a", "--title=a", "--impact=a{}b"),
        ("new", "postmortem", INC, "--title=a{}b"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]) if isinstance(arguments, tuple) else None,
)
def test_no_control_character_gets_into_a_record(there, tmp_path, arguments, character, name):
    run, text = there
    done = run(*(argument.replace("{}", character) for argument in arguments))
    assert (done.exit_code, text()) == (2, LIVE)
    assert f"holds {name}, which no record may hold" in " ".join(done.stderr.split())
    assert [path.name for path in tmp_path.rglob("*.md")] == ["INC-2025-0142.md"]


@pytest.mark.parametrize("written", ['"\\u202e"', '"\\x1b"'])
def test_nor_does_one_that_yaml_spells(there, written):
    run, text = there
    assert run("set", INC, "title", written).exit_code == 2
    assert text() == LIVE


# Ids


def test_an_id_in_another_letter_case_is_the_only_one_it_can_mean(there):
    run, text = there
    assert run("log", INC.lower(), "Seen", "--at", "2025-06-15T14:42Z").exit_code == 0
    assert run("set", INC.lower(), "title", "Cards fail").exit_code == 0
    assert "title: Cards fail" in text()
    assert run("new", "postmortem", INC.lower()).exit_code == 0
    done = run("set", INC.lower() + "3", "title", "x")
    assert done.exit_code == 2


def test_of_two_ids_that_differ_by_letter_case_neither_is_meant(there, write):
    run, _ = there
    write({"incidents/other.md": LIVE.replace(INC, "Inc-2025-0142")})
    done = run("log", INC.lower(), "Seen")
    assert done.exit_code == 2
    assert "Did you mean" in done.stderr
    assert run("log", INC, "Seen", "--at", "2025-06-15T14:42Z").exit_code == 0


@pytest.mark.parametrize("command", [("log", "INC-2025-0143", "Seen"), ("set", "INC-2025-0143", "title", "x"), ("show", "INC-2025-0143")])  # fmt: skip
@pytest.mark.parametrize("path", ["incidents/INC-2025-0143.md", "incidents/cards.md"])
def test_an_unreadable_record_is_not_denied(there, write, command, path):
    run, _ = there
    write({path: "---\nid: INC-2025-0143\ntitle:\tCards\n  severity: [\n---\n"})
    done = run(*command)
    said = " ".join(done.output.split())
    assert done.exit_code != 0
    assert f"{path}:" in said
    assert "Did you mean" not in said


def test_a_runbook_that_cannot_be_read_is_not_denied(there, write):
    run, _ = there
    write({"runbooks/checkout.md": "---\nid: RB-checkout\ntitle: [\n---\n"})
    done = run("set", "RB-checkout", "title", "x")
    said = " ".join(done.stderr.split())
    assert done.exit_code == 2
    assert "`RB-checkout` is in `runbooks/checkout.md`, which can't be read as a record" in said


# Values


@pytest.mark.parametrize("spelled", ["sev3", "Sev-3", "SEV 3"])
def test_a_level_is_written_as_the_policy_names_it(there, spelled):
    run, text = there
    assert run("set", INC, "severity", spelled).exit_code == 0
    assert "severity: SEV3\n" in text()


@pytest.mark.parametrize(
    "arguments",
    [("set", INC, "impact/x", "-3"), ("log", INC, "-5 % of orders"), ("actions", "done", "-x")],
)
def test_what_begins_with_a_dash_stands_behind_two(there, arguments):
    run, text = there
    done = run(*arguments)
    assert (done.exit_code, text()) == (2, LIVE)
    assert "A text that begins with a dash stands behind `--`" in " ".join(done.stderr.split())


def test_a_negative_value_behind_two_dashes_is_written(there):
    run, text = there
    assert run("set", "--", INC, "impact/duration_minutes", "-3").exit_code in {0, 1}
    assert run("log", "--at", "2025-06-15T14:42Z", "--", INC, "-5 % of orders").exit_code == 0
    assert "— -5 % of orders\n" in text()


@pytest.mark.parametrize("field", ["severity", "title", "status"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_value_is_refused(there, field, value):
    run, text = there
    done = run("set", INC, field, value)
    assert (done.exit_code, text()) == (2, LIVE)
    assert f"VALUE is empty, which says nothing: take `{field}` out by hand" in done.stderr


@pytest.mark.parametrize("ident", ["INC-2025-0007", "inc-2025-0007", "RB-checkout"])
def test_an_id_that_is_taken_is_refused(there, write, ident):
    run, text = there
    write({
        "incidents/INC-2025-0007.md": LIVE.replace(INC, "INC-2025-0007"),
        "runbooks/checkout.md": "---\nid: RB-checkout\ntitle: Checkout\n---\n",
    })  # fmt: skip
    done = run("set", INC, "id", ident)
    assert (done.exit_code, text()) == (2, LIVE)
    assert f"`{ident}` is the id of `" in done.stderr
    assert run("set", INC, "id", INC).exit_code == 0


def test_what_still_names_a_changed_id_is_said(there, write):
    run, text = there
    write({
        "incidents/pm.md": f"---\nkind: postmortem\ntitle: A pool\nincidents: [{INC}]\n---\n",
        "runbooks/checkout.md": f"---\nid: RB-checkout\ntitle: Checkout\nlearned_from: [{INC}]\n---\n",
    })  # fmt: skip
    done = run("set", INC, "id", "INC-2025-0007")
    assert done.exit_code == 0
    assert "id: INC-2025-0007\n" in text()
    assert done.stderr == (
        f"note: incidents/pm.md:4:13 still names `{INC}`\n"
        f"note: runbooks/checkout.md:4:16 still names `{INC}`\n"
    )
    assert run("set", "INC-2025-0007", "title", "Payments").stderr == ""


def test_an_id_that_an_unreadable_file_has_is_taken(there, write):
    run, text = there
    write({"incidents/INC-2025-0007.md": "---\nid: [\n---\n"})
    assert run("set", INC, "id", "INC-2025-0007").exit_code == 2
    assert text() == LIVE


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("2025-06-15 16:42 CEST", "2025-06-15T14:42Z"),
        ("2025-06-15T14:42Z", "2025-06-15T14:42Z"),
        ("2025-06-15T16:42+02:00", "2025-06-15T16:42+02:00"),
    ],
)
def test_set_takes_an_instant_as_people_type_it(there, typed, written):
    run, text = there
    assert run("set", INC, "mitigated_at", typed).exit_code == 0
    assert f"mitigated_at: {written}\n" in text()


@pytest.mark.parametrize("typed", ["now", "00:05", "23:55 CET"])
def test_set_takes_a_clock_of_today(there, typed):
    run, text = there
    assert run("set", INC, "mitigated_at", typed).exit_code == 0
    written = re.search(r"mitigated_at: (\S+)Z\n", text())[1]
    ahead = datetime.fromisoformat(f"{written}+00:00") - datetime.now(UTC)
    assert abs(ahead) <= timedelta(hours=25)


def test_changed_lines_that_look_like_the_head_of_a_diff_are_shown(there, write):
    run, _ = there
    write({PATH: LIVE.replace("services:", "--x: old\nservices:")})
    done = run("set", "--", INC, "--x", "new")
    assert (done.exit_code, done.stdout) == (0, f"{PATH}\n  - --x: old\n  + --x: new\n")


@pytest.mark.parametrize(
    "arguments",
    [("set", INC, "status", "resolved"), ("comms", INC, "--record", "--text", "sent.txt")],
)
def test_a_field_that_is_there_twice_is_edited_by_hand(there, write, arguments):
    run, text = there
    twice = LIVE.replace("severity:", "status: detected\nseverity:")
    write({PATH: twice, "sent.txt": "Checkout fails.\n"})
    done = run(*arguments)
    assert (done.exit_code, text()) == (1, twice)
    assert f"{PATH}:6:1: Key `status` is given twice\n  hint: Keep one of the two\n" in done.stderr


# Actions

ACTIONS = """\

## Action items

- [ ] Page sooner (@sre-team, due 2025-08-01)
- [ ] Page sooner (@payments-team, due 2025-08-01)
- [ ] Size the queue (@payments-team, due 2025-08-01)
"""


def test_a_box_keeps_no_day_and_says_so(there, write):
    run, text = there
    write({PATH: LIVE + ACTIONS})
    done = run("actions", "done", "size", "--on", "2025-07-30")
    assert done.exit_code == 0
    assert "- [x] Size the queue" in text()
    assert done.stderr == (
        "note: the day 2025-07-30 is not written: here is no place for it. An entry in the front "
        "matter and a table with a column for it keep one\n"
    )
    assert run("actions", "done", "size", "--on", "2025-07-30", "--status", "open").exit_code == 2


def test_two_actions_of_one_title_are_told_apart_by_their_place(there, write):
    run, text = there
    write({PATH: LIVE + ACTIONS})
    done = run("actions", "done", "page sooner")
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert f"means 2 actions: `Page sooner ({PATH}:17)`, `Page sooner ({PATH}:18)`" in said
    assert f"or the place: `mkdocs-incident actions done {PATH}:17`" in said
    assert run("actions", "done", f"{PATH}:18").exit_code == 0
    assert "- [ ] Page sooner (@sre-team" in text()
    assert "- [x] Page sooner (@payments-team" in text()


@pytest.mark.parametrize("name", ["ai-2", "inc-2025-0142/Ai-2"])
def test_an_action_is_named_in_any_letter_case(there, write, name):
    run, text = there
    items = (
        "action_items:\n  - {id: AI-2, title: Page sooner, owner: '@sre-team', due: 2025-08-01}\n"
    )
    write({PATH: LIVE.replace("---\n\n##", f"{items}---\n\n##")})
    done = run("actions", "done", name, "--on", "2025-07-30")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "status: done, done_on: 2025-07-30}" in text()


# The gate's own errors


def test_a_policy_error_runs_no_commands_of_the_runner(there, write):
    run, _ = there
    write({"incident.yml": '"##[add-mask]e": 1\n"::add-mask::f": 1\n'})
    done = run("check", "--format", "github")
    assert done.exit_code == 2
    first, *between, last = done.stderr.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert (len(token), last) == (64, f"::{token}::")
    assert any("##[add-mask]e" in line for line in between)
    assert "stop-commands" not in run("check").stderr


# Many at once


def test_everybody_logs_at_the_same_time(there, command, tmp_path):
    _, text = there

    def log(n):
        return subprocess.run(
            [command, "log", INC, f"Seen by {n}", "--at", "2025-06-15T14:42Z"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(log, range(8)))
    assert [one.stderr for one in done if one.returncode] == []
    assert sorted(re.findall(r"Seen by (\d)", text())) == sorted(map(str, range(8)))
    assert sys.platform
