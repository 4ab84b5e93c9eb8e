"""What a site makes of the text of records: front matter, what is unsafe, ids that become links."""

import html
import json
import re
import subprocess

import pytest
from plugin_support import MATERIAL, options
from site_support import (
    CONFIGURED,
    FILES,
    INCIDENT,
    PAGE_OF_INCIDENT,
    PAGE_OF_POSTMORTEM,
    build,
    event_handlers,
    write,
)


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
