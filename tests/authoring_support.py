"""A repository to write in, and the whole files that commands are expected to write."""

import json
from pathlib import Path

EXPECTED = Path(__file__).parent / "authoring"

POLICY = """severity: sev1-sev4
services:
  payments-api:
    owner: "@payments-team"
    alerts: [PaymentsDeclineRate]
  checkout: {owner: "@checkout-team"}
people: ["@payments-lead", "@sre-lead"]
teams: ["@payments-team", "@checkout-team"]
"""
OLD = "incidents/2025/INC-2025-0141/incident.md"
INCIDENT = """---
kind: incident
id: INC-2025-0141
title: Labels are printed twice
severity: SEV3
status: resolved
incident_commander: "@sre-lead"
services: [checkout]
---

## Timeline (UTC)

- 2025-06-10 09:00 — Alert fires (detected)
- 2025-06-10 10:00 — Resolved
"""
RUNBOOK = """---
kind: runbook
id: RB-payments-api
title: Payments fail
owner: "@payments-team"
services: [payments-api]
alerts: [PaymentsDeclineRate]
reviewed_on: 2025-06-01
---

## Diagnosis

- Look at the decline codes
"""
FILES = {"incident.yml": POLICY, OLD: INCIDENT, "runbooks/payments-api.md": RUNBOOK}

PATH = "incidents/2025/INC-2025-0142/incident.md"
LIVE = """---
kind: incident
id: INC-2025-0142
title: Cards are declined because the token cache is full
severity: SEV2
status: mitigating
incident_commander: "@payments-lead"
roles: {technical_lead: "@sre-lead"}
responders: ["@payments-team"]
services: [payments-api]
started_at: 2025-06-15T14:18Z
impact:
  summary: Every third card payment is declined.
  users_affected: 4200
  users_affected_percent: 12.5
mitigations:
  - {action: Restart the workers, result: No effect, rollback: None needed}
---

# Cards are declined

## Timeline (UTC)

- 2025-06-15 14:23 — Alert `PaymentsDeclineRate` fires (detected)
- 2025-06-15 14:25 — @payments-lead takes command

## Root cause

The token cache of payments-api holds 2,000 entries. It was sized for one country.
"""
INC = "INC-2025-0142"
RESOLVED = LIVE.replace("status: mitigating", "status: resolved").replace(
    "command\n\n", "command\n- 2025-06-15 15:38 — Resolved\n\n"
)
REVIEW_PATH = PATH.replace("incident.md", "postmortem.md")
REVIEW = """---
kind: postmortem
incidents: [INC-2025-0142]
title: A cache sized for one country
status: draft
authors: ["@sre-lead"]
review_meeting_at: 2025-06-17T13:00Z
---
"""


def same_as(name, written, update):
    """Compare a text with ``tests/authoring/<name>``, or write it there with ``--update``."""
    target = EXPECTED / name
    if update:
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(written.encode())
    assert written == target.read_bytes().decode()


def errors(run, *paths, as_of="2025-06-15T15:00Z"):
    """What `check` finds that is an error."""
    done = run("check", *paths, "--as-of", as_of)
    return [line for line in done.output.splitlines() if ": error " in line]


def communications(run):
    shown = json.loads(run("show", INC, "--format", "json").stdout)
    return shown[0]["record"].get("communications", [])
