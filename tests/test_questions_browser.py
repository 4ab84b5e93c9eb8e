"""The questions that people bring to the knowledge base, answered by what a reader sees and clicks."""

import re
from datetime import UTC, datetime

import pytest
from browser_support import errors
from site_support import ROOT

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.insights import directory
from mkdocs_incident.insights.actions import tracked_actions
from mkdocs_incident.insights.runbook_updates import runbook_updates
from mkdocs_incident.pages.index_pages import INDEX_PAGES
from mkdocs_incident.policy import load_policy

pytestmark = pytest.mark.browser

HOME = "knowledge-base/"
AS_OF = datetime(2025, 10, 1, tzinfo=UTC)
"""The day that the sample is told as of: mkdocs.yml."""


def section(page, title):
    """The part of a page below a heading of these words."""
    found = page.locator("section", has=page.get_by_role("heading", name=title, exact=True))
    found.wait_for()
    return found


def title(page):
    return page.locator("h1").inner_text().rstrip("¶")


def target(page):
    """The row that the address names, once it is in sight."""
    row = page.locator("tr:target")
    row.wait_for()
    page.wait_for_function(
        "document.querySelector('tr:target').getBoundingClientRect().top < innerHeight"
    )
    return row


def test_what_was_to_prevent_this_and_was_it_done(open_page):
    """From a recurrence to the incident before it, to the action that was missed, and to all such."""
    page = open_page(HOME)
    section(page, "Repeated incidents").get_by_role("link", name="INC-2025-0016").click()
    before = section(page, "It happened before")
    assert "connection pools again" in title(page)
    missed = before.get_by_role("listitem").filter(has_text="ACT-0003-3")
    assert "had been open for 147 days, 60 days overdue" in missed.inner_text()
    assert "was dropped: Two months of work" in before.inner_text()
    assert re.search(r"was done on .+2025.*, and yet it came back", before.inner_text())

    before.get_by_role("link", name="INC-2025-0003").click()
    page.wait_for_url("**/INC-2025-0003/incident/")
    assert "connection pools are empty" in title(page)
    page.go_back()

    missed.get_by_role("link", name="Reject outbound calls inside a session scope in CI").click()
    page.wait_for_url("**/INC-2025-0003/postmortem/#action-*")
    row = target(page)
    for words in ("ACT-0003-3", "in progress", "overdue", "proved needed by INC-2025-0016"):
        assert words in row.inner_text()

    page.get_by_role("link", name="action tracker").click()
    page.wait_for_url("**/action-items/")
    page.get_by_role("button", name="by a recurrence").click()
    rows = page.locator("tr.inc-row:visible")
    assert rows.count() > 1
    assert all("proved needed by" in text for text in rows.all_inner_texts())
    again = rows.filter(has_text="Reject outbound calls")
    assert "in progress" in again.inner_text()
    again.get_by_role("link", name="INC-2025-0016").click()
    page.wait_for_url("**/INC-2025-0016/incident/")
    assert errors(page) == []


def test_is_this_runbook_still_right(open_page):
    """From what incidents taught to the runbook that lacks it, and back to the change."""
    page = open_page(HOME)
    section(page, "Runbooks that lack what incidents taught").get_by_role(
        "link", name="runbook updates"
    ).click()
    page.wait_for_url("**/runbook-updates/")
    assert "7 things that incidents taught stand in no runbook yet" in page.inner_text(
        ".inc-answer"
    )
    heading = page.get_by_role("heading", name="Payments and checkout")
    heading.get_by_role("link", name="Payments and checkout").click()
    page.wait_for_url("**/runbooks/payments/payments-api/")
    assert "2 things that incidents taught are not in here yet" in page.inner_text(".inc-box")
    page.get_by_role("link", name="see the change").click()
    page.wait_for_url("**/runbook-updates/#runbooks-payments-payments-api")
    page.wait_for_function(
        "(({ top }) => 0 <= top && top < innerHeight / 2)"
        "(document.querySelector(':target').getBoundingClientRect())"
    )
    page.go_back()
    page.wait_for_url("**/runbooks/payments/payments-api/")
    page.get_by_role("link", name="INC-2025-0031").first.click()
    page.wait_for_url("**/INC-2025-0031/incident/")
    page.locator(".inc").get_by_role("link", name="Payments and checkout").first.click()
    page.wait_for_url("**/runbooks/payments/payments-api/")
    assert errors(page) == []


def test_what_is_overdue(open_page):
    """From the number on the overview to the longest overdue item, and to all of them."""
    page = open_page(HOME)
    count = int(
        re.search(r"(\d+) of \d+ open action items are overdue", page.inner_text(".inc-answer"))[1]
    )
    overdue = section(page, "Longest overdue")
    first = overdue.locator("tr.inc-row").first
    assert "390 days overdue" in first.inner_text()
    name = first.locator(".inc-main a").first.inner_text()
    first.locator(".inc-main a").first.click()
    page.wait_for_url("**/postmortem/#action-*")
    assert name in target(page).inner_text()
    page.go_back()
    overdue.get_by_role("link", name="action tracker").click()
    page.wait_for_url("**/action-items/")
    assert f"{count} action items are overdue, the longest by 390 days" in page.inner_text(
        ".inc-answer"
    )
    rows = page.locator("tr.inc-row:visible")
    late = [("overdue" in text) for text in rows.all_inner_texts()]
    assert late == sorted(late, reverse=True)
    assert late.count(True) == count
    assert name in rows.first.inner_text()
    assert errors(page) == []


def test_which_postmortem_is_due(open_page):
    page = open_page(HOME)
    due = section(page, "Postmortems due")
    words = " ".join(due.inner_text().split())
    assert "77 days overdue" in words
    assert "35 h left" in words
    due.get_by_role("link", name="INC-2025-0029").click()
    page.wait_for_url("**/INC-2025-0029/incident/")
    strip = page.locator(".inc-facts").first
    assert "postmortem: in review" in strip.inner_text()
    strip.get_by_role("link", name="in review").click()
    page.wait_for_url("**/INC-2025-0029/postmortem/")
    assert errors(page) == []


# Without JavaScript


def rows_of_pages():
    """Where rows are on each index page and how many there must be, counted in the records."""
    corpus = load_corpus(load_policy(ROOT / "incident.yml", ROOT))
    actions = tracked_actions(corpus, AS_OF.date())
    services = {service.name: service for service in directory.services(corpus, actions)}
    owners = {owner.handle: owner for owner in directory.owners(corpus, actions)}
    causes = {cause.category: cause for cause in directory.causes(corpus)}
    live = [incident for incident in corpus.incidents if incident.is_live]
    service, owner = services["payments-api"], owners["@platform-team"]
    return {
        "": ("[aria-labelledby=open-incidents] tr.inc-row", len(live)),
        "incidents/": ("tr.inc-row", len(corpus.incidents)),
        "postmortems/": ("tr.inc-row", len(corpus.postmortems)),
        "action-items/": ("tr.inc-row", len(actions)),
        "runbook-updates/": (".inc-suggestion", len(list(runbook_updates(corpus)))),
        "runbooks/": ("tr.inc-row", len(corpus.runbooks)),
        "services/": ("tr.inc-row", len(services)),
        "services/payments-api/": (
            "tr.inc-row",
            len(service.incidents) + sum(action.is_open for action in service.actions),
        ),
        "owners/": ("tr.inc-row", len(owners)),
        "owners/platform-team/": (
            "tr.inc-row",
            len(owner.led) + len(owner.actions),
        ),
        "causes/": (".inc-factors > li", sum(min(len(c.factors), 5) for c in causes.values())),
        "causes/process/": (".inc-factors > li", len(causes["process"].factors)),
        "trends/": (
            "[aria-labelledby=by-service] tr.inc-row",
            sum(bool(entry.incidents) for entry in services.values()),
        ),
    }


ROWS = rows_of_pages()


def test_every_index_page_is_asked():
    files = {page.file.removesuffix("index.md").replace(".md", "/") for page in INDEX_PAGES}
    assert files - set(ROWS) <= {"search/"}  # it lists nothing, and is there on demand only


@pytest.mark.parametrize("path", ROWS)
def test_without_javascript_all_rows_are_there(open_page, path):
    page = open_page(HOME + path, java_script_enabled=False)
    for summary in page.locator(".inc-page details > summary").all():
        summary.click()
    where, count = ROWS[path]
    assert page.locator(f".inc-page {where} >> visible=true").count() == count > 0
    assert not page.locator(".inc-filter, .inc-pager, .inc-sort").count()
