"""What the search of a site reads, and what it does not: its index as it is built."""

import json
import re

import pytest
from material.plugins.search.plugin import Parser as MaterialParser
from mkdocs.contrib.search.search_index import ContentParser
from site_support import CONFIGURED, FILES, INCIDENT, POSTMORTEM, build, write

from mkdocs_incident.pages.search_index import only_words, put_back, set_aside, with_markup

THEMES = {
    "material": FILES["mkdocs.yml"] + "theme: {name: material, font: false}\n",
    "mkdocs": FILES["mkdocs.yml"],
}
INCIDENTS = 12


def many(count):
    """As many incidents, each with a postmortem and two actions."""
    files = {}
    for number in range(1, count + 1):
        ident = f"INC-2025-{number:04}"
        for name, text in (("incident", INCIDENT), ("postmortem", POSTMORTEM)):
            files[f"incidents/{ident}/{name}.md"] = text.replace("INC-2025-0001", ident)
        files[f"incidents/{ident}/evidence/queue.csv"] = ""
        files[f"incidents/{ident}/evidence/queue.svg"] = FILES[
            "incidents/INC-2025-0001/evidence/queue.svg"
        ]
    return files


@pytest.fixture(scope="module", params=THEMES)
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    yml = THEMES[request.param].replace("as_of", "on_findings: ignore\n      as_of")
    done = build(write(folder, {**FILES, **many(INCIDENTS), "mkdocs.yml": yml}))
    assert done.code == 0, done.log
    return done


def index_of(done):
    """All words in the index by the page that they lead to."""
    found = {}
    for entry in json.loads(done.page("search/search_index.json"))["docs"]:
        page = entry["location"].partition("#")[0]
        found[page] = f"{found.get(page, '')} {entry['title']} {entry['text']}"
    return found


def test_no_list_of_records_is_in_the_index(built):
    naming = {page for page, text in index_of(built).items() if "Orders stay in" in text}
    listing = {page for page in naming if page.startswith("knowledge-base/")}
    # The overview names its five latest, the page of runbook updates what each incident taught.
    assert listing <= {"knowledge-base/", "knowledge-base/runbook-updates/"}


def test_the_sentence_that_answers_is_in_the_index(built):
    index = index_of(built)
    assert f"{INCIDENTS} incidents are on record" in index["knowledge-base/incidents/"]
    assert f"{INCIDENTS} action items are overdue" in index["knowledge-base/action-items/"]
    assert f"{INCIDENTS} incidents on record" in index["knowledge-base/services/orders/"]


def test_words_within_pictures_are_not_in_the_index(built):
    index = index_of(built)
    assert "The times as a table" in index["incidents/INC-2025-0007/incident/"]
    assert not [page for page, text in index.items() if "Timeline of the response, to" in text]


def test_what_the_search_does_not_read_is_on_the_page(built):
    page = built.page("knowledge-base/incidents/index.html")
    assert page.count('class="inc-row"') == INCIDENTS
    assert "Timeline of the response, to scale" in built.page(
        "incidents/INC-2025-0001/incident/index.html"
    )
    for path in built.pages():
        assert "mkdocs-incident:" not in built.page(path), path


def test_what_a_record_says_is_in_the_index(built):
    page = index_of(built)["incidents/INC-2025-0007/incident/"]
    for words in (
        "INC-2025-0007",
        "Orders stay in the queue",
        "orders",
        "OrderQueueAge",
        "@orders-lead",
        "the worker hangs",
        "drain the queue",
    ):
        assert words in page, words


def test_the_tables_of_an_ordinary_page_stay_in_the_index(tmp_path):
    files = {**CONFIGURED, "docs/index.md": "# Home\n\n| Word |\n| --- |\n| quagga |\n"}
    done = build(write(tmp_path, files), "--strict")
    assert any("quagga" in text for text in index_of(done).values())


def test_comments_that_look_like_places_stay_as_they_are(tmp_path):
    comments = "<!--mkdocs-incident:0-->\n<!--mkdocs-incident:words:7-->"
    files = {**CONFIGURED, "docs/index.md": f"# Home\n\n{comments}\n"}
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert comments in done.page("index.html")


def test_a_place_cannot_be_guessed():
    assert put_back("<!--mkdocs-incident:0-->", ["<svg></svg>"]) == "<!--mkdocs-incident:0-->"
    assert with_markup("<!--mkdocs-incident:words:7-->", []) == "<!--mkdocs-incident:words:7-->"


def test_no_place_is_in_the_index(built):
    assert "mkdocs-incident:" not in built.page("search/search_index.json")


def test_only_pages_of_ours_are_put_back(tmp_path):
    hook = """
from mkdocs_incident.pages.search_index import set_aside
def on_page_content(html, page, **_):
    return html + set_aside("<svg></svg>", lists=False)[0] if page.is_homepage else html
"""
    yml = FILES["mkdocs.yml"] + "hooks: [hook.py]\n"
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml, "hook.py": hook}), "--strict")
    assert done.code == 0, done.log
    assert ":0-->" in done.page("index.html")


def test_words_of_two_blocks_are_not_joined():
    rest, _ = set_aside("<dl><dt>Scribe</dt><dd>@orders-team</dd></dl>", lists=False)
    assert rest == "<dl>\n<dt>Scribe</dt>\n<dd>@orders-team</dd></dl>"


def test_parts_return_to_their_places():
    html = "<h2>one</h2><svg><title>two</title></svg><table>three</table>four<pre>five</pre>"
    rest, parts = set_aside(html, lists=True)
    assert re.sub(r"<[^>]*>", " ", rest).split() == ["one", "four"]
    assert put_back(rest, parts) == html
    rest, parts = set_aside(html, lists=False)
    assert re.sub(r"<[^>]*>", " ", rest).split() == ["one", "three", "four", "five"]
    assert put_back(rest, parts) == html


PARTS = """<div class="inc"><dl>
<dt>Who</dt> <dd><a href="../a/" title="1 > 0"><b>@orders</b>-team</a></dd></dl></div>
<h2 id="why">Why <a class="headerlink" href="#why">¶</a></h2>
<p>It <em>was</em> full,<br>said <code>df -h</code>:</p>
<pre><code><span>Use</span>  <span>100 %</span></code></pre>
<table><tr><td>14:23</td><td>Alert</td></tr></table>"""


def both_read(html):
    """What either search makes of a page: titles and texts, with one space where there are several."""
    ours, theirs = MaterialParser(), ContentParser()
    for parser in (ours, theirs):
        parser.feed(html)
        parser.close()
    texts = [theirs.stripped_html, *("".join([*s.title, "|", *s.text]) for s in ours.data)]
    texts += [f"{section.title}|{' '.join(section.text)}" for section in theirs.data]
    return [" ".join(text.split()) for text in texts]


def test_searches_read_the_same_words_without_the_tags_that_say_nothing():
    words, markup = only_words(PARTS)
    assert both_read(words) == both_read(PARTS)
    assert with_markup(words, markup) == PARTS
    assert re.findall(r"<\w+", words) == [
        "<div", "<h2", "<a", "<p", "<code", "<pre", "<code", "<span", "<span",
    ]  # fmt: skip


def test_what_others_write_into_a_page_meanwhile_stays():
    words, markup = only_words("<p>said <em>twice</em></p><p>and <b>again</b></p>")
    edited = words.replace("twice", "once") + "<p>Feedback</p>"
    assert with_markup(edited, markup) == ("<p>said once</p><p>and <b>again</b></p><p>Feedback</p>")


def test_a_page_that_tells_the_search_what_to_leave_out_is_read_as_it_is():
    html = "<p><span data-search-exclude>secret</span> told</p>"
    assert only_words(html) == (html, [])
