"""The site's own search box in a real browser: a record is found by whatever a reader remembers of it."""

import pytest
from browser_support import errors, listening, served
from site_support import FILES, POSTMORTEM, build, write

pytestmark = pytest.mark.browser

THEMES = {
    "material": "theme: {name: material, font: false}\n",
    "mkdocs": "theme: {name: mkdocs, highlightjs: false}\n",
}
REVIEW = POSTMORTEM.replace(
    "action_items:\n",
    """\
contributing_factors:
  - { factor: Nobody was on duty, category: environment }
action_items:
""",
)
OTHER = """\
---
id: INC-2024-0099
title: Labels come out blank
severity: SEV3
status: closed
incident_commander: "@print-lead"
roles: { scribe: "@print-scribe" }
services: [label-print]
alerts: [BlankLabels]
---

**Impact:** Parcels were late.

## Timeline (UTC)

- 2024-05-01 08:00 — alert fires
- 2024-05-01 09:00 — resolved
"""
ON_INCIDENT = "/incidents/INC-2025-0001/incident/"
ON_REVIEW = "/incidents/INC-2025-0001/postmortem/"

REMEMBERED = {
    "id": ("INC-2025-0001", ON_INCIDENT),
    "title": ("stay in the queue", ON_INCIDENT),
    "service": ("orders", ON_INCIDENT),
    "alert": ("OrderQueueAge", ON_INCIDENT),
    "scribe": ("print-scribe", "/incidents/INC-2024-0099/incident/"),
    "incident commander": ("@orders-lead", ON_INCIDENT),
    "owner of an action": ("@orders-team", ON_REVIEW),
    "cause of an incident": ("environment", ON_INCIDENT),
    "cause of a postmortem": ("environment", ON_REVIEW),
    "words of a body": ("liveness", ON_REVIEW),
    "words of a timeline": ("hangs", ON_INCIDENT),
    "words of front matter": ("drain", ON_INCIDENT),
    "another incident": ("blank labels", "/incidents/INC-2024-0099/incident/"),
}


@pytest.fixture(scope="module", params=THEMES)
def site(request, tmp_path_factory):
    """The name of the theme, and where a small site in it is served."""
    yml = FILES["mkdocs.yml"].replace("as_of", "on_findings: ignore\n      as_of")
    files = {
        **FILES,
        "mkdocs.yml": yml + THEMES[request.param],
        "incidents/INC-2025-0001/postmortem.md": REVIEW,
        "incidents/INC-2024-0099/incident.md": OTHER,
    }
    done = build(write(tmp_path_factory.mktemp(request.param), files))
    assert done.code == 0, done.log
    with served(done.site) as url:
        yield request.param, url


@pytest.fixture
def search(browser, site):
    """Type into the site's search; gives the page and the addresses that it offers, in order."""
    theme, address = site
    context = browser.new_context(viewport={"width": 1440, "height": 900})

    def search(words):
        page = listening(context.new_page(), address)
        page.goto(address)
        if theme == "material":
            page.locator(".md-search__input").click()
            typed, offered = ".md-search__input", ".md-search-result__link"
        else:
            page.locator("[data-bs-target='#mkdocs_search_modal']").click()
            typed, offered = "#mkdocs-search-query", "#mkdocs-search-results a"
        page.locator(typed).press_sequentially(words)
        # MkDocs' own theme hears keys only once its index is loaded, and both answer each letter
        # by itself: what is offered counts once it is the same at two looks.
        page.wait_for_function(
            """([box, offered]) => {
                const before = window.offeredBefore;
                window.offeredBefore = [...document.querySelectorAll(offered)].join(" ");
                if (before && before === window.offeredBefore) return true;
                document.querySelector(box).dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
                return false;
            }""",
            arg=[typed, offered],
            polling=400,
        )
        return page, page.locator(offered).evaluate_all("links => links.map(link => link.pathname)")

    yield search
    context.close()


@pytest.mark.parametrize("remembered", REMEMBERED)
def test_a_record_is_found_by(search, remembered):
    words, place = REMEMBERED[remembered]
    page, offered = search(words)
    assert place in offered, (words, offered)
    assert errors(page) == []
    assert page.outside == []


def test_a_record_comes_before_the_pages_that_list_it(search):
    for words in ("INC-2025-0001", "OrderQueueAge", "stay in the queue"):
        _, offered = search(words)
        assert offered[0].startswith("/incidents/INC-2025-0001/"), (words, offered)


def test_words_searched_for_in_a_table_do_not_open_the_search_of_the_site(browser, site):
    theme, address = site
    page = listening(browser.new_page(), address)
    page.goto(f"{address}knowledge-base/services/?words=label")
    page.locator(".inc-filter").wait_for()
    assert page.locator("tr.inc-row:visible").count() == 1
    page.wait_for_timeout(500)
    box = ".md-search__input" if theme == "material" else "#mkdocs-search-query"
    assert page.locator(box).input_value() == ""
    assert errors(page) == []
    page.close()
