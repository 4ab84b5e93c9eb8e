"""The site of the sample knowledge base, read in a real browser."""

import re

import pytest
from browser_support import errors

pytestmark = pytest.mark.browser


def test_severity_steps_differ_without_colour(open_page, palette):
    page = open_page("knowledge-base/postmortems/", color_scheme=palette)
    chips = page.locator(".inc-sev").all()
    assert {chip.inner_text() for chip in chips} >= {"SEV1", "SEV2", "SEV3"}
    brightness = {
        chip.inner_text(): chip.evaluate(
            "(e) => { const [r, g, b] = getComputedStyle(e).backgroundColor.match(/\\d+/g);"
            " return 0.299 * r + 0.587 * g + 0.114 * b }"
        )
        for chip in chips
    }
    assert abs(brightness["SEV1"] - brightness["SEV3"]) > 15


def test_the_tracker_leads_to_the_action_on_its_record(open_page):
    page = open_page("knowledge-base/action-items/")
    link = page.locator(".inc-table .inc-main a").first
    title = link.inner_text()
    link.click()
    page.wait_for_url("**/#action-*")
    row = page.locator("tr:target")
    row.wait_for()
    assert title in row.inner_text()
    # The plain theme scrolls smoothly, which takes a moment.
    in_sight = "document.querySelector('tr:target').getBoundingClientRect().top < innerHeight"
    page.wait_for_function(in_sight)
    page.go_back()
    page.wait_for_url("**/knowledge-base/action-items/**")
    page.locator(".inc-table [data-label=Incident] a").first.click()
    page.wait_for_url("**/incidents/**/incident/")
    page.locator(".inc-strip").wait_for()
    assert errors(page) == []


def test_on_a_narrow_screen_a_row_is_a_card_with_the_same_facts_in_order(open_page):
    def facts(page):
        row = page.locator(".inc-table .inc-row").first
        return " ".join(row.inner_text().split())

    wide = open_page("knowledge-base/action-items/")
    narrow = open_page("knowledge-base/action-items/", width=400)
    assert wide.locator(".inc-table thead").first.is_visible()
    assert not narrow.locator(".inc-table thead").first.is_visible()
    assert facts(narrow) == facts(wide)
    labels = narrow.locator(".inc-table .inc-row").first.locator("td[data-label]")
    seen = [
        cell.evaluate("(e) => getComputedStyle(e, '::before').content") for cell in labels.all()
    ]
    assert seen == ['"Owner"', '"Due"', '"State"', '"Horizon"', '"Incident"', '"Age"']


def test_the_table_head_stays_in_sight(open_page):
    page = open_page("knowledge-base/action-items/")
    page.evaluate("scrollTo(0, 700)")
    page.wait_for_timeout(400)
    top = page.locator(".inc-table thead th").first.evaluate("(e) => e.getBoundingClientRect().top")
    assert 0 <= top < 100


def test_late_rows_have_a_bar_and_say_it_in_words(open_page, palette):
    page = open_page("knowledge-base/action-items/", color_scheme=palette)
    late = page.locator("tr.inc-row--late")
    assert late.count() == page.locator("tr[data-facets*='\"overdue\"']").count() > 0
    for row in late.all():
        assert "overdue" in row.inner_text()
        assert row.locator("td").first.evaluate("(e) => getComputedStyle(e).boxShadow") != "none"


def test_the_change_of_a_runbook_opens_with_the_keyboard_and_can_be_copied(open_page):
    page = open_page("knowledge-base/runbook-updates/")
    details = page.locator("details.inc-diff").first
    summary = details.locator("summary")
    assert summary.evaluate("(e) => e.getBoundingClientRect().height") >= 24
    summary.focus()
    page.keyboard.press("Enter")
    patch = details.locator("pre")
    patch.wait_for(state="visible")
    text = patch.evaluate(
        "(e) => { getSelection().selectAllChildren(e); return getSelection().toString() }"
    )
    assert text.lstrip().startswith("--- a/runbooks/")
    assert re.search(r"\n\+\+\+ b/runbooks/.+\n@@ ", text)


def test_printing_shows_the_same_rows_on_white(open_page, palette):
    page = open_page("knowledge-base/action-items/", color_scheme=palette)
    page.emulate_media(media="print")
    assert page.locator(".inc-table thead").first.is_visible()
    colour = page.locator(".inc-answer").evaluate("(e) => getComputedStyle(e).color")
    assert colour == "rgb(0, 0, 0)"
