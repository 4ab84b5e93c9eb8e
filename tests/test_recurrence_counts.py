"""What repeats an earlier incident is read in one way, wherever it is counted, through a real build."""

import json
import re

import pytest
from site_support import build, write

INCIDENT = """\
---
kind: incident
id: {ident}
title: {title}
severity: SEV3
status: closed
incident_commander: "@orders-lead"
services: [{service}]
started_at: {day}T00:00Z
detected_at: {day}T00:00Z
resolved_at: {day}T01:00Z
{fields}
---

# {title}
"""
FIELDS = {
    "INC-2025-0001": "",
    "INC-2025-0002": "recurrence_of: [INC-2025-0001]\nrelated: [INC-2025-0001, INC-2025-0002]",
    "INC-2025-0003": "recurrence_of: INC-2025-0003\nrelated: [INC-2025-0003]",
    "INC-2025-0004": "recurrence_of: INC-1999-9999",
    "INC-2025-0005": "recurrence_of: INC-2025-0006",
    "INC-2025-0006": "recurrence_of: INC-2025-0005",
    "INC-2025-0007": "recurrence_of: [INC-2025-0004, INC-2025-0007, INC-2025-0003]",
    "INC-2025-0008": "recurrence_of: []",
}
REPEATING = {
    "INC-2025-0002": ["INC-2025-0001"],
    "INC-2025-0005": ["INC-2025-0006"],
    "INC-2025-0006": ["INC-2025-0005"],
    "INC-2025-0007": ["INC-2025-0004", "INC-2025-0003"],
}
"""A list counts; itself and what has no record do not; a circle ends."""
WORDS = ("Amber", "Birch", "Cobalt", "Daisy", "Ember", "Fjord", "Gravel", "Heron")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    files = {
        f"incidents/{ident}/incident.md": INCIDENT.format(
            ident=ident, title=word, service=word.lower(), day=f"2025-07-0{n}", fields=fields
        )
        for n, ((ident, fields), word) in enumerate(
            zip(FIELDS.items(), WORDS, strict=True), start=1
        )
    }
    yml = "site_name: Test\nplugins:\n  - incident: {as_of: 2025-10-01, on_findings: ignore}\n"
    folder = tmp_path_factory.mktemp("again")
    done = build(write(folder, {"mkdocs.yml": yml, "docs/index.md": "# Home\n", **files}))
    assert done.code == 0, done.log
    return done


def test_pages_and_data_count_the_same_ones(built):
    trends = built.text("knowledge-base/trends/index.html")
    assert "Q3 2025 4 of 8 (50 %)" in trends.partition("recurrence_of")[2]
    assert "4 of the 8 say that they repeat an earlier one" in trends
    index = built.page("knowledge-base/incidents/index.html")
    rows = re.findall(r'<tr class="inc-row" data-facets.*?</tr>', index, re.DOTALL)
    again = [re.findall(r"INC-2025-\d{4}", row)[0] for row in rows if "repeats" in row]
    assert sorted(set(again)) == list(REPEATING)
    data = json.loads(built.page("knowledge-base/incidents.json"))["incidents"]
    told = {i["id"]: i["recurrence_of"] for i in data if i["recurrence_of"] is not None}
    assert told == {ident: earlier[0] for ident, earlier in REPEATING.items()}


@pytest.mark.parametrize("ident", FIELDS)
def test_each_page_names_what_it_repeats(built, ident):
    page = built.text(f"incidents/{ident}/incident/index.html")
    before = re.search(r"It repeats ((?:(?!\. ).)*)", page)
    found = re.findall(r"INC-2025-\d{4}", before[1]) if before else []
    assert found == REPEATING.get(ident, [])


def test_no_record_is_related_to_itself(built):
    both = built.text("incidents/INC-2025-0002/incident/index.html")
    related = both.partition("Related")[2].partition("It happened before")[0]
    assert "INC-2025-0001" in related
    assert "this one repeats it" in related
    assert "INC-2025-0002" not in related
    assert "this one repeats it" not in built.text("incidents/INC-2025-0003/incident/index.html")


def test_the_overview_groups_them(built):
    overview = built.text("knowledge-base/index.html")
    groups = overview.partition("Repeated incidents")[2].partition("A year at a glance")[0]
    assert len(re.findall(r" repeats ", groups)) == 3  # 1 and 2; 5 and 6; 3, 4 and 7
    assert "One of 3" in groups
