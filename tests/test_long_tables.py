"""Tables of some thousand rows: the index keeps what is open and the latest, each year has a page."""

import html
import re
from datetime import UTC, datetime

import pytest
from browser_support import errors, listening, served
from site_support import broken_links, build, write

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.pages.environment import environment
from mkdocs_incident.pages.index_pages import INDEX_PAGES, drawn_pages
from mkdocs_incident.pages.site import Site
from mkdocs_incident.pages.years import LATEST_ROWS, LONGEST_TABLE
from mkdocs_incident.policy import load_policy

INCIDENT = """\
---
id: {id}
title: Belt {number} stops
severity: SEV{severity}
status: {status}
incident_commander: "@belt-lead"
services: [belts, lane-{lane}]
---

{timeline}"""
TIMELINE = """\
## Timeline (UTC)

- {year}-05-{day:02} 08:00 — alert fires
- {year}-05-{day:02} 09:00 — resolved
"""
REVIEW = """\
---
kind: postmortem
incidents: [{id}]
title: Why belt {number} stopped
status: {status}
contributing_factors:
  - {{ factor: Dust, category: environment }}
---

## Action items

- [ ] Clean belt {number} (@belt-team, due 2025-01-01)
- [x] Oil belt {number} (@belt-team, due 2025-01-01)
"""
YEARS = {2023: 12, 2024: 300, 2025: 15}
UNDATED = 2


def repository():
    files = {}
    for year in (*YEARS, None):
        for number in range(YEARS.get(year, UNDATED)):
            ident = f"INC-{year or 2020}-{number:04}"
            live = year == 2023 and number < 2
            timeline = TIMELINE.format(year=year, day=number % 28 + 1) if year else ""
            facts = {"id": ident, "number": number, "lane": number % 3, "severity": number % 4 + 1}
            status = "investigating" if live else "closed"
            files[f"incidents/{ident}/incident.md"] = INCIDENT.format(
                status=status, timeline=timeline, **facts
            )
            files[f"incidents/{ident}/postmortem.md"] = REVIEW.format(
                status="draft" if number % 50 == 1 else "final", **facts
            )
    return files


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write(tmp_path_factory.mktemp("many"), repository())


@pytest.fixture(scope="module")
def pages(root):
    """Draw every page of a site whose tables have at most so many rows: address → HTML."""
    policy = load_policy(None, root)
    corpus = load_corpus(policy)
    index = {page.name: f"kb/{page.file}" for page in INDEX_PAGES if page.name != "search"}

    def pages(longest=20):
        now = datetime(2025, 10, 1, tzinfo=UTC)
        site = Site(corpus, now, environment(policy.levels), index, longest)
        return {page.uri: page.draw(site, lambda path: f"/{path}") for page in drawn_pages(site)}

    return pages


@pytest.fixture(scope="module")
def parted(pages):
    return pages()


def rows(page):
    return re.findall(r'<tr class="inc-row.*?</tr>', page, re.DOTALL)


def ids(page):
    return set(re.findall(r'\bid="([^"]*)"', page))


def answer(page):
    text = re.search(r'<p class="inc-answer">(.*?)</p>', page, re.DOTALL)[1]
    return " ".join(html.unescape(re.sub("<[^>]*>", "", text)).split())


def test_a_table_that_one_page_holds_has_no_other_pages(pages):
    drawn = pages(LONGEST_TABLE)
    assert not [uri for uri in drawn if re.search(r"/(?:20\d\d|undated)\.md$", uri)]
    assert len(rows(drawn["kb/incidents.md"])) == sum(YEARS.values()) + UNDATED
    assert "inc-years" not in drawn["kb/incidents.md"]


@pytest.mark.parametrize(
    ("index", "each"), [("incidents", 1), ("postmortems", 1), ("action-items", 2)]
)
def test_each_year_has_a_page_with_all_of_its_rows(parted, index, each):
    for year, count in {**YEARS, "undated": UNDATED}.items():
        page = parted[f"kb/{index}/{year}.md"]
        assert len(rows(page)) == count * each
        assert f'href="/kb/{index}.md"' in page


def test_the_index_of_incidents_keeps_the_open_ones_and_the_latest(parted):
    page = parted["kb/incidents.md"]
    assert answer(page).startswith("329 incidents are on record, 2 of them open.")
    assert len(rows(page)) == 2 + LATEST_ROWS
    assert "INC-2023-0000" in rows(page)[0] + rows(page)[1]
    assert "INC-2025" in rows(page)[2]


def test_the_index_of_postmortems_keeps_those_that_are_not_final_and_the_latest(parted):
    page = parted["kb/postmortems.md"]
    drafts = sum(n % 50 == 1 for count in (*YEARS.values(), UNDATED) for n in range(count))
    assert answer(page).startswith("329 postmortems, 320 of them final;")
    assert len(rows(page)) == drafts + LATEST_ROWS


def test_the_tracker_keeps_what_is_open_as_far_as_one_page_goes(pages, parted):
    page = parted["kb/action-items.md"]
    assert answer(page).startswith("329 action items are overdue")
    assert len(rows(page)) == 20
    assert "Below is what is most urgent, 20 action items" in page
    page = pages(400)["kb/action-items.md"]
    assert len(rows(page)) == 329
    assert "Below are the open ones" in page


def test_places_of_years_and_groups_stay(pages, parted):
    before = pages(LONGEST_TABLE)
    for uri in ("kb/incidents.md", "kb/postmortems.md"):
        places = {name for name in ids(before[uri]) if name.startswith(("year-", "undated"))}
        assert len(places) == len(YEARS) + 1
        assert places <= ids(parted[uri])
    assert {"overdue", "ended"} <= ids(parted["kb/action-items.md"])
    for uri, page in parted.items():
        named = re.findall(r'\bid="([^"]*)"', page)
        assert len(named) == len(set(named)), uri


def test_pages_of_services_owners_and_causes_lead_to_the_years(parted):
    page = parted["kb/services/belts.md"]
    assert answer(page).startswith("2 incidents are open now, 329 on record.")
    assert len(rows(page)) == LATEST_ROWS * 2
    assert 'href="/kb/incidents/2024.md?incidents.service=belts"' in page
    assert 'href="/kb/action-items/2024.md?service=belts"' in page
    assert "the first 200 of 329" in page
    owner = parted["kb/owners/belt-team.md"]
    assert 'href="/kb/action-items/2023.md?owner=%40belt-team"' in owner
    cause = parted["kb/causes/environment.md"]
    assert 'href="/kb/incidents/2024.md?incidents.cause=environment"' in cause


# A real build: one postmortem whose actions are too many for one page


ACTIONS = LONGEST_TABLE + 1


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    facts = {"number": 1, "lane": 1, "severity": 2, "status": "closed"}
    files = {
        "mkdocs.yml": "site_name: Belts\ntheme: {name: material, font: false}\n"
        "plugins: [incident: {as_of: 2025-10-01, on_findings: ignore}]\n",
        "docs/index.md": "# Home\n",
    }
    for year in (2024, 2025):
        ident = f"INC-{year}-0001"
        timeline = TIMELINE.format(year=year, day=1)
        files[f"incidents/{ident}/incident.md"] = INCIDENT.format(
            id=ident, timeline=timeline, **facts
        )
    items = "".join(
        f"- [{'x' if n % 2 else ' '}] Check belt {n:04} (@belt-{n % 3}, due 2025-06-01)\n"
        for n in range(ACTIONS)
    )
    review = REVIEW.format(id="INC-2024-0001", **{**facts, "status": "final"})
    files["incidents/INC-2024-0001/postmortem.md"] = review.partition("- [ ]")[0] + items
    files["incidents/INC-2025-0001/postmortem.md"] = REVIEW.format(
        id="INC-2025-0001", **{**facts, "status": "final"}
    )
    done = build(write(tmp_path_factory.mktemp("built"), files))
    assert done.code == 0, done.log
    return done


def test_no_link_of_a_parted_site_leads_nowhere(built):
    assert broken_links(built.site) == []
    assert "knowledge-base/action-items/2024/index.html" in built.pages()
    assert "<title>Action items of 2024" in built.page(
        "knowledge-base/action-items/2024/index.html"
    )


@pytest.mark.browser
def test_filters_work_on_a_years_page_and_go_along_to_another(browser, built):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    with served(built.site) as address:
        page = listening(context.new_page(), address)
        page.goto(address + "knowledge-base/action-items/")
        page.locator(".inc-filter").wait_for()
        page.locator(".inc-years a", has_text="2024").click()
        page.locator(".inc-filter").wait_for()
        assert page.get_by_role("status").inner_text() == f"{ACTIONS:,} action items"
        page.locator(".inc-filter").get_by_role("searchbox").fill("belt 0007")
        assert page.locator("tr.inc-row:visible").count() == 1
        page.locator(".inc-years a", has_text="2025").click()
        page.locator(".inc-filter").wait_for()
        assert page.get_by_role("status").inner_text() == "No action item of 2 matches"
        assert errors(page) == []
    context.close()
