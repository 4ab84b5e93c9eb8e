"""The commands that edit records in place: `log`, `set` and `actions done`; and the list of `actions`."""

import csv
import io
import json

import pytest
from icalendar import Calendar

INCIDENT = """\
---
id: INC-2025-0142
title: Checkout was slow   # as its users saw it
severity: SEV2
status: mitigating
incident_commander: "@payments-lead"
services: [checkout]
---

**Impact:** 1,200 users waited.\r
\r
## Timeline (UTC)

- 2025-06-15 14:23 — Detected: alert on slow checkouts fires
- 14:31 — @payments-lead assigned as incident commander

## Action items

- [ ] Page when half of the pool is taken (@sre-team, due 2025-08-01)
- [ ] Size the queue (@payments-team)
"""
REVIEW = """\
---
kind: postmortem
incidents: [INC-2025-0142]
title: A pool too small
status: draft
action_items:
  - {id: AI-1, title: Size the pool by load, owner: "@payments-team", due: 2025-07-01, type: preventive}
  - {id: AI-2, title: "=SUM of pools on a dashboard", owner: "@sre-team", status: done}
---
"""
RUNBOOK = (
    "---\nid: RB-checkout\ntitle: Checkout\nowner: '@payments-team'\nservices: [checkout]\n---\n"
)
PATH = "incidents/INC-2025-0142/incident.md"
REVIEW_PATH = "incidents/INC-2025-0142/postmortem.md"
FILES = {PATH: INCIDENT, REVIEW_PATH: REVIEW, "runbooks/checkout.md": RUNBOOK}


@pytest.fixture
def repository(repository_of):
    """A repository; gives a command's outcome, and a file's text as it is now."""
    return repository_of(FILES, PATH)


def changed(before, after):
    """The lines that one text has and the other has not."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_log_appends_a_line_in_the_timelines_own_shape(repository):
    run, text = repository
    done = run("log", "INC-2025-0142", "Pool enlarged", "--at", "2025-06-15T14:42Z", "--milestone", "mitigated")  # fmt: skip
    assert (done.exit_code, done.output) == (
        0,
        f"{PATH}\n  + - 14:42 — Mitigated: Pool enlarged\n",
    )
    assert changed(INCIDENT, text()) == ([], ["- 14:42 — Mitigated: Pool enlarged\n"])


def test_log_puts_an_entry_where_its_time_belongs(repository):
    run, text = repository
    run("log", "INC-2025-0142", "Second alert", "--at", "2025-06-15T14:25Z")
    lines = text().splitlines()
    assert (
        lines.index("- 14:25 — Second alert")
        == lines.index("- 14:31 — @payments-lead assigned as incident commander") - 1
    )


def test_set_changes_one_value_and_nothing_else(repository):
    run, text = repository
    done = run("set", "INC-2025-0142", "status", "monitoring")
    assert (done.exit_code, done.output) == (
        0,
        f"{PATH}\n  - status: mitigating\n  + status: monitoring\n",
    )
    assert changed(INCIDENT, text()) == (["status: mitigating\n"], ["status: monitoring\n"])


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("severity", "SEV1", "severity: SEV1\n"),
        ("services", "[checkout, payments-api]", "services: [checkout, payments-api]\n"),
        ("tags", "[pool]", "tags: [pool]\n"),
        ("title", "Checkout: slow", 'title: "Checkout: slow"   # as its users saw it\n'),
        ("incident_commander", "@sre-lead", 'incident_commander: "@sre-lead"\n'),
        ("roles/scribe", "@sre-team", '  scribe: "@sre-team"\n'),
    ],
)
def test_set_takes_values_of_each_type(repository, field, value, line):
    run, text = repository
    done = run("set", "INC-2025-0142", field, value)
    assert done.exit_code == 0, done.output
    assert line in changed(INCIDENT, text())[1]


def test_set_reaches_records_by_file_and_entries_by_id(repository):
    run, text = repository
    assert run("set", REVIEW_PATH, "status", "in-review").exit_code == 0
    assert run("set", REVIEW_PATH, "action_items[id=AI-1]/status", "in-progress").exit_code == 0
    assert run("set", "RB-checkout", "owner", "@sre-team").exit_code == 0
    assert "status: in-review\n" in text(REVIEW_PATH)
    assert "type: preventive, status: in-progress}" in text(REVIEW_PATH)
    assert "owner: '@sre-team'\n" in text("runbooks/checkout.md")


def test_a_dry_run_prints_the_diff_and_writes_nothing(repository):
    run, text = repository
    done = run("set", "INC-2025-0142", "severity", "SEV1", "--dry-run")
    assert done.output == (
        f"--- a/{PATH}\n+++ b/{PATH}\n@@ -1,7 +1,7 @@\n ---\n id: INC-2025-0142\n"
        " title: Checkout was slow   # as its users saw it\n-severity: SEV2\n+severity: SEV1\n"
        ' status: mitigating\n incident_commander: "@payments-lead"\n services: [checkout]\n'
    )
    assert text() == INCIDENT


def test_what_is_so_already_is_said(repository):
    run, _ = repository
    done = run("set", "INC-2025-0142", "severity", "SEV2")
    assert (done.exit_code, done.output) == (0, f"{PATH}: nothing to change\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ("set", "INC-2025-0142", "status", "monitorin"),
            1,
            (
                f"{PATH}:5:9: error SCH005 Incident status `monitorin` is not one of `detected`, "
                "`investigating`, `identified`, `mitigating`, `monitoring`, `resolved`, `closed` "
                "[value-not-allowed]\n  hint: Did you mean `monitoring`?\n"
            ),
        ),
        (
            ("set", "INC-2025-0142", "sevrity", "SEV1"),
            1,
            (
                f"{PATH}:8:1: error SCH003 Field `sevrity` is not known [unknown-field]\n"
                "  hint: Did you mean `severity`?\n"
            ),
        ),
        (
            ("set", "INC-2025-0142", "impact/summary", "None"),
            1,
            f"{PATH}:10:13: `impact.summary` stands in the body, and can't be set there without another change",
        ),
        (("set", "INC-2025-0124", "status", "closed"), 2, "Did you mean `INC-2025-0142`?"),
        (("log", "INC-2025-0142", "  "), 1, "Timeline entry has no text"),
        (("log", "RB-checkout", "x"), 2, "`RB-checkout` is not the id of an incident here"),
        (("actions", "done", "nothing like it"), 2, "`nothing like it` is neither the id of an action"),
        (("actions", "done", "Size the"), 2, "`Size the` means 2 actions: `Size the queue ("),
    ],
)  # fmt: skip
def test_what_can_not_be_edited_is_refused_in_words(repository, arguments, code, said):
    run, text = repository
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert said in done.output
    assert (text(), text(REVIEW_PATH)) == (INCIDENT, REVIEW)


def test_done_ticks_the_box_that_stands_in_the_text(repository):
    run, text = repository
    done = run("actions", "done", "page when half", "--on", "2025-07-30")
    assert done.exit_code == 0, done.output
    assert changed(INCIDENT, text()) == (
        ["- [ ] Page when half of the pool is taken (@sre-team, due 2025-08-01)\n"],
        ["- [x] Page when half of the pool is taken (@sre-team, due 2025-08-01)\n"],
    )


def test_done_writes_the_day_where_front_matter_holds_the_action(repository):
    run, text = repository
    assert run("actions", "done", "INC-2025-0142/AI-1", "--on", "2025-06-30").exit_code == 0
    assert "type: preventive, status: done, done_on: 2025-06-30}" in text(REVIEW_PATH)


def listed(run, *arguments):
    return json.loads(
        run("actions", "--as-of", "2025-07-10", "--format", "json", *arguments).stdout
    )


def test_actions_lists_what_is_open_the_most_overdue_first(repository):
    run, _ = repository
    found = listed(run)
    assert [(a["title"], a["overdue_days"]) for a in found["actions"]] == [
        ("Size the pool by load", 9),
        ("Page when half of the pool is taken", 0),
        ("Size the queue", 0),
    ]
    assert found["actions"][0] == {
        "id": "AI-1",
        "title": "Size the pool by load",
        "owner": "@payments-team",
        "due": "2025-07-01",
        "overdue_days": 9,
        "status": "open",
        "horizon": None,
        "type": "preventive",
        "incidents": ["INC-2025-0142"],
        "services": ["checkout"],
        "path": REVIEW_PATH,
        "line": 7,
    }


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (("--overdue",), ["Size the pool by load"]),
        (("--owner", "sre-team"), ["Page when half of the pool is taken"]),
        (("--owner", "@sre-team", "--status", "all"), ["Page when half of the pool is taken", "=SUM of pools on a dashboard"]),
        (("--due-before", "2025-07-15"), ["Size the pool by load", "Size the queue"]),
        (("--service", "search"), []),
        (("--incident", "INC-2025-0142", "--status", "done"), ["=SUM of pools on a dashboard"]),
    ],
)  # fmt: skip
def test_actions_are_chosen_by_owner_date_state_and_origin(repository, arguments, titles):
    run, _ = repository
    assert [action["title"] for action in listed(run, *arguments)["actions"]] == titles


def test_the_table_says_who_and_until_when(repository):
    run, _ = repository
    assert run("actions", "--as-of", "2025-07-10").output == (
        "DUE                      OWNER           STATE  ACTION                               WHERE\n"
        "2025-07-01, 9 days late  @payments-team  open   AI-1: Size the pool by load          INC-2025-0142\n"
        "2025-08-01               @sre-team       open   Page when half of the pool is taken  INC-2025-0142\n"
        "no due date              @payments-team  open   Size the queue                       INC-2025-0142\n"
        "\n3 actions, 1 overdue as of 2025-07-10\n"
    )


def test_a_spreadsheet_runs_nothing(repository):
    run, _ = repository
    out = run("actions", "--status", "done", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["title"] for row in rows] == ["'=SUM of pools on a dashboard"]


def test_a_calendar_holds_what_has_a_day(repository):
    run, _ = repository
    out = run("actions", "--as-of", "2025-07-10", "--format", "ics").stdout
    events = Calendar.from_ical(out).walk("VEVENT")
    assert [(str(e["summary"]), str(e["dtstart"].dt)) for e in events] == [
        ("Size the pool by load (@payments-team)", "2025-07-01"),
        ("Page when half of the pool is taken (@sre-team)", "2025-08-01"),
    ]


def test_markdown_goes_into_a_pull_request(repository):
    run, _ = repository
    out = run("actions", "--as-of", "2025-07-10", "--format", "markdown", "--overdue").stdout
    assert out == (
        "| Action | Title | Owner | Due | State |\n| --- | --- | --- | --- | --- |\n"
        f"| [AI-1]({REVIEW_PATH}) | Size the pool by load | @payments-team | 2025-07-01, 9 days late | open |\n"
    )


def test_no_action_is_an_answer(repository):
    run, _ = repository
    assert run("actions", "--service", "search").output == "No action items found\n"


def test_log_marks_the_milestone_that_was_asked_for_and_no_other(repository):
    run, text = repository
    words = "traffic shifted, mitigated by failover"
    done = run(
        "log", "INC-2025-0142", words, "--at", "2025-06-15T15:00Z", "--milestone", "resolved"
    )
    assert done.output == f"{PATH}\n  + - 15:00 — Resolved: {words}\n"
    done = run(
        "log", "INC-2025-0142", "drained", "--at", "2025-06-15T14:50Z", "--milestone", "mitigated"
    )
    assert (done.exit_code, done.stderr) == (0, "")
    done = run(
        "log", "INC-2025-0142", "again", "--at", "2025-06-15T15:10Z", "--milestone", "mitigated"
    )
    assert done.stderr == "note: mitigated counts at 2025-06-15T14:50Z, as another entry says\n"
    assert "- 15:10 — Mitigated: again\n" in text()
    run("set", "INC-2025-0142", "mitigated_at", "2025-06-15T14:55Z")
    done = run(
        "log", "INC-2025-0142", "more", "--at", "2025-06-15T15:20Z", "--milestone", "mitigated"
    )
    assert done.stderr == "note: mitigated counts at 2025-06-15T14:55Z, as `mitigated_at` says\n"


@pytest.mark.parametrize(
    ("first", "new"),
    [("14.05 Uhr: Tore zu", "14.30 Uhr: Tore auf"), ("14 Uhr – Tore zu", "14:30 Uhr – Tore auf")],
)
def test_log_writes_german_clock_times(first, new, run, write):
    write({
        "incidents/INC-2021-0001.md": "---\nkind: incident\nid: INC-2021-0001\ndate: 2021-02-01\n---\n\n"
        f"# Tore\n\n## Zeitlicher Ablauf\n\nAlle Zeiten in MEZ\n\n- {first}\n"
    })  # fmt: skip
    done = run("log", "INC-2021-0001", "Tore auf", "--at", "2021-02-01T14:30+01:00")
    assert done.output == f"incidents/INC-2021-0001.md\n  + - {new}\n"
