"""What a stamp means: the forms of a time, what is approximate, and what stays as it is written."""

import pytest
from reading_support import DATED, entry, read


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
