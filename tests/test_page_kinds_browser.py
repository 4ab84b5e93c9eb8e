"""Every kind of page in a real browser: each is opened in both themes and at two widths, and looked at in both palettes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser_support import PAGES, PALETTES, errors, listening

pytestmark = pytest.mark.browser

AXE = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js")
WIDE, NARROW = 1440, 400
LOADS = ((WIDE, "light"), (NARROW, "dark"))
"""How a page is loaded: at which width, and in which palette at first."""

OPEN = "document.querySelectorAll('.inc details').forEach((d) => { d.open = true })"
SCHEME = "document.body.dataset.mdColorScheme ?? document.documentElement.dataset.bsTheme"
STILL = "document.getAnimations().every((a) => a.playState !== 'running')"

# What the themes draw themselves: Material's bar and colours on code; the plain theme's colours in a record's text.
RUN_AXE = """
([plain, rules]) => axe.run({
  include: ['article, [role=main]'],
  exclude: ['.md-code__nav', '.highlight', ...(plain ? ['.inc-strip ~ *:not(.inc)'] : [])],
}, {
  resultTypes: ['violations'],
  ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
}).then((result) => result.violations.map(
    (v) => `${v.id}: ${v.help}: ` + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + n.html.slice(0, 120)).join(' | ')))
"""
READS_COLOURS = ["color-contrast", "link-in-text-block"]
"""What axe asks of colours; its other rules read what no palette changes, and run once."""

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
# What reaches beyond the right edge: the whole page, and our chips.
EDGES = """
() => [document.documentElement, ...document.querySelectorAll('.inc-sev, .inc-status')]
  .filter((e) => e.getClientRects().length)
  .map((e, i) => i ? e.getBoundingClientRect().right : e.scrollWidth)
"""


@dataclass
class Look:
    """What a page showed in one palette at one width."""

    scheme: str
    headings: int
    edges: list[float]
    said: list[str]
    """What was logged, from the page's begin or since the palette was chosen."""
    outside: list[str]
    """What was asked for from elsewhere."""
    contrast: list[list[Any]] | None = None
    """Contrast, class and words of every text, the palest first; wide only."""
    violations: list[str] | None = None
    """What axe found; wide only."""


def choose_palette(page, palette):
    """Choose the other palette as a reader does; the plain theme follows its system when it loads."""
    if page.locator("[data-md-component=palette]").count():
        page.locator("[data-md-component=palette] label:visible").click()
    else:
        page.evaluate("(name) => { document.documentElement.dataset.bsTheme = name }", palette)


def looked_at(page, *, wide, is_first):
    """Return what a page shows now."""
    page.wait_for_function(STILL)
    plain = page.evaluate("document.documentElement.dataset.bsTheme !== undefined")
    look = Look(
        scheme=page.evaluate(SCHEME),
        headings=page.locator("h1").count(),
        edges=page.evaluate(EDGES),
        said=errors(page),
        outside=list(page.outside),
    )
    if wide:
        # How pale its links are is the plain theme's own choice; all other colours are ours.
        look.contrast = page.evaluate(CONTRAST, plain)
        look.violations = page.evaluate(RUN_AXE, [plain, None if is_first else READS_COLOURS])
    return look


def loaded(browser, address, path, width, palette):
    """A page with all its details open; while others are looked at, its network may get quiet."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=palette)
    page = listening(context.new_page(), address)
    page.goto(address + path)
    page.evaluate(OPEN)
    if width == WIDE:
        page.evaluate(AXE.read_text("utf-8"))
    return page


@pytest.fixture(scope="module", params=PAGES)
def seen(request, browser, address):
    """What a kind of page shows, by palette and width.

    It is loaded once at each width, the one time in the light, the other time in the dark palette.
    """
    path, found = PAGES[request.param], {}
    pages = [loaded(browser, address, path, *load) for load in LOADS]
    for page, (width, begin) in zip(pages, LOADS, strict=True):
        for palette in sorted(PALETTES, key=lambda name: name != begin):
            if palette != begin:
                choose_palette(page, palette)
            page.wait_for_load_state("networkidle")
            found[palette, width] = looked_at(page, wide=width == WIDE, is_first=palette == begin)
            page.said.clear()
            page.outside.clear()
        page.context.close()
    return found


BOTH = pytest.mark.parametrize("width", [WIDE, NARROW])


@BOTH
def test_pages_are_quiet_and_complete_in_themselves(seen, palette, width):
    look = seen[palette, width]
    assert look.said == []
    assert look.outside == []
    assert look.headings == 1


def test_no_page_scrolls_sideways_on_a_narrow_screen(seen, palette):
    assert max(seen[palette, NARROW].edges) <= NARROW


@BOTH
def test_a_page_has_the_palette_of_its_reader(seen, palette, width):
    assert seen[palette, width].scheme in {PALETTES[palette], palette}


def test_all_text_has_contrast(seen, palette):
    measured = seen[palette, WIDE].contrast
    assert len(measured) > 10
    assert measured[0][0] >= 4.5, measured[:5]


def test_axe_finds_nothing(seen, palette):
    assert seen[palette, WIDE].violations == []
