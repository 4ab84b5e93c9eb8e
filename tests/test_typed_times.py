"""Times as people type them in a hurry: which instant they mean, or why none."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from typed_support import INC, LIVE, PATH

CENTRAL = LIVE.replace("(UTC)", "(CEST)").replace("15 14:23 —", "15 16:23 —")


@pytest.mark.parametrize(
    ("record", "typed", "said"),
    [
        (LIVE, "2025-06-15T16:42", "16:42 — Pool enlarged"),
        (CENTRAL, "2025-06-15T16:42", "16:42 — Pool enlarged"),
        (CENTRAL, "2025-06-15T14:42Z", "16:42 — Pool enlarged"),
        (CENTRAL, "2025-06-15 14:42 UTC", "16:42 — Pool enlarged"),
        (LIVE, "2025-06-15 16:42 CEST", "14:42 — Pool enlarged"),
        (LIVE, "2025-06-15 16:42:00+02:00", "14:42 — Pool enlarged"),
    ],
)
def test_a_time_without_a_zone_is_the_timelines_own(write, run, record, typed, said):
    write({PATH: record})
    done = run("log", INC, "Pool enlarged", "--at", typed)
    assert done.stdout.endswith(f"{said}\n"), done.output


def test_the_heading_of_an_empty_timeline_states_its_zone(write, run):
    write({PATH: CENTRAL.partition("- 2025")[0]})
    done = run("log", INC, "Pool enlarged", "--at", "2025-06-15T16:42")
    assert "16:42 — Pool enlarged" in done.stdout, done.output


def entries(text):
    """The instants that a record's timeline in UTC tells, in its order."""
    return re.findall(r"^- (\d{4}-\d{2}-\d{2} \d{2}:\d{2})", text, re.MULTILINE)


@pytest.mark.parametrize("zone", ["", " UTC", " CET"])
def test_a_clock_is_its_last_passing(there, zone):
    run, text = there
    now = datetime.now(UTC)
    shift = timedelta(hours=1) if zone == " CET" else timedelta(0)
    for back in (timedelta(hours=1), timedelta(hours=23)):
        at = now - back
        done = run("log", INC, "Seen", "--at", f"{at + shift:%H:%M}{zone}")
        assert done.exit_code == 0, done.output
        assert f"{at:%Y-%m-%d %H:%M}" in entries(text()) or f"- {at:%H:%M} — Seen" in text()


def test_now_is_now(there):
    run, text = there
    run("log", INC, "Seen", "--at", "now")
    written = datetime.strptime(entries(text())[-1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2025-06-15", "is a day, expected a time such as 14:05"),
        ("soon", "is no time such as now, 14:05, 22:05 CET or 2025-10-01T14:23Z"),
        ("25:00", "is no time such as"),
        ("14:05 IST", "names a zone that means different ones; write an offset"),
        ("06/07/2025 14:05", "has no certain day"),
        ("~14:05", "is no time such as"),
        ("2025-03-30 02:30 Europe/Berlin", "is no time such as"),
    ],
)
def test_what_is_no_certain_time_is_refused(there, typed, why):
    run, text = there
    done = run("log", INC, "Seen", "--at", typed)
    assert (done.exit_code, text()) == (2, LIVE)
    assert why in " ".join(done.stderr.split())


CLOSED = LIVE.replace("status: investigating", "status: closed")


@pytest.mark.parametrize("typed", ["14:30", "14:30 UTC", "16:30 CEST"])
def test_a_clock_means_no_day_of_today_where_all_is_long_over(there, write, typed):
    run, text = there
    write({PATH: CLOSED})
    done = run("log", INC, "Fans spin up", "--at", typed)
    assert (done.exit_code, text()) == (2, CLOSED)
    assert (
        f"`--at` names no day, and the last that is known of {INC} is of 2025-06-15: "
        f'write it, such as `--at "2025-06-15 {typed}"`'
    ) in done.stderr
    assert run("log", INC, "Fans spin up", "--at", f"2025-06-15 {typed}").exit_code == 0
    assert "14:30" in text()


def test_nor_where_only_fields_say_when_it_was(there, write):
    run, _ = there
    fields = "id: INC-2025-0142\ntitle: x\nstatus: closed\nresolved_at: 2025-06-15T15:00Z\n"
    write({PATH: f"---\n{fields}---\n"})
    done = run("log", INC, "Fans spin up", "--at", "14:30")
    assert done.exit_code == 2
    assert 'write it, such as `--at "2025-06-15 14:30"`' in done.stderr


def test_a_timeline_without_a_day_says_what_it_lacks(there, write):
    run, text = there
    undated = "---\nid: INC-2025-0142\ntitle: x\nstatus: closed\n---\n## Timeline\n\n- 10:00 — a\n- 11:00 — b\n"
    write({PATH: undated})
    done = run("log", INC, "Fans spin up", "--at", "2025-06-15 10:30")
    assert (done.exit_code, text()) == (1, undated)
    assert done.stderr == (
        f"{PATH}:8:3: Timeline has no certain place for an entry at 2025-06-15 10:30 UTC\n"
        "  hint: Its times name no day: write one in its heading, then log again\n"
    )
    write({PATH: undated.replace("Timeline", "Timeline (2025-06-15, UTC)")})
    assert run("log", INC, "Fans spin up", "--at", "2025-06-15 10:30").exit_code == 0
    assert "- 10:00 — a\n- 10:30 — Fans spin up\n- 11:00 — b\n" in text()


def test_nothing_has_happened_yet_tomorrow(there):
    run, text = there
    ahead = datetime.now(UTC) + timedelta(hours=26)
    done = run("log", INC, "Seen", "--at", f"{ahead:%Y-%m-%dT%H:%MZ}")
    assert (done.exit_code, text()) == (2, LIVE)
    assert f"`--at` means {ahead:%Y-%m-%d %H:%M} UTC, which is 1 d " in done.stderr
    soon = datetime.now(UTC) + timedelta(minutes=3)  # clocks differ
    assert run("log", INC, "Seen", "--at", f"{soon:%Y-%m-%dT%H:%MZ}").exit_code == 0


@pytest.mark.parametrize(
    ("record", "typed", "told"),
    [
        (LIVE, "15:30", "2025-06-15 15:30 UTC"),
        (LIVE, "14:30", "2025-06-16 14:30 UTC"),
        (CENTRAL, "17:30", "2025-06-15 15:30 UTC"),
        (LIVE, "17:30 CEST", "2025-06-15 15:30 UTC"),
        (LIVE, "2025-06-15T15:30Z", "2025-06-15 15:30 UTC"),
    ],
)
def test_the_next_update_is_the_clocks_next_passing(write, run, record, typed, told):
    write({PATH: record})
    done = run("comms", INC, "--at", "2025-06-15T14:50Z", "--next-update", typed)
    assert f"Next update: {told}\n" in done.stdout, done.output


def test_no_update_is_promised_for_the_past(there):
    run, _ = there
    done = run("comms", INC, "--at", "2025-06-15T14:50Z", "--next-update", "2025-06-15T14:20Z")
    assert done.exit_code == 2
    assert (
        "`--next-update` means 2025-06-15 14:20 UTC, which is 30 min before 2025-06-15 14:50 UTC"
        in done.stderr
    )


def test_a_text_that_begins_with_a_time_is_told_so(there):
    run, text = there
    done = run("log", INC, "14:30 restarted db", "--at", "2025-06-15T14:42Z")
    assert (done.exit_code, text()) == (1, LIVE)
    assert "Text begins with a time, `14:30`, which would be read as the entry's own" in done.stderr
    assert 'hint: Give the time by `--at "14:30"`, and the text without it' in done.stderr
