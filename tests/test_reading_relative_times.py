"""Times that count from a start: which start, which offsets, and what only looks like one."""

import pytest
from reading_support import DATED, entry, read, times

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
