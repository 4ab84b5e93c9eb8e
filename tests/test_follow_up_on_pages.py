"""An incident's page answers whether it was followed up, wherever the actions stand."""

import re

import pytest
from site_support import (
    CONFIGURED,
    PAGE_OF_INCIDENT,
    PAGE_OF_POSTMORTEM,
    broken_links,
    build,
    write,
)

PLAN = """\
---
kind: mitigation-plan
incident: INC-2025-0001
severity: SEV2
status: active
summary: { problem: Orders wait., impact: They are late., solution: Two workers., eta: tonight }
horizons:
  immediate:
    actions:
      - { title: Restart the worker, owner: "@orders-team", done: true }
  long_term:
    actions:
      - { title: Part the queue by customer, owner: "@queue-team", due: 2025-06-30 }
---

# Get the queue going
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    files = {**CONFIGURED, "incidents/INC-2025-0001/mitigation-plan.md": PLAN}
    done = build(write(tmp_path_factory.mktemp("site"), files))
    assert done.code == 0, done.log
    return done


def rows(page):
    found = re.findall(r'<tr class="inc-row.*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_an_incident_lists_the_actions_of_its_other_records_open_ones_first(site):
    assert rows(site.page(PAGE_OF_INCIDENT)) == [
        (
            "Restart the worker by itself in the postmortem @orders-team 12 days overdue 20 Mar 2025 "
            "open not recorded"
        ),
        (
            "Part the queue by customer in the mitigation plan @queue-team in 90 days 30 Jun 2025 "
            "open long term"
        ),
        (
            "Page when the oldest order waits for ten minutes in the postmortem @orders-team "
            "14 Mar 2025 done not recorded"
        ),
    ]
    assert "1 of 3 actions is overdue, 1 more open." in site.text(PAGE_OF_INCIDENT)


def test_each_leads_to_where_it_stands(site):
    page = site.page(PAGE_OF_INCIDENT)
    table = page.partition('id="state-of-actions"')[2]
    assert re.findall(r'<a href="([^"]+#action-\d+)"', table) == [
        "../postmortem/#action-8",
        "../mitigation-plan/#action-13",
        "../postmortem/#action-13",
    ]
    assert 'id="action-' not in page
    assert site.page(PAGE_OF_POSTMORTEM).count('id="action-') == 2
    assert broken_links(site.site) == []


def test_the_article_of_a_closed_incident_leads_to_its_prevention(site):
    article = site.page(PAGE_OF_INCIDENT).partition('id="inc-knowledge"')[2]
    assert '<a href="../postmortem/#action-8">Restart the worker by itself</a>' in article


def test_the_records_themselves_list_their_own(site):
    assert len(rows(site.page(PAGE_OF_POSTMORTEM))) == 2
    assert "in the postmortem" not in site.text(PAGE_OF_POSTMORTEM)
