"""Numbers over time, repeated incidents and the year at a glance, through real builds; each is summed by hand."""

import html
import json
import re

import pytest
from trends_support import PAGE, builder, record


@pytest.fixture
def site(tmp_path):
    return builder(tmp_path)


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


def test_repeated_incidents_stand_on_the_overview_with_what_was_missed(repeated):
    words = html.unescape(repeated.text("knowledge-base/index.html"))
    part = words.split("Repeated incidents")[1].split("A year at a glance")[0]
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
        "Watch the queue": ["yes"],
        "Page sooner": ["no"],  # it was to detect, not to prevent
        "Retry the worker": ["no"],  # it was done before
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
        (None, ["declared"]),
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
