"""Updates and postmortems against what the severity asks for."""

import pytest
from metrics_support import at, minutes, record


def updates(*entries):
    lines = [f"  - {{ at: 2025-06-15T{when}Z, audience: {who}, text: x }}" for when, who in entries]
    return "\n".join(["communications:", *lines])


def test_the_longest_silence(measure):
    sent = updates(
        ("14:30", "stakeholders"), ("14:45", "status-page"), ("14:50", "team"), ("15:05", "customers")
    )  # fmt: skip
    told = measure(record("14:23 — Detected", "15:15 — Resolved", fields=sent)).cadence
    # 14:23 7 14:30 15 14:45 20 15:05 10 15:15; the team's own update does not count
    assert [gap.counted for gap in told.gaps] == [minutes(7), minutes(15), minutes(20), minutes(10)]
    assert told.longest.since == at("2025-06-15T14:45")
    assert (told.heard, told.every, told.state) == (3, minutes(15), "missed")


@pytest.mark.parametrize(
    ("severity", "sent", "state"),
    [
        (
            "SEV1",
            [("14:38", "x"), ("14:53", "x"), ("15:08", "x")],
            "met",
        ),  # every quarter of an hour
        ("SEV1", [("14:39", "x"), ("14:53", "x"), ("15:08", "x")], "missed"),  # the first after 16
        ("SEV2", [("14:50", "x")], "met"),  # 27 and 25 minutes, SEV2 allows 30
        ("SEV2", [("14:50", "x"), ("15:20", "x")], "met"),  # what comes after the end is no gap
        ("SEV2", [("14:10", "x")], "missed"),  # before detection: 52 minutes of silence
        ("SEV2", [("14:40", "'executives, stakeholders'"), ("15:00", "x")], "met"),
        ("SEV2", [("14:40", "executives"), ("15:00", "x")], "missed"),  # 37 minutes
        ("SEV2", [], "unknown"),  # who wrote none down may have sent some
        ("SEV4", [("14:50", "x")], "no-target"),
    ],
)
def test_cadence(measure, severity, sent, state):
    text = record("14:23 — Detected", "15:15 — Resolved", severity=severity, fields=updates(*sent))
    assert measure(text).cadence.state == state


def test_what_the_timeline_says_breaks_a_silence(measure):
    fields = updates(("14:30", "x"))
    page = "14:50 — Status page updated: payments fail"
    told = measure(record("14:23 — Detected", page, "15:15 — Resolved", fields=fields)).cadence
    assert [gap.counted for gap in told.gaps] == [minutes(7), minutes(20), minutes(25)]
    alone = measure(record("14:23 — Detected", page, "15:15 — Resolved")).cadence
    assert alone.state == "unknown"  # no list of updates: there may have been more


def test_an_update_before_the_detection_ends_no_silence(measure):
    told = measure(record("14:23 — Detected", "15:15 — Resolved", fields=updates(("14:10", "x"))))
    assert [gap.counted for gap in told.cadence.gaps] == [minutes(52)]  # 14:23 to 15:15


def test_an_update_without_a_time_leaves_it_open(measure):
    fields = "communications:\n  - { at: soon, audience: x }\n  - { at: 2025-06-15T15:00Z }"
    told = measure(record("14:23 — Detected", "15:15 — Resolved", fields=fields)).cadence
    # 37 minutes of silence, in which the other one may have been sent
    assert (told.undated, told.state) == (1, "unknown")


@pytest.mark.parametrize(
    ("as_of", "sent", "state"),
    [
        ("2025-06-15T14:38", [], "pending"),
        ("2025-06-15T14:39", [], "missed"),  # 16 minutes since detection
        ("2025-06-15T14:45", [("14:30", "x")], "pending"),
        ("2025-06-15T14:46", [("14:30", "x")], "missed"),
    ],
)
def test_cadence_of_a_live_incident(measure, as_of, sent, state):
    live = record("14:23 — Detected", status="investigating", fields=updates(*sent))
    assert measure(live, as_of=at(as_of)).cadence.state == state


@pytest.mark.parametrize(
    ("timeline", "sent", "page", "executives"),
    [
        # SEV1: the status page within 10 minutes of 14:23, executives within an hour
        ([], [("14:33", "status-page"), ("15:24", "executives")], "met", "missed"),
        ([], [("14:34", "status-page"), ("15:23", "'stakeholders, executives'")], "missed", "met"),
        (["14:30 — Status page says that payments fail"], [], "met", "unknown"),
        ([], [], "unknown", "unknown"),
    ],
)
def test_first_words(measure, timeline, sent, page, executives):
    text = record("14:23 — Detected", *timeline, "16:00 — Resolved", fields=updates(*sent))
    told = {word.audience: word.state for word in measure(text).cadence.first_words}
    assert told == {"the status page": page, "executives": executives}


def test_first_words_of_a_live_incident(measure):
    live = record("14:23 — Detected", status="investigating")
    told = measure(live, as_of=at("2025-06-15T14:34")).cadence.first_words
    # 11 minutes: the status page is late, executives have 49 more
    assert [(word.audience, word.state, word.waited) for word in told] == [
        ("the status page", "missed", None),
        ("executives", "pending", None),
    ]


# Postmortems


@pytest.mark.parametrize(
    ("fields", "as_of", "state"),
    [
        # resolved on 15 June at 15:47, due 48 hours later: on 17 June at 15:47
        ("published_on: 2025-06-17", "2025-06-30", "met"),
        ("published_on: 2025-06-18", "2025-06-30", "missed"),
        ("status: final", "2025-06-30", "unknown"),
        ("status: draft", "2025-06-17T15:47", "pending"),
        ("status: draft", "2025-06-17T15:48", "missed"),
    ],
)
def test_postmortem_in_time(measure, fields, as_of, state):
    review = f"---\nincidents: [INC-2025-0142]\ntitle: Why\n{fields}\n---\n"
    text = record("14:23 — Detected", "15:47 — Resolved")
    told = measure(text, as_of=at(as_of), **{"incidents/INC-0/postmortem.md": review})
    assert told.publication.state == state
    assert told.publication.due_at == at("2025-06-17T15:47")


def test_postmortem_that_nobody_asks_for_or_cannot_be_due_yet(measure):
    assert measure(record("14:23 — Detected", severity="SEV4")).publication is None
    assert measure(record("14:23 — Detected", status="monitoring")).publication.state == "pending"
    assert measure(record("14:23 — Detected")).publication.state == "unknown"
