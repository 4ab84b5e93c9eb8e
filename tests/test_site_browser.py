"""The site of the sample knowledge base, read in a real browser."""

import functools
import os
import re
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from site_support import ROOT, build

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = os.environ.get("MKDOCS_INCIDENT_REQUIRE_BROWSER") == "1"

PAGES = {
    "postmortems": "knowledge-base/postmortems/",
    "actions": "knowledge-base/action-items/",
    "runbook updates": "knowledge-base/runbook-updates/",
    "incident": "incidents/2025/INC-2025-0003/incident/",
    "live incident": "incidents/2025/INC-2025-0031/incident/",
    "incident with a waiver": "incidents/2024/INC-2024-0028/incident/",
    "one-file incident": "incidents/2025/INC-2025-0011-slow-label-print/",
    "postmortem": "incidents/2025/INC-2025-0003/postmortem/",
    "plan": "incidents/2025/INC-2025-0007/mitigation-plan/",
    "runbook": "runbooks/sorting-gateway/",
}
ONE_FILE_REVIEWS = 3
REVIEWS = len(list((ROOT / "incidents").rglob("postmortem.md"))) + ONE_FILE_REVIEWS
PALETTES = {"light": "default", "dark": "slate"}

# The lowest contrast of any text that we draw, measured as WCAG 2 defines it.
CONTRAST = """
(withoutLinks) => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const over = (top, below) => {
    const [r, g, b, a] = top;
    return [r, g, b].map((value, i) => value * a + below[i] * (1 - a)).concat(1);
  };
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const found = [];
  for (const details of document.querySelectorAll(".inc details")) details.open = true;
  for (const element of document.querySelectorAll(".inc, .inc *")) {
    const words = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    if (!words.length || !element.getClientRects().length) continue;
    if (withoutLinks && element.closest("a")) continue;
    const below = background(element);
    const text = over(parse(getComputedStyle(element).color), below);
    const [light, dark] = [luminance(text), luminance(below)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    found.push([contrast, element.className || element.tagName, words[0].data.trim().slice(0, 30)]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}
"""


def chromium():
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def browser():
    path = chromium()
    if path is None:
        reason = f"no Chromium on this machine (looked for {', '.join(NAMES)})"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    # Imported here, so that a machine without the driver skips as aloud as one without a browser.
    sync_api = pytest.importorskip("playwright.sync_api")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing: the test's own output counts."""


@pytest.fixture(scope="module", params=["material", "mkdocs"])
def address(request, tmp_path_factory):
    """Where the site is served, once in each theme."""
    folder = tmp_path_factory.mktemp(request.param)
    for name in ("docs", "incidents", "runbooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "incident.yml"):
        shutil.copy(ROOT / name, folder / name)
    if request.param == "mkdocs":
        (folder / "mkdocs.yml").write_text(
            "site_name: Plain\ntheme: {name: mkdocs, color_mode: auto, highlightjs: false}\n"
            "plugins: [search, {incident: {as_of: 2025-10-01}}]\n"
        )
    done = build(folder)
    assert done.code == 0, done.log
    handler = functools.partial(Quiet, directory=str(done.site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(params=PALETTES)
def palette(request):
    return request.param


@pytest.fixture
def open_page(browser, address, palette):
    """Open a page; what it logs and asks for is kept on it."""
    contexts = []

    def open_page(path, width=1440, **settings):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=palette, **settings
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.outside = [], []
        page.on(
            "console",
            lambda m: page.said.append(m.text) if m.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: page.said.append(error.stack or str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((address, "data:")) else page.outside.append(r.url),
        )
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def errors(page):
    """What went wrong on a page, but for two scripts of the plain theme that fail without ours, too."""
    own = re.compile(r"/js/(?:base|darkmode)\.js")
    return [said for said in page.said if not own.search(said)]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_pages_are_quiet_and_complete_in_themselves(open_page, path):
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    assert errors(page) == []
    assert page.outside == []
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_scrolls_sideways_on_a_narrow_screen(open_page, path):
    page = open_page(path, width=400)
    page.evaluate("document.querySelectorAll('.inc details').forEach((d) => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    right = "(e) => e.getBoundingClientRect().right"
    for chip in page.locator(".inc-sev:visible, .inc-status:visible").all():
        assert chip.evaluate(right) <= 400


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_all_text_has_contrast(open_page, path, palette):
    page = open_page(path)
    schemes = "[document.body.dataset.mdColorScheme, document.documentElement.dataset.bsTheme]"
    material, plain = page.evaluate(schemes)
    assert (material or plain) in {PALETTES[palette], palette}
    # How pale its links are is the plain theme's own choice; all other colours are ours.
    measured = page.evaluate(CONTRAST, plain is not None)
    assert len(measured) > 10
    assert measured[0][0] >= 4.5, measured[:5]


def test_severity_steps_differ_without_colour(open_page):
    page = open_page("knowledge-base/postmortems/")
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


def test_late_rows_have_a_bar_and_say_it_in_words(open_page):
    page = open_page("knowledge-base/action-items/")
    late = page.locator("tr.inc-row--late")
    assert late.count() == page.locator("tr:not([data-overdue-days='0'])[data-owner]").count() > 0
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


def test_without_javascript_everything_is_there(open_page):
    page = open_page("knowledge-base/postmortems/", java_script_enabled=False)
    assert page.locator(".inc-table .inc-row").count() == REVIEWS
    assert page.locator("#year-2025").is_visible()


def test_printing_shows_the_same_rows_on_white(open_page):
    page = open_page("knowledge-base/action-items/")
    page.emulate_media(media="print")
    assert page.locator(".inc-table thead").first.is_visible()
    colour = page.locator(".inc-answer").evaluate("(e) => getComputedStyle(e).color")
    assert colour == "rgb(0, 0, 0)"
