"""Incidents by year, trends, repeat offenders and the year at a glance, through real builds.

Every number is summed by hand; the case says how.
"""

import html
import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from site_support import broken_links, build, event_handlers, write

CONFIG = "site_name: Test\nplugins:\n  - incident: {as_of: 2025-10-01, on_findings: ignore}\n"
PAGE = "knowledge-base/{}/index.html"
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"


def record(ident, began, minutes=None, severity="SEV3", fields="", *, services="orders"):
    """An incident that was detected at once, and resolved after so many minutes."""
    hours, rest = divmod(minutes or 0, 60)
    end = f"resolved_at: {began}T{hours:02}:{rest:02}Z" if minutes is not None else ""
    severity = f"severity: {severity}" if severity else ""
    return f"""\
---
kind: incident
id: {ident}
title: Orders wait in {ident}
{severity}
status: closed
incident_commander: "@orders-lead"
services: [{services}]
started_at: {began}T00:00Z
detected_at: {began}T00:00Z
{end}
{fields}
---

# Orders wait
"""


def repository(*records, **files):
    """A repository with these incidents, in the order given, and files by path."""
    incidents = {f"incidents/{number:03}.md": text for number, text in enumerate(records)}
    return {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n", **incidents, **files}


@pytest.fixture
def site(tmp_path):
    """Build a repository."""

    def site(*records, **files):
        done = build(write(tmp_path, repository(*records, **files)), "--strict")
        assert done.code == 0, done.log
        return done

    return site


@dataclass
class Picture:
    """What a reader's browser is told to draw."""

    marks: dict = field(default_factory=dict)
    """Title → (per cent from the left, pixels from the top, shape)."""
    lines: list = field(default_factory=list)
    """(kind, pixels from the top, from and to in per cent)."""
    texts: list = field(default_factory=list)
    title: str = ""


def picture(done, name, page="trends"):
    """The picture of a measure, read as XML: it has to be well-formed."""
    text = done.page(PAGE.format(page))
    svg = re.search(rf'<svg class="inc-plot"[^>]*="plot-{name}-title.*?</svg>', text, re.DOTALL)
    if svg is None:
        return None
    bare = svg[0].replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ')
    root = ET.fromstring(bare)  # noqa: S314 - our own page
    assert root.get("role") == "img"
    labels = {root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")}
    assert set(root.get("aria-labelledby").split()) == labels

    def number(element, key):
        return float(element.get(key).removesuffix("%"))

    return Picture(
        marks={
            use.find(f"{SVG}title").text: (number(use, "x"), number(use, "y"), use.get(XLINK)[-1])
            for use in root.iter(f"{SVG}use")
        },
        lines=[
            (
                line.get("class").rpartition("-")[2],
                *(number(line, key) for key in ("y1", "x1", "x2")),
            )
            for line in root.iter(f"{SVG}line")
        ],
        texts=[text.text for text in root.iter(f"{SVG}text")],
        title=root.find(f"{SVG}title").text,
    )


def of_kind(drawn, kind):
    return [line[1:] for line in drawn.lines if line[0] == kind]


def measure(done, name):
    """The words of the part of the page that tells of a measure."""
    page = done.page(PAGE.format("trends"))
    part = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)[1]
    return " ".join(
        html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", part, flags=re.DOTALL)).split()
    )


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


# Numbers over time


def several(count, day, first=1):
    return [record(f"INC-2025-{first + n:04}", day, 30) for n in range(count)]


def test_the_first_sentence_tells_the_running_quarter_and_compares_whole_ones(site):
    done = site(
        *several(8, "2025-04-02"),
        *several(9, "2025-07-02", first=101),
        record("INC-2025-0201", "2025-10-01", 0, fields="recurrence_of: INC-2025-0001"),
        record("INC-2025-0202", "2025-10-02", 0),  # tomorrow: did not begin yet
    )
    words = done.text(PAGE.format("trends"))
    assert "So far in Q4 2025, 1 incident began." in words
    assert (
        "1 of the 1 says that it repeats an earlier one. In Q3 2025, 9 incidents began, 8 in"
        in words
    )
    assert "are not compared" not in words


def test_seven_incidents_are_compared_with_nothing(site):
    words = site(*several(7, "2025-04-02"), *several(8, "2025-07-02", first=101)).text(
        PAGE.format("trends")
    )
    assert "So far" not in words
    assert "In Q3 2025, 8 incidents began." in words
    assert "in the quarter before" not in words
    assert "Quarters with fewer than 8 incidents are not compared: look at each incident." in words


def test_a_share_is_rounded_half_up(site):
    records = [
        *several(7, "2025-05-02", first=2),
        record("INC-2025-0001", "2025-05-01", 30, fields="recurrence_of: INC-2025-0002"),
        *several(1, "2025-08-02", first=101),
        *(
            record(f"INC-2025-020{n}", "2025-08-02", 30, fields="recurrence_of: INC-2025-0002")
            for n in range(7)
        ),
    ]
    table = site(*records).text(PAGE.format("trends")).split("recurrence_of")[1]
    assert "Q2 2025 1 of 8 (13 %)" in table
    assert "Q3 2025 7 of 8 (88 %)" in table


def test_actions_of_an_incident_in_the_future_were_not_opened_yet(site):
    item = 'action_items:\n  - {title: Watch the queue, owner: "@orders-team", status: open}'
    done = site(
        record("INC-2025-0001", "2025-09-01", 30, fields=item),
        record("INC-2026-0001", "2026-09-01", 30, fields=item),
    )
    words = done.text(PAGE.format("trends"))
    assert "1 action item was opened and 0 were done in the months shown." in words
    assert "1 belongs to an incident that is dated in the future." in words
    months = words.partition("Median age of those")[2].partition("Age of the open ones")[0]
    assert months.split()[:2] == ["2025-10", "0"]
    assert "1 action item is open, for 30 days" in words


def test_quarters_with_few_incidents_stand_for_themselves(site):
    done = site(
        record("INC-2025-0001", "2025-05-01", 100, "SEV1"),  # 2 h are allowed: met
        record("INC-2025-0002", "2025-07-01", 121, "SEV1"),  # missed
        record(
            "INC-2025-0003", "2025-08-01", 241, "SEV2", "recurrence_of: INC-2025-0001"
        ),  # missed
        record("INC-2025-0004", "2025-09-01", 240, "SEV2"),  # 4 h are allowed: met
        **{"incident.yml": "severity: sev1-sev4\nlevels: {}\n"},
    )
    words = done.text(PAGE.format("trends"))
    assert (
        "In Q3 2025, 3 incidents began. 1 of 3 (33 %) of their targets were met."
        " 1 of the 3 says that it repeats an earlier one."
        " Quarters with fewer than 8 incidents are not compared"
    ) in words
    targets = words.split("Targets met")[1]
    assert "Time to resolve 2 of 4 (50 %)" in targets
    assert "Q2 2025 1 of 1 (100 %)" in targets
    assert "Q3 2025 1 of 3 (33 %)" in targets
    assert "Q3 2025 1 of 3 (33 %)" in words.split("recurrence_of")[1]


ACTIONS = """\
action_items:
  - {{title: Watch the queue, type: preventive, owner: "@orders-team", due: 2025-04-01, status: open, id: A-1{tags}}}
  - {{title: Retry the worker, type: preventive, owner: "@orders-team", status: done, done_on: 2025-02-10}}
  - {{title: Page sooner, type: detective, owner: "@orders-team", status: open}}"""


@pytest.fixture
def repeated(site):
    """January's incident came back on 11 May; June's only looks like neither."""
    return site(
        record("INC-2025-0001", "2025-01-31", 60, fields=ACTIONS.format(tags=", tags: [debt]")),
        record("INC-2025-0002", "2025-05-11", 120, "SEV2", "recurrence_of: INC-2025-0001"),
        record("INC-2025-0003", "2025-06-01", 30, services="labels").replace(
            "Orders wait", "Ink dries"
        ),
    )


def test_repeat_offenders_stand_on_the_overview_with_what_was_missed(repeated):
    words = html.unescape(repeated.text("knowledge-base/index.html"))
    part = words.split("Repeat offenders")[1].split("A year at a glance")[0]
    # 31 January to 11 May are 100 days, 1 April to 11 May 40
    assert part.strip() == (
        "INC-2025-0002 Orders wait in INC-2025-0002 repeats INC-2025-0001 Orders wait in INC-2025-0001"
        " What was to prevent it, as it stood on 11 May 2025 :"
        " preventive action A-1 “ Watch the queue ” had been open for 100 days, 40 days overdue"
        " preventive action “ Retry the worker ” was done on 10 Feb 2025, and yet it came back"
    )


def test_the_tracker_marks_what_a_recurrence_proved_needed(repeated):
    page = repeated.page(PAGE.format("action-items"))
    rows = re.findall(r"<tr class=\"inc-row.*?data-facets='(.*?)'.*?</tr>", page, re.DOTALL)
    titles = re.findall(
        r'class="inc-main">.*?<a href="[^"]*#action[^>]*>(.*?)</a>', page, re.DOTALL
    )
    found = dict(zip(titles, (json.loads(html.unescape(facets)) for facets in rows), strict=True))
    assert {title: facets["proved"] for title, facets in found.items()} == {
        "Watch the queue": ["by a recurrence"],
        "Page sooner": ["by none so far"],  # it was to detect, not to prevent
        "Retry the worker": ["by none so far"],  # it was done before
    }
    assert found["Watch the queue"]["tag"] == ["debt"]
    words = repeated.text(PAGE.format("action-items"))
    assert (
        "1 of the open ones was proved needed: what it was to prevent came back meanwhile." in words
    )
    assert "Watch the queue proved needed by INC-2025-0002" in words
    assert words.count("proved needed by") == 1


def test_what_only_looks_like_a_recurrence_proves_nothing(site):
    same = "root_cause: The worker holds its lock on the shared queue table while it waits for the printer"
    title = "Shared queue table stays locked by the label worker"
    records = [
        record(ident, day, 60, fields=f"{same}\nalerts: [QueueAge]\n{extra}").replace(
            f"Orders wait in {ident}", title
        )
        for ident, day, extra in (
            ("INC-2025-0001", "2025-01-31", ACTIONS.format(tags="")),
            ("INC-2025-0002", "2025-05-11", ""),
        )
    ]
    done = site(*records)
    assert "looks like INC-2025-0001 again" in done.text(PAGE.format("incidents"))
    assert "looks like INC-2025-0001" in done.text("knowledge-base/index.html")
    assert "proved needed by" not in done.text(PAGE.format("action-items"))


def test_services_and_owners_tell_how_long_resolution_takes(repeated):
    # 60 and 120 minutes: 1 h 30 min
    words = repeated.text("knowledge-base/services/orders/index.html")
    assert "Time to resolve 1 h 30 min median of 2" in words
    assert "Recurrence 1 of 2 incidents repeats an earlier one" in words
    assert (
        "Recurrence"
        not in repeated.text("knowledge-base/services/labels/index.html").split("Search")[0]
    )
    assert "2 1 recurrence 1 h 30 min median of 2" in repeated.text(PAGE.format("services"))
    # all three: 30, 60, 120
    words = repeated.text("knowledge-base/owners/orders-lead/index.html")
    assert "Responses led 3 Time to resolve 1 h median of 3" in words


def test_a_year_at_a_glance_counts_twelve_months_up_to_today(site):
    done = site(
        record("INC-2024-0001", "2024-10-31", 30),  # a day too early
        record("INC-2024-0002", "2024-11-01", 30),
        record("INC-2025-0001", "2025-09-01", 30),
        record("INC-2025-0002", "2025-09-30", 30),
        record("INC-2025-0003", "2025-10-01", 30, "SEV1"),
        record("INC-2025-0004", "2025-10-02", 30),  # after today
        record("INC-2025-0005", "2025-02-28", 30, ""),
    )
    page = done.page("knowledge-base/index.html").split('class="inc-year"')[1].split("</table>")[0]
    months = re.findall(r'<th scope="col">([A-Z][a-z]{2})', page)
    assert " ".join(months) == "Nov Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct"
    assert re.findall(r'inc-under">(\d+)', page) == ["2024", "2025"]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page)
    counts = {re.sub("<.*?>", "", name): re.findall(r">(\d+)<", cells) for name, cells in rows}
    assert counts == {
        "SEV1": list("000000000001"),
        "SEV2": list("000000000000"),
        "SEV3": list("100000000020"),
        "SEV4": list("000000000000"),
        "severity not recorded": list("000100000000"),
    }
    assert "5 incidents began in these twelve months" in done.text("knowledge-base/index.html")


def test_incidents_are_grouped_by_year_and_compared_to_the_same_day(site):
    done = site(
        record("INC-2023-0001", "2023-01-01", 30, "SEV1"),
        record("INC-2024-0001", "2024-10-01", 30, "SEV1"),
        record("INC-2024-0002", "2024-10-02", 30, "SEV1"),  # a day later than today in its year
        record("INC-2025-0001", "2025-01-01", 30, "SEV1"),
        record("INC-2025-0002", "2025-10-01", 30, "SEV2"),
        record("INC-2025-0003", "2025-02-01", 30, "SEV2").replace("closed", "mitigating"),
    )
    words = done.text(PAGE.format("incidents"))
    assert "6 incidents are on record, 1 of them open." in words
    assert "3 began in 2025 until today, against 1 in 2024 until the same day." in words
    assert "SEV1 1 (2024: 1) SEV2 2 (2024: 0)" in words
    page = done.page(PAGE.format("incidents"))
    anchors = re.findall(r'id="(year-\d+)">\d+ <span class="inc-count">(\d+)', page)
    assert anchors == [("year-2025", "3"), ("year-2024", "2"), ("year-2023", "1")]
    order = re.findall(r'class="inc-main">.*?(INC-\d+-\d+)', page, re.DOTALL)
    assert order == [
        "INC-2025-0002", "INC-2025-0003", "INC-2025-0001", "INC-2024-0002", "INC-2024-0001",
        "INC-2023-0001",
    ]  # fmt: skip


def test_incidents_are_filtered_by_cause_and_recurrence(site):
    cause = "contributing_factors:\n  - {factor: A list by hand, category: process}"
    review = f"---\nkind: postmortem\nincidents: [INC-2025-0001]\ntitle: R\nstatus: final\n{cause}\n---\n"
    done = site(
        record("INC-2025-0001", "2025-01-01", 30),
        record("INC-2025-0002", "2025-02-01", 30, fields="recurrence_of: INC-2025-0001"),
        **{"incidents/review.md": review},
    )
    page = done.page(PAGE.format("incidents"))
    facets = [
        json.loads(html.unescape(text))
        for text in re.findall(r"data-facets='(\{\"sev.*?\})'>\n<td", page)
    ]
    assert [(row.get("cause"), row["recurrence"]) for row in facets] == [
        (None, ["repeats an earlier one"]),
        (["process"], ["new"]),
    ]


def test_actions_opened_and_done_by_month(site):
    done = site(record("INC-2025-0001", "2025-01-31", 60, fields=ACTIONS.format(tags="")))
    words = done.text(PAGE.format("trends"))
    assert "3 action items were opened and 1 was done in the months shown." in words
    page = done.page(PAGE.format("trends"))
    bars = page.split("inc-plot--bars")[1].split("</svg>")[0]
    # Three in January is the most: 110 pixels; one in February is a third of it.
    heights = re.findall(r'class="inc-bar-(\w+)"[^>]*height="([\d.]+)"><title>([^<]+)', bars)
    assert heights[0] == ("opened", "110.0", "2025-01: 3 opened, 0 done")
    assert heights[3] == ("done", "36.7", "2025-02: 0 opened, 1 done")
    # 31 January to 1 October are 243 days
    assert (
        "2 action items are open, half of them for more than 243 days, the oldest for 243 days"
        in words
    )
    assert "up to 30 days 0 31 to 90 days 0 91 to 180 days 0 over 180 days 2" in words
