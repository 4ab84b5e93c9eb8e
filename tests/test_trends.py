"""Trends as pictures, and what they say where little is known, through real builds.

Every number is summed by hand; the case says how.
"""

from itertools import pairwise

import pytest
from site_support import broken_links, event_handlers
from trends_support import PAGE, builder, measure, of_kind, picture, record


@pytest.fixture
def site(tmp_path):
    return builder(tmp_path)


# Pictures


def test_each_incident_is_a_mark_to_scale(site):
    done = site(
        record("INC-2025-0001", "2025-04-01", 60, "SEV1"),
        record("INC-2025-0002", "2025-07-01", 120, "SEV2"),
    )
    drawn = picture(done, "resolve")
    # Two quarters of 50 %, a first day stands a tenth of its quarter from the left. The longest
    # incident took 2 h, the target of SEV2 is 4 h, twice that: it is on the scale, 0 to 4 h over
    # 170 pixels below 16. 1 h: 16 + 170 * 3/4, 2 h: 16 + 170 / 2.
    assert drawn.marks == {
        "INC-2025-0001 1 h, SEV1": (5, 143.5, "1"),
        "INC-2025-0002 2 h, SEV2": (55, 101, "2"),
    }
    assert of_kind(drawn, "target") == [(101, 0, 100), (16, 0, 100)]
    assert [y for y, _, _ in of_kind(drawn, "tick")] == [186, 143.5, 101, 58.5, 16]
    for text in ("0 min", "1 h", "2 h", "3 h", "4 h", "Q2", "2025", "Q3", "SEV1", "SEV2"):
        assert text in drawn.texts
    assert "SEV3" not in drawn.texts
    words = measure(done, "resolve")
    assert "Targets: SEV1 2 h; SEV2 4 h; beyond the scale: SEV3 1 d." in words
    assert "2 incidents tell it, from 1 h to 2 h. Fewer than 8 give no trend." in words
    assert of_kind(drawn, "median") == of_kind(drawn, "p90") == of_kind(drawn, "break") == []
    assert broken_links(done.site) == []


def test_eight_incidents_of_a_quarter_have_lines_and_seven_have_not(site):
    third = [record(f"INC-2025-01{n:02}", f"2025-07-{n + 1:02}", 10 * n) for n in range(1, 9)]
    second = [record(f"INC-2025-00{n:02}", f"2025-05-{n + 1:02}", 10 * n) for n in range(1, 8)]
    done = site(*third, *second)
    drawn = picture(done, "resolve")
    # 10, 20 … 80 minutes: half way between 40 and 50; the 8th of 8 is the first with 90 % up to it.
    # The scale goes to the target of SEV1, 120 minutes: 16 + 170 * 75/120 and 16 + 170 * 40/120.
    assert of_kind(drawn, "median") == [(122.2, 50, 100)]
    assert of_kind(drawn, "p90") == [(72.7, 50, 100)]
    words = measure(done, "resolve")
    # Of all 15: 10, 10, 20, 20 … 70, 70, 80: the 8th is 40, the 14th (13.5) is 70.
    assert "Median 40 min, 90th percentile 1 h 10 min, of 15 incidents." in words
    assert "A quarter with fewer than 8 incidents shows its marks only" in words
    assert "Q2 2025 7 40 min fewer than 8 0 0 1 h 10 min INC-2025-0007" in words
    assert "Q3 2025 8 45 min 1 h 20 min 0 0 1 h 20 min INC-2025-0108" in words
    assert len(drawn.marks) == 15


def test_what_is_far_out_stands_above_a_break_that_is_said(site):
    # Quartiles of 10, 12, 14, 16, 600 are 12 and 16; 16 + 1.5 * 4 = 22 is the fence, 600 beyond it
    # and more than twice 16. The scale ends at 20, in steps of 5 minutes, over 170 pixels below 34.
    spans = (10, 12, 14, 16, 600)
    done = site(*(record(f"INC-2025-000{n}", "2025-08-01", span) for n, span in enumerate(spans)))
    drawn = picture(done, "resolve")
    marks = {title.split()[0]: y for title, (_, y, _) in drawn.marks.items()}
    assert marks["INC-2025-0000"] == 34 + 170 / 2
    assert marks["INC-2025-0004"] < min(y for y, _, _ in of_kind(drawn, "break")) < 34
    assert "longer" in drawn.texts
    words = measure(done, "resolve")
    assert "The scale ends at 20 min and breaks there: 1 incident took longer, up to 10 h." in words
    assert "All targets are beyond the scale: SEV1 2 h; SEV2 4 h; SEV3 1 d." in words


def test_a_mark_is_moved_aside_rather_than_hidden_and_stays_in_its_quarter(site):
    done = site(
        *(record(f"INC-2025-000{n}", "2025-09-30", 30) for n in range(4)),
        record("INC-2024-0001", "2024-01-01", 30),
    )
    places = sorted(
        x for title, (x, _, _) in picture(done, "resolve").marks.items() if "2025-" in title
    )
    assert len(places) == 4
    assert all(after - before >= 2.7 for before, after in pairwise(places))
    # Q1 2024 to Q3 2025 are seven quarters: the last one begins at 6/7.
    assert places[0] > 100 * 6 / 7
    assert places[-1] < 100


def test_pictures_show_eight_quarters_and_say_what_is_earlier(site):
    done = site(
        record("INC-2023-0001", "2023-09-30", 30),  # Q3 2023 is the ninth quarter back
        record("INC-2023-0002", "2023-10-01", 40),
        record("INC-2025-0001", "2025-07-01", 50),
    )
    assert {title.split()[0] for title in picture(done, "resolve").marks} == {
        "INC-2023-0002",
        "INC-2025-0001",
    }
    words = measure(done, "resolve")
    assert "1 earlier incident is in the table only." in words
    assert "Q3 2023 1 30 min" in words


def test_shape_and_title_tell_the_severity_without_colour(site):
    names = ("SEV1", "SEV2", "SEV3", "SEV4", "", "HUGE")
    done = site(*(record(f"INC-2025-000{n}", "2025-08-01", 30, s) for n, s in enumerate(names)))
    shapes = {
        title.split(", ")[1]: shape
        for title, (_, _, shape) in picture(done, "resolve").marks.items()
    }
    assert shapes == {
        "SEV1": "1", "SEV2": "2", "SEV3": "3", "SEV4": "4", "severity not recorded": "0", "HUGE": "0",
    }  # fmt: skip
    assert "severity not recorded, or none of these" in done.text(PAGE.format("trends"))


# Unknown, few, none


def test_unknown_is_said_and_never_zero(site):
    done = site(record("INC-2025-0001", "2025-08-01"), record("INC-2025-0002", "2025-08-02", 30))
    assert (
        "1 incident tells it: 30 min. Fewer than 8 give no trend. 1 incident does not record it."
        in (measure(done, "resolve"))
    )
    assert "No incident records it. 2 incidents do not record it." in measure(done, "mitigate")
    assert picture(done, "mitigate") is None
    assert 'id="classify"' not in done.page(PAGE.format("trends"))  # nobody tells it: no section
    table = done.text(PAGE.format("trends")).split("Response times by severity")[1]
    # detect at once, acknowledge, engage and mitigate unknown, resolve 30 min of one
    assert (
        "SEV3 2 0 min median of 2 not recorded not recorded not recorded 30 min median of 1 1 not"
        in table
    )


def test_live_incidents_are_told_apart_from_unknown_ones(site):
    live = record("INC-2025-0001", "2025-09-30").replace("status: closed", "status: detected")
    done = site(live, record("INC-2025-0002", "2025-09-29"))
    words = measure(done, "resolve")
    assert "1 incident does not record it. It is still ahead in 1 open incident." in words


def test_an_empty_repository_says_how_to_begin(site):
    done = site()
    for page in ("trends", "incidents"):
        words = done.text(PAGE.format(page))
        assert "No incidents yet." in words
        assert "incidents/INC-2025-0001/incident.md" in words


def test_a_bare_incident_without_a_date(site):
    done = site("---\nid: INC-2025-0001\n---\n")
    words = done.text(PAGE.format("incidents"))
    assert "1 incident has no date and counts for no year." in words
    assert "Date not recorded 1" in words
    assert "None began in 2025 until today, against none in 2024" in words
    assert "No incident began in Q2 2025 and Q3 2025." in done.text(PAGE.format("trends"))
    assert "No incident began in these twelve months, up to today; 1 more has no date" in (
        done.text("knowledge-base/index.html")
    )


def test_text_of_records_stays_text(site):
    script = "<script>alert(1)</script>"
    image = "<img src=x onerror=alert(2)>"
    hostile = record("INC-2025-0001", "2025-08-01", 30, f'"{script}"', services=f'"{image}"')
    unnamed = record("INC-2025-0002", "2025-08-02", 30).replace("id: INC-2025-0002\n", "")
    unnamed = unnamed.replace("INC-2025-0002", script)
    done = site(hostile, unnamed)
    for page in ("trends", "incidents"):
        text = done.page(PAGE.format(page)).partition('class="inc ')[2]
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert event_handlers(text.partition("<footer")[0]) == []
    assert f"Orders wait in {script} 30 min, SEV3" in picture(done, "resolve").marks
