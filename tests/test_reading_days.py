"""Which day a time belongs to: its own, the one above, midnight crossed, the document's."""

from datetime import date

import pytest
from reading_support import DATED, entry, read, times

from mkdocs_incident.source.document import read_document


def test_day_without_a_time_stays_a_day():
    assert times(f"{DATED}## Timeline\n\n- 2025-06-14 — a\n- 2025-06-15 — b\n  - 09:00 — c\n") == [
        "2025-06-14",
        "2025-06-15T09:00",
    ]


DAYS = {
    "duration": ("**Duration:** 2025-06-15 14:20 UTC → 15:10 UTC", "2025-06-15T14:23Z"),
    "date": ("**Date:** June 15, 2025", "2025-06-15T14:23"),
    "date with a time": ("**Date:** 2025-06-15 14:00 UTC", "2025-06-15T14:23"),
    "field": ("**Detected:** 2025-06-15 14:20 UTC", "2025-06-15T14:23"),
    "nothing": ("", "14:23"),
}


@pytest.mark.parametrize("where", DAYS)
def test_day_comes_from(where):
    line, at = DAYS[where]
    assert entry("- 14:23 — x", f"# Gate stays shut\n\n{line}\n\n") == {"at": at, "event": "x"}


def test_day_comes_from_the_title():
    head = "# Postmortem: gate stays shut (2025-06-15)\n\n"
    assert entry("- 14:23 — x", head)["at"] == "2025-06-15T14:23"


@pytest.mark.parametrize(
    ("heading", "at"),
    [
        ("Timeline (2025-06-20, UTC)", "2025-06-20T14:23Z"),
        ("Timeline 2025-06-20 (UTC)", "2025-06-20T14:23Z"),
        ("Timeline, 20 June 2025", "2025-06-20T14:23"),
        ("Timeline of June 20, 2025", "2025-06-20T14:23"),
        ("Incident timeline: 2025-06-20", "2025-06-20T14:23"),
        ("Zeitachse vom 20. Juni 2025", "2025-06-20T14:23"),
        ("Timeline (UTC)", "2025-06-15T14:23Z"),
        ("Timeline (UTC, 2025-06-20)", "2025-06-20T14:23Z"),
        ("Timeline of release 2025-06-20", None),
        ("Timeline (last updated: 2025-06-20)", "2025-06-15T14:23"),
        ("Timeline (exported 2025-06-20, UTC)", "2025-06-15T14:23Z"),
        ("Timeline (since deploy 2025.06.20)", "2025-06-15T14:23"),
        ("Zeitverlauf (Zeiten in MESZ, Stand 20.06.2025)", "2025-06-15T14:23+02:00"),
        ("Timeline " + ", - " * 20_000 + "2025-06-20", None),
        ("Timeline 14:00", None),
    ],
)
def test_day_comes_from_the_timelines_heading(heading, at):
    record = read(f"{DATED}## {heading}\n\n- 14:23 — x\n").record
    assert [event["at"] for event in record.get("timeline", ())] == ([at] if at else [])


def test_day_comes_from_the_caller_last():
    text = b"# Gate\n\n## Timeline\n\n- 14:23 \xe2\x80\x94 x\n"
    document = read_document("incidents/a.md", text, day=date(2025, 6, 15))
    assert document.record["timeline"][0]["at"] == "2025-06-15T14:23"
    assert "date" not in document.record


def test_date_once_then_times():
    body = "## Timeline\n\n- 2025-06-20 08:10 UTC — a\n- 08:30 — b\n- 2025-06-21 07:00 UTC — c\n- 09:00 — d\n"
    assert times(DATED + body) == [
        "2025-06-20T08:10Z",
        "2025-06-20T08:30",
        "2025-06-21T07:00Z",
        "2025-06-21T09:00",
    ]


@pytest.mark.parametrize(
    "day",
    [
        "### 2025-06-20",
        "### Friday, 20 June 2025",
        "**2025-06-20**",
        "**2025-06-20:**",
        "2025-06-20",
    ],
)
def test_day_heading(day):
    body = f"## Timeline\n\n{day}\n\n- 08:10 — a\n- 08:30 — b\n\n### 2025-06-21\n\n- 07:00 — c\n"
    assert times(DATED + body) == ["2025-06-20T08:10", "2025-06-20T08:30", "2025-06-21T07:00"]


def test_day_row_and_day_column():
    rows = "| Time | Event |\n|---|---|\n| 2025-06-20 | |\n| 08:10 | a |\n| **2025-06-21** | |\n| 07:00 | b |"
    assert times(f"{DATED}## Timeline\n\n{rows}\n") == ["2025-06-20T08:10", "2025-06-21T07:00"]
    rows = "| Date | Time | Event |\n|---|---|---|\n| 2025-06-20 | 08:10 | a |\n| | 08:30 | b |\n| 06/21 | 07:00 | c |"
    assert times(f"{DATED}## Timeline\n\n{rows}\n") == [
        "2025-06-20T08:10",
        "2025-06-20T08:30",
        "2025-06-21T07:00",
    ]


def test_midnight_is_crossed_once():
    body = "## Timeline\n\n- 23:50 — a\n- 00:10 — b\n- 00:40 — c\n- 23:55 — d\n- 00:05 — e\n"
    assert times(DATED + body) == [
        "2025-06-15T23:50",
        "2025-06-16T00:10",
        "2025-06-16T00:40",
        "2025-06-16T23:55",
        "2025-06-17T00:05",
    ]


def test_midnight_with_a_long_gap_is_told_by_the_end():
    head = "# A\n\n**Duration:** 2025-06-15 14:00 UTC → 2025-06-16 09:30 UTC\n\n"
    assert times(f"{head}## Timeline\n\n- 16:00 — a\n- 08:00 — b\n") == [
        "2025-06-15T16:00Z",
        "2025-06-16T08:00Z",
    ]


def test_entry_out_of_order_stays_on_its_day():
    assert times(f"{DATED}## Timeline\n\n- 14:30 — a\n- 14:10 — b\n") == [
        "2025-06-15T14:30",
        "2025-06-15T14:10",
    ]


def test_deploy_before_midnight_belongs_to_the_day_before():
    head = "# A\n\n**Duration:** 2025-06-16 00:05 UTC → 2025-06-16 01:00 UTC\n\n"
    assert times(f"{head}## Timeline\n\n- 23:50 — deployed\n- 00:05 — gate shut\n") == [
        "2025-06-15T23:50Z",
        "2025-06-16T00:05Z",
    ]


def test_first_and_last_day_of_the_calendar():
    assert times("# A\n\n**Date:** 0001-01-01\n\n## Timeline\n\n- 06/22 10:00 — a\n") == [
        "0001-06-22T10:00"
    ]
    assert times("# A\n\n**Date:** 9999-12-31\n\n## Timeline\n\n- 23:00 — a\n- 00:10 — b\n") == [
        "9999-12-31T23:00",
        "9999-12-31T00:10",
    ]


DECEMBER = "# A\n\n**Date:** 2025-12-30\n\n"


@pytest.mark.parametrize(
    ("written", "order", "due"),
    [
        ("12/31", "month-first", "2025-12-31"),
        ("01/05", "month-first", "2026-01-05"),
        ("12/29", "month-first", "2026-12-29"),
        ("05/01", "day-first", "2026-01-05"),
        ("31/12", "month-first", "2025-12-31"),
        ("31.12.", "month-first", "2025-12-31"),
        ("Jan 5", "month-first", "2026-01-05"),
        ("5. Januar", "month-first", "2026-01-05"),
        ("2026-01-05", "month-first", "2026-01-05"),
        ("01/05/2026", "month-first", "2026-01-05"),
        ("02/29", "month-first", "2028-02-29"),
        ("13/13", "month-first", "13/13"),
        ("02/30", "month-first", "02/30"),
        ("next week", "month-first", "next week"),
        ("Q1 2026", "month-first", "Q1 2026"),
    ],
)
def test_due_date_of_a_table(written, order, due):
    body = (
        f"{DECEMBER}## Action Items\n\n| Action | Due |\n|---|---|\n| Mend the gate | {written} |\n"
    )
    assert read(body, order=order).record["action_items"][0]["due"] == due


def test_day_without_a_year_and_without_a_day_to_count_from():
    document = read("# A\n\n## Action Items\n\n- [ ] Mend the gate (@gate, due 06/22)\n")
    assert document.record["action_items"][0]["due"] == "06/22"
    assert document.wants_year


NAMELESS = "---\nkind: {}\n---\n# Gate stays shut\n\n{}## Timeline\n\n- 14:23 UTC — gate shut\n"


@pytest.mark.parametrize(
    ("path", "kind", "line", "at"),
    [
        ("incidents/2025-03-04-gate.md", "incident", "", "2025-03-04T14:23Z"),
        ("2025-03-04.md", "incident", "", "2025-03-04T14:23Z"),
        ("incidents/2025-03-04-gate.md", "incident", "**Date:** 2025-03-03\n\n", "2025-03-03T14:23Z"),
        ("incidents/2025-13-04-gate.md", "incident", "", "14:23"),
        ("incidents/2025-03-04_gate.md", "incident", "", "2025-03-04T14:23Z"),
        ("incidents/2025-03-04x.md", "incident", "", "14:23"),
        ("incidents/2025-03-041.md", "incident", "", "14:23"),
        ("incidents/gate-2025-03-04.md", "incident", "", "14:23"),
        ("incidents/2025-03-04-gate.md", "postmortem", "", "14:23"),  # when it was written?
    ],
)  # fmt: skip
def test_an_incidents_file_named_by_a_day_tells_it_where_nothing_else_does(path, kind, line, at):
    document = read_document(path, NAMELESS.format(kind, line).encode())
    assert document.record["timeline"][0]["at"] == at
