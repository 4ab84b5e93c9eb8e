"""Metrics against sums done by hand: each case says how it comes to its number."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.insights.metrics import response, responses
from mkdocs_incident.insights.trends import (
    action_history,
    distribution,
    postmortems_in_time,
    recurrence_share,
    targets_met,
)
from mkdocs_incident.policy import find_config, load_policy

NOW = datetime(2025, 6, 16, tzinfo=UTC)
PATH = "incidents/{0}/incident.md"
RECORD = """\
---
id: {ident}
title: Payments are failing
severity: {severity}
status: {status}
incident_commander: "@payments-lead"
services: [payments-api]
{fields}
---

{head}

## Timeline{zone}

{timeline}
"""


def minutes(count):
    return timedelta(minutes=count)


def hours(count):
    return timedelta(hours=count)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record(
    *timeline,
    ident="INC-2025-0142",
    severity="SEV1",
    status="resolved",
    fields="",
    head="**Date:** 2025-06-15",
    zone=" (UTC)",
):
    lines = "\n".join(f"- {line}" for line in timeline)
    return RECORD.format(
        ident=ident, severity=severity, status=status, fields=fields, head=head, zone=zone,
        timeline=lines,
    )  # fmt: skip


@pytest.fixture
def corpus(write, tmp_path):
    """Load records from the disk."""

    def corpus(*records, policy="", **files):
        named = {PATH.format(f"INC-{number}"): text for number, text in enumerate(records)}
        write({"incident.yml": policy, **named, **files})
        return load_corpus(load_policy(find_config(tmp_path), tmp_path))

    return corpus


@pytest.fixture
def measure(corpus):
    """Return the response to the first of the records, as of a moment."""

    def measure(*records, as_of=NOW, policy="", **files):
        loaded = corpus(*records, policy=policy, **files)
        return response(loaded, loaded.incidents[0], as_of)

    return measure


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


# Updates


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


# Over time


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
