"""axe-core on every kind of page, in both palettes and themes."""

from pathlib import Path

import pytest
from browser_support import PAGES

pytestmark = pytest.mark.browser

AXE = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js")
# What the themes draw themselves: Material's bar and colours on code; the plain theme's colours in a record's text.
RUN = """
(plain) => axe.run({
  include: ['article, [role=main]'],
  exclude: ['.md-code__nav', '.highlight', ...(plain ? ['.inc-strip ~ *:not(.inc)'] : [])],
}).then((result) => result.violations.map(
    (v) => `${v.id}: ${v.help}: ` + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + n.html.slice(0, 120)).join(' | ')))
"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(open_page, path):
    page = open_page(path)
    page.evaluate("document.querySelectorAll('.inc details').forEach((d) => { d.open = true })")
    page.evaluate(AXE.read_text("utf-8"))
    plain = "document.documentElement.dataset.bsTheme !== undefined"
    assert page.evaluate(RUN, page.evaluate(plain)) == []
