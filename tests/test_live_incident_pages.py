"""What the page of a live incident says beside its text: where responders meet, what is waived."""

import pytest
from record_pages_support import CONFIG
from site_support import build, write

LIVE = """\
---
id: INC-2025-0142
title: "Payments fail: no connection is free"
severity: SEV2
status: investigating
incident_commander: "@payments-lead"
services: [payments-api]
---

## Timeline (UTC)

- 2025-06-15 14:23 — Alert on failing payments fires
"""
PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0142
title: Free the connections
communication: { channel: "#payments-war-room" }
---
"""
PAGE = "incidents/INC-2025-0142/incident/index.html"


@pytest.fixture
def page_of(tmp_path):
    def page_of(record, policy="", **files):
        path = "incidents/INC-2025-0142/incident.md"
        texts = {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n", path: record}
        done = build(write(tmp_path, {**texts, "incident.yml": policy, **files}))
        assert done.code == 0, done.log
        return done.text(PAGE)

    return page_of


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ("", "#incident-2025-06-15-payments-fail-no-connection-is-free"),
        ('channel: "{severity}-{id}"\n', "sev2-inc-2025-0142"),
    ],
    ids=["by default", "by the policy"],
)
def test_a_live_incident_names_the_channel_of_its_responders(page_of, policy, named):
    assert f"Channel {named} " in page_of(LIVE, policy)


def test_the_channel_that_a_plan_names_wins(page_of):
    text = page_of(LIVE, **{"incidents/INC-2025-0142/plan.md": PLAN})
    assert "Channel #payments-war-room " in text


def test_a_long_title_gives_no_longer_channel_than_a_chat_takes(page_of):
    long = LIVE.replace("no connection is free", "no connection is free in any region " * 3)
    name = page_of(long).partition("Channel ")[2].split()[0]
    assert len(name) <= 80
    assert name.startswith("#incident-2025-06-15-payments-fail-")
    assert not name.endswith("-")


def test_nobody_meets_in_the_channel_of_a_closed_incident(page_of):
    assert "#incident-" not in page_of(LIVE.replace("investigating", "closed"))


def test_what_is_waived_is_shown_with_its_reason_and_its_last_day(page_of):
    waived = LIVE.replace(
        'incident_commander: "@payments-lead"\n',
        "# mkdocs-incident: waive missing-incident-commander until 2025-07-01: The rota starts in July\n",
    )
    text = page_of(waived, "rules: { first-update-late: off }\n")
    shown = text.partition("Waived here")[2]
    assert "missing-incident-commander" in shown
    assert "Until 1 Jul 2025 : The rota starts in July" in shown
    assert "missing-incident-commander" not in text.partition("Waived here")[0]
