"""`comms --audience review-invite`: the invitation to the review, as calendars take it."""

import pytest
from authoring_support import (
    FILES,
    INC,
    PATH,
    RESOLVED,
    REVIEW,
    REVIEW_PATH,
    communications,
    same_as,
)
from icalendar import Calendar


@pytest.fixture
def reviewed(repository_of):
    """An incident with a draft of its review."""
    record = RESOLVED.partition("\n## Root")[0]
    run, _ = repository_of({**FILES, PATH: record, REVIEW_PATH: REVIEW}, PATH)
    return run


INVITE = ("--audience", "review-invite", "--as-of", "2025-06-16T09:00Z")


def test_the_invitation_is_a_calendars_request(reviewed, tmp_path, update):
    done = reviewed("comms", INC, *INVITE, "--output", "review.ics", "--mail-domain", "parcels.example")  # fmt: skip
    assert done.stdout == "review.ics: written\n"
    content = (tmp_path / "review.ics").read_bytes()
    same_as("review.ics", content.decode(), update)
    assert content.count(b"\n") == content.count(b"\r\n")
    printed = reviewed("comms", INC, *INVITE, "--mail-domain", "parcels.example")
    assert printed.stdout_bytes == content
    calendar = Calendar.from_ical(content)
    (event,) = calendar.events
    assert calendar["METHOD"] == "REQUEST"
    assert [(one.params["CN"], str(one)) for one in event["ATTENDEE"]] == [
        ("@sre-lead", "mailto:sre-lead@parcels.example"),
        ("@payments-lead", "mailto:payments-lead@parcels.example"),
        ("@payments-team", "mailto:payments-team@parcels.example"),
    ]
    assert event.duration.total_seconds() == 3600


def test_without_mailboxes_people_are_names(reviewed):
    event = Calendar.from_ical(
        reviewed("comms", INC, *INVITE, "--duration", "45 min").stdout
    ).events[0]
    assert str(event["ATTENDEE"][0]) == "urn:mkdocs-incident:handle:sre-lead"
    assert event.duration.total_seconds() == 45 * 60


def test_a_second_invitation_replaces_the_first(reviewed):
    first = Calendar.from_ical(reviewed("comms", INC, *INVITE).stdout).events[0]
    assert reviewed("comms", INC, *INVITE, "--record", "--output", "review.ics").exit_code == 0
    later = ("--at", "2025-06-18T13:00Z")
    second = Calendar.from_ical(reviewed("comms", INC, *INVITE, *later).stdout).events[0]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert first["UID"] == second["UID"]
    assert second.start.isoformat() == "2025-06-18T13:00:00+00:00"
    (entry,) = communications(reviewed)
    assert entry["text"] == "Review of INC-2025-0142: A cache sized for one country, on 2025-06-17 13:00 UTC"  # fmt: skip


def test_a_review_without_a_time_is_not_invited_to(reviewed, write):
    write({REVIEW_PATH: REVIEW.replace("review_meeting_at: 2025-06-17T13:00Z\n", "")})
    done = reviewed("comms", INC, *INVITE)
    assert done.exit_code == 2
    assert "No record says when the review is" in done.stderr


def test_names_of_any_kind_are_invited(reviewed, write):
    write({REVIEW_PATH: REVIEW.replace('"@sre-lead"', r'"@a\"b;:\r\nX-EVIL:1, c", "@ü"')})
    event = Calendar.from_ical(reviewed("comms", INC, *INVITE).stdout).events[0]
    assert "X-EVIL" not in event
    assert len(event["ATTENDEE"]) == 5
