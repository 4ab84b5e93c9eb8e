"""One incident from its detection to its final postmortem and beyond, as the days pass.

Each step edits the records as people do and looks at a moment; what is found, whole, stands in
`lifecycle/`: what a good incident manager would raise at that moment, and nothing else.
"""

from pathlib import Path

EXPECTED = Path(__file__).parent / "lifecycle"

INCIDENT = "incidents/INC-2025-0142/incident.md"
POSTMORTEM = "incidents/INC-2025-0142/postmortem.md"
RUNBOOK = "runbooks/payments-api.md"

DETECTED = """\
---
id: INC-2025-0142
title: Payments are failing
severity: TBD
status: detected
incident_commander: TBD
services: [payments-api]
---

# Payments are failing

**Date:** 2025-06-15

## Timeline (UTC)

- 14:23 — Alert `PaymentsAvailabilityBudgetBurn` fires
"""

POSTMORTEM_DRAFT = """\
---
incidents: [INC-2025-0142]
title: Why payments failed
status: draft
authors: ["@payments-lead"]
---

# Why payments failed

## Root cause

A release lowered the connection pool from 50 to 5, and the service started with it.
"""

RUNBOOK_BEFORE = """\
---
id: RB-payments-api
title: Payments API is failing
services: [payments-api]
owner: "@payments-team"
reviewed_on: 2025-03-01
---

## Symptoms

- Payments answer 503

## Mitigation

1. Roll back the last release
"""

UPDATE = """\
  - at: {at}
    audience: {audience}
    status: {status}
    text: {text}
"""


class Records:
    """The repository's files, edited step by step."""

    def __init__(self, write):
        self.write = write
        self.files = {"incident.yml": "severity: sev1-sev4\n"}

    def put(self, path, text):
        self.files[path] = text
        self.write({path: text})

    def edit(self, path, old, new):
        assert self.files[path].count(old) == 1, f"`{old}` in {path}"
        self.put(path, self.files[path].replace(old, new))

    def log(self, line):
        """Append to the timeline, which is the last thing in the record while it is live."""
        self.put(INCIDENT, f"{self.files[INCIDENT]}- {line}\n")

    def tell(self, at, audience, status, text, *, next_at=None):
        """Record an update that was sent."""
        entry = UPDATE.format(at=at, audience=audience, status=status, text=text)
        entry += f"    next_update_at: {next_at}\n" if next_at else ""
        if "communications:" not in self.files[INCIDENT]:
            self.edit(INCIDENT, "services: ", "communications:\nservices: ")
        self.edit(INCIDENT, "services: ", f"{entry}services: ")


def respond(records, at):
    """From the alert until payments work again."""
    records.put(RUNBOOK, RUNBOOK_BEFORE)
    records.put(INCIDENT, DETECTED)
    at("2025-06-15T14:25Z", "detected")

    records.edit(INCIDENT, "severity: TBD", "severity: SEV1")
    records.edit(INCIDENT, "incident_commander: TBD", 'incident_commander: "@payments-lead"')
    records.edit(INCIDENT, "status: detected", "status: investigating")
    records.log("14:25 — @payments-oncall acknowledges, opens the channel")
    records.log("14:28 — Classified as SEV1, @payments-lead assigned as incident commander")
    at("2025-06-15T14:30Z", "investigating")
    at("2025-06-15T14:39Z", "silence")

    records.tell("2025-06-15T14:40Z", "status-page", "investigating",
                 "Payments fail since 14:23 UTC", next_at="2025-06-15T14:55Z")  # fmt: skip
    records.log("14:41 — @payments-team and @sre engaged, engineering leadership told")
    at("2025-06-15T14:42Z", "first-update")

    records.edit(INCIDENT, "status: investigating\nincident", "status: identified\nincident")
    records.log("14:50 — Root cause identified: release 2.14.3 starts with five connections")
    at("2025-06-15T15:00Z", "promise-missed")

    records.tell("2025-06-15T15:01Z", "status-page", "mitigating",
                 "A release is being rolled back", next_at="2025-06-15T15:16Z")  # fmt: skip
    records.edit(INCIDENT, "status: identified\nincident", "status: monitoring\nincident")
    records.log("15:08 — Mitigated: rollback to 2.14.2 is live, payments succeed")
    records.tell("2025-06-15T15:15Z", "stakeholders", "monitoring",
                 "Payments work again, we keep watching", next_at="2025-06-15T15:45Z")  # fmt: skip
    at("2025-06-15T15:20Z", "monitoring")
    at("2025-06-15T15:32Z", "executives")

    records.tell("2025-06-15T15:35Z", "executives", "monitoring",
                 "45 minutes without payments, about 2,400 failed")  # fmt: skip


def resolve(records, at):
    """What the record still owes once the incident is over."""
    records.log("15:47 — Resolved")
    records.tell("2025-06-15T15:47Z", "status-page", "resolved", "Payments work as usual")
    records.edit(INCIDENT, "status: monitoring\nincident", "status: resolved\nincident")
    at("2025-06-15T16:00Z", "resolved")

    records.write({"incidents/INC-2025-0142/pool.csv": "time,connections\n14:20,50\n14:25,5\n"})
    records.edit(
        INCIDENT, "services: ", "evidence: [{ title: Connections, path: pool.csv }]\nservices: "
    )
    records.edit(
        INCIDENT,
        "services: ",
        "impact: { summary: No payment succeeded, requests_failed: 2400 }\nservices: ",
    )
    records.edit(
        INCIDENT,
        "services: ",
        "runbooks: [{ id: RB-payments-api, verdict: missing-step, note: It does not look at the pool }]\nservices: ",
    )
    at("2025-06-16", "evidence-kept")
    at("2025-06-18", "postmortem-overdue")


def review(records, at):
    """The postmortem, from draft to final."""
    records.put(POSTMORTEM, POSTMORTEM_DRAFT)
    at("2025-06-18T09:00Z", "draft")

    records.edit(
        POSTMORTEM, "status: draft", "status: in-review\nreview_meeting_at: 2025-06-19T14:00Z"
    )
    records.put(
        POSTMORTEM,
        records.files[POSTMORTEM]
        + "\n## Action items\n\n- [ ] AI-1: Refuse a pool below ten connections at start-up\n",
    )
    at("2025-06-18T17:00Z", "in-review")

    records.edit(
        POSTMORTEM,
        "at start-up\n",
        "at start-up (@payments-team, due 2025-06-27)\n- [ ] AI-2: Compare the pool in the canary check (@sre, due 2025-07-11)\n",
    )
    at("2025-06-20", "meeting-passed")

    records.edit(
        POSTMORTEM,
        "status: in-review\nreview_meeting_at: 2025-06-19T14:00Z",
        "status: final\npublished_on: 2025-06-20",
    )
    at("2025-06-20T12:00Z", "final-without-lessons")

    records.put(
        POSTMORTEM,
        records.files[POSTMORTEM]
        + "\n## What went well\n\n- The alert fired within five minutes of the release\n",
    )
    records.edit(
        RUNBOOK,
        "## Mitigation\n\n",
        "## Diagnosis\n\n- Compare the open connections with the size of the pool\n\n## Mitigation\n\n",
    )
    records.edit(
        RUNBOOK, "reviewed_on: 2025-03-01", "reviewed_on: 2025-06-20\nlearned_from: [INC-2025-0142]"
    )
    records.edit(INCIDENT, "status: resolved\nincident", "status: closed\nincident")
    at("2025-06-20T17:00Z", "final")


def follow_up(records, at):
    """The action items, and a year of silence."""
    at("2025-06-27", "on-the-due-day")
    at("2025-07-01", "action-overdue")

    records.edit(POSTMORTEM, "- [ ] AI-1", "- [x] AI-1")
    at("2025-07-01T12:00Z", "action-done")

    records.edit(POSTMORTEM, "- [ ] AI-2", "- [x] AI-2")
    at("2026-06-01", "a-year-later")
    at("2026-07-01", "runbook-read-too-long-ago")


def test_from_detection_to_a_final_postmortem(write, run, update):
    records = Records(write)
    steps = []

    def at(moment, name):
        """What `check` says at that moment."""
        steps.append(f"{len(steps) + 1:02d}-{name}.txt")
        output = f"$ check --as-of {moment}\n{run('check', '--as-of', moment).output}"
        expected = EXPECTED / steps[-1]
        if update:
            EXPECTED.mkdir(exist_ok=True)
            expected.write_text(output, "utf-8")
        assert output == expected.read_text("utf-8")

    respond(records, at)
    resolve(records, at)
    review(records, at)
    follow_up(records, at)
    assert sorted(path.name for path in EXPECTED.iterdir()) == steps


def test_a_run_for_a_past_day_says_what_it_would_have_said(write, run):
    """The record as it was, asked later for that day: the run's day decides, not today's."""
    records = Records(write)
    records.put(INCIDENT, DETECTED.replace("severity: TBD", "severity: SEV1"))
    then = run("check", "--as-of", "2025-06-15T14:25Z").output
    assert "COM002" not in then
    assert "COM002" in run("check", "--as-of", "2025-06-15T15:30Z").output
    assert run("check", "--as-of", "2025-06-15T14:25Z").output == then
    before = run("check", "--as-of", "2025-06-14").output
    assert "INC011" not in before
    assert "COM" not in before
