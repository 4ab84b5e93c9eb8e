"""Incidents by their times, and the response that is measured in them."""

from datetime import UTC, datetime, timedelta

import pytest

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.insights.metrics import response
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
