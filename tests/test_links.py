"""Where links and pictures lead, as a parser of CommonMark reads them, and what is made of that."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from runbook_support import incident, postmortem, repository, runbook
from site_support import write as write_files

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.pages.backlinks import TextPage, backlinks
from mkdocs_incident.policy import load_policy
from mkdocs_incident.source.links import destination, links_in, shown, without_code

ORACLE = MarkdownIt("commonmark")
ORACLE.normalizeLink = lambda address: address
ORACLE.validateLink = lambda _address: True
PIECES = ["[a](", "[", "](", ")", "]", "![", "<", ">", '"', "'", "(", "\\", " ", "b", "c d", "`", "``", "\n",
          "b.png", "<b>", "&amp;"]  # fmt: skip
BEGINS_A_BLOCK = re.compile(r"\n *(?:\n|[><])|```")
ORACLE_DIFFERS = re.compile(r"\\\s")
"""A backslash before a line's end is one for CommonMark; the oracle reads no destination there."""


def targets(text):
    return [destination(link.written) for link in links_in(text)]


def inline(tokens):
    for token in tokens:
        yield token
        yield from inline(token.children or ())


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(lambda pieces: "x " + "".join(pieces)))
def test_they_lead_where_commonmark_says(text):
    if BEGINS_A_BLOCK.search(text) or ORACLE_DIFFERS.search(text):
        return
    found = [token.attrs for token in inline(ORACLE.parse(text)) if token.info != "auto"]
    there = [attrs[name] for attrs in found for name in ("href", "src") if attrs.get(name)]
    assert sorted(targets(text)) == sorted(there)


LINES = st.one_of(
    st.just(""),
    st.builds(
        "{}{}".format,
        st.sampled_from(["", "- ", "* ", "1. ", "   ", "    "]),
        st.sampled_from(["[a](b.md)", "[a](c.md)", "text", "```", "```sh", "````", "~~~"]),
    ),
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(LINES, max_size=10).map("\n".join))
def test_code_hides_what_commonmark_says_it_hides(text):
    found = [token.attrs["href"] for token in inline(ORACLE.parse(text)) if "href" in token.attrs]
    assert targets(text) == found


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*PIECES, "\n\n", "\r\n", "[x]: ", "<!--", "-->", "~~~"])).map("".join)
)
def test_each_is_written_where_it_is_said_to_be(text):
    for link in links_in(text):
        assert text[link.start : link.end] == link.written
    assert len(without_code(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[x]: a.png\n  [y]: <b c.png> "t"\n[z]:\nd.png\n', ["a.png", "b c.png", "d.png"]),
        ("[x]: a.png\r\n[y]: b.png 'two words'\r\n", ["a.png", "b.png"]),
        ("[note]: not a definition\n\nSee [x]: y\n\n[^1]: footnote\n\n- [ ]: box\n", []),
        ("[of several\nlines](a.png)", ["a.png"]),
        ("[of two\n\nparagraphs](a.png)", []),
        ("- a lone ` here\n- [a](b.png)\n- and ` there", ["b.png"]),
        ("```\n[a](b.png)\n```\n[c](d.png)", ["d.png"]),
        ("- a\n\n    ~~~\n    [a](b.png)\n    ~~~\n\n  [c](d.png)", ["d.png"]),
        ("<!-- [a](b.png)\n\n[a](b.png) --> [c](d.png)", ["d.png"]),
        ("- ```\n  [a](b.png)\n  ```\n\n[c](d.png)", ["d.png"]),
        ("10. ~~~ sh\r\n  [a](b.png)\r\n  ~~~\r\n\r\n[c](d.png)", ["d.png"]),
        ("- a\n\n  ```\n  [a](b.png)\n\n[c](d.png)", ["d.png"]),
        ("    ```\n    [a](b.png)\n\n[c](d.png)", ["d.png"]),
        ("\t[a](b.png)\n\n[c](d.png)", ["d.png"]),
        (
            '!!! note "A"\n    [c](d.png)\n\n    ```\n\n    [a](b.png)\n    ```\n\n[e](f.png)',
            ["d.png", "f.png"],
        ),
        ("> [c](d.png)\n\n<b>e</b> [e](f.png)\n\n<pre>\n\n[a](b.png)\n</pre>", ["d.png", "f.png"]),
        ("a < b [c](d.png) > e", ["d.png"]),
        (r"[a](b\_\(c.png)", ["b_(c.png"]),
        ("[a](b%20c&amp;d.png)", ["b%20c&d.png"]),
    ],
)
def test_blocks_and_spellings(text, expected):
    assert targets(text) == expected


@pytest.mark.parametrize(
    "piece",
    ["[](<a", '[](a "', "[](a '", "[](a (", "[](a", "[](a()", "[a](", "](", "[", "[\\", "`", "``` `", "<!--",
     '<a b="', "<a b ", '[a]: b "\n', "[a]: 'b\n", "[\n", "[a]:\n", "\\"],
)  # fmt: skip
def test_time_is_in_proportion_to_the_length(piece):
    text = '[](x "' + "\n".join([piece * (10_000 // len(piece))] * 40)
    start = time.process_time()
    links_in(text)
    without_code(text)
    assert time.process_time() - start < 15  # in proportion to the square it takes minutes


LINKS = """\
[a](<no such.png>), [b](nope(3).png), [c](nope2.png "t"), [d](
nope3.png 'of two lines') and [over
the line](nope4.png)

[e]: <nope 5.png> (t)
"""


def test_what_leads_nowhere_is_found_in_its_place(run, write):
    head = "---\nid: RB-queue\ntitle: Queue\nowner: '@queue-team'\nservices: [queue]\n---\n\n"
    write({"runbooks/q.md": head + LINKS})
    found = [line for line in run("check").stdout.splitlines() if "broken-link" in line]
    assert found == [
        f"runbooks/q.md:{place}: warning REF007 Link `{link}` leads to no file [broken-link]"
        for place, link in [
            ("8:6", "no such.png"), ("8:25", "nope(3).png"), ("8:43", "nope2.png"), ("9:1", "nope3.png"),
            ("10:11", "nope4.png"), ("12:7", "nope 5.png"),
        ]
    ]  # fmt: skip


def test_code_in_a_list_hides_nothing_behind_it(run, write):
    head = "---\nid: RB-queue\ntitle: Queue\nowner: '@queue-team'\nservices: [queue]\n---\n\n"
    steps = "1. ```sh\n   if [[ -f x ]](y)\n   ```\n2. Look\n\n       ```\n\n[gone](gone.md)\n"
    write({"runbooks/q.md": head + "## Mitigation\n\n" + steps})
    found = [line for line in run("check").stdout.splitlines() if "broken-link" in line]
    assert found == [
        "runbooks/q.md:17:8: warning REF007 Link `gone.md` leads to no file [broken-link]"
    ]


def test_links_to_what_is_there_are_fine(run, write):
    head = "---\nid: RB-queue\ntitle: Queue\nowner: '@queue-team'\nservices: [queue]\n---\n\n"
    text = '[a](<a b.png>) [b](c(3).png) [c](a%20b.png "t") [d](c\\(3\\).png)\n\n[e]: <a b.png>\n'
    write({"runbooks/q.md": head + text, "runbooks/a b.png": b"", "runbooks/c(3).png": b""})
    assert "broken-link" not in run("check").stdout


UPDATE = """\
runbook_updates:
  - runbook: RB-checkout
    diagnosis:
      - 'Look at the [graph](./g.png "Graph") and [two](<a b.png>)'
"""


def test_an_update_brings_its_links_to_the_runbook_in_working_order(run, tmp_path):
    repository(tmp_path, {**incident(), **postmortem(more=UPDATE), **runbook()})
    folder = tmp_path / "incidents/INC-2025-0142"
    for name in ("g.png", "a b.png"):
        (folder / name).write_bytes(b"")
    result = run("runbook-updates", "--apply")
    assert result.exit_code == 0, result.output
    written = (tmp_path / "runbooks/checkout.md").read_text("utf-8")
    there = "../incidents/INC-2025-0142"
    assert f'[graph]({there}/g.png "Graph") and [two](<{there}/a b.png>)' in written
    assert "broken-link" not in run("check").stdout


def test_a_report_names_files_from_the_root(run, tmp_path):
    cause = "root_cause: 'The [pool](<a b.png>) of [ten](../x.md \"X\") is <b>small</b>'\n"
    repository(tmp_path, {**incident(), **postmortem(more=cause)})
    said = run("report", "INC-2025-0142").stdout
    assert (
        'The [pool](incidents/INC-2025-0142/a%20b.png) of [ten](incidents/x.md "X") is &lt;b>small'
        in said
    )


def test_a_page_that_links_in_any_form_is_told_at_the_record(tmp_path):
    write_files(tmp_path, {**incident(), **runbook(path="runbooks/check out.md")})
    corpus = load_corpus(load_policy(None, tmp_path))
    uris = {document.path: document.path for document in corpus.documents}
    forms = [
        "[a](<check out.md>)",
        '[a](check%20out.md "t")',
        "[of two\nlines](check%20out.md)",
        "[a]: <check out.md>",
    ]
    others = [
        "`[a](<check out.md>)`",
        "~~~\n[a](check%20out.md)\n~~~",
        "[a](check out.md)",
        "<!-- RB-checkout -->",
    ]
    pages = [TextPage(f"runbooks/{i}.md", str(i), text) for i, text in enumerate([*forms, *others])]
    found = backlinks(corpus, uris, pages)["runbooks/check out.md"]
    assert [link.title for link in found] == [str(i) for i in range(len(forms))]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('Read [the docs](a.md "b") and [c](<d e.md>).', "Read the docs and c."),
        ("[![A picture](p.png)](page.md) below", "A picture below"),
        ("`[code](a.md)` and [not a link] (a.md)", "`[code](a.md)` and [not a link] (a.md)"),
        ("[one](a.md)[two](b.md)", "onetwo"),
        ("[ref]: a.md\n", "[ref]: a.md\n"),
    ],
)
def test_they_are_shown_by_their_text(text, seen):
    assert shown(text) == seen


def test_an_action_is_named_as_it_is_shown(tmp_path, run):
    title = "See [the limits](https://wiki.parcels.example/limits) and raise them"
    box = f"- [ ] {title} (@a-team, due 2025-07-01)\n"
    write_files(tmp_path, {
        "incidents/a.md": f"---\nkind: postmortem\ntitle: A\nincidents: [INC-2025-0001]\n---\n## Action items\n\n{box}",
    })  # fmt: skip
    assert run("actions", "done", "see the limits").exit_code == 0
    assert f"- [x] {title}" in (tmp_path / "incidents/a.md").read_text("utf-8")
