"""`plan`: three horizons, the facts of the incident and nothing else; and what becomes of a plan."""

import json
import re

import pytest
from authoring_support import FILES, LIVE, PATH, errors, same_as

PLAN = PATH.replace("incident.md", "mitigation-plan.md")
SECOND = PLAN.replace("plan.md", "plan-2.md")
INC = "INC-2025-0142"
AT = ("--at", "2025-06-15T14:40:12Z")


@pytest.fixture
def repository(repository_of):
    """A repository with a live incident; gives a command's outcome, and a file's text."""
    return repository_of({**FILES, PATH: LIVE}, PLAN)


@pytest.fixture
def filled(repository, write):
    """Write a plan of which each prompt is filled in; gives its text."""
    run, text = repository
    run("plan", INC, *AT)
    write({PLAN: re.sub(r"\[… [^]]*\]", "What was asked", text())})
    return text()


def changed(before, after):
    """The lines that one text has and the other has not."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_plan_holds_the_facts_and_prompts_for_the_rest(repository, update):
    run, text = repository
    done = run("plan", INC, "--author", "@sre-lead", *AT)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == PLAN
    same_as("mitigation-plan.md", text(), update)
    assert not errors(run, PLAN)


def test_new_mitigation_plan_is_the_same_command(repository, tmp_path):
    run, text = repository
    run("plan", INC, *AT)
    first = text()
    (tmp_path / PLAN).unlink()
    assert run("new", "mitigation-plan", INC, *AT).exit_code == 0
    assert text() == first


def test_what_nobody_knows_stays_a_prompt(repository, write):
    run, _ = repository
    bare = (
        LIVE.partition("\n# Cards")[0]
        .replace("impact:", "x-was:")
        .replace("mitigations:", "x-did:")
    )
    write({PATH: bare})
    run("plan", INC, *AT)
    shown = json.loads(run("show", PLAN, "--format", "json").stdout)[0]["record"]
    assert shown["root_cause"] == "Under investigation"
    assert shown["summary"]["impact"].startswith("[… ")
    assert [shown["horizons"][name].get("actions") for name in shown["horizons"]] == [None] * 3
    assert "risks" not in shown


def test_an_incident_without_a_severity_gets_no_plan(repository, write, tmp_path):
    run, _ = repository
    write({PATH: LIVE.replace("severity: SEV2\n", "")})
    done = run("plan", INC)
    assert done.exit_code == 2
    assert "has no severity" in done.stderr
    assert not (tmp_path / PLAN).exists()


def test_a_second_plan_is_written_only_on_request(repository):
    run, text = repository
    run("plan", INC, *AT)
    before = text()
    done = run("plan", INC, *AT)
    assert done.exit_code == 2
    assert f"has an active plan, {PLAN}." in done.stderr
    assert run("plan", INC, "--another", *AT).stdout.splitlines()[0] == SECOND
    assert text() == before


# Its status


@pytest.mark.parametrize("extra", [(), ("--dry-run",)])
def test_prompts_are_executed_by_nobody(repository, extra):
    run, text = repository
    assert "`mkdocs-incident plan INC-2025-0142 --status executed`" in run("plan", INC, *AT).stdout
    before = text()
    done = run("plan", INC, "--status", "executed", *extra)
    assert (done.exit_code, done.stdout, text()) == (1, "", before)
    assert f"`{PLAN}` is not executed, 8 places to be filled in:\n" in done.stderr
    assert "  the way out, in one sentence\n" in done.stderr
    assert run("plan", INC, "--another", *AT).exit_code == 0
    replaced = run("plan", INC, "--status", "superseded", "--by", SECOND)
    assert replaced.exit_code == 0, replaced.output


def test_executed_changes_three_lines(repository, filled):
    run, text = repository
    before = filled
    done = run("plan", INC, "--status", "executed", "--at", "2025-06-15T16:05Z")
    assert done.exit_code == 0, done.output
    assert changed(before, text()) == (
        ["status: active", "updated_at: 2025-06-15T14:40Z"],
        ["status: executed", "updated_at: 2025-06-15T16:05Z", "executed_at: 2025-06-15T16:05Z"],
    )
    assert not errors(run, PLAN)


def test_superseded_names_the_plan_that_holds_now(repository):
    run, text = repository
    run("plan", INC, *AT)
    run("plan", INC, "--another", *AT)
    before = text()
    done = run("plan", INC, "--status", "superseded", "--by", SECOND, "--at", "2025-06-15T15:00Z")
    assert done.exit_code == 0, done.output
    assert changed(before, text())[1] == [
        "status: superseded",
        "updated_at: 2025-06-15T15:00Z",
        "superseded_by: mitigation-plan-2.md",
    ]
    assert "status: active" in text(SECOND)
    assert not errors(run)


def test_a_dry_run_shows_the_change_and_makes_none(repository, filled):
    run, text = repository
    before = filled
    done = run("plan", PLAN, "--status", "executed", "--dry-run", *AT)
    assert "+status: executed" in done.stdout
    assert text() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((INC, "--status", "executed"), "has 2 active plans"),
        ((SECOND, "--status", "superseded"), "`--status superseded` and `--by FILE` go together"),
        ((INC, "--by", SECOND), "`--by` and `--dry-run` go with `--status`"),
        ((PATH, "--status", "executed"), "is no mitigation plan"),
        (("INC-2025-0141", "--status", "executed"), "has no active plan to change"),
        ((INC, "--status", "superseded", "--by", "nowhere.md"), "neither the id nor the file"),
    ],
)
def test_what_is_not_clear_is_refused(repository, arguments, said):
    run, text = repository
    run("plan", INC, *AT)
    run("plan", INC, "--another", *AT)
    before = text(), text(SECOND)
    done = run("plan", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert (text(), text(SECOND)) == before


def test_a_status_that_stands_in_the_body_is_not_guessed_at(repository, write, filled):
    run, text = repository
    inside = filled.replace("status: active\n", "").replace(
        "\n**Root", "\n**Status:** Active\n\n**Root"
    )
    write({PLAN: inside})
    done = run("plan", INC, "--status", "executed", *AT)
    assert done.exit_code == 1
    assert "`status` stands in the body" in done.stderr
    assert text() == inside


def test_unfinished_long_term_actions_outlive_the_plan(repository, write):
    run, text = repository
    run("plan", INC, *AT)
    head, goal, tail = text().partition("**Goal:** [… keep it from coming back at all]\n")
    steps = "\n- [ ] Bound the cache by memory\n  - Due: 2025-07-15\n  - Owner: @payments-team\n"
    write({PLAN: head + goal + steps + tail})
    for _ in range(2):
        listed = run("actions", "--as-of", "2025-06-20").stdout
        assert "Bound the cache by memory" in listed
        assert "@payments-team" in listed
        run("plan", INC, "--status", "executed", "--at", "2025-06-16T10:00Z")
    assert run("actions", "done", "Bound the cache", "--on", "2025-06-30").exit_code == 0
    assert "- [x] Bound the cache by memory" in text()
    assert "Bound the cache" not in run("actions", "--as-of", "2025-07-01").stdout
