"""Pagefind's index and its page: a real build, a real index, a real browser."""

import json
import re
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_support import PALETTES, errors, listening, served
from site_support import CONFIGURED, PAGE_OF_INCIDENT, build, environment, write

YML = """\
site_name: Test
{theme}plugins: [incident: {{as_of: 2025-04-01, pagefind: {pagefind}}}]
"""
THEMES = {
    "material": """\
theme:
  name: material
  font: false
  palette:
    - { media: "(prefers-color-scheme: light)", scheme: default }
    - { media: "(prefers-color-scheme: dark)", scheme: slate }
""",
    "mkdocs": "theme: {name: mkdocs, color_mode: auto, highlightjs: false}\n",
}
SEARCH = "knowledge-base/search/"
INPUT = ".pagefind-ui__search-input"
RESULT = ".pagefind-ui__result-title .pagefind-ui__result-link"
COUNTED = ".pagefind-ui__message"


def configured(pagefind="true", theme="material", more=""):
    yml = YML.format(pagefind=pagefind + more, theme=THEMES[theme])
    docs = {"docs/about.md": "# About\n\nWe call it quagga.\n"}
    return {**CONFIGURED, **docs, "mkdocs.yml": yml}


@pytest.fixture(scope="module", params=THEMES)
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    done = build(write(folder, configured(theme=request.param)), "--strict")
    assert done.code == 0, done.log
    return done


def test_records_say_what_they_are_filtered_by(built):
    page = built.page(PAGE_OF_INCIDENT)
    assert re.findall(r'data-pagefind-filter="(\w+)\[content\]" content="([^"]*)"', page) == [
        ("Kind", "incident"),
        ("Severity", "SEV2"),
        ("Status", "closed"),
        ("Service", "orders"),
        ("Year", "2025"),
    ]
    assert page.count("data-pagefind-body") == 1
    assert 'content="INC-2025-0001: Orders stay in the queue"' in page


def test_tables_of_index_pages_are_ignored_and_those_of_records_are_not(built):
    assert "<incident-table data-pagefind-ignore" in built.page(
        "knowledge-base/incidents/index.html"
    )
    review = built.page("incidents/INC-2025-0001/postmortem/index.html")
    assert "<incident-table data-name" in review


def test_the_index_holds_all_pages_but_the_search_itself(built):
    entry = json.loads(built.page("assets/pagefind/pagefind-entry.json"))
    others = built.pages() - {"404.html", SEARCH + "index.html"}
    assert entry["languages"]["en"]["page_count"] == len(others)


def test_without_the_option_nothing_of_it_is_there(tmp_path):
    done = build(write(tmp_path, configured("false")), "--strict")
    assert done.code == 0, done.log
    assert not (done.site / SEARCH).exists()
    assert not (done.site / "assets/pagefind").exists()
    assert "data-pagefind" not in done.page(PAGE_OF_INCIDENT)


def test_without_the_package_the_build_says_what_to_install(tmp_path):
    write(tmp_path, configured())
    hidden = (
        "import sys; sys.modules['pagefind.service'] = None; from mkdocs.__main__ import cli; cli()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hidden, "build", "--site-dir", "site"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install 'mkdocs-incident[pagefind]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site").exists()


# In a browser


@pytest.fixture
def open_search(browser, built):
    contexts = []

    with served(built.site) as address:

        def open_search(query="", palette="light", **settings):
            context = browser.new_context(color_scheme=palette, **settings)
            contexts.append(context)
            page = listening(context.new_page(), address)
            page.goto(address + SEARCH + query)
            return page

        yield open_search
        for context in contexts:
            context.close()


def number_found(page):
    """How many pages a search found, shown already or not."""
    return int(page.locator(COUNTED).inner_text().split()[0])


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("INC-2025-0001", "INC-2025-0001: Orders stay in the queue"),
        ("OrderQueueAge", "INC-2025-0001: Orders stay in the queue"),
        ("@orders-lead", "INC-2025-0001: Orders stay in the queue"),
        ("liveness", "A worker that nobody restarted"),
        ("quagga", "About"),
    ],
)
def test_a_page_is_found(open_search, words, title):
    page = open_search()
    page.locator(INPUT).fill(words)
    # Each result shows up by itself, once its part of the index is there.
    page.locator(RESULT).get_by_text(title, exact=True).wait_for()
    assert page.outside == []
    assert errors(page) == []


@pytest.mark.browser
def test_it_is_used_by_keyboard_and_the_way_back_finds_the_results_again(open_search):
    page = open_search()
    page.locator(INPUT).wait_for()
    page.locator(INPUT).focus()
    page.keyboard.type("worker")
    page.locator(RESULT).first.wait_for()
    kinds = page.locator("summary", has_text="Kind")
    kinds.wait_for()
    while not kinds.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(outline) == "solid"
    every = number_found(page)
    page.keyboard.press("Space")
    page.wait_for_function(
        f"(every) => parseInt(document.querySelector('{COUNTED}').textContent) < every", arg=every
    )
    found = page.locator(RESULT).first
    found.wait_for()
    found.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/**")
    page.go_back()
    page.locator(RESULT).first.wait_for()
    assert page.locator(INPUT).input_value() == "worker"
    assert errors(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("palette", PALETTES)
def test_it_has_no_barriers_in_either_palette(open_search, palette):
    page = open_search("?words=worker", palette)
    page.locator(RESULT).first.wait_for()
    page.locator("summary", has_text="Severity").click()
    page.wait_for_timeout(400)
    found = Axe().run(page, ".inc-page", options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()


@pytest.mark.browser
def test_a_narrow_screen_is_not_scrolled_sideways(open_search):
    page = open_search("?words=worker", viewport={"width": 400, "height": 800})
    page.locator(RESULT).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.mark.browser
def test_without_javascript_the_page_leads_to_the_lists(open_search):
    page = open_search(java_script_enabled=False)
    assert "The search needs JavaScript" in page.locator("incident-search").inner_text()
    assert page.locator("incident-search a").all_inner_texts() == [
        "Incidents",
        "Postmortems",
        "Action items",
        "Runbooks",
    ]
