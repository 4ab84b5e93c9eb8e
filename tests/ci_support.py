"""A repository with a branch, and the files that run the gate for it."""

import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/guide/ci.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TEMPLATE = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

OLD = """\
---
id: INC-2025-0001
title: Labels print blank after the template service restarts
severity: SEV3
status: closed
incident_commander: "@label-lead"
services: [label-service]
alerts: [LabelQueueStuck]
{more}---

The label queue is stuck: the template cache is empty after a restart, so every label is blank.

## Root cause

The template service reads the queue before its cache is filled.

## Action items

- [ ] Warm the template cache before the label queue is read (@label-team, due 2025-09-01)
"""
NEW = """\
---
id: INC-2025-0002
title: Blank labels again after the template service restarts
severity: SEV3
status: closed
incident_commander: "@label-lead"
services: [label-service]
alerts: [LabelQueueStuck]
recurrence_of: INC-2025-0001
runbooks: [{id: RB-labels, verdict: missing-step, note: Say how to warm the cache}]
---

The label queue is stuck again: the template cache is empty after a restart, labels are blank.

## Root cause

The template service starts without its cache.

## Action items

- [ ] Refuse to start with an empty template cache (@label-team, due 2025-07-01)
- [x] Warm it by hand (@label-lead)
"""
RUNBOOK = """\
---
id: RB-labels
title: Labels
owner: "@label-team"
services: [label-service]
alerts: [LabelQueueStuck]
---

## Symptoms

Labels are blank; see [the map](../docs/map.md).
"""
FIRST, SECOND = (f"incidents/INC-2025-000{n}.md" for n in (1, 2))
BASE = {FIRST: OLD.format(more=""), "runbooks/labels.md": RUNBOOK, "docs/map.md": "# Map\n"}


def git(folder, *arguments):
    identity = ("-c", "user.name=T", "-c", "user.email=t@parcels.example")
    done = subprocess.run(
        ["git", "-C", folder, *identity, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def branch(tmp_path, write):
    """A branch `change` off `main`, which has an old incident and a runbook."""
    return begun(tmp_path, write, BASE)


def begun(folder, write, files):
    write(files)
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    git(folder, "switch", "-qc", "change")
    return folder


def commit(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Records")
