"""Tables in a real browser: filters, order, pages and export, with the mouse, the keyboard, and without."""

import csv
import io
import json
import re
from urllib.parse import parse_qs

import pytest
from browser_support import REVIEWS, errors, listening, served
from site_support import build, write

pytestmark = pytest.mark.browser

TRACKER = "knowledge-base/action-items/"
POSTMORTEMS = "knowledge-base/postmortems/"


def bar(page, nth=0):
    found = page.locator(".inc-filter").nth(nth)
    found.wait_for()
    return found


def rows(page, nth=0):
    return page.locator("incident-table").nth(nth).locator("tr.inc-row:visible")


def said(page, nth=0):
    return page.locator("incident-table").nth(nth).get_by_role("status").inner_text()


def query(page):
    """What the address asks for, as the page has it: Playwright hears of a new one a moment later."""
    return page.evaluate("location.search").removeprefix("?")


def choose(page, facet, value):
    """Press a filter's chip, opening the box of its facet where it has one."""
    box = page.locator("details.inc-facet", has=page.locator("summary", has_text=facet)).first
    if box.count() and box.get_attribute("open") is None:
        box.locator("summary").click()
    page.locator(".inc-chip", has_text=value).first.click()


def test_one_owners_overdue_items_and_the_filter_stays_after_a_reload(open_page):
    page = open_page(TRACKER)
    everything = rows(page).count()
    choose(page, "Owner", "@platform-team")
    choose(page, "Due", "Overdue")
    assert 0 < rows(page).count() < everything
    for row in rows(page).all():
        assert "@platform-team" in row.inner_text()
        assert "overdue" in row.inner_text()
    assert said(page) == f"{rows(page).count()} of {everything} action items"
    assert parse_qs(query(page)) == {"owner": ["@platform-team"], "due": ["overdue"]}
    kept = [row.inner_text() for row in rows(page).all()]
    page.reload()
    bar(page)
    assert [row.inner_text() for row in rows(page).all()] == kept
    assert page.locator(".inc-chip[aria-pressed=true]").count() == 2
    bar(page).get_by_role("button", name="Clear").click()
    assert rows(page).count() == everything
    assert parse_qs(query(page)) == {}
    assert errors(page) == []


def test_several_values_of_a_filter_widen_it_and_several_filters_narrow_it(open_page):
    page = open_page(TRACKER)
    bar(page)
    choose(page, "State", "in progress")
    some = rows(page).count()
    choose(page, "State", "open")
    both = rows(page).count()
    choose(page, "Due", "Overdue")
    assert some < both
    assert rows(page).count() < both


def test_free_text_finds_rows_by_all_its_words(open_page):
    page = open_page(POSTMORTEMS)
    bar(page).get_by_role("searchbox").fill("0003 POOL")
    found = [row.inner_text() for row in rows(page).all()]
    assert found
    assert all("INC-2025-0003" in text and "pool" in text.lower() for text in found)
    bar(page).get_by_role("searchbox").fill("no such word")
    assert rows(page).count() == 0
    assert said(page) == f"No postmortem of {REVIEWS} matches"
    assert not page.locator(".inc-group:visible").count()
    bar(page).get_by_role("button", name="Clear").click()
    assert rows(page).count() == REVIEWS


def test_a_head_sorts_up_then_down_then_as_before(open_page):
    page = open_page(TRACKER)
    bar(page)
    age = page.locator("incident-table th", has_text="Age").first

    def ages():
        return [int(row.locator("td").last.inner_text().split()[0]) for row in rows(page).all()]

    usual = ages()
    assert usual != sorted(usual)
    age.get_by_role("button").click()
    assert ages() == sorted(usual)
    assert age.get_attribute("aria-sort") == "ascending"
    assert not page.locator("incident-table").first.locator(".inc-group:visible").count()
    assert parse_qs(query(page)) == {"sort": ["6"]}
    page.reload()
    bar(page)
    assert ages() == sorted(usual)
    age.get_by_role("button").click()
    assert ages() == sorted(usual, reverse=True)
    age.get_by_role("button").click()
    assert ages() == usual
    assert age.get_attribute("aria-sort") is None
    assert page.locator("incident-table").first.locator(".inc-group:visible").count()


def test_what_is_not_recorded_comes_last_either_way(open_page):
    page = open_page(POSTMORTEMS + "?sort=4")
    bar(page)
    durations = page.locator("incident-table tr.inc-row:visible td[data-label=Duration]")
    known = [cell.get_attribute("data-value") != "" for cell in durations.all()]
    assert known == sorted(known, reverse=True)
    minutes = [int(c.get_attribute("data-value") or 10**9) for c in durations.all()]
    assert minutes == sorted(minutes)


def test_the_export_holds_what_is_shown(open_page):
    page = open_page(TRACKER + "?owner=%40platform-team&sort=-2")
    bar(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").first.click()
    assert download.value.suggested_filename == "action-items.csv"
    text = download.value.path().read_text("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    assert head == ["Action", "Owner", "Due", "State", "Horizon", "Incident", "Age"]
    assert len(lines) == rows(page).count() > 1
    assert {line[1] for line in lines} == {"@platform-team"}
    shown = [row.locator("td").nth(2).inner_text() for row in rows(page).all()]
    assert [line[2] for line in lines] == [re.sub(r"\s+", " ", text).strip() for text in shown]
    assert errors(page) == []


def test_filters_and_order_work_by_keyboard(open_page):
    page = open_page(TRACKER)
    everything = rows(page).count()
    bar(page)
    summary = page.locator("details.inc-facet summary", has_text="Owner").first
    summary.focus()
    page.keyboard.press("Enter")
    box = page.locator("details.inc-facet[open]")
    box.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('inc-chip')")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Space")
    assert rows(page).count() < everything
    page.keyboard.press("Escape")
    assert not box.count()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.locator("incident-table th button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort=ascending]").count() == 1
    assert errors(page) == []


def test_cards_of_a_narrow_screen_are_sorted_by_a_list(open_page):
    page = open_page(TRACKER, width=400)
    page.get_by_label("Sort by").first.select_option(label="Age ↓")
    first = rows(page).first.locator("td").last.inner_text()
    assert first.split()[0] == "477"
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_few_rows_have_no_filters_and_a_short_table_no_pages(open_page):
    page = open_page("knowledge-base/services/payments-api/")
    page.locator("incident-table th button").first.wait_for()
    assert not page.locator(".inc-filter:visible").count()
    page = open_page(POSTMORTEMS)
    bar(page)
    assert not page.locator(".inc-pager:visible").count()


def test_without_javascript_all_rows_are_there_and_nothing_that_does_not_work(open_page):
    page = open_page(TRACKER, java_script_enabled=False)
    assert page.locator(".inc-row").count() > 30
    assert not page.locator(".inc-filter, .inc-pager, .inc-sort").count()


# Long tables and other ways to open a site

ITEMS = "".join(
    f"- [ ] Check belt {n:03} for dust (@belt-{n % 3}, due 2025-06-{n % 28 + 1:02})\n"
    for n in range(250)
)
POSTMORTEM = f"""\
---
kind: postmortem
incidents: [INC-2025-0001]
title: Dust
status: draft
---

## Action items

{ITEMS}"""
INCIDENT = """\
---
id: INC-2025-0001
title: Belts stop
severity: SEV3
status: resolved
incident_commander: "@belt-lead"
---

## Timeline (UTC)

- 2025-05-01 08:00 — alert fires
- 2025-05-01 09:00 — resolved
"""
YML = """\
site_name: Belts
theme: {{name: material, font: false{features}}}
{more}plugins:
{plugins}  - search
  - incident: {{as_of: 2025-06-10, on_findings: ignore}}
"""


def small_site(folder, features="", plugins="", more=""):
    yml = YML.format(features=features, plugins=plugins, more=more)
    files = {
        "mkdocs.yml": yml,
        "docs/index.md": "# Home\n\n[Tracker](knowledge-base/action-items.md)\n",
        "incidents/INC-2025-0001/incident.md": INCIDENT,
        "incidents/INC-2025-0001/postmortem.md": POSTMORTEM,
    }
    done = build(write(folder, files))
    assert done.code == 0, done.log
    return done.site


PROMISED = "".join(
    f"  - {{title: Check belt {n}, type: preventive, owner: '@belt-team', due: 2025-06-{n + 1:02},"
    f" status: {('open', 'in-progress')[n % 2]}, horizon: {('immediate', 'short-term', 'long-term')[n % 3]}}}\n"
    for n in range(15)
)
"""More than are taken in at a glance, as of the tenth some of them are late."""
SEVERAL = {
    "docs/index.md": "# Home\n",
    "incidents/INC-2025-0001/incident.md": INCIDENT,
    "incidents/INC-2025-0001/postmortem.md": POSTMORTEM.split("---\n\n", maxsplit=1)[0]
    + f"action_items:\n{PROMISED}---\n",
}


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_a_long_table_has_pages(tab, tmp_path):
    with served(small_site(tmp_path)) as address:
        page = listening(tab, address)
        page.goto(address + TRACKER)
        bar(page)
        assert rows(page).count() == 100
        pager = page.get_by_role("navigation", name="Pages")
        assert "Page 1 of 3" in pager.inner_text()
        assert pager.get_by_role("button", name="Previous").is_disabled()
        pager.get_by_role("button", name="Next").click()
        pager.get_by_role("button", name="Next").click()
        assert rows(page).count() == 50
        assert parse_qs(query(page)) == {"page": ["3"]}
        assert pager.get_by_role("button", name="Next").is_disabled()
        bar(page).get_by_role("searchbox").fill("belt 007")
        assert rows(page).count() == 1
        assert not pager.is_visible()
        assert errors(page) == []


def test_tables_live_through_instant_navigation(tab, tmp_path):
    features = ", features: [navigation.instant]"
    with served(tmp_path / "site") as address:
        small_site(tmp_path, features, more=f"site_url: {address}\n")
        page = listening(tab, address)
        page.goto(address)
        page.evaluate("window.stays = true")
        for _ in range(2):
            page.get_by_role("link", name="Tracker").click()
            bar(page)
            assert page.locator(".inc-filter").count() == 1
            bar(page).get_by_role("searchbox").fill("belt 007")
            assert rows(page).count() == 1
            page.go_back()
            page.get_by_role("link", name="Tracker").wait_for()
        assert page.evaluate("window.stays"), "a whole page was loaded"
        assert errors(page) == []


def test_opened_from_the_file_system(tab, tmp_path):
    site = small_site(tmp_path, plugins="  - offline\n", more="use_directory_urls: false\n")
    page = listening(tab, "file:")
    page.goto((site / "knowledge-base/action-items.html").as_uri())
    bar(page).get_by_role("searchbox").fill("belt 007")
    assert rows(page).count() == 1
    page.locator(".inc-row:visible a").first.click()
    page.locator("tr:target").wait_for()
    # Material's own shim for its search; the privacy plugin would bring it home.
    assert [url for url in page.outside if "iframe-worker" not in url] == []
    assert [said for said in page.said if "ERR_NAME_NOT_RESOLVED" not in said] == []


def test_an_address_means_the_same_in_all_languages_of_a_site(tab, tmp_path):
    sites = {}
    for language in ("en", "de"):
        theme = f"theme: {{name: mkdocs, locale: {language}, highlightjs: false}}\n"
        files = {
            **SEVERAL,
            "mkdocs.yml": f"site_name: Test\n{theme}plugins: [search, {{incident: {{as_of: 2025-06-10, on_findings: ignore}}}}]\n",
        }
        done = build(write(tmp_path / language, files))
        assert done.code == 0, done.log
        sites[language] = done.site
    with served(sites["en"]) as address:
        page = listening(tab, address)
        page.goto(address + TRACKER)
        choose(page, "Due", "Overdue")
        choose(page, "State", "in progress")
        choose(page, "Horizon", "short term")
        asked = query(page)
        found = [row.locator("td").first.inner_text() for row in rows(page).all()]
    assert parse_qs(asked) == {
        "due": ["overdue"],
        "state": ["in-progress"],
        "horizon": ["short-term"],
    }
    assert len(found) == 2
    with served(sites["de"]) as address:
        page = listening(tab, address)
        page.goto(f"{address}{TRACKER}?{asked}")
        bar(page)
        assert [row.locator("td").first.inner_text() for row in rows(page).all()] == found
        pressed = page.locator(".inc-chip[aria-pressed=true]").all_inner_texts()
        assert [re.sub(r"\s+\d+$", "", chip) for chip in pressed] == [
            "in Arbeit",
            "Überfällig",
            "kurzfristig",
        ]
        assert errors(page) == []


def categorised(folder, categories, locale="en"):
    """Build a site with a postmortem of each category."""
    theme = f"theme: {{name: mkdocs, locale: {locale}, highlightjs: false}}\n"
    files = {
        "mkdocs.yml": f"site_name: Test\n{theme}plugins: [search, {{incident: {{as_of: 2025-06-10, on_findings: ignore}}}}]\n",
        "docs/index.md": "# Home\n",
    }
    for number, category in enumerate(categories, start=1):
        ident = f"INC-2025-{number:04}"
        files[f"incidents/{ident}/incident.md"] = INCIDENT.replace("INC-2025-0001", ident)
        files[f"incidents/{ident}/postmortem.md"] = (
            f"---\nkind: postmortem\nincidents: [{ident}]\ntitle: Dust {number}\nstatus: draft\n"
            f"contributing_factors:\n  - {{category: {category}, factor: Dust on belt {number}}}\n---\n"
        )
    done = build(write(folder, files))
    assert done.code == 0, done.log
    return done.site


def chips(page, facet):
    """The values of a filter as they are read, each with its number of rows."""
    bar(page)
    named = page.locator(".inc-facet", has_text=facet).first
    return [" ".join(text.split()) for text in named.locator(".inc-chip").all_text_contents()]


def test_values_that_scripts_know_as_names_are_read_as_written(tab, tmp_path):
    categories = ["constructor", "valueOf", "__proto__", "dust", "heat", "noise", "rain", "water"]
    with served(categorised(tmp_path, categories)) as address:
        page = listening(tab, address)
        page.goto(address + POSTMORTEMS)
        assert "constructor 1" in chips(page, "Cause")
        choose(page, "Cause", "constructor")
        assert rows(page).count() == 1
        assert page.locator("summary.inc-facet--chosen").inner_text() == "Cause: constructor"
        page.reload()
        bar(page)
        assert rows(page).count() == 1
        assert errors(page) == []


def test_each_table_has_its_own_words_and_a_category_one_value(tab, tmp_path):
    categories = ["config-drift", "config_drift", "Config drift", "wont-do", "process", "Process"]
    site = categorised(tmp_path, [*categories, "dust", "lacking", "open"], "de")
    with served(site) as address:
        page = listening(tab, address)
        page.goto(address + POSTMORTEMS)
        assert chips(page, "Ursache") == [
            "config drift 3",
            "dust 1",
            "lacking 1",
            "open 1",
            "Prozess 2",
            "wont do 1",
        ]
        words = json.loads(page.locator("incident-table").get_attribute("data-words"))
        assert words == {
            "state": {"draft": "Entwurf"},
            "cause": {"config-drift": "config drift", "process": "Prozess", "wont-do": "wont do"},
        }
        assert errors(page) == []
