"""Which zone a time has: its own, its column's, its document's, or none."""

import pytest
from reading_support import DATED, entry, read, times


@pytest.mark.parametrize("zone", ["IST", "CST", "(BST)", "PT"])
def test_name_of_several_zones_is_none_of_them(zone):
    body = f"{DATED}**Detected:** 2025-06-15 14:20 {zone}\n\nAll times UTC\n\n## Timeline\n\n"
    assert times(f"{body}| Time (UTC) | Event |\n|---|---|\n| 14:23 {zone} | x |\n") == [
        "2025-06-15T14:23"
    ]
    assert times(f"{body}- 14:23 {zone} — x\n") == ["2025-06-15T14:23"]
    front = f"---\nid: INC-1\ndetected_at: 2025-06-15 14:20 {zone}\n---\n"
    assert read(front).record["detected_at"] == f"2025-06-15 14:20 {zone}"


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
