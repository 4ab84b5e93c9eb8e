"""Metrics against sums done by hand: each case says how it comes to its number."""

from datetime import timedelta

import pytest
from metrics_support import at, hours, minutes, record

RESPONSE = (
    "14:23 — Detected by an alert",
    "14:25 — @payments-oncall acknowledges",
    "14:29 — Classified as SEV1",
    "14:30 — @payments-lead assigned as incident commander",
    "14:32 — Database team engaged",
    "14:42 — Mitigated by a rollback",
    "14:50 — Root cause identified",
    "16:47 — Resolved",
)


def test_each_step_against_its_target(measure):
    told = measure(record(*RESPONSE, fields="started_at: 2025-06-15T14:18Z"))
    assert {s.name: (s.span, s.target, s.state, s.beyond) for s in told.steps} == {
        "detect": (minutes(5), None, "no-target", None),  # 14:18 to 14:23
        # 14:23 to 14:29 are 6 minutes, SEV1 allows 5
        "classify": (minutes(6), minutes(5), "missed", minutes(1)),
        "assign": (minutes(7), None, "no-target", None),
        "acknowledge": (minutes(2), None, "no-target", None),
        "engage": (minutes(9), minutes(15), "met", minutes(-6)),
        "mitigate": (minutes(19), None, "no-target", None),
        # 14:23 to 16:47 are 144 minutes, SEV1 allows 120
        "resolve": (minutes(144), minutes(120), "missed", minutes(24)),
    }
    assert told.duration == minutes(149)  # from the start: 5 + 144
    assert told.mitigated_first is True
    assert told.is_over


def test_a_target_is_met_to_the_minute(measure):
    told = measure(record("14:23 — Detected", "16:23 — Resolved"))
    assert (told.step("resolve").state, told.step("resolve").beyond) == ("met", timedelta())


def test_what_is_missing_is_unknown_and_says_so(measure):
    told = measure(record("14:23 — Detected by an alert", "15:47 — Resolved"))
    assert {s.name: (s.state, s.obstacle and s.obstacle.words) for s in told.steps} == {
        "detect": ("unknown", "start not recorded"),
        "classify": ("unknown", "classification not recorded"),
        "assign": ("unknown", "assignment of the incident commander not recorded"),
        "acknowledge": ("unknown", "acknowledgement not recorded"),
        "engage": ("unknown", "engagement of the responders not recorded"),
        "mitigate": ("unknown", "mitigation not recorded"),
        "resolve": ("met", None),
    }
    assert told.step("engage").target == minutes(15)
    assert told.step("engage").beyond is None
    assert told.mitigated_first is None
    bare = measure(record("15:47 — Resolved"))
    assert bare.step("mitigate").obstacle.words == "detection and mitigation not recorded"
    assert bare.cadence.state == "unknown"


def test_an_end_before_its_beginning_is_no_span(measure):
    told = measure(
        record(fields="detected_at: 2025-06-15T15:00Z\nacknowledged_at: 2025-06-15T14:00Z")
    )
    step = told.step("acknowledge")
    assert (step.span, step.state) == (None, "unknown")
    assert step.obstacle.words == "acknowledgement recorded before detection"


def test_no_level_no_target(measure):
    told = measure(record(*RESPONSE, severity="TBD"))
    assert {step.target for step in told.steps} == {None}
    assert told.step("resolve").span == minutes(144)
    assert told.cadence.state == "no-target"
    assert told.publication is None


# Zones, midnight, daylight saving


@pytest.mark.parametrize(
    ("fields", "span"),
    [
        # 16:23 at +02:00 is 14:23 UTC; to 15:47 UTC are 84 minutes
        ("detected_at: 2025-06-15T16:23+02:00\nresolved_at: 2025-06-15T15:47Z", 84),
        # 23:50 UTC to 02:10 at +01:00, which is 01:10 UTC: 10 + 70
        ("detected_at: 2025-06-15T23:50Z\nresolved_at: 2025-06-16T02:10+01:00", 80),
        # Berlin leaves winter on 30 March 2025: 01:30+01:00 is 00:30 UTC, 03:30+02:00 is 01:30 UTC
        ("detected_at: 2025-03-30T01:30+01:00\nresolved_at: 2025-03-30T03:30+02:00", 60),
        # Berlin leaves summer on 26 October: 01:30+02:00 is 23:30 UTC, 03:30+01:00 is 02:30 UTC
        ("detected_at: 2025-10-26T01:30+02:00\nresolved_at: 2025-10-26T03:30+01:00", 180),
        # neither knows its zone: they share one
        ("detected_at: 2025-06-15T14:23\nresolved_at: 2025-06-15T15:47", 84),
    ],
)
def test_spans_over_zones(measure, fields, span):
    told = measure(record(fields=fields))
    assert told.step("resolve").span == minutes(span)
    assert told.duration == minutes(span)


def test_one_zone_missing_is_unknown(measure):
    told = measure(record(fields="detected_at: 2025-06-15T14:23\nresolved_at: 2025-06-15T15:47Z"))
    step = told.step("resolve")
    assert (step.span, step.state) == (None, "unknown")
    assert step.obstacle.words == "time zone of the detection not recorded"


def test_midnight_in_a_timeline(measure):
    told = measure(record("23:40 — Detected", "00:05 — Mitigated", "00:41 — Resolved"))
    assert told.step("mitigate").span == minutes(25)  # 20 to midnight, 5 after it
    assert told.step("resolve").span == minutes(61)


def test_approximate_times_are_marked(measure):
    told = measure(record("~14:20 — Detected by a customer", "15:47 — Resolved"))
    assert told.step("resolve").approximate
    assert told.step("resolve").span == minutes(87)
    assert not measure(record("14:20 — Detected", "15:47 — Resolved")).step("resolve").approximate


BERLIN = """\
support_hours:
  days: [mon, tue, wed, thu, fri]
  from: "09:00"
  to: "17:00"
  zone: Europe/Berlin
levels:
  SEV3: { resolve: 8 h, acknowledge: 30 min }
"""


@pytest.mark.parametrize(
    ("detected", "resolved", "span", "counted"),
    [
        # Friday 13 June 16:00 to Monday 16 June 10:00 in Berlin (UTC+2): an hour on each day;
        # by the clock 8 + 24 + 24 + 10 hours
        ("2025-06-13T14:00Z", "2025-06-16T08:00Z", hours(66), hours(2)),
        # over the switch of 30 March: Friday 28 March 16:00 (UTC+1, 15:00Z) to Monday 10:00 (UTC+2,
        # 08:00Z): an hour on each day, and the weekend is an hour short
        ("2025-03-28T15:00Z", "2025-03-31T08:00Z", hours(65), hours(2)),
        # over the switch of 26 October: Friday 24 October 16:00 (UTC+2, 14:00Z) to Monday 10:00
        # (UTC+1, 09:00Z): an hour on each day, and the weekend is an hour longer
        ("2025-10-24T14:00Z", "2025-10-27T09:00Z", hours(67), hours(2)),
        # Saturday: nothing counts
        ("2025-06-14T08:00Z", "2025-06-14T20:00Z", hours(12), hours(0)),
    ],
)
def test_support_hours(measure, detected, resolved, span, counted):
    fields = f"detected_at: {detected}\nresolved_at: {resolved}"
    step = measure(record(fields=fields, severity="SEV3"), policy=BERLIN).step("resolve")
    assert (step.span, step.counted, step.state) == (span, counted, "met")
    assert step.beyond == counted - hours(8)
    gravest = measure(record(fields=fields, severity="SEV1"), policy=BERLIN).step("resolve")
    assert gravest.counted == span  # a SEV1 counts by the clock
    assert gravest.state == "missed"


# Live incidents


def test_a_live_incident_has_steps_ahead(measure):
    live = record(
        "14:23 — Detected by an alert",
        "14:25 — @payments-oncall acknowledges",
        status="investigating",
    )
    told = measure(live, as_of=at("2025-06-15T14:33"))
    assert {s.name: (s.state, s.counted) for s in told.steps} == {
        "detect": ("unknown", None),
        "classify": ("unknown", None),  # it has a severity: when it got it is not recorded
        "assign": ("unknown", None),
        "acknowledge": ("no-target", minutes(2)),
        "engage": ("unknown", None),  # the status says that work began
        "mitigate": ("pending", minutes(10)),
        "resolve": ("pending", minutes(10)),
    }
    assert told.duration is None
    assert not told.is_over


def test_a_live_incident_has_missed_a_target_that_is_over(measure):
    live = record("14:23 — Detected by an alert", status="investigating")
    told = measure(live, as_of=at("2025-06-15T16:24"))
    step = told.step("resolve")
    # 14:23 to 16:24 are 121 minutes, SEV1 allows 120
    assert (step.state, step.span, step.beyond) == ("missed", None, minutes(1))
    assert measure(live, as_of=at("2025-06-15T16:23")).step("resolve").state == "pending"


def test_a_live_incident_looked_at_before_its_end(measure):
    text = record("14:23 — Detected", "14:42 — Mitigated", "15:47 — Resolved", status="monitoring")
    told = measure(text, as_of=at("2025-06-15T15:00"))
    assert (told.step("mitigate").span, told.step("resolve").state) == (minutes(19), "pending")
    assert (told.duration, told.is_over) == (None, False)
    told = measure(text, as_of=at("2025-06-15T15:47"))  # nobody moved the status on
    assert (told.duration, told.is_over) == (minutes(84), True)


def test_nothing_is_ahead_of_a_step_that_was_passed(measure):
    live = record("14:23 — Detected", "14:42 — Mitigated", status="detected")
    told = measure(live, as_of=at("2025-06-15T15:00"))
    assert told.step("acknowledge").state == "unknown"
    assert told.step("resolve").state == "pending"


def test_a_fresh_incident_waits_for_everything(measure):
    live = record("14:23 — Detected", severity="TBD", status="detected")
    live = live.replace('"@payments-lead"', "TBD")
    told = measure(live, as_of=at("2025-06-15T14:24"))
    assert {step.state for step in told.steps[1:]} == {"pending"}


@pytest.mark.parametrize(
    ("timeline", "status", "first"),
    [
        (["14:23 — Detected", "14:42 — Mitigated", "14:50 — Root cause identified"], "resolved", True),
        (["14:23 — Detected", "14:42 — Mitigated", "14:42 — Root cause identified"], "resolved", True),
        (["14:23 — Detected", "14:42 — Root cause identified", "14:50 — Mitigated"], "resolved", False),
        (["14:23 — Detected", "14:42 — Mitigated"], "resolved", None),
        (["14:23 — Detected", "14:42 — Mitigated"], "monitoring", True),
        (["14:23 — Detected", "14:42 — Root cause identified"], "mitigating", False),
        (["14:23 — Detected"], "investigating", None),
    ],
)  # fmt: skip
def test_mitigation_before_diagnosis(measure, timeline, status, first):
    told = measure(record(*timeline, status=status), as_of=at("2025-06-15T15:00"))
    assert told.mitigated_first is first


# Begin and duration


@pytest.mark.parametrize(
    ("head", "timeline", "fields", "told_by", "lasted"),
    [
        # the site counted from detection, the record from the harm: 06:10 to 12:20
        (
            "**Duration:** 2025-06-15 06:10 UTC → 2025-06-15 12:20 UTC (370 minutes)",
            ["08:55 — Detected", "12:20 — Resolved"],
            "",
            "duration",
            370,
        ),
        (
            "**Duration:** 2025-06-15 14:18 UTC → 15:47 UTC",
            ["14:23 — Detected"],
            "",
            "duration",
            89,
        ),
        # 84 minutes from 14:23; the day is that of the detection
        (
            "**Date:** 2025-06-15\n**Duration:** 89 minutes (14:18–15:47 UTC)",
            ["14:23 — Detected", "15:47 — Resolved"],
            "",
            "duration",
            89,
        ),
        # 23:50 to 00:41, detected after midnight
        (
            "**Date:** 2025-06-15\n**Duration:** 23:50 UTC → 00:41 UTC",
            ["00:05 — Detected", "00:41 — Resolved"],
            "",
            "duration",
            51,
        ),
        # seven minutes after the detection is not the day before
        (
            "**Date:** 2025-06-15\n**Duration:** 14:30 UTC → 15:47 UTC",
            ["14:23 — Detected", "15:47 — Resolved"],
            "",
            "detection",
            84,
        ),
        # without a zone the duration has that of the timeline: 16:18 to 17:47 at +02:00
        (
            "**Duration:** 2025-06-15 16:18 → 2025-06-15 17:47",
            [],
            (
                "timeline:\n  - { at: 2025-06-15T16:23+02:00, event: Detected }\n"
                "  - { at: 2025-06-15T17:47+02:00, event: Resolved }"
            ),
            "duration",
            89,
        ),
        (
            "**Date:** 2025-06-15",
            ["14:18 — Pool runs empty (started)", "14:23 — Detected", "15:47 — Resolved"],
            "",
            "entry",
            89,
        ),
        # the field is the surest: 14:10 to 15:47
        (
            "**Duration:** 2025-06-15 14:20 UTC → 2025-06-15 15:47 UTC",
            ["14:18 — Pool runs empty (started)", "14:23 — Detected", "15:47 — Resolved"],
            "started_at: 2025-06-15T14:10Z",
            "field",
            97,
        ),
        # a duration that begins after the detection counts something else
        (
            "**Duration:** 2025-06-15 14:42 UTC → 2025-06-15 15:47 UTC",
            ["14:23 — Detected", "15:47 — Resolved"],
            "",
            "detection",
            84,
        ),
        # 06/07 is June or July, as the policy says; it is in no time of its own
        (
            "**Duration:** 06/07/2025 14:00 UTC → 06/07/2025 16:00 UTC",
            ["2025-07-06 14:23 UTC — Detected", "2025-07-06 15:47 UTC — Resolved"],
            "",
            "detection",
            84,
        ),
        ("**Date:** 2025-06-15", ["14:18 — Pool empty", "15:47 — Resolved"], "", "first-entry", 89),
        ("**Date:** 2025-06-15", ["14:23 — Detected"], "", "detection", None),
        ("**Date:** 2025-06-15", [], "resolved_at: 2025-06-15T15:47Z", None, None),
    ],
)
def test_begin_and_duration(measure, head, timeline, fields, *, told_by, lasted):
    told = measure(record(*timeline, head=head, fields=fields))
    assert (told.begin and told.begin.told_by) == told_by
    assert told.duration == (lasted if lasted is None else minutes(lasted))


def test_a_review_tells_the_times_that_the_record_lacks(measure):
    review = """\
---
incidents: [INC-2025-0142]
title: Why
---

**Duration:** 2025-06-15 14:18 UTC → 2025-06-15 15:47 UTC

## Timeline (UTC)

- 14:23 — Detected
- 15:47 — Resolved
"""
    own = "---\nid: INC-2025-0142\ntitle: Payments\nseverity: SEV1\n---\n"
    told = measure(own, **{"incidents/INC-0/postmortem.md": review})
    assert told.step("detect").span == minutes(5)
    assert told.step("resolve").span == minutes(84)
    assert told.duration == minutes(89)
