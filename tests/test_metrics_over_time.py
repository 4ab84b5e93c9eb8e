"""Many responses together: medians, shares, groups and quarters."""

from datetime import date

import pytest
from metrics_support import NOW, at, minutes, record

from mkdocs_incident.insights.metrics import responses
from mkdocs_incident.insights.trends import (
    action_history,
    distribution,
    postmortems_in_time,
    recurrence_share,
    targets_met,
)


def resolved_after(*spans, **options):
    """Records of incidents that lasted so many minutes, one a day from 1 June on."""
    return [
        record(
            ident=f"INC-2025-{day:04d}",
            fields=f"detected_at: 2025-06-{day:02d}T10:00Z\n"
            f"resolved_at: {at(f'2025-06-{day:02d}T10:00') + minutes(span):%Y-%m-%dT%H:%MZ}",
            head="",
            **options,
        )
        for day, span in enumerate(spans, start=1)
    ]


def test_median_and_percentile(corpus):
    loaded = corpus(*resolved_after(50, 10, 30, 20, 40, 60, 70, 80, 100, 90, 700))
    (told,) = distribution(responses(loaded, NOW), "resolve")
    assert [value.span for value in told.values[-3:]] == [minutes(90), minutes(100), minutes(700)]
    assert told.values[0].incident.id == "INC-2025-0002"
    assert told.values[0].day == date(2025, 6, 2)
    assert told.median == minutes(60)  # the sixth of eleven
    assert told.p90 == minutes(100)  # the tenth: 0.9 × 11 is 9.9
    assert not told.few


def test_few_incidents_have_no_trend(corpus):
    (told,) = distribution(responses(corpus(*resolved_after(*range(10, 80, 10))), NOW), "resolve")
    assert told.few  # seven
    (told,) = distribution(responses(corpus(*resolved_after(*range(10, 90, 10))), NOW), "resolve")
    assert not told.few
    assert told.median == minutes(45)  # between the fourth and the fifth of eight
    assert told.p90 == minutes(80)  # the eighth: 0.9 × 8 is 7.2


def test_unknown_and_pending_are_counted(corpus):
    loaded = corpus(
        record("14:23 — Detected", "15:23 — Resolved", ident="INC-2025-0001"),
        record("14:23 — Detected", ident="INC-2025-0002"),
        record("14:23 — Detected", ident="INC-2025-0003", status="monitoring"),
        record("14:23 — Detected", ident="INC-2025-0004", status="monitoring", severity="SEV3"),
    )
    for measure in ("resolve", "duration"):
        (told,) = distribution(responses(loaded, NOW), measure)
        assert (len(told.values), told.unknown, told.pending) == (1, 1, 2)
    (nothing,) = distribution(responses(loaded, NOW), "mitigate")
    assert (nothing.values, nothing.median, nothing.p90) == ((), None, None)
    assert (nothing.unknown, nothing.pending) == (4, 0)  # the live ones are monitored: it is over


def test_groups(corpus):
    first = record("14:23 — Detected", "15:23 — Resolved", ident="INC-2025-0001", severity="SEV2")
    last = record(ident="INC-2025-0003", severity="SEV1", head="")
    loaded = corpus(
        first.replace("[payments-api]", "[checkout, payments-api, checkout]"),
        record(ident="INC-2024-0002", severity="SEV1", fields="detected_at: 2024-12-31T23:59Z", head=""),
        last.replace("services: [payments-api]", ""),
    )  # fmt: skip
    told = responses(loaded, NOW)

    def names(by, **options):
        groups = distribution(told, "duration", by, **options)
        return [(group.name, len(group.values) + group.unknown) for group in groups]

    assert names("severity", levels=["SEV1", "SEV2"]) == [("SEV1", 2), ("SEV2", 1)]
    assert names("severity", levels=["SEV2", "SEV1"]) == [("SEV2", 1), ("SEV1", 2)]
    assert names("service") == [("checkout", 1), ("payments-api", 2), (None, 1)]
    assert names("month") == [("2024-12", 1), ("2025-06", 1), (None, 1)]
    assert names("quarter") == [("2024-Q4", 1), ("2025-Q2", 1), (None, 1)]
    assert names("year") == [("2024", 1), ("2025", 1), (None, 1)]


def test_share_of_targets_met_by_quarter(corpus):
    loaded = corpus(*resolved_after(119, 120, 121), record(ident="INC-2025-0009", head=""))
    told = {share.quarter: share for share in targets_met(responses(loaded, NOW), "resolve")}
    second = told["2025-Q2"]
    assert (second.met, second.missed, second.unknown, second.pending) == (2, 1, 0, 0)
    assert second.part == pytest.approx(2 / 3)
    assert (told[None].unknown, told[None].part) == (1, None)
    # classify, engage and resolve; cadence, status page, executives: six a record
    everything = targets_met(responses(loaded, NOW))
    assert sum(s.met + s.missed + s.unknown + s.pending for s in everything) == 4 * 6


def test_share_of_postmortems_in_time_by_quarter_of_resolution(corpus):
    review = "---\nincidents: [{}]\ntitle: Why\npublished_on: {}\n---\n"
    loaded = corpus(
        # detected in the first quarter, resolved in the second
        record(
            ident="INC-2025-0001", head="",
            fields="detected_at: 2025-03-31T23:00Z\nresolved_at: 2025-04-01T01:00Z",
        ),
        record(
            ident="INC-2025-0002", head="",
            fields="detected_at: 2025-05-02T10:00Z\nresolved_at: 2025-05-02T11:00Z",
        ),
        record("14:23 — Detected", ident="INC-2025-0003", status="monitoring"),
        record("14:23 — Detected", "15:23 — Resolved", ident="INC-2025-0004", severity="SEV4"),
        **{
            "incidents/INC-0/postmortem.md": review.format("INC-2025-0001", "2025-04-03"),
            "incidents/INC-1/postmortem.md": review.format("INC-2025-0002", "2025-05-20"),
        },
    )  # fmt: skip
    (told,) = postmortems_in_time(responses(loaded, NOW))
    assert (told.quarter, told.met, told.missed, told.part) == ("2025-Q2", 1, 1, 0.5)


def test_recurrence(corpus):
    loaded = corpus(
        record("14:23 — Detected", ident="INC-2025-0001"),
        record("14:23 — Detected", ident="INC-2025-0002", fields="recurrence_of: INC-2025-0001"),
        record("14:23 — Detected", ident="INC-2025-0003", fields="recurrence_of: []"),
    )
    (told,) = recurrence_share(loaded, responses(loaded, NOW))
    assert (told.quarter, told.incidents, told.recurred) == ("2025-Q2", 3, 1)


REVIEW = """\
---
incidents: [INC-2025-0142]
title: Why
action_items:
  - { title: Done after ten days, status: done, done_on: 2025-04-25 }
  - { title: Done nobody knows when, status: done }
  - { title: Given up, status: wont-do, reason: Too dear, done_on: 2025-05-10 }
  - { title: Done on the last of a month, status: done, done_on: 2025-04-30 }
  - { title: Still open }
---
"""


def test_actions_over_time(corpus):
    loaded = corpus(
        record("14:23 — Detected", head="**Date:** 2025-04-15"),
        "---\nid: INC-2025-0150\ntitle: x\naction_items: [{ title: Of an unknown day }]\n---\n",
        **{"incidents/INC-0/postmortem.md": REVIEW},
    )
    told = action_history(loaded, date(2025, 6, 16))
    # ages are counted from 15 April: to 30 April 15 days, to 31 May 46, to 16 June 62
    assert [(m.month, m.opened, m.done, m.open, m.median_age) for m in told.months] == [
        ("2025-04", 5, 2, 2, 15),  # given up in May, and still open
        ("2025-05", 0, 0, 1, 46),
        ("2025-06", 0, 0, 1, 62),
    ]
    assert (told.ended_undated, told.without_day) == (1, 1)


def test_actions_of_a_mistyped_year_fill_ten_years_at_most(corpus):
    loaded = corpus(
        record("14:23 — Detected", head="**Date:** 0025-04-15"),
        **{"incidents/INC-0/postmortem.md": REVIEW},
    )
    assert len(action_history(loaded, date(2025, 6, 16)).months) == 121
    assert action_history(loaded, date.max).months[-1].month == "9999-12"


def test_nothing_at_all(corpus):
    loaded = corpus()
    assert responses(loaded, NOW) == ()
    assert distribution((), "resolve") == ()
    assert targets_met(()) == postmortems_in_time(()) == recurrence_share(loaded, ()) == ()
    told = action_history(loaded, date(2025, 6, 16))
    assert (told.months, told.without_day, told.ended_undated) == ((), 0, 0)
