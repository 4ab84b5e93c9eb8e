"""``mkdocs-incident report``: the closing report, whole."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

EXPECTED = Path(__file__).parent / "report"
REPOSITORY = Path(__file__).parents[1]

RECORD = """\
---
id: INC-2025-0142
title: {title}
severity: {severity}
status: {status}
incident_commander: "@payments-lead"
{fields}
---

{body}
"""
PATH = "incidents/INC-2025-0142/incident.md"

AWKWARD = {
    "incident.yml": "severity: p0-p3\n",
    PATH: RECORD.format(
        title='"Queue <b>a|b</b> `x|y` is full"',
        severity="P1",
        status="resolved",
        fields="""\
services: ["a|b"]
started_at: 2025-06-15T14:18Z
impact: { summary: "See [log](evidence/a.log) | <script>alert(1)</script>", data_loss: "no" }
mitigations:
  - { action: "Run `a | b`", result: "One ` too many | two", strategy: rollback }
evidence:
  - { title: "Log [1]", path: "evidence/a b.log" }
  - { url: "https://logs.parcels.example/q?a=b c" }
  - { url: "javascript:alert(1)", title: Not a link }
runbooks:
  - { id: RB-queue, verdict: outdated }
  - { id: RB-lane, verdict: not-used, note: "The *lane* was [closed](evidence/a.log)" }
  - { id: RB-depot, verdict: not-used }""",
        body="""\
## Timeline (UTC)

| Time | Event |
| --- | --- |
| 14:23 | Detected: alert fires |
| 14:25 | @oncall acknowledges |
| 14:40 | Mitigated: back at the old release |
| 14:58 | Root cause identified |
| 19:23 | Resolved |
""",
    ),
    "incidents/INC-2025-0142/postmortem.md": """\
---
incidents: [INC-2025-0142]
title: Why
status: draft
root_cause: |
  # of workers was 1
  and [the limit](evidence/a.log) <i>2</i>.

  - 3 | 4
  - # and
    more
  1) than that
---

## Action items

- [ ] Alert at a|b (@queue-team, due 2025-06-22)
- [x] Raise the limit (@queue-team, due 2025-06-17)
""",
}


def report(run, ident, as_of, **options):
    result = run("report", ident, "--as-of", as_of, **options)
    assert result.exit_code == 0, result.output
    return result.stdout


def compare(name, told, update):
    path = EXPECTED / name
    if update:
        path.write_text(told)
    assert told == path.read_text()


@pytest.mark.parametrize(
    ("ident", "as_of"), [("INC-2025-0007", "2025-10-01"), ("INC-2025-0035", "2025-10-01")]
)
def test_incidents_of_the_sample(run, update, ident, as_of):
    compare(f"{ident}.md", report(run, ident, as_of, folder=REPOSITORY), update)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("awkward", AWKWARD),
        (
            "nothing-known",
            {PATH: "---\nid: INC-2025-0142\n---\n"},
        ),
        (
            "live-and-late",
            {
                "incident.yml": "severity: p0-p3\n",
                PATH: RECORD.format(
                    title="Refunds are late",
                    severity="P0",
                    status="investigating",
                    fields="communications:\n"
                    "  - { at: 2025-06-15T14:40Z, audience: status-page, text: Late }",
                    body="## Timeline (UTC)\n\n- 2025-06-15 14:23 — Detected by an alert",
                ),
            },
        ),
    ],
)
def test_small_records(write, run, update, name, files):
    write(files)
    compare(f"{name}.md", report(run, "INC-2025-0142", "2025-06-16T20:00Z"), update)


def test_the_text_of_records_becomes_no_html_and_breaks_no_table(write, run):
    write(AWKWARD)
    told = report(run, "INC-2025-0142", "2025-06-16T20:00Z")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(told)
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    cells = [row.count("<td") for row in html.split("<tr>") if "<td" in row]
    assert set(cells) == {2, 4}
    assert html.count("<h1>") == 1
    assert html.count("<h2>") == 6


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "`<script>`",
        "``x <script>` y` z",
        r"\`<script>\`",
        "a ` <script> `` b",
        "`` a ` <script> ` b ``",
        "<!-- <script> -->",
        "x` <script>",
    ],
)
def test_no_mark_lets_html_through(write, run, text):
    write({PATH: f"---\nid: INC-2025-0142\ntitle: '{text}'\nroot_cause: '{text}'\n---\n"})
    html = MarkdownIt("commonmark").render(report(run, "INC-2025-0142", "2025-06-16"))
    assert "&lt;script" in html or "&amp;lt;script" in html
    assert "<script" not in html
    assert "<!--" not in html


def test_it_can_be_repeated(write, run):
    write(AWKWARD)
    first = report(run, "INC-2025-0142", "2025-06-16")
    assert report(run, "INC-2025-0142", "2025-06-16") == first
    assert report(run, "INC-2025-0142", "2026-06-16") != first


def test_an_unknown_incident(write, run):
    write({PATH: "---\nid: INC-2025-0142\n---\n"})
    result = run("report", "INC-2025-0141")
    assert result.exit_code == 2
    assert "`INC-2025-0141` is not the id of an incident here" in result.stderr


@pytest.mark.parametrize(
    "value",
    [
        "7",
        "[1, {}]",
        "{a: [b]}",
        "true",
        "null",
        '"\\u202e\\u0007"',
        '"| | |"',
        "2025-13-45",
        ".inf",
    ],
)
@pytest.mark.parametrize(
    "field",
    [
        "title", "severity", "status", "services", "started_at", "duration", "impact", "mitigations",
        "communications", "evidence", "runbooks", "root_cause", "action_items", "published_on",
        "review_meeting_at", "timeline",
    ],
)  # fmt: skip
def test_content_never_raises(write, run, field, value):
    write({PATH: f"---\nid: INC-2025-0142\n{field}: {value}\n---\n"})
    assert "## Next steps" in report(run, "INC-2025-0142", "2025-06-16")


def test_a_cause_that_only_a_plan_names_is_told_with_where_it_stands(write, run):
    plan = "---\nincident: INC-2025-0142\nstatus: executed\nroot_cause: The [pool](../a.md) is small\n---\n"
    write({
        PATH: RECORD.format(
            title="Refunds are late", severity="SEV2", status="resolved", fields="root_cause: Unknown",
            body="",
        ),
        "incidents/INC-2025-0142/mitigation-plan.md": plan,
    })  # fmt: skip
    told = report(run, "INC-2025-0142", "2025-06-16T20:00Z")
    _, _, after = told.partition("## Root cause\n\n")
    assert after.partition("\n## ")[0] == (
        "The [pool](incidents/a.md) is small\n\n"
        "As the mitigation plan has it: "
        "[incidents/INC-2025-0142/mitigation-plan.md](incidents/INC-2025-0142/mitigation-plan.md).\n"
    )


@pytest.mark.parametrize(
    "unknown", ["Unknown", "Unbekannt", "不明", "The cause is not known: no logs are left"]
)
def test_a_final_review_may_end_with_an_unknown_cause(write, run, unknown):
    review = f"---\nincidents: [INC-2025-0142]\ntitle: Why\nstatus: final\nroot_cause: '{unknown}'\n---\n"
    write({
        PATH: RECORD.format(
            title="Late", severity="SEV2", status="resolved", fields="root_cause: The pool leaked", body="",
        ),
        "incidents/INC-2025-0142/postmortem.md": review,
    })  # fmt: skip
    told = report(run, "INC-2025-0142", "2025-06-16T20:00Z")
    assert f"## Root cause\n\n{unknown}\n\n## " in told
