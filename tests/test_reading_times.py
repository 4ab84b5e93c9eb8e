"""What a stamp means: day, zone, midnight, year, and what stays as it is written."""

from datetime import date

import pytest

from mkdocs_incident.source.document import ReadOptions, read_document

DATED = "# INC-2025-0150: Gate stays shut\n\n**Date:** 2025-06-15\n\n"


def read(body, **options):
    return read_document("incidents/a/incident.md", body.encode(), ReadOptions(**options))


def times(body, **options):
    return [entry["at"] for entry in read(body, **options).record["timeline"]]


def entry(line, before=DATED, heading="## Timeline"):
    (found,) = read(f"{before}{heading}\n\n{line}\n").record["timeline"]
    return {name: value for name, value in found.items() if name != "milestone"}


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("- 14:23 — gate shut", "2025-06-15T14:23"),
        ("- 14:23 - gate shut", "2025-06-15T14:23"),
        ("- 14:23: gate shut", "2025-06-15T14:23"),
        ("- 14:23 gate shut", "2025-06-15T14:23"),
        ("- **14:23** — gate shut", "2025-06-15T14:23"),
        ("- **14:23:** gate shut", "2025-06-15T14:23"),
        ("- `14:23` gate shut", "2025-06-15T14:23"),
        ("- [14:23] gate shut", "2025-06-15T14:23"),
        ("- (14:23) gate shut", "2025-06-15T14:23"),
        ("- 14:23:07 — gate shut", "2025-06-15T14:23:07"),
        ("- 14:23 UTC — gate shut", "2025-06-15T14:23Z"),
        ("- 14:23Z — gate shut", "2025-06-15T14:23Z"),
        ("- 14:23 (UTC) — gate shut", "2025-06-15T14:23Z"),
        ("- 14:23 CEST — gate shut", "2025-06-15T14:23+02:00"),
        ("- 14:23 UTC+2 — gate shut", "2025-06-15T14:23+02:00"),
        ("- 14:23 GMT-05:30 — gate shut", "2025-06-15T14:23-05:30"),
        ("- 14:23+02:00 — gate shut", "2025-06-15T14:23+02:00"),
        ("- 2:23 PM — gate shut", "2025-06-15T14:23"),
        ("- 2:23pm UTC — gate shut", "2025-06-15T14:23Z"),
        ("- 12:05 am — gate shut", "2025-06-15T00:05"),
        ("- 9:05 — gate shut", "2025-06-15T09:05"),
        ("- 14h23 — gate shut", "2025-06-15T14:23"),
        ("- 14:23 Uhr — gate shut", "2025-06-15T14:23"),
        ("- 2025-06-16 14:23 UTC — gate shut", "2025-06-16T14:23Z"),
        ("- 2025-06-16T14:23:00Z — gate shut", "2025-06-16T14:23Z"),
        ("- 2025-06-16T14:23-05:00 — gate shut", "2025-06-16T14:23-05:00"),
        ("- 2025/06/16 14:23 — gate shut", "2025-06-16T14:23"),
        ("- 16.06.2025, 14:23 — gate shut", "2025-06-16T14:23"),
        ("- 16 June 2025 14:23 — gate shut", "2025-06-16T14:23"),
        ("- June 16, 2025 at 14:23 UTC — gate shut", "2025-06-16T14:23Z"),
        ("- 16. Juni 2025 um 14:23 — gate shut", "2025-06-16T14:23"),
        ("- Jun 16 14:23 — gate shut", "2025-06-16T14:23"),
        ("- Mon 2025-06-16 14:23 — gate shut", "2025-06-16T14:23"),
        ("- 06/16 14:23 — gate shut", "2025-06-16T14:23"),
        ("- 14:23–14:31 — gate shut", "2025-06-15T14:23"),
        ("- 14:23-14:31 UTC — gate shut", "2025-06-15T14:23Z"),
        ("- 14:23 to 14:31 — gate shut", "2025-06-15T14:23"),
        ("- 2025-06-16 14:23-15:47 — gate shut", "2025-06-16T14:23"),
        ("- 2025-06-16 14:23 → 2025-06-17 01:10 UTC — gate shut", "2025-06-16T14:23Z"),
    ],
)
def test_stamp_is_read(line, at):
    assert entry(line) == {"at": at, "event": "gate shut"}
    cell = line[2:].split(" gate shut")[0].rstrip(" —-:").replace(":**", "**")
    assert entry(f"| Time | Event |\n| --- | --- |\n| {cell} | gate shut |") == {
        "at": at,
        "event": "gate shut",
    }


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("- ~14:05 — gate shut", "2025-06-15T14:05"),
        ("- ca. 14:05 — gate shut", "2025-06-15T14:05"),
        ("- around 14:05 — gate shut", "2025-06-15T14:05"),
        ("- gegen 14:05 — gate shut", "2025-06-15T14:05"),
        ("- 2025-06-16 ~14:05 UTC — gate shut", "2025-06-16T14:05Z"),
    ],
)
def test_approximate_time_is_kept_and_marked(line, at):
    assert entry(line) == {"at": at, "event": "gate shut", "approximate": True}


@pytest.mark.parametrize("cell", ["14:05 (approx)", "14:05 (ca.)", "~14:05"])
def test_approximate_cell(cell):
    table = f"| Time | Event |\n| --- | --- |\n| {cell} | gate shut |"
    assert entry(table) == {"at": "2025-06-15T14:05", "event": "gate shut", "approximate": True}


@pytest.mark.parametrize("at", ["25:61", "2025-13-45 14:00", "afternoon", "T+12m", "14:7"])
def test_uncertain_time_stays_as_written(at):
    table = f"| Time | Event |\n| --- | --- |\n| {at} | gate shut |"
    assert entry(table) == {"at": at, "event": "gate shut", "approximate": True}


def test_unknown_time_is_no_time():
    assert entry("| Time | Event |\n| --- | --- |\n| ??:?? | gate shut |") == {
        "event": "gate shut",
        "approximate": True,
    }


@pytest.mark.parametrize("zone", ["IST", "CST", "(BST)", "PT"])
def test_name_of_several_zones_is_none_of_them(zone):
    body = f"{DATED}**Detected:** 2025-06-15 14:20 {zone}\n\nAll times UTC\n\n## Timeline\n\n"
    assert times(f"{body}| Time (UTC) | Event |\n|---|---|\n| 14:23 {zone} | x |\n") == [
        "2025-06-15T14:23"
    ]
    assert times(f"{body}- 14:23 {zone} — x\n") == ["2025-06-15T14:23"]
    front = f"---\nid: INC-1\ndetected_at: 2025-06-15 14:20 {zone}\n---\n"
    assert read(front).record["detected_at"] == f"2025-06-15 14:20 {zone}"


def test_uncertain_entry_of_a_list_stays_as_written():
    assert times(f"{DATED}## Timeline\n\n- 14:05 — a\n- Shortly after — b\n- 14:09 — c\n") == [
        "2025-06-15T14:05",
        "Shortly after",
        "2025-06-15T14:09",
    ]


def test_day_without_a_time_stays_a_day():
    assert times(f"{DATED}## Timeline\n\n- 2025-06-14 — a\n- 2025-06-15 — b\n  - 09:00 — c\n") == [
        "2025-06-14",
        "2025-06-15T09:00",
    ]


ZONES = {
    "column header": ("", "| Time (UTC) | Event |\n|---|---|\n| 14:23 | x |"),
    "column header without brackets": ("", "| UTC Time | Event |\n|---|---|\n| 14:23 | x |"),
    "column header that is the zone": ("", "| UTC | Event |\n|---|---|\n| 14:23 | x |"),
    "note above": ("", "All times UTC.\n\n- 14:23 — x"),
    "note in italics": ("", "*All times are in UTC.*\n\n- 14:23 — x"),
    "note in German": ("", "Alle Zeiten in UTC\n\n- 14:23 — x"),
    "note below": ("", "- 14:23 — x\n\nTimes are UTC."),
    "duration line": ("**Duration:** 14:20 UTC – 15:10 UTC\n\n", "- 14:23 — x"),
    "section heading": ("", ""),
}


@pytest.mark.parametrize("where", ZONES)
def test_zone_comes_from(where):
    head, body = ZONES[where]
    heading = "## Timeline (UTC)" if where == "section heading" else "## Timeline"
    found = entry(body or "- 14:23 — x", DATED + head, heading)
    assert found["at"] == "2025-06-15T14:23Z"


def test_zone_of_the_cell_wins():
    table = "| Time (UTC) | Event |\n|---|---|\n| 14:23 CEST | x |"
    assert entry(table)["at"] == "2025-06-15T14:23+02:00"


def test_offset_in_the_header():
    assert entry("| Time (+02:00) | Event |\n|---|---|\n| 14:23 | x |")["at"].endswith("+02:00")


def test_no_zone_is_made_up():
    assert entry("- 14:23 — see 2025-06-15 10:00 UTC in the log")["at"] == "2025-06-15T14:23"


def test_range_in_the_duration_is_no_offset():
    head = "# A\n\n**Duration:** 2025-06-15 14:23-15:47 (84 minutes)\n\n"
    assert entry("- 14:25 — x", head)["at"] == "2025-06-15T14:25"


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


def test_headings_as_entries():
    body = "## Timeline\n\n### 08:10 UTC\n\nGate shut.\n\n### 08:30 UTC — Gate open\n"
    found = read(DATED + body).record["timeline"]
    assert [(e["at"], e["event"]) for e in found] == [
        ("2025-06-15T08:10Z", "Gate shut."),
        ("2025-06-15T08:30Z", "Gate open"),
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


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("**Detected:** 14:20 UTC", "detected_at", "2025-06-15T14:20Z"),
        ("**Detected:** 2025-06-15 14:20", "detected_at", "2025-06-15T14:20"),
        ("**Resolved:** ~15:00", "resolved_at", "~15:00"),
        ("**Resolved:** after lunch", "resolved_at", "after lunch"),
        ("**Resolved:** ongoing", "resolved_at", "ongoing"),
    ],
)
def test_instants_in_labels(label, field, value):
    assert read(f"{DATED}{label}\n").record[field] == value


def milestones(body):
    found = read(f"{DATED}{body}").milestones
    return {name: (moment.at, moment.told_by) for name, moment in found.items()}


def test_milestone_told_twice_is_the_first_and_resolved_the_last():
    body = "## Timeline\n\n- 14:00 — Alert fires\n- 14:10 — Alert fires again\n- 15:00 — Resolved\n- 16:00 — Resolved for good\n"
    assert milestones(body) == {
        "detected": ("2025-06-15T14:00", "words"),
        "resolved": ("2025-06-15T16:00", "words"),
    }


def test_field_then_marked_entry_then_words():
    table = "| Time | Event | Milestone |\n|---|---|---|\n| 14:00 | Alert fires | |\n| 14:05 | Seen | detected |\n"
    assert milestones(f"## Timeline\n\n{table}") == {"detected": ("2025-06-15T14:05", "milestone")}
    assert milestones(f"**Detected:** 13:58\n\n## Timeline\n\n{table}") == {
        "detected": ("2025-06-15T13:58", "field")
    }


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("PST (UTC-8)", "-08:00"), ("IST (UTC+5:30)", "+05:30"), ("+01:00 (CET)", "+01:00"), ("UTC (GMT)", "Z")],
)  # fmt: skip
def test_what_stands_in_brackets_makes_a_zone_certain(zone, offset):
    found = {"at": f"2025-06-15T14:23{offset}", "event": "gate shut"}
    assert entry(f"- 14:23 {zone} — gate shut") == found
    assert entry(f"| Time | Event |\n|---|---|\n| 14:23 {zone} | gate shut |") == found
    assert entry(f"| Time {zone} | Event |\n|---|---|\n| 14:23 | gate shut |") == found


@pytest.mark.parametrize("zone", ["PST (UTC-7)", "CEST (UTC+1)", "UTC (IST+1)"])
def test_a_zone_that_contradicts_itself_is_none(zone):
    (found,) = read(f"{DATED}## Timeline\n\n- 14:23 {zone} — x\n").record["timeline"]
    assert found["at"] == ("2025-06-15T14:23Z" if "IST" in zone else "2025-06-15T14:23")


@pytest.mark.parametrize("behind", [" — gate shut", ": gate shut", " MEZ — gate shut"])
def test_minutes_behind_uhr(behind):
    zone = "+01:00" if "MEZ" in behind else ""
    assert entry(f"- 14 Uhr 30{behind}") == {
        "at": f"2025-06-15T14:30{zone}",
        "event": "gate shut",
    }


def test_a_number_behind_uhr_may_be_one_of_what_happened():
    assert entry("- 14 Uhr 30 Kunden melden sich") == {
        "at": "2025-06-15T14:00",
        "event": "30 Kunden melden sich",
        "approximate": True,
    }


FROM_START = ["T-5m", "T0", "T+1h05", "T+90m", "T + 30 s"]
AT = ["14:18Z", "14:23Z", "15:28Z", "15:53Z", "14:23:30Z"]


@pytest.mark.parametrize(
    "start",
    [
        "## Timeline\n\nT0 is 14:23 UTC.\n\n",
        "## Timeline\n\n**T0** = 14:23 UTC, the first alert.\n\n",
        "## Timeline\n\n`T0` = 14:23–14:30 UTC\n\n",
        "## Timeline\n\nT+0 (2025-06-15 14:23 UTC)\n\n",
        "## Timeline\n\nT0 = 14:23 UTC\n\nT0 (14:23)\n\n",
        "## Timeline\n\n- T0 = 14:23 UTC\n\n",
        "## Timeline (T0 = 14:23 UTC)\n\n",
    ],
)
def test_times_count_from_a_start_that_the_timeline_names(start):
    expected = [f"2025-06-15T{at}" for at in AT]
    lines = "".join(f"- {at} — x\n" for at in FROM_START)
    assert times(f"{DATED}{start}{lines}") == expected
    rows = "".join(f"| {at} | x |\n" for at in FROM_START)
    assert times(f"{DATED}{start}| Time | Event |\n|---|---|\n{rows}") == expected


def test_an_entry_says_what_the_others_count_from():
    lines = "- T-30m: a\n- **T+0 (00:10 UTC)**: b\n- T+5m: c\n"
    entries = read(f"{DATED}## Timeline\n\n{lines}").record["timeline"]
    assert [(e["at"], e["event"]) for e in entries] == [
        ("2025-06-14T23:40Z", "a"),
        ("2025-06-15T00:10Z", "b"),
        ("2025-06-15T00:15Z", "c"),
    ]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("T0+5m", "14:28Z"),
        ("T0 + 5m", "14:28Z"),
        ("T0-5m", "14:18Z"),
        ("T+5 minutes", "14:28Z"),
        ("T+2 hours", "16:23Z"),
        ("T+1h 5 min", "15:28Z"),
        ("T+90 seconds", "14:24:30Z"),
        ("**T−5m**", "14:18Z"),
    ],
)
@pytest.mark.parametrize("behind", [": x", " — x", " - x", " x"])
def test_an_offset_is_read_whole(written, at, behind):
    found = entry(f"T0 = 14:23 UTC\n\n- {written}{behind}\n")
    assert found == {"at": f"2025-06-15T{at}", "event": "x"}


@pytest.mark.parametrize(
    "written",
    ["T-1 day", "T+5.5m", "T+1:05", "T+5m 30s", "T+5", "T+5m–10m", "T0 + 5m - T0 + 10m", "T0+1.5 hours"],
)  # fmt: skip
@pytest.mark.parametrize("start", ["T0 = 14:23 UTC\n\n", ""])
def test_an_offset_that_is_not_certain_stays_as_written(written, start):
    assert entry(f"{start}- {written}: x\n") == {"at": written, "event": "x", "approximate": True}
    (found,) = read(
        f"{DATED}## Timeline\n\n{start}| Time | Event |\n|---|---|\n| {written} | x |\n"
    ).record["timeline"]
    assert found == {"at": written, "event": "x", "approximate": True}


@pytest.mark.parametrize("written", ["**{}**:", "**{}:**", "`{}` —", "__{}__:"])
@pytest.mark.parametrize("at", ["T0", "T+5m", "T-1 day", "T+1:05"])
def test_what_stays_as_written_is_without_marks(written, at):
    found = entry(f"- {written.format(at)} x\n")
    assert found == {"at": at, "event": "x", "approximate": True}


def test_an_offset_with_a_question_mark_is_approximate():
    found = entry("T0 = 14:23 UTC\n\n- T+5m?: x\n")
    assert found == {"at": "2025-06-15T14:28Z", "event": "x", "approximate": True}
    assert entry("- T+5m?: x\n") == {"at": "T+5m?", "event": "x", "approximate": True}


@pytest.mark.parametrize(
    "text",
    ["-5m rows", "+90m rows", "T0 customers were hit", "T1 lines were cut", "T-1 customers were hit",
     "T0 - 5 customers were hit", "T+0 customers were hit"],
)  # fmt: skip
def test_what_only_looks_like_an_offset_is_no_time(text):
    body = f"{DATED}## Timeline\n\nT0 = 14:23 UTC\n\n- T+1m: a\n\n### Changes\n\n- {text}\n"
    assert times(body) == ["2025-06-15T14:24Z"]


@pytest.mark.parametrize(
    "prose",
    [
        "Memory of host T0 (12:30 snapshot)",
        "After the restart; T0 is 2 pm for the other team",
        "T0 is 2 pm for the other team",
        "T0 (12:30 snapshot) was full",
        "All times count from T+0 (14:23 UTC).",
    ],
)
def test_prose_names_no_start(prose):
    (found,) = read(f"{DATED}## Timeline\n\n{prose}\n\n- T+5m: x\n").record["timeline"]
    assert found == {"at": "T+5m", "event": "x", "approximate": True}


def test_a_start_without_a_date_is_not_certain_among_days():
    lines = "### 2025-06-16\n\n- T0 (14:23 UTC): a\n- T+5m: x\n"
    assert times(f"{DATED}## Timeline\n\n{lines}") == ["2025-06-16T14:23Z", "T+5m"]


@pytest.mark.parametrize(
    "lines",
    [
        "- T+12m: x\n",  # from when?
        "T0 = 14:23 UTC\n\n- T+1:05: x\n",  # hours or minutes?
        "- T0 (14:20): a\n- T0 (14:23): b\n- T+5m: x\n",  # from which?
        "- T-1m: a\n- T0: x\n",
    ],
)
def test_a_time_that_counts_from_nothing_certain_stays_as_written(lines):
    found = read(f"{DATED}## Timeline\n\n{lines}").record["timeline"][-1]
    assert found == {"at": lines.split("- ")[-1][:-4], "event": "x", "approximate": True}


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


@pytest.mark.parametrize("name", ["**Key events**", "**Key events:**", "### Key events"])
def test_key_events_are_a_timeline_where_times_follow(name):
    body = f"{DATED}## Response\n\n{name}\n\n"
    assert times(f"{body}- 14:23 — a\n- 14:25 — b\n") == ["2025-06-15T14:23", "2025-06-15T14:25"]
    assert "timeline" not in read(f"{body}- We had many\n- We were slow\n").record


KEY_EVENTS = "**Key events**\n\n- 14:23 UTC — a\n- 14:25 UTC — b\n\n"


@pytest.mark.parametrize(
    "timeline",
    [
        "## Timeline\n\n- 14:20 UTC — c\n- 14:23 UTC — a\n",
        "## Ablauf\n\n| Time | Event |\n|---|---|\n| 14:20 UTC | c |\n| 14:23 UTC | a |\n",
        "## Response\n\n| Time | Event |\n|---|---|\n| 14:20 UTC | c |\n| 14:23 UTC | a |\n",
    ],
)
def test_key_events_beside_a_timeline_are_no_entries(timeline):
    assert times(f"{DATED}## Summary\n\n{KEY_EVENTS}{timeline}") == [
        "2025-06-15T14:20Z",
        "2025-06-15T14:23Z",
    ]


def test_key_events_beside_a_timeline_in_the_front_matter_are_no_entries():
    front = "---\ntimeline:\n  - {at: 2025-06-15T14:20Z, event: c}\n---\n"
    assert times(f"{front}{DATED}## Summary\n\n{KEY_EVENTS}") == ["2025-06-15T14:20Z"]


def test_key_events_below_the_timelines_heading_are_its_entries():
    assert times(f"{DATED}## Timeline\n\n{KEY_EVENTS}") == [
        "2025-06-15T14:23Z",
        "2025-06-15T14:25Z",
    ]


def test_the_heading_of_key_events_tells_their_zone():
    lines = "- 14:23 — a\n- 14:25 — b\n- 14:26 — c\n"
    assert times(f"{DATED}## Response\n\n### Wichtige Ereignisse (UTC)\n\n{lines}") == [
        "2025-06-15T14:23Z",
        "2025-06-15T14:25Z",
        "2025-06-15T14:26Z",
    ]


@pytest.mark.parametrize(
    ("written", "at", "event"),
    [
        ("14 Uhr 5 – x", "14:05", "x"),
        ("15 Uhr 11 (UTC): x", "15:11Z", "x"),
        ("15 Uhr 11 (UTC) x", "15:11Z", "x"),
        ("15 Uhr 13 bis 15 Uhr 20: x", "15:13", "x"),
        ("15 Uhr 14-15 Uhr 22: x", "15:14", "x"),
        ("15 Uhr 14 – 15 Uhr 22 – x", "15:14", "x"),
        ("15 Uhr 20 % der Nutzer", "15:00", "20 % der Nutzer"),
        ("15 Uhr 20% der Nutzer", "15:00", "20% der Nutzer"),
        ("15 Uhr 20,5 % der Nutzer", "15:00", "20,5 % der Nutzer"),
        ("15 Uhr 200 Kunden", "15:00", "200 Kunden"),
    ],
)
def test_numbers_behind_uhr(written, at, event):
    assert entry(f"- {written}") == {"at": f"2025-06-15T{at}", "event": event}


@pytest.mark.parametrize("event", ["5 Kunden melden sich", "20-30 Kunden melden sich"])
def test_a_count_behind_uhr_makes_the_time_approximate(event):
    found = {"at": "2025-06-15T15:00", "event": event, "approximate": True}
    assert entry(f"- 15 Uhr {event}") == found


@pytest.mark.parametrize(
    "body",
    [
        "All times in IST (UTC+5:30).\n\n## Timeline\n\n- 14:30 IST — x\n",
        "## Timeline (IST, UTC+5:30)\n\n- 14:30 IST: x\n",
        "## Timeline\n\n| Time (IST, UTC+5:30) | Event |\n|---|---|\n| 14:30 | x |\n",
        "## Timeline\n\n| Time (IST, UTC+5:30) | Event |\n|---|---|\n| 14:30 IST | x |\n",
    ],
)
def test_a_zone_has_the_offset_that_the_document_says(body):
    (found,) = read(DATED + body).record["timeline"]
    assert found == {"at": "2025-06-15T14:30+05:30", "event": "x"}


def test_another_zone_has_not_the_offset_of_a_note():
    body = (
        "All times in IST (UTC+5:30).\n\n## Timeline\n\n- 14:30 BST — x\n- 14:31 IST (UTC+2) — x\n"
    )
    assert times(DATED + body) == ["2025-06-15T14:30", "2025-06-15T14:31+02:00"]


def test_a_typographic_minus_is_one():
    assert entry("- 14:23 EST (UTC−5) — x") == {"at": "2025-06-15T14:23-05:00", "event": "x"}
    assert entry("- 14:23 UTC−5 — x") == {"at": "2025-06-15T14:23-05:00", "event": "x"}
