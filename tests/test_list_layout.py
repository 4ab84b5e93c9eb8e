"""Lists as Python-Markdown shows them after `for_python_markdown`, against a CommonMark parser."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown_it import MarkdownIt
from site_support import CONFIGURED, PAGE_OF_INCIDENT, ROOT, build, write

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.pages.list_layout import for_python_markdown
from mkdocs_incident.policy import load_policy

ORACLE = MarkdownIt("commonmark").enable("table")
EXTENSIONS = ["tables", "fenced_code", "pymdownx.superfences", "pymdownx.tasklist"]
BLOCKS = {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "pre", "hr"}


class _Tree(HTMLParser):
    """Nested lists with the texts in and around them, without white space and task boxes."""

    def __init__(self):
        super().__init__()
        self.open = [["", []]]

    def handle_starttag(self, tag, attrs):
        del attrs
        if tag in {"ul", "ol", "li"} | BLOCKS:
            node = [tag, []]
            self.open[-1][1].append(node)
            self.open.append(node)
            if tag == "hr":
                self.open.pop()

    def handle_endtag(self, tag):
        if tag in {"ul", "ol", "li"} | BLOCKS - {"hr"}:
            self.open.pop()

    def handle_data(self, data):
        data = "".join(data.split())
        inside = self.open[-1][1]
        if data and inside and isinstance(inside[-1], str):
            inside[-1] += data
        elif data:
            inside.append(data)


def tree(html):
    parser = _Tree()
    parser.feed(re.sub(r"(<li[^>]*>\s*(?:<p>\s*)?)\[[ xX]\]", r"\1", html))
    parser.close()
    return parser.open[0]


def published(body):
    return tree(Markdown(extensions=EXTENSIONS).convert(body))


def meant(body):
    return tree(ORACLE.render(body))


def texts(body):
    return [line.lstrip(" \t") for line in re.split(r"\r\n|\r|\n", body) if line.strip()]


CASES = {
    "list right below a label": "**Symptoms**:\n- a\n- b\n",
    "list right below a paragraph": "It was late\nand dark.\n1. a\n2. b\n",
    "list right below a table": "| x |\n|---|\n| y |\n- a\n",
    "list right below code": "```\nx\n```\n- a\n",
    "two spaces": "- a\n  - b\n    - c\n  - d\n- e\n",
    "three spaces": "1. a\n   - b\n   - c\n2. d\n   1. e\n      - f\n",
    "four spaces after two": "- a\n  - b\n\n- c\n    - d\n",
    "task boxes": "- [x] a\n  - What: b\n  - How: `c`\n- [ ] d\n  - Owner: @e\n",
    "continued text": "1. a\n   b\n   - c\n     d\n       - e\n         f\ng\n",
    "deeper code": "1. a\n   ```bash\n   b\n\n     c\n   - d\n   ```\n2. e\n",
    "code after a blank line": "1. a\n\n   ```\n   b\n\n   c\n   ```\n2. d\n   - e\n",
    "deeper paragraph": "- a\n\n  b\n- c\n\n  - d\n\n    e\n  - f\n- g\n",
    "list below a deeper paragraph": "- a\n\n  b:\n  - c\n    - d\n",
    "deeper table": "- a\n  | x | y |\n  |---|---|\n  | 1 | 2 |\n- b\n\n  | x |\n  |---|\n  | 1 |\n",
    "deeper heading": "- a\n  # b\n  c\n- d\n",
    "deeper quote": "- a\n  > b\n- c\n\n  > d\n",
    "deeper rule": "- a\n  - b\n  ***\n  c\n",
    "indented code in an item": "- a\n\n      b\n        c\n\n- d\n  - e\n\n        f\n",
    "indented code below a wide marker": "- a\n  1.   b\n\n           c\n",
    "deeper code below a wide marker": "- a\n  1.   b\n\n            c\n",
    "text left of its item": "- a\n  - b\nc\n  - d\n",
    "deeper list after a blank line": "- a\n\n  - b\n  - c\n- d\n",
    "items apart": "1. a\n\n   - b\n\n   - c\n\n2. d\n",
    "indented as a whole": "   - a\n     - b\n\n       - c\n   - d\n",
    "wide marker": "10. a\n    - b\n11. c\n\n    d\n",
    "wide marker, deeper": "- a\n\n  10. b\n      - c\n",
    "tabs": "- a\n\t- b\n\t\t- c\n1. d\n\n\te\n".replace("\n1.", "\n\nx\n\n1."),
    "tabs among spaces": "- a\n  - b\n\t- c\n",
    "code right below": "- a\n  - b\n```\nc\n```\n",
    "quote right below": "- a\n  - b\n> c\n",
    "table right below": "- a\n  - b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n",
    "heading right below": "- a\n  - b\n## c\n- d\n",
    "rule right below": "- a\n---\n- b\n".replace("\n- b", "\n\nb"),
    "everything else": "# a\n> b\n> c\n\n    - e\n      - f\n\n```\n- g\n  - h\ni\n- j\n```\n",
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_lists_are_published_as_they_are_meant(name, end):
    body = CASES[name].replace("\n", end)
    laid = for_python_markdown(body)
    assert published(laid) == meant(body)
    assert texts(laid) == texts(body)
    assert set(re.findall(r"\r\n|\r|\n", laid)) == {end}
    assert for_python_markdown(laid) == laid


@pytest.mark.parametrize(
    ("body", "laid"),
    [
        ("**A:**\n- b\n**C:** d\n", "**A:**\n\n- b\n\n**C:** d\n"),
        ("- a\n  - b\n**C:** d\n- e", "- a\n    - b\n\n**C:** d\n\n- e"),
        ("1. a\n   b\n   ~~~\n   c\n   ~~~\n   - d\n", "1. a\n   b\n    ~~~\n    c\n    ~~~\n\n    - d\n"),
    ],
)  # fmt: skip
def test_layout(body, laid):
    assert for_python_markdown(body) == laid


UNCHANGED = {
    "nothing": "",
    "four spaces": "a\n\n- b\n    - c\n        - d\n          e\n    - f\n\n        g\n\n- h\n",
    "numbered": "1. a\n   b\n2. c\n    - d\n\n    e\n\n    ```\n    f\n\n    g\n    ```\n\n3. h\n",
    "code in an item": "- a\n\n        b\n\n- c\n\n    d\n\n        e\n",
    "code with blank lines, then an item": "- a\n    ```\n    b\n\n    c\n    ```\n- d\n",
    "one to three spaces at the top": "  - a\n    - b\n      c\n  - d\n",
    "wide marker": "-   a\n\n    b\n-   c\n".replace("b\n", "b\n\n"),
    "five spaces": "-    a\n     - b\n-    c\n",
    "five spaces, apart": "-    a\n     - b\n\n     - c\n\n     d\n\n-    e\n",
    "tab": "- a\n\t- b\n",
    "code, not a list": "a\n\n    - b\n      - c\n",
    "list below indented code": "    - b\n- c\n",
    "heading right below": "- a\n    - b\n# c\n- d\n***\n- e\n",
    "comment": "<!-- a -->\n- b\n<!-- c\n\n- d\n  - e\n-->\n",
    "comment with blank lines in an item": "- a\n\n  <!-- b\n\n  c -->\n\n- d\n  - e\n",
    "html": "<div>\n- a\n  - b\n</div>\n",
    "admonition": '!!! note "a"\n    - b\n      - c\n\n    d\n    - e\n',
    "quote": "> a\n> - b\n>   - c\n",
    "table": "| a | b |\n| - | - |\n| - c | 1. d |\n",
    "markers that Python-Markdown takes for text": "a\n• b\n  • c\n\n1) d\n   - e\n",
    "marker alone": "-",
}


@pytest.mark.parametrize("name", UNCHANGED)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_is_read_well_stays_as_it_is(name, end):
    body = UNCHANGED[name].replace("\n", end)
    assert for_python_markdown(body) == body


words = st.lists(st.sampled_from(["belt", "14:23", "`x=1`", "**gate**", "@team"]), min_size=1, max_size=3).map(" ".join)  # fmt: skip


def indented(lines, width):
    return [" " * width + line if line else "" for line in lines]


@st.composite
def parts_of_items(draw, depth):
    """What stands below an item's text, as lines that begin at column 0."""
    kind = draw(st.sampled_from(["list", "list", "fence", "paragraph", "table", "code"]))
    blank = draw(st.sampled_from([[], [""]]))
    if kind == "list" and depth < 4:
        return [*blank, *draw(lists(depth + 1))]
    if kind == "fence":
        code = draw(st.lists(st.sampled_from(["x", "", "  y", "- z", "1. z"]), max_size=3))
        return [*blank, "```", *code, "```"]
    if kind == "table":
        return [*blank, "| a | b |", "|---|---|", f"| {draw(words)} | c |"]
    if kind == "code":
        return ["", "    " + draw(words), "      more", ""]
    return ["", draw(words), *draw(st.lists(words, max_size=1))]


@st.composite
def lists(draw, depth=0):
    """A list whose depth is meant by two, three or four spaces, as CommonMark allows."""
    ordered = draw(st.booleans())
    spaces = " " * draw(st.sampled_from([1, 1, 1, 2, 3]))
    apart = draw(st.sampled_from([False, False, True]))
    lines = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        mark = (f"{number}." if ordered else "-") + spaces
        box = draw(st.sampled_from(["", "", "[ ] ", "[x] "]))
        lazy = draw(st.sampled_from([[], [], ["left of its item"]]))
        inner = draw(st.lists(words, max_size=1)) if not lazy else []
        if draw(st.booleans()):
            inner += draw(parts_of_items(depth))
        if inner and inner[-1] and draw(st.integers(0, 3)) == 0:
            inner += ["", draw(words)]
        width = draw(st.sampled_from([len(mark), len(mark), max(4, len(mark))]))
        lines += [mark + box + draw(words), *lazy, *indented(inner, width)]
        if apart:
            lines.append("")
    return lines


@st.composite
def documents(draw):
    lines = []
    for _ in range(draw(st.integers(1, 2))):
        above = draw(
            st.sampled_from([["**Label:**"], ["# Heading"], ["text", "more"], ["text", ""]])
        )
        below = draw(st.sampled_from([[""], [""], ["", "text", ""], ["## Heading"]]))
        margin = draw(st.sampled_from([0, 0, 0, 1, 3]))
        lines += [*above, *indented(draw(lists()), margin), *below]
    return "\n".join(lines)


@settings(deadline=None, max_examples=400)
@given(documents())
def test_nested_lists_are_published_as_they_are_meant(body):
    laid = for_python_markdown(body)
    assert published(laid) == meant(body)
    assert texts(laid) == texts(body)
    assert for_python_markdown(laid) == laid


RECORDS = {d.path: d for d in load_corpus(load_policy(None, ROOT)).documents}


@pytest.mark.parametrize("path", RECORDS)
def test_sample_records(path):
    body = RECORDS[path].body
    laid = for_python_markdown(body)
    assert published(laid) == meant(body)
    assert texts(laid) == texts(body)
    assert for_python_markdown(laid) == laid


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="-*1.• \t\n\r`|#>x<!:", max_size=80))
def test_any_text_comes_through(body):
    laid = for_python_markdown(body)
    assert texts(laid) == texts(body)


def test_on_the_page_of_a_record(tmp_path):
    path = "incidents/INC-2025-0001/incident.md"
    body = CONFIGURED[path] + "\n**Checked:**\n- queue\n  - age\n"
    built = build(write(tmp_path, {**CONFIGURED, path: body}), "--strict")
    page = re.sub(r"\s", "", built.page(PAGE_OF_INCIDENT))
    assert "<ul><li>queue<ul><li>age</li></ul></li></ul>" in page
