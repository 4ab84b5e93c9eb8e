"""What of a document is its timeline, and which of its entries are milestones."""

import pytest
from reading_support import DATED, read, times


def test_uncertain_entry_of_a_list_stays_as_written():
    assert times(f"{DATED}## Timeline\n\n- 14:05 — a\n- Shortly after — b\n- 14:09 — c\n") == [
        "2025-06-15T14:05",
        "Shortly after",
        "2025-06-15T14:09",
    ]


def test_headings_as_entries():
    body = "## Timeline\n\n### 08:10 UTC\n\nGate shut.\n\n### 08:30 UTC — Gate open\n"
    found = read(DATED + body).record["timeline"]
    assert [(e["at"], e["event"]) for e in found] == [
        ("2025-06-15T08:10Z", "Gate shut."),
        ("2025-06-15T08:30Z", "Gate open"),
    ]


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
