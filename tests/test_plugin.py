"""The plugin, through real builds of small repositories and of this one."""

import html
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
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
    environment,
    event_handlers,
    tree,
    write,
)

MATERIAL = """\
site_name: Test
theme:
  name: material
  font: false
plugins:
  - search
  - tags
  - incident:
      as_of: 2025-04-01
markdown_extensions: [pymdownx.superfences, pymdownx.details, admonition, {toc: {permalink: true}}]
"""


INDEX_PAGES = ("", "incidents/", "postmortems/", "action-items/", "runbook-updates/", "runbooks/",
               "services/", "owners/", "causes/", "trends/")  # fmt: skip


def options(text, extra=""):
    """A mkdocs.yml whose plugin has these options."""
    return f"site_name: Test\n{extra}plugins:\n  - search\n  - incident: {{as_of: 2025-04-01, {text}}}\n"


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


# Findings


def test_errors_are_all_logged_and_then_end_the_build(tmp_path):
    broken = INCIDENT.replace("severity: SEV2\n", "").replace(
        'incident_commander: "@orders-lead"\n', ""
    )
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": broken}
    done = build(write(tmp_path, files))
    assert done.code == 1
    errors = [line for line in done.log.splitlines() if line.startswith("ERROR")]
    at = r"ERROR +-  incident: incidents/INC-2025-0001/incident\.md:\d+:\d+: error INC\d+ .+ \[missing-"
    assert [bool(re.match(at, line)) for line in errors] == [True, True, False]
    assert errors[2].endswith("incident: 2 errors in records, nothing was built")
    assert not done.site.exists()


def test_an_old_site_survives_a_build_that_errors_end(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    assert build(folder).code == 0
    write(folder, {"incidents/INC-2025-0001/incident.md": INCIDENT.replace("severity: SEV2\n", "")})
    done = build(folder)
    assert done.code == 1
    assert (done.site / PAGE_OF_INCIDENT).is_file()


def test_warnings_count_under_strict_and_only_there(tmp_path):
    folder = write(tmp_path, FILES)
    done = build(folder)
    assert done.code == 0
    assert re.search(
        r"WARNING -  incident: .+: warning [A-Z]+\d+ .+\[runbook-not-updated\]", done.log
    )
    assert build(folder, "--strict").code == 1


def test_notes_are_logged_and_never_count(small_site):
    assert re.search(r"INFO +-  incident: .+: note ACT\d+ .+\[action-overdue\]", small_site.log)


BROKEN = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": INCIDENT.replace("SEV2", "SEV9")}


def test_on_findings_warn_publishes_with_the_findings_on_the_page(tmp_path):
    done = build(write(tmp_path, {**BROKEN, "mkdocs.yml": options("on_findings: warn")}))
    assert done.code == 0, done.log
    assert re.search(r"WARNING -  incident: .+ error .+`SEV9`", done.log)
    assert "ERROR" not in done.log
    words = done.text(PAGE_OF_INCIDENT)
    assert "1 finding in this record" in words
    assert "SEV9 is not one of" in words
    assert "finding" not in done.text("runbooks/orders/index.html")


def test_on_findings_ignore_says_nothing(tmp_path):
    done = build(
        write(tmp_path, {**BROKEN, "mkdocs.yml": options("on_findings: ignore")}), "--strict"
    )
    assert done.code == 0, done.log
    assert "SEV9" not in done.log
    assert "inc-findings" not in done.page(PAGE_OF_INCIDENT)


def test_a_wrong_policy_ends_the_build_with_its_places(tmp_path):
    files = {**FILES, "incident.yml": "severity: sev1-sev4\nsource: [incidents]\n"}
    done = build(write(tmp_path, files))
    assert done.code == 1
    assert "ERROR   -  incident: incident.yml:2:1: error" in done.log
    assert "incident: the configuration has 1 error, nothing was built" in done.log


def test_an_unknown_rule_in_the_policy_ends_the_build_with_its_place(tmp_path):
    done = build(write(tmp_path, {**FILES, "incident.yml": "rules:\n  no-such-rule: off\n"}))
    assert done.code == 1
    assert "incident.yml:2:3: error SCH005 Rule `no-such-rule` does not exist" in done.log


def test_the_policy_may_stand_elsewhere(tmp_path):
    kb = {f"kb/{p}" if p.startswith(("inc", "run")) else p: t for p, t in CONFIGURED.items()}
    kb["mkdocs.yml"] = options("config: kb/incident.yml")
    done = build(write(tmp_path, kb), "--strict")
    assert done.code == 0, done.log
    assert (done.site / PAGE_OF_INCIDENT).is_file()


@pytest.mark.parametrize(
    "content",
    [
        b"---\nid: [\n---\n\n# Broken\n",
        b"---\nid: INC-2025-0002\n",
        b"\xff\xfe\x00bad",
        b"just text\n",
        b"---\n- a\n---\n",
        b"",
    ],
)
def test_a_file_that_is_no_record_is_published_with_its_findings(tmp_path, content):
    files = {**CONFIGURED, "incidents/INC-2025-0002.md": content}
    done = build(write(tmp_path, {**files, "mkdocs.yml": options("on_findings: warn")}))
    assert done.code == 0, done.log
    assert "in this record" in done.text("incidents/INC-2025-0002/index.html")


# What MkDocs sees of a record


def test_front_matter_reaches_neither_the_page_nor_mkdocs(tmp_path):
    text = INCIDENT.replace("tags: [queue]", "tags: [queue]\nx-team: night\ntemplate: nowhere.html")
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": text}
    done = build(write(tmp_path, {**files, "mkdocs.yml": options("on_findings: ignore")}))
    assert done.code == 0, done.log
    assert "incident_commander" not in done.page(PAGE_OF_INCIDENT)
    assert "<title>INC-2025-0001: Orders stay in the queue" in done.page(PAGE_OF_INCIDENT)


def test_lines_like_metadata_stay_in_the_body(tmp_path):
    text = INCIDENT.replace(
        "---\n\n# INC", "---\nNote: read this first\nTitle: not a title\n\n# INC"
    )
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": text}
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "Note: read this first" in done.text(PAGE_OF_INCIDENT)
    assert "<title>INC-2025-0001: Orders" in done.page(PAGE_OF_INCIDENT)


def test_page_keys_of_the_theme_work(tmp_path):
    text = INCIDENT.replace("tags: [queue]", "tags: [queue]\nhide: [toc]\nsearch: {exclude: true}")
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": text, "mkdocs.yml": MATERIAL}
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert 'class="md-tag">queue' in done.page(PAGE_OF_INCIDENT)
    assert 'data-md-type="toc" hidden' in done.page(PAGE_OF_INCIDENT)
    index = json.loads(done.page("search/search_index.json"))
    assert not [e for e in index["docs"] if e["location"].startswith("incidents/INC-2025-0001/inc")]


@pytest.mark.parametrize("line", ["search: yes please", "hide: toc", "tags: {a: b}", "social: x"])
def test_page_keys_of_the_wrong_type_do_not_reach_the_theme(tmp_path, line):
    text = INCIDENT.replace("tags: [queue]", line)
    yml = MATERIAL.replace("as_of", "on_findings: warn\n      as_of")
    files = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": text, "mkdocs.yml": yml}
    done = build(write(tmp_path, files))
    assert done.code == 0, done.log


def test_what_the_pages_add_is_found_by_the_search(small_site):
    index = json.loads(small_site.page("search/search_index.json"))
    found = {e["location"]: e["text"] for e in index["docs"]}
    assert "Nothing in it says how to drain the queue" in found["incidents/INC-2025-0001/incident/"]


# Text from records is data

HOSTILE = """\
---
kind: incident
id: INC-2025-0002
title: '<img src=x onerror=alert(1)> {{ 7*7 }} "quoted'
severity: SEV4
status: closed
incident_commander: '"><script>alert(2)</script>'
description: '"><script>alert(3)</script>'
services: ['<b onclick=alert(4)>s</b>']
tags: ['<script>alert(5)</script>']
evidence:
  - title: click
    url: javascript:alert(6)
---

<script>alert(7)</script>
<div onclick="alert(8)" class="kept">{{ config.site_name }} {% raw %}</div>
<iframe src="https://evil.example"></iframe>
<details><summary>More</summary>Inside</details>
<form action="https://evil.example"><input type="text"><button>Send</button></form>

[one](javascript:alert(9)) [two](JaVaScRiPt:alert(10)) [three](data:text/html,x)
<a href="vbscript:x">four</a> <style>body { display: none }</style>

- 2025-05-05 08:00 UTC detected <svg onload="alert(11)"></svg>

## Action items

- [ ] [x](javascript:alert(12)) <script>alert(13)</script> (@a, due 2025-06-01)
"""


@pytest.mark.parametrize("yml", [FILES["mkdocs.yml"], MATERIAL], ids=["mkdocs", "material"])
def test_text_of_a_record_is_escaped_or_cleaned_on_every_page(tmp_path, yml):
    yml = yml.replace("as_of:", "on_findings: ignore\n      as_of:")
    files = {**CONFIGURED, "incidents/INC-2025-0002.md": HOSTILE, "mkdocs.yml": yml}
    done = build(write(tmp_path, files))
    assert done.code == 0, done.log
    for path in done.pages():
        page = done.page(path)
        assert "<script>alert" not in page, path
        assert event_handlers(page) == [], path
        assert not re.search(
            r'(?:href|src)="\s*(?:javascript|data|vbscript):', page, re.IGNORECASE
        ), path
        assert "evil.example" not in page, path
    page = done.page("incidents/INC-2025-0002/index.html")
    assert "{{ config.site_name }} {% raw %}" in page
    assert 'class="kept"' in page
    assert "<summary>More</summary>" in page
    assert "{{ 7*7 }}" in page
    assert (
        "<form" not in page.split("inc-record-page")[1].split("</article>")[0].split("<footer")[0]
    )


FEATURES = """
??? note "Collapsed"
    Inside.

=== "One"
    First

=== "Two"
    Second

- [x] done

```python
print("hello")
```

| a | b |
| - | -: |
| 1 | 2 |

Icon :material-account: and ++ctrl+c++, footnote[^1], ==marked==.

[^1]: Here.
"""


def test_features_of_material_survive_the_cleaning(tmp_path):
    yml = MATERIAL.split("markdown_extensions", maxsplit=1)[0] + (
        "markdown_extensions:\n  - admonition\n  - footnotes\n  - attr_list\n  - pymdownx.details\n"
        "  - pymdownx.superfences\n  - pymdownx.highlight: {linenums: true}\n  - pymdownx.keys\n"
        "  - pymdownx.mark\n  - pymdownx.tabbed: {alternate_style: true}\n"
        "  - pymdownx.tasklist: {custom_checkbox: true}\n"
        "  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "      emoji_generator: !!python/name:material.extensions.emoji.to_svg\n"
    )
    path = "incidents/INC-2025-0001/incident.md"
    files = {**CONFIGURED, path: INCIDENT + FEATURES, "mkdocs.yml": yml}
    done = build(write(tmp_path, files))
    assert done.code == 0, done.log
    page = done.page(PAGE_OF_INCIDENT)
    for expected in (
        '<details class="note">',
        'class="tabbed-set',
        'type="radio"',
        'type="checkbox"',
        'class="highlighttable"',
        'class="n">print' if 'class="n">print' in page else 'class="nb">print',
        'style="text-align: right"' if 'style="text-align: right"' in page else "text-align:right",
        '<span class="twemoji"><svg',
        "viewBox=",
        '<kbd class="key-control">',
        'class="footnote"',
        "<mark>marked</mark>",
    ):
        assert expected in page, expected


# Links


def test_ids_in_text_become_links(small_site):
    page = small_site.page("index.html")
    assert '<a class="inc-ref" href="incidents/INC-2025-0001/incident/" title=' in page
    assert 'href="runbooks/orders/"' in page
    page = small_site.page(PAGE_OF_POSTMORTEM)
    body = page.split("Root cause")[-1]
    assert 'href="../incident/" title="Orders stay in the queue">INC-2025-0001</a> had' in body
    assert "<code>INC-2025-0001</code>" in body
    assert "INC-2025-9999" in body
    assert "INC-2025-9999</a>" not in body


def test_ids_in_headings_links_and_addresses_stay(tmp_path):
    text = (
        "# About INC-2025-0001\n\n[INC-2025-0001 there](https://a.example/INC-2025-0001)\n\n"
        "https://a.example/INC-2025-0001 xINC-2025-0001 INC-2025-00011 INC-2025-0001-b\n"
    )
    done = build(write(tmp_path, {**CONFIGURED, "docs/about.md": text}), "--strict")
    assert done.code == 0, done.log
    assert "inc-ref" not in done.page("about/index.html")


def test_every_record_lists_what_links_to_it(small_site):
    def linked_from(path):
        return small_site.text(path).rpartition("Linked from")[2]

    words = linked_from(PAGE_OF_INCIDENT)
    assert "A worker that nobody restarted its postmortem" in words
    assert "page Home" in words
    assert "INC-2025-0001 Orders stay in the queue used this runbook" in linked_from(
        "runbooks/orders/index.html"
    )
    assert "INC-2025-0001 Orders stay in the queue" in linked_from(PAGE_OF_POSTMORTEM)


def test_a_mention_in_code_is_no_backlink(tmp_path):
    home = "# Home\n\n`RB-orders`\n\n```\nRB-orders [x](runbooks/orders.md)\n```\n"
    done = build(write(tmp_path, {**CONFIGURED, "docs/index.md": home}), "--strict")
    assert done.code == 0, done.log
    assert (
        "Home"
        not in done.text("runbooks/orders/index.html")
        .rpartition("Linked from")[2]
        .split("Documentation")[0]
    )


def test_the_tracker_leads_to_the_action_on_its_record(small_site):
    page = small_site.page("knowledge-base/action-items/index.html")
    match = re.search(r'href="\.\./\.\./incidents/INC-2025-0001/postmortem/#(action-\d+)"', page)
    assert match
    assert f'id="{match[1]}"' in small_site.page(PAGE_OF_POSTMORTEM)


def test_the_shown_patch_is_one_that_git_takes(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    done = build(folder)
    shown = (
        done.page("knowledge-base/runbook-updates/index.html")
        .split('class="inc-patch"')[1]
        .split("</pre>")[0]
    )
    lines = re.findall(r'<span class="inc-patch__\w+">(.*?)</span>', shown, re.DOTALL)
    patch = html.unescape("".join(lines))
    check = subprocess.run(
        ["git", "apply", "--check", "-"],
        cwd=folder, input=patch, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert check.returncode == 0, check.stderr


# Around it


def test_without_directory_urls(tmp_path):
    yml = FILES["mkdocs.yml"] + "use_directory_urls: false\n"
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}), "--strict")
    assert done.code == 0, done.log
    assert {
        "knowledge-base/postmortems.html",
        "incidents/INC-2025-0001/incident.html",
    } <= done.pages()
    assert broken_links(done.site) == []


def test_under_properdocs(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    write(folder, {"properdocs.yml": MATERIAL, "mkdocs.yml": None})
    done = build_from_nothing(folder, "--strict", tool="properdocs")
    assert done.code == 0, done.log
    assert "A worker that nobody restarted" in done.page("knowledge-base/postmortems/index.html")
    write(folder, {"incidents/INC-2025-0001/incident.md": INCIDENT.replace("severity: SEV2\n", "")})
    done = build_from_nothing(folder, tool="properdocs")
    assert done.code == 1
    assert "[missing-severity]" in done.log


TWICE = """\
import logging, sys
from contextlib import contextmanager
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
def tree():
    return {p: p.read_bytes() for p in Path("site").rglob("*") if p.suffix in {".html", ".json"}}
for folder in sys.argv[1:]:
    import os
    os.chdir(folder)
    config = load_config("mkdocs.yml", strict=True)
    build(config); first = tree()
    build(config); assert tree() == first, "same config, second build"
    build(load_config("mkdocs.yml", strict=True)); assert tree() == first, "new config"
"""


def test_twice_in_a_row_in_one_process(tmp_path):
    one = write(
        tmp_path / "one", {**CONFIGURED, "mkdocs.yml": options("nav: true", "nav: [index.md]\n")}
    )
    other = {p: t.replace("INC-2025-0001", "INC-2025-0007") for p, t in CONFIGURED.items()}
    two = write(tmp_path / "two", {p.replace("0001", "0007"): t for p, t in other.items()})
    done = subprocess.run(
        [sys.executable, "-c", TWICE, str(one), str(two)],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "INC-2025-0001" not in (two / "site/knowledge-base/postmortems/index.html").read_text()


def test_a_dirty_build_loses_nothing(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    whole = build(folder)
    index = "knowledge-base/postmortems/index.html"
    before = whole.page(index)
    time.sleep(0.05)
    write(folder, {"runbooks/orders.md": (folder / "runbooks/orders.md").read_text() + "\nMore.\n"})
    done = build(folder, "--dirty")
    assert done.code == 0, done.log
    kept = [page.split("inc-page")[1] for page in (done.page(index), before)]
    assert kept[0] == kept[1]
    runbook = done.page("runbooks/orders/index.html")
    assert "More." in runbook
    assert "used this runbook" in runbook


def test_a_template_and_the_stylesheet_can_be_replaced(tmp_path):
    files = {
        **CONFIGURED,
        "mkdocs.yml": FILES["mkdocs.yml"] + "theme: {name: mkdocs, custom_dir: ours}\n",
        "ours/incident/findings.html": "",
        "ours/incident/postmortems.html": "{% for row in reviews %}OURS {{ row.review.title }}{% endfor %}",
        "docs/assets/incident.css": "/* ours */",
    }
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "OURS A worker" in done.text("knowledge-base/postmortems/index.html")
    assert done.page("assets/incident.css") == "/* ours */"


@pytest.mark.parametrize(
    ("template", "text", "said"),
    [
        ("look", "plain", r"Template `incident/look.html` has no macro `\w+`, which `incident/\w+.html`, line \d+, uses"),
        ("action_table", "plain", r"Template `incident/action_table.html` has no macro `table`, which"),
        ("incident_table", "plain", r"Template `incident/incident_table.html` has no macro `table`, which"),
        ("record", '{% import "incident/look.html" as look %}\n{{ look.quagga() }}', r"Template `incident/record.html`, line 2: `incident/look.html` has no macro `quagga`"),
    ],
)  # fmt: skip
def test_a_macro_that_a_template_of_ones_own_lacks_is_named(tmp_path, template, text, said):
    files = {
        **CONFIGURED,
        "mkdocs.yml": FILES["mkdocs.yml"] + "theme: {name: mkdocs, custom_dir: ours}\n",
        f"ours/incident/{template}.html": text,
    }
    done = build(write(tmp_path, files))
    assert done.code == 1
    assert re.search(said, done.log), done.log
    assert "Traceback" not in done.log


@pytest.mark.parametrize("yml", [FILES["mkdocs.yml"], MATERIAL], ids=["mkdocs", "material"])
def test_a_projects_own_colours_come_after_ours(tmp_path, yml):
    files = {**CONFIGURED, "mkdocs.yml": f"{yml}extra_css: [brand.css]\n", "docs/brand.css": ""}
    page = build(write(tmp_path, files)).page(PAGE_OF_INCIDENT)
    assert page.index("/incident.css") < page.index("/brand.css")


@pytest.mark.parametrize("yml", [FILES["mkdocs.yml"], MATERIAL], ids=["mkdocs", "material"])
def test_an_empty_repository_has_pages_that_say_how_to_begin(tmp_path, yml):
    done = build(write(tmp_path, {"mkdocs.yml": yml, "docs/index.md": "# Home\n"}), "--strict")
    assert done.code == 0, done.log
    assert "incidents/INC-2025-0001/postmortem.md" in done.text(
        "knowledge-base/postmortems/index.html"
    )
    assert "No action items yet" in done.text("knowledge-base/action-items/index.html")
    assert "runbooks/checkout.md" in done.text("knowledge-base/runbook-updates/index.html")


def test_a_repository_of_one_bare_incident(tmp_path):
    bare = "---\nid: INC-2025-0001\n---\n"
    yml = options("on_findings: warn")
    files = {"mkdocs.yml": yml, "docs/index.md": "# H\n", "incidents/INC-2025-0001.md": bare}
    done = build(write(tmp_path, files))
    assert done.code == 0, done.log
    words = done.text("incidents/INC-2025-0001/index.html")
    assert "severity not recorded" in words
    assert "duration not recorded" in words


def test_the_same_docs_page_in_a_record_folder_without_findings(tmp_path):
    files = {
        **CONFIGURED,
        "incidents/index.md": "# All incidents\n\n[One](INC-2025-0001/incident.md)\n",
    }
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "page All incidents" in done.text(PAGE_OF_INCIDENT)


# Serving


def test_serve_goes_on_shows_findings_and_follows_changes(tmp_path):
    folder = write(tmp_path, {**BROKEN, "mkdocs.yml": options("nav: true")})
    shutil.rmtree(folder / "runbooks")  # a folder that is not there must not stop the watching
    incident = folder / "incidents/INC-2025-0001/incident.md"
    incident.write_text(
        incident.read_text().split("runbooks:")[0] + "tags: [q]\n---\n\nFirst text.\n"
    )
    with served(folder, tmp_path / "log") as (address, serving):
        page = wait_for(address, "First text.", serving)
        assert "in this record" in page
        assert "SEV9" in page
        incident.write_text(incident.read_text().replace("First text.", "Second text."))
        wait_for(address, "Second text.", serving)
    said = (tmp_path / "log").read_text()
    assert re.search(r"WARNING -  incident: .+ error .+`SEV9`", said)


def test_a_template_that_comes_while_a_site_is_served_is_drawn_by(tmp_path):
    mkdocs = options("nav: true", "theme: {name: mkdocs, custom_dir: overrides}\n")
    folder = write(tmp_path, {**BROKEN, "mkdocs.yml": mkdocs, "overrides/incident/none.html": ""})
    own = folder / "overrides/incident/record.html"
    incident = folder / "incidents/INC-2025-0001/incident.md"

    def wait_after_an_edit(text):
        with incident.open("a") as file:
            file.write("\n")  # MkDocs watches no template
        wait_for(address, text, serving)

    with served(folder, tmp_path / "log") as (address, serving):
        wait_for(address, "inc-record-page", serving)
        own.write_text("Mine. {{ heading }}{{ body }}")
        wait_after_an_edit("Mine.")
        own.write_text("Mine, too. {{ heading }}{{ body }}")
        wait_after_an_edit("Mine, too.")
        own.unlink()
        wait_after_an_edit("inc-record-page")


@contextmanager
def served(folder, log):
    """Serve a folder; give the address of an incident's page, and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w") as output:
        serving = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=folder, env=environment(), stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}/incidents/INC-2025-0001/incident/", serving
        finally:
            serving.terminate()
            serving.wait(10)


def wait_for(address, text, process, seconds=90):
    """The page at `address` once it holds `text`."""
    end = time.monotonic() + seconds
    page = ""
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback
                page = answer.read().decode()
        except OSError:  # refused, reset or slow: not there yet
            page = ""
        if text in page:
            return page
        time.sleep(0.2)
    raise AssertionError(f"{text!r} did not appear (exit {process.poll()}): {page[-500:]}")
