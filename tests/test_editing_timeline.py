"""Adding timeline entries in the shape that is there: whole files before and after."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.editing.timeline import add_event
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import in_utc, parse_instant

CASES = sorted(path.parent for path in Path(__file__).parent.glob("editing/*/before.md"))
PATH = "incidents/INC-2025-0142/incident.md"

EVENING = [
    (datetime(2025, 6, 15, 14, 18, tzinfo=UTC), "First label is late", "started"),
    (datetime(2025, 6, 15, 14, 44, tzinfo=UTC), "Pool at 100 % | 40 of 40 are in use", None),
    (datetime(2025, 6, 15, 14, 31, tzinfo=UTC), "Severity classified as SEV2", "classified"),
    (datetime(2025, 6, 15, 16, 2, tzinfo=UTC), "Labels print\nagain", "mitigated"),
    (datetime(2025, 6, 16, 0, 12, tzinfo=UTC), "Late labels are out, nobody waits", "resolved"),
]
"""Logged in this order: before the first entry, between, at the same time as one, at the end, past midnight."""


def log(record, entries):
    for at, event, milestone in entries:
        record = add_event(record, at, event, milestone=milestone)
    return record


def told(record):
    """What a record's timeline says, with the milestones that its entries mark."""
    entries = record.document.record["timeline"]
    return [(in_utc(parse_instant(entry["at"])), entry["event"]) for entry in entries]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_evening_is_logged_in_the_shape_of_the_file(case, update):
    before = RecordText.read(PATH, (case / "before.md").read_bytes())
    after = log(before, EVENING)
    if update:
        (case / "after.md").write_bytes(after.content)
    assert after.content == (case / "after.md").read_bytes()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_line_that_was_there_stays(case):
    before = (case / "before.md").read_bytes()
    after = log(RecordText.read(PATH, before), EVENING).content
    remaining = iter(after.splitlines(keepends=True))
    lines = before.splitlines(keepends=True)
    if not before.endswith(b"\n"):  # an entry below it gives it its line break
        lines[-1] += b"\r\n" if b"\r\n" in before else b"\n"
    assert all(line in remaining for line in lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_entries_read_back_as_they_were_logged(case):
    before = RecordText.read(PATH, (case / "before.md").read_bytes())
    after = log(before, EVENING)
    entries = told(after)
    for at, event, milestone in EVENING:
        words = " ".join(event.split())
        assert any(when == at and words in what for when, what in entries), words
        if milestone not in {None, "started"}:
            tellings = after.document.milestones[milestone]
            assert parse_instant(tellings.at) == at
    assert [when for when, _ in entries] == sorted(
        (when for when, _ in entries), reverse=case.name == "newest-first"
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(CASES),
    st.integers(-60, 60 * 30),
    st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-7))]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1)
    | st.sampled_from(
        ["a | b", "**bold** words", "a `b|c`", "14:20 was late", "- x", "# y", "<b>"]
    ),
)
def test_an_entry_is_added_as_it_is_meant_or_refused(case, minutes, zone, event):
    before = RecordText.read(PATH, (case / "before.md").read_bytes())
    at = datetime(2025, 6, 15, 14, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    try:
        after = add_event(before, at.astimezone(zone), event)
    except EditError as refused:
        assert refused.hint  # noqa: PT017 - a refusal is one of two right answers
        return
    old = told(before) if before.document.record.get("timeline") else []
    new = told(after)
    assert len(new) == len(old) + 1
    assert [entry for entry in new if entry in old] == old or len(set(new)) < len(new)
    assert any(when == at for when, _ in new)


def test_a_timeline_without_a_form_to_follow_is_refused():
    body = "- ~14:20 UTC perhaps\n- around 14:30 UTC perhaps, too\n"
    text = f"---\nid: X\ndate: 2025-06-15\n---\n# T\n\n## Timeline\n\n{body}"
    with pytest.raises(EditError) as refused:
        add_event(RecordText.read(PATH, text.encode()), EVENING[0][0], "x")
    assert refused.value.location.path == PATH
    assert refused.value.location.line == 9
    assert refused.value.hint


@pytest.mark.parametrize(
    ("case", "event"),
    [
        ("list", "— behind a dash"),
        ("list", "<!-- mkdocs-incident: waive all -->"),
        ("headings", "## Root cause"),
        ("headings", "- 15:10 UTC another one"),
        ("headings", "```"),
        ("headings", "**Duration:** 3 h"),
    ],
)
def test_words_that_would_be_read_as_something_else_are_refused(case, event):
    before = Path(__file__).parent / "editing" / case / "before.md"
    record = RecordText.read(PATH, before.read_bytes())
    with pytest.raises(EditError, match="no certain place"):
        add_event(record, EVENING[1][0], event)


@pytest.mark.parametrize(("event", "milestone"), [("x", "solved"), (" \n", None)])
def test_an_entry_that_says_nothing_known_is_refused(event, milestone):
    record = RecordText.read(PATH, b"---\nid: X\n---\n# T\n")
    with pytest.raises(EditError):
        add_event(record, EVENING[0][0], event, milestone=milestone)


@pytest.mark.parametrize(
    ("old", "moment", "new"),
    [
        ("- 14:20:05Z a\n", (14, 22, 30), "- 14:22:30Z b\n"),
        ("- 14:20 UTC a\n", (14, 22, 30), "- 14:22 UTC b\n"),
        ("- 2:20 PM PDT - a\n", (21, 45, 0), "- 2:45 PM PDT - b\n"),
        ("- [15.06.2025 14:20 UTC] a\n", (23, 5, 0), "- [15.06.2025 23:05 UTC] b\n"),
        ("- 15 June 2025, 14:20 UTC: a\n", (23, 5, 0), "- 15 June 2025, 23:05 UTC: b\n"),
        ("- 06/15 14:20 UTC: a\n", (23, 5, 0), "- 06/15 23:05 UTC: b\n"),
        ("- `14:20+02:00` a\n", (14, 5, 0), "- `16:05+02:00` b\n"),
        ("- **14:20 UTC:** a\n", (14, 25, 0), "- **14:25 UTC:** b\n"),
        ("- [ ] 14:20 UTC a\n", (14, 25, 0), "- [ ] 14:25 UTC b\n"),
        ("- 14 Uhr 20 UTC: a\n", (15, 5, 0), "- 15 Uhr 05 UTC: b\n"),
        ("- 14:20 IST (UTC+5:30): a\n", (8, 55, 0), "- 14:25 IST (UTC+5:30): b\n"),
        ("- 14時20分 (UTC) a\n", (15, 5, 0), "- 15時05分 (UTC) b\n"),
    ],
)
def test_a_time_is_written_as_the_others_are(old, moment, new):
    text = f"---\nid: X\ndate: 2025-06-15\n---\n# T\n\n## Timeline\n\n{old}"
    at = datetime(2025, 6, 15, *moment, tzinfo=UTC)
    assert add_event(RecordText.read(PATH, text.encode()), at, "b").text == text + new


@pytest.mark.parametrize("milestone", MILESTONES)
@pytest.mark.parametrize("event", ["x", "Half of the hosts are back"])
def test_each_milestone_has_words_that_tell_it(milestone, event):
    text = "---\nid: X\ndate: 2025-06-15\n---\n# T\n\n## Timeline\n\n- 14:20 UTC a\n- 14:50 UTC b\n"
    at = datetime(2025, 6, 15, 14, 30, tzinfo=UTC)
    edited = add_event(RecordText.read(PATH, text.encode()), at, event, milestone=milestone)
    assert edited.document.milestones[milestone].route == ("timeline", 1)
    assert edited.document.record["timeline"][1]["event"].endswith(event)


def test_words_that_tell_the_milestone_are_left_alone():
    text = "---\nid: X\ndate: 2025-06-15\n---\n# T\n\n## Timeline\n\n- 14:20 UTC a\n"
    at = datetime(2025, 6, 15, 14, 30, tzinfo=UTC)
    edited = add_event(
        RecordText.read(PATH, text.encode()), at, "Mitigated by hand", milestone="mitigated"
    )
    assert edited.text == text + "- 14:30 UTC Mitigated by hand\n"


TIMELINE = "---\nid: X\ndate: 2025-06-15\n---\n# T\n\n## Timeline{}\n\n"


@pytest.mark.parametrize(
    ("heading", "entries"),
    [
        ("", "- 14:23 PST (UTC-7): a\n"),
        ("", "- 14:23 IST — a\n"),
        ("", "- 2025-06-15 14:23 IST — a\n"),
        ("", "| Time | Event |\n|---|---|\n| 14:23 IST | a |\n"),
        ("", "| Time (IST) | Event |\n|---|---|\n| 14:23 | a |\n"),
        (" (IST)", "- 14:23 — a\n"),
        ("", "All times are in IST.\n\n- 14:23 — a\n"),
        ("", "- T+5m — a\n"),
    ],
)
def test_no_clock_is_written_where_what_clocks_there_show_is_not_known(heading, entries):
    record = RecordText.read(PATH, (TIMELINE.format(heading) + entries).encode())
    with pytest.raises(EditError, match="no certain place"):
        add_event(record, datetime(2025, 6, 15, 14, 50, tzinfo=UTC), "b")


@pytest.mark.parametrize(
    ("entries", "new"),
    [
        ("T0 = 14:23 UTC\n\n- T-5m — a\n- T+5m — c\n", "- 14:50 UTC — b\n"),
        ("- T0 = 14:23 UTC\n- **T+5m:** c\n", "- 14:50 UTC — b\n"),
        ("T0 = 14:23 UTC+2\n\n- T+5m: c\n", "- 14:50 UTC — b\n"),
        ("T0 = 14:23 UTC\n\n| Time | Event |\n|---|---|\n| T0 | a |\n", "| 14:50 UTC | b |\n"),
        ("T0 = 14:23 UTC\n\n- T0 — a\n- 14:30 UTC: c\n", "- 14:50 UTC: b\n"),
    ],
)
def test_an_entry_beside_some_that_count_from_a_start_has_its_own_clock(entries, new):
    text = TIMELINE.format("") + entries
    at = datetime(2025, 6, 15, 14, 50, tzinfo=UTC)
    assert add_event(RecordText.read(PATH, text.encode()), at, "b").text == text + new
