"""Records and questions for the tests of `mkdocs-incident check`."""

import json

AS_OF = ("--as-of", "2025-06-16")

INCIDENT = """\
---
id: INC-2025-0142
title: Checkout was slow
severity: SEV2
status: resolved
incident_commander: "@payments-lead"
ic_assigned_at: 2025-06-15T14:30Z
identified_at: 2025-06-15T14:50Z
mitigated_at: 2025-06-15T15:05Z
resolved_at: 2025-06-15T15:10Z
evidence:
  - url: https://charts.parcels.example/checkout
---
## Timeline (UTC)

- 2025-06-15 14:23 — alert on slow checkouts fires
"""
WITHOUT_SEVERITY = INCIDENT.replace("severity: SEV2\n", "")
WITHOUT_TIMELINE = INCIDENT.partition("## Timeline")[0]
SPELLED = INCIDENT.replace("SEV2", "Sev 2")
RUNBOOK = '---\nid: RB-checkout\ntitle: Checkout is slow\nowner: "@payments-team"\n---\n'

PATH = "incidents/INC-2025-0142/incident.md"


def other(text, number="0143"):
    return {f"incidents/INC-2025-{number}/incident.md": text.replace("0142", number)}


def summary(result):
    return result.output.splitlines()[-1]


def names(result):
    return [found["name"] for found in json.loads(result.stdout)["diagnostics"]]
