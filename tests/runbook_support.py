"""Incidents that taught something, and the runbook that is to learn it."""

import subprocess

AS_OF = ("--as-of", "2025-06-16")
# A patched runbook is still a record without a flaw, and what it was to learn is learned.
READ_WELL = "SRC,SCH,REF,runbook-not-updated"

INCIDENT = """\
---
id: {id}
title: Checkout was slow
severity: SEV2
status: resolved
incident_commander: "@payments-lead"
services: [checkout]
{more}---
## Timeline (UTC)

- 2025-06-15 14:23 — alert on slow checkouts fires
"""

POSTMORTEM = """\
---
incidents: [{id}]
title: Checkout was slow
{more}---
## Root cause

The connection pool was sized for half of the traffic.

## Action items

- [ ] Alert at 80 % of the pool (@payments-team, due 2025-06-22)
{actions}"""

RUNBOOK = """\
---
id: RB-checkout
title: Checkout is slow
services: [checkout]
{more}---

# Checkout is slow

## Diagnosis

- Look at the pool

## Mitigation

1. Restart the workers
2. Enlarge the pool

## Escalation

- Call @payments-lead
"""

DECLARED = """\
runbook_updates:
  - runbook: RB-checkout
    diagnosis: Compare the size of the pool with the last release
    mitigation: [Roll the release back]
"""
SCENARIO = """\
runbook_updates:
  - runbook: RB-checkout
    scenario: The pool is exhausted
    symptoms: [Checkout waits for a connection]
    mitigation: [Enlarge the pool to 200, Restart the workers one by one]
"""
VERDICT = """\
runbooks:
  - id: RB-checkout
    verdict: missing-step
    note: How to tell the pool from the database is not said
"""


def incident(number="0142", more=""):
    name = f"INC-2025-{number}"
    return {f"incidents/{name}/incident.md": INCIDENT.format(id=name, more=more)}


def postmortem(number="0142", more="", actions=""):
    name = f"INC-2025-{number}"
    text = POSTMORTEM.format(id=name, more=more, actions=actions)
    return {f"incidents/{name}/postmortem.md": text}


def runbook(text=RUNBOOK, more="", path="runbooks/checkout.md"):
    return {path: text.format(more=more) if isinstance(text, str) else text}


DONE = {**incident(), **postmortem(more=DECLARED)}
CRLF = RUNBOOK.format(more="").replace("\n", "\r\n").encode()


def git(folder, *arguments, data=None):
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
        cwd=folder, input=data, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def repository(folder, files):
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "init", "--quiet")
    git(folder, "config", "core.autocrlf", "false")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "records")


def patch_of(run, folder):
    result = run("runbook-updates", "--patch", folder=folder)
    assert result.exit_code == 0
    return result.stdout_bytes


def lines_of(patch):
    """A patch's lines without the blank that a diff puts before an empty one."""
    return [line.rstrip() for line in patch.decode().splitlines()]


def assert_nothing_is_left(run, folder):
    left = run("runbook-updates", folder=folder)
    assert left.output == "Every runbook says what the incidents taught\n"
    assert patch_of(run, folder) == b""
    checked = run("check", *AS_OF, "--select", READ_WELL, "--fail-on", "warning", folder=folder)
    assert checked.exit_code == 0, checked.output
