"""Times of a record against each other: what agrees, what is named, and where nothing is said."""

import re

import pytest

from mkdocs_incident.source.document import read_document

RECORD = """\
---
id: INC-2025-0142
title: Payments are failing
severity: SEV4
status: {status}
incident_commander: "@payments-lead"
{fields}
---

{head}

## Timeline ({zone})

{timeline}

## Action items

- [ ] Refuse a pool below 10 connections (@payments-team, due 2025-06-22)
"""

RESPONSE = {
    "14:18": "Pool runs empty",
    "14:23": "Alert fires",
    "14:42": "Mitigated by a rollback",
    "15:47": "Resolved",
}


@pytest.fixture
def found(write, run):
    """What the timeline's rules say of a record."""

    def found(
        timeline,
        *,
        fields="",
        head="**Date:** 2025-06-15",
        status="resolved",
        zone="UTC",
        policy="",
    ):
        lines = "\n".join(f"- {at} — {event}" for at, event in timeline.items())
        text = RECORD.format(fields=fields, head=head, status=status, zone=zone, timeline=lines)
        text = text.replace(" ()", "")
        write({"incidents/INC-2025-0142.md": text, "incident.yml": policy})
        result = run("check", "--as-of", "2025-06-16", "--select", "TIM")
        return dict(
            re.findall(r"(?:warning|error|note) TIM\d+ (.*) \[([\w-]+)\]", result.output)[::-1]
        )

    return lambda *a, **k: {rule: message for message, rule in found(*a, **k).items()}


# Durations

EMPTY_START = {"14:23": "Alert fires", "15:47": "Resolved"}
NIGHT = {"23:40": "Alert fires", "00:41": "Mitigated", "01:05": "Resolved"}
DAYS = {
    "2025-06-13 15:30": "Alert fires",
    "2025-06-15 10:00": "Mitigated",
    "2025-06-15 10:30": "Resolved",
}
SECOND = {"14:23:10": "Alert fires", "15:47:50": "Resolved"}
VAGUE = {"~14:20": "Alert fires", "15:47": "Resolved"}
OFFICE = "support_hours: { days: [fri, mon], from: '09:00', to: '17:00', zone: UTC }\n"


@pytest.mark.parametrize(
    ("duration", "timeline", "agrees"),
    [
        ("84 minutes", RESPONSE, True),  # detection to resolution
        ("1h 24m", RESPONSE, True),
        ("1:24", RESPONSE, True),
        ("PT84M", RESPONSE, True),
        ("19 min", RESPONSE, True),  # detection to mitigation
        ("24 min", RESPONSE, True),  # first harm to mitigation
        ("89 minutes", RESPONSE, True),  # first harm to resolution
        ("about 1.5 hours", RESPONSE, True),
        ("90 minutes", RESPONSE, True),
        ("1 h", RESPONSE, True),
        ("1-2 hours", RESPONSE, True),
        ("more than an hour", RESPONSE, True),
        ("less than half an hour", RESPONSE, True),
        ("84 minutes in total", RESPONSE, True),
        ("84 minutes of downtime", RESPONSE, True),
        ("84 min (1 h 24 min)", RESPONSE, True),
        ("3 h", RESPONSE, False),
        ("48 minutes", RESPONSE, False),
        ("2:35", RESPONSE, False),
        ("1d 6h 40m", RESPONSE, False),
        ("more than three hours", RESPONSE, False),
        ("less than 10 minutes", RESPONSE, False),
        ("about 50 minutes", RESPONSE, False),
        ("19 min from detection to resolution", RESPONSE, False),
        ("19 min from detection to mitigation", RESPONSE, True),
        ("84 minutes (detection to mitigation)", RESPONSE, False),
        ("2025-06-15 14:23 UTC → 2025-06-15 15:47 UTC (84 minutes)", RESPONSE, True),
        ("2025-06-15 14:23 UTC → 15:47 UTC (48 minutes)", RESPONSE, False),
        ("2025-06-15 14:10 UTC → 15:47 UTC (97 minutes)", RESPONSE, True),  # harm nobody saw
        ("2025-06-15 14:23 UTC → 15:47 UTC", RESPONSE, True),
        ("2025-06-15 14:23 UTC → 18:47 UTC", RESPONSE, False),
        ("84 minutes (14:23–15:47 UTC)", RESPONSE, True),
        ("84 minutes (14:23–16:47 UTC)", RESPONSE, False),
        ("1h 25m", NIGHT, True),  # midnight crossed
        ("2h 25m", NIGHT, False),
        ("1d 19h", DAYS, True),
        ("2 days", DAYS, True),
        ("1 week", DAYS, False),
        ("84 minutes", SECOND, True),
        ("84 minutes", EMPTY_START, True),
        ("2 h 10 min", EMPTY_START, False),
        ("95 minutes", VAGUE, True),  # an approximate start may be off
        ("5 h", VAGUE, True),  # and gives nothing to judge by
        ("8 support hours", RESPONSE, True),  # no calendar
        ("all afternoon", RESPONSE, True),
        ("3 h down, 1 d degraded", RESPONSE, True),
        ("5 hours", {"14:23": "Alert fires"}, True),  # no end
    ],
)
def test_duration(found, duration, timeline, agrees):
    told = found(timeline, head=f"**Date:** 2025-06-15\n**Duration:** {duration}")
    assert ("duration-disagrees" not in told) is agrees, told


def test_duration_names_both_numbers_and_both_events(found):
    told = found(RESPONSE, head="**Date:** 2025-06-15\n**Duration:** 3 h")
    assert told["duration-disagrees"] == (
        "Duration is `3 h`, but from detection (14:23) to resolution (15:47) it is 1 h 24 min"
    )


@pytest.mark.parametrize(("hours", "agrees"), [("1.5", True), ("3", False)])
def test_duration_in_support_hours(found, hours, agrees):
    told = found(DAYS, head=f"**Duration:** {hours} support hours", policy=OFFICE)
    assert ("duration-disagrees" not in told) is agrees


def test_duration_of_a_live_incident_grows(found):
    head = "**Date:** 2025-06-15\n**Duration:** 20 minutes so far"
    assert "duration-disagrees" not in found(RESPONSE, head=head, status="monitoring")
    head = "**Date:** 2025-06-15\n**Duration:** 3 h"
    assert "duration-disagrees" not in found(RESPONSE, head=head, status="monitoring")


def test_times_without_a_zone_are_not_compared_with_others(found):
    fields = "detected_at: 2025-06-15T14:23Z\nresolved_at: 2025-06-15T15:40Z\nduration: 77 minutes"
    assert found(RESPONSE, fields=fields, zone="").keys() <= {"timeline-without-zone"}


# Milestones that contradict each other


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("detected_at: 2025-06-15T14:23Z", None),
        ("detected_at: 2025-06-15T16:23+02:00", None),
        ("detected_at: 2025-06-15T14:18Z", None),  # an entry stands there
        ("detected_at: 2025-06-15T14:20Z", "`detected_at` says 14:20, but the timeline tells detection at 14:23 (`Alert fires`)"),
        ("resolved_at: 2025-06-16T15:47Z", "`resolved_at` says 2025-06-16 15:47, but the timeline tells resolution at 2025-06-15 15:47 (`Resolved`)"),
        ("started_at: 2025-06-15T14:18Z", None),
        ("started_at: 2025-06-15T16:00Z", "`started_at` says 16:00, expected it before detection at 14:23"),
        ("acknowledged_at: 2025-06-15T14:20Z", None),  # the entry before may be the detection
        ("acknowledged_at: 2025-06-15T14:00Z", "`acknowledged_at` says 14:00, expected it after detection at 14:23"),
        ("identified_at: 2025-06-17T09:00Z", None),  # a cause may be found after the end
        ("resolved_at: soon", None),
    ],
)  # fmt: skip
def test_milestones(found, fields, message):
    assert found(RESPONSE, fields=fields).get("milestone-disagrees") == message


def test_one_wrong_time_is_one_finding(write, run):
    fields = "detected_at: 2025-06-15T14:23Z\nmitigated_at: 2025-06-15T14:42Z\nresolved_at: 2025-05-15T15:47Z\nstarted_at: 2025-06-15T14:18Z"
    text = RECORD.format(
        fields=fields, head="", status="resolved", zone="UTC", timeline="- 14:30 — Two pods deleted"
    )
    write({"incidents/INC-2025-0142.md": text})
    output = run("check", "--select", "milestone-disagrees").output
    assert output.count("TIM005") == 1
    assert "`resolved_at` says 2025-05-15 15:47" in output


# Milestones by an entry's words


@pytest.mark.parametrize(
    ("event", "milestone"),
    [
        ("Expiry found: the certificate ended at 04:00", "identified"),
        ("Found the cause: a typo in the pool size", "identified"),
        ("Cause found", "identified"),
        ("Root cause: pool of five connections", "identified"),
        ("**Root cause:** pool of five connections", "identified"),
        ("Certificate is found to have expired", "identified"),
        ("Errors traced to release 2.14.3", "identified"),
        ("Issue identified in the connection pool", "identified"),
        ("Grundursache: Index fehlt", "identified"),
        ("Fehler im Index gefunden", "identified"),
        ("Root cause not yet identified", None),
        ("No root cause found so far", None),
        ("Root cause to be confirmed by the vendor", None),
        ("Searching for the cause", None),
        ("Found three pods in CrashLoopBackOff", None),
        ("Correlated with deploy v2.14.3", None),
        ("Customers report failing payments", "detected"),
        ("Alerts fire for all regions", "detected"),
        ("Health check of eu-1 alerted", "detected"),
        ("No alert fired", None),
        ("Alert did not fire", None),
        ("Page taken by @sre-oncall", "acknowledged"),
        ("@sre-oncall answers the page", "acknowledged"),
        ("Page not acknowledged", None),
        ("Sorting's lead in command", "ic_assigned"),
        ("IC: @payments-lead", "ic_assigned"),
        ("@payments-lead is incident commander", "ic_assigned"),
        ("Fix deployed", "mitigated"),
        ("Fix deployed to staging", None),
        ("Payments work again", "mitigated"),
        ("Error rate recovers", "mitigated"),
        ("Rolling restart, the errors are back after three minutes", None),
        ("Latency returns to normal", "mitigated"),
        ("Latency far from normal", None),
        ("Hotfix v1.2.3 deployed", "mitigated"),
        ("Service is back", "mitigated"),
        ("Root cause is unknown", None),
        ("Suspected cause: the deploy", None),
        ("Bad deploy identified", "identified"),
        ("Release 4.18 identified as the trigger", "identified"),
        ("@payments-lead takes the lead", "ic_assigned"),
        ("Users complain in the shop's chat", "detected"),
        ("All systems operational", "resolved"),
        ("Incident over", "resolved"),
        ("Not resolved yet, restart of the next pod", None),
        ("Next update when resolved", None),
        ("Unresolved since noon", None),
    ],
)
def test_words(event, milestone):
    text = f"**Date:** 2025-06-15\n\n## Timeline\n\n- 14:23 — {event}\n"
    found = read_document("incidents/INC-1.md", text.encode()).milestones
    assert list(found) == ([milestone] if milestone else [])


@pytest.mark.parametrize("written", ["ic_assigned", "IC assigned", "ic-assigned", "`ic_assigned`"])
def test_milestone_in_a_cell(written):
    table = (
        "| Time | Event | Milestone |\n|---|---|---|\n| 14:23 | Payments takes over | " + written
    )
    text = f"**Date:** 2025-06-15\n\n## Timeline\n\n{table} |\n"
    found = read_document("incidents/INC-1.md", text.encode())
    assert {name: m.told_by for name, m in found.milestones.items()} == {"ic_assigned": "milestone"}


def test_all_tellings_are_known():
    lines = [
        "14:20 — Alert fires",
        "14:23 — Support reports it",
        "15:00 — Resolved",
        "16:00 — All clear",
    ]
    text = "resolved_at: 2025-06-15T15:30\n---\n**Date:** 2025-06-15\n\n## Timeline\n\n- "
    found = read_document(
        "incidents/INC-1.md", f"---\n{text}{chr(10).join(lines)}".replace("\n1", "\n- 1").encode()
    )
    told = {
        name: [(m.told_by, m.at[-5:]) for m in (best, *best.others)]
        for name, best in found.milestones.items()
    }
    assert told == {
        "detected": [("words", "14:20"), ("words", "14:23")],
        "resolved": [("field", "15:30"), ("words", "16:00"), ("words", "15:00")],
    }


# After the end


@pytest.mark.parametrize(
    ("event", "is_response"),
    [
        ("Errors return", True),
        ("Alert fires again", True),
        ("Rollback of 2.14.4 started", True),
        ("Checkout is down in two regions", True),
        ("Reopened: timeouts for a tenth of the calls", True),
        ("Erneut Ausfall", True),
        ("Monitoring ended", False),
        ("Incident closed", False),
        ("Status page: all payments work again", False),
        ("Customers informed about the failed payments", False),
        ("Backlog of failed payments worked off", False),
        ("Post-mortem meeting about the rollback", False),
        ("Temporary workaround reverted", False),
        ("Permanent fix released", False),
        ("Report on the outage published", False),
        ("Alert fired in a drill", False),
        ("Error rate returns to normal", False),
        ("Quiet again", False),
        ("Lunch", False),
        ("Nachbericht zum Ausfall", False),
    ],
)
def test_after_the_end(found, event, is_response):
    told = found({**RESPONSE, "16:10": event})
    assert ("event-after-resolution" in told) is is_response, told


# Any value may stand anywhere


@pytest.mark.parametrize("value", ["0", "true", "[1, {}]", "{at: 5}", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "''", "2025-06-15"])  # fmt: skip
@pytest.mark.parametrize("name", ["started_at", "detected_at", "resolved_at", "duration", "date", "timeline", "title", "published_on"])  # fmt: skip
def test_content_never_raises(write, run, name, value):
    front = f"---\nid: INC-2025-0142\nseverity: SEV1\n{name}: {value}\n---\n"
    times = "\n".join(f"- {at} — {event}" for at, event in RESPONSE.items())
    write({"incidents/INC-2025-0142.md": f"{front}**Date:** 2025-06-15\n\n## Timeline (UTC)\n\n{times}\n",
           "incident.yml": f"profile: strict\n{OFFICE}"})  # fmt: skip
    assert run("check", "--select", "TIM").exit_code in {0, 1}


# Days


@pytest.mark.parametrize(
    ("name", "began", "agrees"),
    [
        ("2025-06-15", "2025-06-15T14:23Z", True),
        ("20250615", "2025-06-15T14:23Z", True),
        ("2025-06-14", "2025-06-15T14:23Z", False),
        ("2025-06-17", "2025-06-15T14:23Z", False),  # no review that may bear a later day
        ("2025-06-16", "2025-06-16T00:23+02:00", True),  # there; 22:23 of the day before in UTC
        ("2025-06-15", "2025-06-16T00:23+02:00", True),
        ("2025-06-14", "2025-06-16T00:23+02:00", False),
        ("2025-0614", "2025-06-15T14:23Z", True),  # a number
        ("2025-13-41", "2025-06-15T14:23Z", True),
    ],
)
def test_day_in_the_file_name(write, run, name, began, agrees):
    end = began.replace(":23", ":47")
    front = f"id: INC-2025-0142\nseverity: SEV4\nstatus: resolved\ndetected_at: {began}\nresolved_at: {end}"
    write({f"incidents/{name}-INC-2025-0142.md": f"---\n{front}\n---\n"})
    output = run("check", "--select", "date-disagrees").output
    assert ("File name has" not in output) is agrees, output


def test_a_live_incident_may_bear_any_later_day(write, run):
    front = "id: INC-2025-0142\nstatus: mitigating\ndetected_at: 2025-06-15T14:23Z"
    write({"incidents/2025-06-17-INC-2025-0142.md": f"---\n{front}\n---\n"})
    assert "TIM008" not in run("check", "--select", "TIM").output
