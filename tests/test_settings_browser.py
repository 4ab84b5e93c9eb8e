"""Where the site must work: the sample's pages under other themes, addresses, plugins and tools."""

import shutil
from dataclasses import dataclass

import pytest
from browser_support import PAGES, errors, listening, served
from site_support import ROOT, Built, broken_links, build_from_nothing, write

pytestmark = pytest.mark.browser

MATERIAL = "theme: {name: material, font: false}\n"
FLAT = "use_directory_urls: false\n"
INCIDENT = "plugins: [search, {incident: {as_of: 2025-10-01}}]\n"
OFFLINE = "plugins: [offline, search, {incident: {as_of: 2025-10-01}}]\n"
# The one library that this theme would load from elsewhere is its own, for code.
PLAIN = "theme: {name: mkdocs, highlightjs: false}\n"


@dataclass(frozen=True)
class Setting:
    """A way to build and to open the site."""

    yml: str
    tool: str = "mkdocs"
    is_flat: bool = False
    from_files: bool = False


# The other two, Material and the plain theme with directory URLs, are what all other tests open.
SETTINGS = {
    "material without directory URLs": Setting(MATERIAL + FLAT + INCIDENT, is_flat=True),
    "plain without directory URLs": Setting(PLAIN + FLAT + INCIDENT, is_flat=True),
    "offline": Setting(MATERIAL + FLAT + OFFLINE, is_flat=True, from_files=True),
    "properdocs": Setting(MATERIAL + INCIDENT, tool="properdocs"),
}
INSTANT = (
    "theme: {name: material, font: false, features: [navigation.instant, navigation.sections]}\n"
    + INCIDENT
)


def built(folder, setting):
    for name in ("incidents", "monitoring", "runbooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "incident.yml", folder)
    home = "# Home\n\n[Knowledge base](knowledge-base/index.md)\n"
    write(
        folder, {f"{setting.tool}.yml": "site_name: Sample\n" + setting.yml, "docs/index.md": home}
    )
    done = build_from_nothing(folder, tool=setting.tool)
    assert done.code == 0, done.log
    return done


@dataclass(frozen=True)
class Opened:
    """A site that is built, and where a browser finds it."""

    setting: Setting
    done: Built
    address: str

    def at(self, path):
        """The address of a page that is named as with directory URLs."""
        flat = path.removesuffix("/") + ".html"
        # The home of the knowledge base is the index of its folder, in either way.
        if path.count("/") == 1:
            flat = f"{path}index.html"
        return self.address + (flat if self.setting.is_flat else path)


@pytest.fixture(scope="module", params=SETTINGS)
def opened(request, tmp_path_factory):
    setting = SETTINGS[request.param]
    done = built(tmp_path_factory.mktemp("site"), setting)
    if setting.from_files:
        yield Opened(setting, done, done.site.as_uri() + "/")
    else:
        with served(done.site) as address:
            yield Opened(setting, done, address)


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_every_link_leads_to_what_is_there(opened):
    assert broken_links(opened.done.site) == []


LINKS = "[...document.querySelectorAll('article a[href], [role=main] a[href]')].map((a) => a.href)"


def test_every_kind_of_page_is_whole_and_quiet(opened, tab):
    page = listening(tab, opened.address)
    # Opened from files, Material loads a shim for its search; its privacy plugin brings it home.
    known = ("iframe-worker", "ERR_NAME_NOT_RESOLVED") if opened.setting.from_files else ()
    wrong, rows = {}, {}
    for kind, path in PAGES.items():
        page.goto(opened.at(path))
        assert page.locator("h1").count() == 1, kind
        assert page.locator(".inc").count(), kind
        rows[kind] = page.locator("tr.inc-row").count()
        asked = [*errors(page), *page.outside]
        links = [url.partition("#")[0] for url in page.evaluate(LINKS)]
        # A folder is a page on a server only.
        folders = [url for url in links if url.startswith(opened.address) and url.endswith("/")]
        wrong[kind] = [entry for entry in asked if not any(part in entry for part in known)]
        wrong[kind] += folders if opened.setting.is_flat else []
        page.said.clear()
        page.outside.clear()
    assert {kind: found for kind, found in wrong.items() if found} == {}
    assert (rows["incidents"], rows["actions"]) == (23, 57)


def test_tables_filter_and_links_work(opened, tab):
    page = listening(tab, opened.address)
    page.goto(opened.at(PAGES["actions"]))
    page.get_by_role("button", name="by a recurrence").click()
    rows = page.locator("tr.inc-row:visible")
    assert 0 < rows.count() < 20
    rows.filter(has_text="Reject outbound calls").locator(".inc-main a").first.click()
    page.locator("tr:target").wait_for()
    assert "Reject outbound calls" in page.locator("tr:target").inner_text()
    page.go_back()
    page.locator(".inc-chip[aria-pressed=true]").wait_for()
    assert 0 < page.locator("tr.inc-row:visible").count() < 20


def test_pages_live_through_instant_navigation(tab, tmp_path):
    """One load, then every kind of page by its link; the script of the first still draws the last."""
    with served(tmp_path / "site") as address:
        # It knows the pages that are ours by the addresses in the sitemap, which have to be the real ones.
        done = built(tmp_path, Setting(f"site_url: {address}\n{INSTANT}"))
        assert broken_links(done.site) == []
        page = listening(tab, address)
        page.goto(address)
        page.evaluate("window.stays = true")
        page.locator("article").get_by_role("link", name="Knowledge base").click()
        for name, kind in (
            ("Incidents", "incidents"),
            ("Postmortems", "postmortems"),
            ("Action items", "actions"),
            ("Runbook updates", "runbook updates"),
            ("Runbooks", "runbooks"),
            ("Services", "services"),
            ("Owners", "owners"),
            ("Causes", "causes"),
            ("Trends", "trends"),
        ):
            page.locator(".md-sidebar--primary").get_by_role("link", name=name, exact=True).click()
            page.wait_for_url(f"{address}{PAGES[kind]}")
            page.locator("h1", has_text=name).wait_for()
            assert page.evaluate("window.stays"), name
            tables = page.locator("incident-table").count()
            assert page.locator(".inc-sort").count() >= bool(tables), name
            assert page.locator(".inc-filter").count() <= tables, name
        page.go_back()
        page.locator("h1", has_text="Causes").wait_for()
        page.locator(".inc-factors").get_by_role("link", name="INC-2025-0007").first.click()
        page.wait_for_url("**/INC-2025-0007/incident/")
        page.locator(".inc-strip").wait_for()
        page.locator("article").get_by_role("link", name="Warehouse database").first.click()
        page.wait_for_url("**/runbooks/data/warehouse-db/")
        page.locator(".inc-strip").wait_for()
        assert page.evaluate("window.stays") is True
        assert errors(page) == []
        assert page.outside == []
