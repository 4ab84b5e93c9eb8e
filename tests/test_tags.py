"""Tags of records: what Material's listings, search and filters know a record by."""

import json
import re

import pytest
from browser_support import errors, listening, served
from site_support import CONFIGURED, INCIDENT, PAGE_OF_INCIDENT, PAGE_OF_POSTMORTEM, build, write

YML = """\
site_name: Test
theme: {{name: material, font: false}}
plugins:
  - search
{tags}  - incident: {{as_of: 2025-04-01{more}}}
"""
LISTING = "# Tags\n\n<!-- material/tags -->\n"
PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0001
title: More workers
status: active
author: "@orders-lead"
created_at: 2025-03-03T09:00Z
---

## Context

The worker hangs.
"""


@pytest.fixture
def published(tmp_path):
    def published(tags="  - tags\n", more="", code=0, **files):
        yml = YML.format(tags=tags, more=more)
        files = {**CONFIGURED, "docs/tags.md": LISTING, "mkdocs.yml": yml, **files}
        done = build(write(tmp_path, files), "--strict")
        assert done.code == code, done.log
        return done

    return published


def listed(done):
    """The pages that the listing names, by tag."""
    found = {}
    for part in done.page("tags/index.html").split("<h2")[1:]:
        tag = re.search(r'class="md-tag">([^<]*)', part)[1]
        found[tag] = sorted(re.findall(r'<a href="\.\./([^"#]*)">', part))
    return found


def test_the_listing_groups_records_by_severity_status_service_and_their_own_tags(published):
    plans = {"incidents/INC-2025-0001/mitigation-plan.md": PLAN}
    done = published(more=", on_findings: ignore", **plans)
    incident, review = "incidents/INC-2025-0001/incident/", "incidents/INC-2025-0001/postmortem/"
    plan = "incidents/INC-2025-0001/mitigation-plan/"
    assert listed(done) == {
        "SEV2": [incident, plan, review],
        "orders": [incident, plan, review, "runbooks/orders/"],
        "queue": [incident],
        "status: active": [plan, "runbooks/orders/"],
        "status: closed": [incident],
        "status: final": [review],
    }


def test_the_search_knows_tags(published):
    index = json.loads(published().page("search/search_index.json"))
    tags = {entry["location"]: entry.get("tags") for entry in index["docs"]}
    assert tags["incidents/INC-2025-0001/incident/"] == [
        "queue",
        "SEV2",
        "status: closed",
        "orders",
    ]
    assert tags["knowledge-base/incidents/"] is None


def test_a_fact_is_shown_once(published):
    page = published().page(PAGE_OF_INCIDENT)
    assert '<nav class="md-tags" hidden>' in page
    shown = page.partition('<nav class="md-tags"')[2].partition("</nav>")[2]
    assert shown.count('class="inc-tag"') == 1
    assert 'href="../../../knowledge-base/incidents/?incidents.tag=queue">queue</a>' in shown


def test_a_page_without_tags_of_its_own_shows_none(published):
    assert 'class="inc-tag"' not in published().page(PAGE_OF_POSTMORTEM)


def test_without_the_plugin_of_tags_nothing_of_them_is_seen(published):
    done = published(tags="")
    assert "status: closed" not in done.text(PAGE_OF_INCIDENT)


def test_tags_can_be_left_to_the_records(published):
    done = published(more=", tags: false")
    assert listed(done) == {"queue": ["incidents/INC-2025-0001/incident/"]}
    assert '<nav class="md-tags" >' in done.page(PAGE_OF_INCIDENT)


def test_a_list_of_allowed_tags_decides_which_of_ours_there_are(published):
    allowed = "  - tags: {tags_allowed: [queue, SEV2, 'status: closed']}\n"
    incident = ["incidents/INC-2025-0001/incident/"]
    assert listed(published(tags=allowed)) == {
        "SEV2": [*incident, "incidents/INC-2025-0001/postmortem/"],
        "queue": incident,
        "status: closed": incident,
    }


def test_text_of_tags_is_escaped(published):
    text = INCIDENT.replace("tags: [queue]", "tags: ['<b>&', 'a b?c=d&e']")
    done = published(**{"incidents/INC-2025-0001/incident.md": text})
    page = done.page(PAGE_OF_INCIDENT)
    assert "?incidents.tag=%3Cb%3E%26" in page
    assert "?incidents.tag=a%20b%3Fc%3Dd%26e" in page
    assert "<b>&" not in page + done.page("tags/index.html")


@pytest.mark.browser
def test_a_tag_leads_to_what_else_has_it(browser, published):
    other = INCIDENT.partition("\nSee ")[0].replace("![Age of the queue](evidence/queue.svg)", "")
    other = other.replace("INC-2025-0001", "INC-2025-0002").replace("[queue]", "[disk]")
    done = published(more=", on_findings: ignore", **{"incidents/INC-2025-0002/incident.md": other})
    with served(done.site) as address:
        page = listening(browser.new_page(), address)
        page.goto(address + PAGE_OF_INCIDENT)
        page.locator(".inc-tag", has_text="queue").click()
        page.locator(".inc-filter").wait_for()
        rows = page.locator("tr.inc-row:visible")
        assert [row.get_attribute("data-facets") is not None for row in rows.all()] == [True]
        assert "INC-2025-0001" in rows.inner_text()
        assert page.get_by_role("status").inner_text() == "1 of 2 incidents"
        page.locator(".inc-filter").get_by_role("button", name="Clear").click()
        assert rows.count() == 2
        assert errors(page) == []
        page.close()
