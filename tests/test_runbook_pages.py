"""What a runbook's page and the list of all say of its use: no more than incidents record."""

import json

import pytest
from record_pages_support import CONFIG
from site_support import build, write

RUNBOOK = """\
---
id: RB-labels
title: Label service
owner: "@labels-team"
alerts: [LabelQueueAge]
learned_from: [INC-2025-0001]
---

## Diagnosis

1. Look at the age of the queue
"""
PAYLOAD = {
    "version": "4",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "LabelQueueAge", "severity": "SEV2"},
            "startsAt": "2025-03-03T08:00:00Z",
        }
    ],
}
INCIDENT = "incidents/INC-2025-0001/incident.md"
PAGE = "runbooks/labels/index.html"
LIST = "knowledge-base/runbooks/index.html"


@pytest.fixture
def site_of(tmp_path, run):
    """The site of a runbook, and of the incident that its alert began, which a person changed."""

    def site_of(change=lambda text: text, *, declared=True, more=None):
        (tmp_path / "alert.json").write_text(json.dumps(PAYLOAD))
        files = {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n", "runbooks/labels.md": RUNBOOK}
        write(tmp_path, {**files, "incident.yml": ""})
        if declared:
            at = ("--commander", "@labels-lead", "--at", "2025-03-03T08:05Z")
            done = run("new", "incident", "--from", "alert.json", *at)
            assert done.exit_code == 0, done.output
            record = tmp_path / INCIDENT
            record.write_text(change(record.read_text("utf-8")), "utf-8")
        done = build(write(tmp_path, more or {}))
        assert done.code == 0, done.log
        return done

    return site_of


def test_a_runbook_that_an_alert_led_to_is_linked_and_not_taken_for_used(site_of):
    site = site_of()
    text = site.text(PAGE)
    assert "no incident records a use, though 1 links to it" in text
    assert "Learned from INC-2025-0001" in text
    assert "No incident records a use of 1 runbook." in site.text(LIST)
    assert "@labels-team not recorded not recorded" in site.text(LIST)  # services, last use


def test_a_use_that_an_incident_records_is_told_with_its_day(site_of):
    site = site_of(
        lambda text: text.replace("\n---\n", "\nrunbooks: [{ id: RB-labels }]\n---\n", 1)
    )
    text = site.text(PAGE)
    assert "used in 1 incident, last on 3 Mar 2025" in text
    assert "records a use" not in text + site.text(LIST)


def test_a_runbook_that_nothing_links_to_says_no_more(site_of):
    text = site_of(declared=False).text(PAGE)
    assert "no incident records a use" in text
    assert "link" not in text.partition("no incident records a use")[2].partition("Diagnosis")[0]


def test_an_incident_that_left_it_alone_is_told_and_is_no_use(site_of):
    note = "It is about another queue"
    left = f"\nrunbooks: [{{ id: RB-labels, verdict: not-used, note: {note} }}]\n---\n"
    site = site_of(lambda text: text.replace("\n---\n", left, 1))
    text = site.text(PAGE)
    assert "no incident records a use Everything" in text
    assert f"not used 3 Mar 2025 {note}" in text
    assert "left this runbook alone" in text.rpartition("Linked from")[2]
    assert "used this runbook" not in text
    assert "1 use" not in text
    page = site.text("incidents/INC-2025-0001/incident/index.html")
    assert f"Runbooks left alone Label service {note}" in page
    assert "Runbooks used" not in page
    assert "No incident records a use of 1 runbook." in site.text(LIST)
    assert "@labels-team not recorded not recorded" in site.text(LIST)


def test_incidents_that_left_it_alone_are_not_counted_among_those_that_only_link_to_it(site_of):
    left = "\nrunbooks: [{ id: RB-labels, verdict: not-used }]\n---\n"
    other = "---\nid: INC-2025-0002\ntitle: Depots wait\n---\n\n# Depots wait\n\nSee RB-labels.\n"
    more = {"incidents/INC-2025-0002/incident.md": other}
    site = site_of(lambda text: text.replace("\n---\n", left, 1), more=more)
    assert "no incident records a use, though 1 links to it" in site.text(PAGE)
