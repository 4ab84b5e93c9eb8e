"""The plugin, through real builds of small repositories and of this one."""

import re
import shutil

import pytest
from plugin_support import MATERIAL, options
from site_support import (
    CONFIGURED,
    FILES,
    INCIDENT,
    PAGE_OF_INCIDENT,
    PAGE_OF_POSTMORTEM,
    ROOT,
    broken_links,
    build,
    build_from_nothing,
    tree,
    write,
)

INDEX_PAGES = ("", "incidents/", "postmortems/", "action-items/", "runbook-updates/", "runbooks/",
               "services/", "owners/", "causes/", "trends/")  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """This repository with its sample knowledge base."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("docs", "incidents", "monitoring", "runbooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "incident.yml"):
        shutil.copy(ROOT / name, folder / name)
    done = build_from_nothing(folder, "--strict")
    assert done.code == 0, done.log
    return done


# A build here and a build of a user's


def test_a_build_in_a_copy_is_the_build_of_a_process_that_begins(small_site, tmp_path):
    folder = write(tmp_path, CONFIGURED)
    done = build(folder, "--strict")
    assert tree(done.site) == tree(small_site.site)
    write(folder, {"incidents/INC-2025-0001/incident.md": "---\nseverity: SEV9\n---\n"})
    failed, also = build(folder), build_from_nothing(folder)
    assert (failed.code, failed.log) == (1, also.log)


# Publishing


def test_this_repository_is_published_whole(own):
    records = [p for name in ("incidents", "runbooks") for p in (ROOT / name).rglob("*.md")]
    for path in records:
        page = path.relative_to(ROOT).with_suffix("") / "index.html"
        assert (own.site / page).is_file(), page
    assert {f"knowledge-base/{name}index.html" for name in INDEX_PAGES} <= own.pages()
    assert {
        "knowledge-base/services/payments-api/index.html",
        "knowledge-base/owners/platform-team/index.html",
        "knowledge-base/causes/process/index.html",
    } <= own.pages()


def test_no_link_of_this_repository_leads_nowhere(own):
    assert broken_links(own.site) == []


def test_no_page_asks_for_anything_from_elsewhere(own):
    for path in own.pages():
        for tag in re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", own.page(path)):
            if 'rel="canonical"' not in tag:
                assert not re.search(r'(?:src|href)="(?:https?:)?//', tag), (path, tag)


def test_records_are_published_at_their_own_path(small_site):
    assert {
        PAGE_OF_INCIDENT,
        PAGE_OF_POSTMORTEM,
        "runbooks/orders/index.html",
    } <= small_site.pages()


def test_links_anchors_and_images_of_records_work(small_site):
    page = small_site.page(PAGE_OF_INCIDENT)
    assert 'href="../postmortem/#root-cause"' in page
    assert 'href="../evidence/queue.csv"' in page
    assert 'src="../evidence/queue.svg"' in page
    assert broken_links(small_site.site) == []


def test_a_link_of_a_record_to_a_missing_anchor_is_reported_by_mkdocs(tmp_path):
    text = INCIDENT.replace("#root-cause", "#no-such-place")
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": text}
    extra = "validation: {anchors: warn}\n"
    done = build(write(tmp_path, {**files, "mkdocs.yml": options("nav: true", extra)}), "--strict")
    assert done.code == 1
    assert "does not contain an anchor '#no-such-place'" in done.log


def test_other_files_are_published_except_hidden_and_excluded_ones(tmp_path):
    files = {
        **FILES,
        "incident.yml": "exclude: ['**/private']\nrules: {runbook-not-updated: off}\n",
        "incidents/INC-2025-0001/evidence/.secret": "hidden",
        "incidents/INC-2025-0001/private/names.csv": "names",
        "incidents/INC-2025-0001/private/notes.md": "# Notes\n",
    }
    folder = write(tmp_path, files)
    (folder / "incidents/INC-2025-0001/evidence/gone.txt").symlink_to("nowhere")
    done = build(folder, "--strict")
    assert done.code == 0, done.log
    published = {p.relative_to(done.site).as_posix() for p in done.site.rglob("*") if p.is_file()}
    assert "incidents/INC-2025-0001/evidence/queue.csv" in published
    assert not [p for p in published if "private" in p or ".secret" in p or "gone" in p]


def test_exclude_docs_counts_for_records_too(tmp_path):
    yml = FILES["mkdocs.yml"] + "exclude_docs: |\n  /runbooks/\n"
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}))
    assert done.code == 0, done.log
    assert not (done.site / "runbooks").exists()


def test_a_readme_is_an_ordinary_page(tmp_path):
    files = {**CONFIGURED, "incidents/README.md": "---\ntitle: How we review\n---\n\nRead this.\n"}
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "<title>How we review" in done.page("incidents/index.html")
    assert "inc-strip" not in done.page("incidents/index.html")


def test_records_inside_the_docs_folder_are_records_too(tmp_path):
    files = {f"docs/{p}" if p.startswith(("inc", "run")) else p: t for p, t in FILES.items()}
    files["incident.yml"] = (
        "sources: [docs/incidents, docs/runbooks]\nrules: {runbook-not-updated: off}\n"
    )
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "inc-strip" in done.page(PAGE_OF_INCIDENT)
    assert broken_links(done.site) == []


def test_a_collision_names_both_files(tmp_path):
    files = {
        **CONFIGURED,
        "docs/runbooks/orders.md": "# Mine\n",
        "docs/knowledge-base/postmortems.md": "# Mine\n",
    }
    done = build(write(tmp_path, files))
    lines = [line for line in done.log.splitlines() if "is left out" in line]
    assert len(lines) == 2
    assert "`knowledge-base/postmortems.md`" in lines[0]
    assert "`docs/knowledge-base/postmortems.md` is published" in lines[0]
    assert "`runbooks/orders.md`" in lines[1]
    assert "`docs/runbooks/orders.md` is published" in lines[1]
    assert all("WARNING" in line for line in lines)
    assert "Mine" in done.page("runbooks/orders/index.html")
    assert "inc-page" not in done.page("knowledge-base/postmortems/index.html")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (
            "repo_url: https://github.com/acme/kb\n",
            "https://github.com/acme/kb/edit/master/incidents/INC-2025-0001/incident.md",
        ),
        (
            "repo_url: https://git.acme.example/kb\nedit_uri: '?file=docs/'\n",
            "https://git.acme.example/kb?file=incidents/INC-2025-0001/incident.md",
        ),
        (
            "repo_url: https://git.acme.example/kb\nedit_uri_template: 'blob/main/docs/{path}'\n",
            "https://git.acme.example/kb/blob/main/incidents/INC-2025-0001/incident.md",
        ),
    ],
)
def test_edit_links_lead_to_the_record_in_the_repository(tmp_path, extra, expected):
    yml = MATERIAL.replace("  font: false", "  font: false\n  features: [content.action.edit]")
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": extra + yml}), "--strict")
    assert done.code == 0, done.log
    assert f'href="{expected}"' in done.page(PAGE_OF_INCIDENT)
    assert "docs/../" not in done.page(PAGE_OF_INCIDENT)


# Navigation


def nav_of(done):
    """Titles in the navigation of the start page, in the plain theme."""
    bar = done.page("index.html").split('id="navbar-collapse"')[1].split("</ul>\n")[0]
    return re.findall(r'class="(?:nav-link|dropdown-item)[^"]*"[^>]*>([^<]+)<', bar)


def test_records_are_never_in_the_navigation(small_site):
    assert nav_of(small_site) == ["Home", "Knowledge base", "Overview", *sorted(TITLES[1:])]


TITLES = ["Overview", "Incidents", "Postmortems", "Action items", "Runbook updates", "Runbooks",
          "Services", "Owners", "Causes", "Trends"]  # fmt: skip


@pytest.mark.parametrize(
    ("nav", "setting", "expected"),
    [
        ("[index.md]", "true", TITLES),
        ("[index.md]", "false", []),
        ("[index.md, {Reviews: knowledge-base/postmortems.md}]", "true", ["Reviews"]),
        ("[index.md, {Ours: [{Reviews: knowledge-base/postmortems.md}]}]", "true", ["Reviews"]),
    ],
)
def test_an_explicit_nav_gets_the_index_pages_unless_it_lists_one(tmp_path, nav, setting, expected):
    yml = options(f"nav: {setting}", f"nav: {nav}\n")
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}), "--strict")
    assert done.code == 0, done.log
    titles = nav_of(done)
    known = (*TITLES, "Reviews")
    assert [title for title in titles if title in known] == expected
    assert "not included in the" not in done.log


def test_index_pages_move_and_go(tmp_path):
    yml = options(
        "folder: kb, pages: {postmortems: reviews.md, actions: false, services: kb/parts.md},"
        " titles: {services: Parts}"
    )
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}), "--strict")
    assert done.code == 0, done.log
    assert "A worker that nobody restarted" in done.page("reviews/index.html")
    assert "<h1" in done.page("kb/parts/index.html")
    assert ">Parts</h1>" in re.sub(r"\s*<a class.*?</a>", "", done.page("kb/parts/index.html"))
    assert "1 incident on record" in done.text("kb/parts/orders/index.html")
    assert not (done.site / "kb/action-items").exists()
    assert not (done.site / "kb/postmortems").exists()
    assert broken_links(done.site) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pages: {postmortems: reviews}", "`reviews` is neither a path that ends in `.md` nor"),
        ("pages: {actions: ../x.md}", "leads out of the site"),
        ("folder: ../kb", "`../kb` is no folder of the site"),
        ("folder: [kb]", "is no folder of the site"),
        ("titles: {services: 3}", "Sub-option 'services'"),
        ("on_findings: stop", "on_findings"),
        ("as_off: 2025-01-01", "as_off"),
        ("config: nowhere.yml", "nowhere.yml"),
    ],
)
def test_a_wrong_option_is_named(tmp_path, text, said):
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": options(text)}), "--strict")
    assert done.code == 1
    assert said in done.log


@pytest.mark.parametrize("value", ["tomorrow", "'2025-13-01'", "''", "[1]"])
def test_a_wrong_moment_is_named(tmp_path, value):
    yml = FILES["mkdocs.yml"].replace("2025-04-01", value)
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}))
    assert done.code == 1
    assert "is no date" in done.log


def test_as_of_decides_what_is_overdue(tmp_path, small_site):
    assert "12 days overdue" in small_site.text("knowledge-base/action-items/index.html")
    yml = FILES["mkdocs.yml"].replace("2025-04-01", "2025-03-10T09:30Z")
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}), "--strict")
    words = done.text("knowledge-base/action-items/index.html")
    assert "overdue" not in words.replace("Nothing is overdue", "")
    assert "in 10 days" in words
    assert "As of 10 Mar 2025, 09:30 UTC" in words
