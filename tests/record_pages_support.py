"""Records of every kind, of which each page has something to say beside their own text."""

CONFIG = """\
site_name: Test
plugins:
  - search
  - incident:
      as_of: 2025-06-15T15:00Z
      on_findings: warn
"""


def incident(ident, *fields, body="", severity="SEV2", status="closed"):
    head = ("---", f"id: {ident}", f"severity: {severity}", f"status: {status}",
            'incident_commander: "@labels-lead"', *fields, "---", "")  # fmt: skip
    return "\n".join([*head, body])


TIMES = """\
## Timeline (UTC)

- 2025-03-03 08:00 — Labels are blank (started)
- 2025-03-03 08:04 — Detected: alert fires
- 2025-03-03 08:09 — Classified as SEV2
- 2025-03-03 08:20 — Mitigated: the old font is back
- 2025-03-03 08:50 — Cause identified: the font was deleted
- 2025-03-03 12:28 — Resolved
"""
RESPONSE = incident(
    "INC-2025-0001",
    "title: Labels are blank in all depots",
    "services: [label-service]",
    "alerts: [LabelRenderLatency]",
    "category: data loss",
    "affected_systems: [printers]",
    "major_incident: INC-2025-0003",
    "impact:",
    "  { summary: No label could be printed., data_loss: true, compliance: none reported, reputation: low }",
    "mitigations:",
    "  - { strategy: rollback, action: Put the old font back, result: Labels print, approved_by: '@labels-lead' }",
    "communications:",
    "  - { at: 2025-03-03T08:30Z, audience: customers, status: Identified, text: Labels are blank }",
    "  - { at: 2025-03-03T10:00Z, audience: customers, text: Still blank, next_update_at: 2025-03-03T10:30Z }",
    body=TIMES,
)
REVIEW = """\
---
incidents: [INC-2025-0001]
title: A font that nobody owned
status: final
published_on: 2025-03-04
keywords: [font, blank label]
resolution: The font is part of the image.
root_cause: The clean-up job deleted a font that only labels use.
five_whys:
  - { why: Why were labels blank?, because: The font was gone. }
  - { why: Why was it gone?, because: A clean-up deleted it. }
contributing_factors:
  - { category: process, factor: Nobody owns fonts }
  - { category: technology, factor: One volume for all }
action_items:
  - { id: AI-1, title: Own the fonts, type: preventive, owner: "@labels-team", due: 2025-03-20, status: open }
---

# A font that nobody owned

## What went well

- The old font was at hand
"""
AGAIN = incident(
    "INC-2025-0002",
    "title: Labels are blank again in all depots",
    "services: [label-service]",
    "alerts: [LabelRenderLatency]",
    "recurrence_of: INC-2025-0001",
    "major_incident: INC-2025-0003",
    "impact: { users_affected_percent: 40 }",
    severity="SEV3",
    body="""\
## Timeline (UTC)

- 2025-04-12 08:00 — Detected: alert fires
- 2025-04-12 09:00 — Resolved

## Mitigation

| Action | Result |
| --- | --- |
| Restart of the printers | Labels print |

## 5 Whys

1. **Why were labels blank?**
   → The font was gone again.

## Contributing factors

- One volume for all
""",
)
WHOLE = incident(
    "INC-2025-0003",
    "title: Two depots stand still",
    'roles: { coordinator: "@duty-manager" }',
    severity="SEV1",
    status="investigating",
    body="## Timeline (UTC)\n\n- 2025-06-15 14:00 — Detected\n",
)
LONE_PART = incident("INC-2025-0004", "title: A lone part", "major_incident: INC-2025-0999")
STANDS_IN = """\
---
id: INC-2025-0005
title: Scales show nothing
status: final
incident_status: closed
severity: SEV3
incident_commander: "@depot-lead"
---

# Scales show nothing

## Timeline (UTC)

- 2025-05-05 08:00 — Detected
- 2025-05-05 08:30 — Resolved

## Root cause

A cable was cut.
"""
FULL_PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0003
severity: SEV1
status: active
monitor_for: 7 days
summary: { problem: Nothing moves., eta: tonight }
horizons:
  immediate:
    goal: Parcels move.
    actions:
      - { title: Sort by hand, owner: "@depot-team", done: true, risk: Low (slow) }
      - { title: Reboot, owner: "@sre-team", due: 2025-06-10, risk: High (may stop all) }
    success_criteria: [No parcel waits]
  long_term:
    actions:
      - { title: Buy a second switch, due: 2025-09-01 }
risks:
  - { action: Reboot, risk: High, description: All stops, mitigation: By night }
verification: [Belts run]
rollback: { when: [Belts stop], steps: Switch it off }
---

# Get the depots going

## Communication plan

**Incident channel:** #depots
"""
BODY_PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0003
severity: SEV1
status: superseded
superseded_by: plan.md
---

# Wait

## Risks

| Action | Risk level | Description | Mitigation |
| --- | --- | --- | --- |
| Wait | Medium | It stays as it is | None |

## Verification

- Belts run
"""
ODD = incident(
    "INC-2025-0006",
    "title: [1]",
    "impact: { summary: 3, data_loss: [], compliance: { a: b }, users_affected: many }",
    "mitigations: [1, { action: 2 }, { strategy: [x] }]",
    "communications: [{ at: never, text: 4 }, { audience: <b>all</b>, text: '<script>x</script>' }, null]",
    "major_incident: { a: 1 }",
    "recurrence_of: 7",
    "five_whys: [{ why: 1 }, x, { because: <i>y</i> }]",
    "contributing_factors: [{ category: 2, factor: z }, { factor: '<u>cut</u>' }]",
    "keywords: 5",
    "root_cause: 2025-01-01",
    "timeline: [{ at: x, event: 3 }, { at: 2025-05-01T10:00Z }, 9]",
)
ODD_PLAN = """\
---
kind: mitigation-plan
incident: 4
summary: 1
monitor_for: []
horizons: { immediate: [], short_term: { goal: 3, actions: [1, { title: 2 }], success_criteria: x }, long_term: 5 }
risks: [1, { risk: 3 }, { risk: high, action: [] }]
risk_of_inaction: none
verification: 4
rollback: { when: 3, steps: { a: b } }
created_at: soon
---
"""
UNRESOLVED = incident("INC-2025-0007", "title: Nobody wrote down the end", severity="SEV1")
LATE_REVIEW = """\
---
incidents: [INC-2025-0007]
title: An end that nobody wrote down
status: final
published_on: 2025-05-01
---
"""
FOLDERS = {
    "response": "incidents/INC-2025-0001/incident", "review": "incidents/INC-2025-0001/postmortem",
    "again": "incidents/INC-2025-0002/incident", "whole": "incidents/INC-2025-0003/incident",
    "plan": "incidents/INC-2025-0003/plan", "body plan": "incidents/INC-2025-0003/first-plan",
    "lone part": "incidents/INC-2025-0004/incident", "stands in": "incidents/INC-2025-0005/postmortem",
    "unresolved": "incidents/INC-2025-0007/incident", "its review": "incidents/INC-2025-0007/postmortem",
    "odd": "incidents/INC-2025-0006/incident", "odd plan": "incidents/INC-2025-0006/mitigation-plan",
}  # fmt: skip
SOURCES = (
    RESPONSE, REVIEW, AGAIN, WHOLE, FULL_PLAN, BODY_PLAN, LONE_PART, STANDS_IN, UNRESOLVED,
    LATE_REVIEW, ODD, ODD_PLAN,
)  # fmt: skip
