"""The line scanner against a full CommonMark parser, on documents that both must understand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mkdocs_incident.source.blocks import Fence, Heading, Item, List, Paragraph, Table, scan

ORACLE = MarkdownIt("commonmark").enable("table")

words = st.lists(
    st.sampled_from(
        [
            "belt",
            "gate",
            "14:23",
            "UTC",
            "—",
            "a|b".replace("|", "/"),
            "@team",
            "(due 06/22)",
            "100%",
            "é",
            "x=1",
        ]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)
inline = st.one_of(
    words,
    words.map(lambda text: f"**{text}**"),
    words.map(lambda text: f"`{text}`"),
    words.map(lambda text: f"{text} [link](a/b.md)"),
    words.map(lambda text: f"**Label:** {text}"),
)


@st.composite
def headings(draw):
    level = draw(st.integers(1, 6))
    closing = draw(st.sampled_from(["", "", " " + "#" * level]))
    return ["#" * level + draw(st.sampled_from([" ", "  "])) + draw(inline) + closing]


@st.composite
def underlined_headings(draw):
    return [draw(words), draw(st.sampled_from(["===", "---", "=====  "]))]


paragraphs = st.lists(inline, min_size=1, max_size=3)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    edge = draw(st.sampled_from(["| ", ""])) if width > 1 else "| "
    row = st.lists(inline, min_size=width, max_size=width)

    def line(cells):
        return f"{edge}{' | '.join(cells)}{edge[::-1]}"

    delimiter = [draw(st.sampled_from(["---", ":--", "--:", ":-:"])) for _ in range(width)]
    return [
        line(draw(row)),
        line(delimiter),
        *(line(draw(row)) for _ in range(draw(st.integers(0, 3)))),
    ]


@st.composite
def fences(draw):
    mark = draw(st.sampled_from(["```", "~~~", "````"]))
    inside = st.sampled_from(
        ["code", "", "  more", "# no heading", "- no item", "| no | table |", "``"]
    )
    return [
        mark + draw(st.sampled_from(["", "bash", " python"])),
        *draw(st.lists(inside, max_size=4)),
        mark,
    ]


@st.composite
def lists(draw, depth=0):
    ordered = draw(st.booleans())
    bullet = draw(st.sampled_from("-*+"))
    lines = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        mark = f"{number}. " if ordered else f"{bullet} "
        indent = " " * len(mark)
        box = "" if ordered else draw(st.sampled_from(["", "", "[ ] ", "[x] "]))
        lines.append(mark + box + draw(inline))
        lines += [indent + draw(words) for _ in range(draw(st.integers(0, 1)))]
        if depth < 2 and draw(st.booleans()):
            child = draw(st.one_of(lists(depth + 1), lists(depth + 1), fences()))
            lines += [indent + line if line else "" for line in child]
    return lines


@st.composite
def documents(draw):
    parts = draw(
        st.lists(
            st.one_of(headings(), underlined_headings(), paragraphs, tables(), fences(), lists()),
            min_size=1,
            max_size=6,
        )
    )
    out, was_list = [], False
    for part in parts:
        is_list = part[0][:2] in {"- ", "* ", "+ ", "1."}
        if was_list and is_list:
            out += ["stands between lists", ""]
        out += [*part, ""]
        was_list = is_list
    return "\n".join(out)


def walk(blocks, depth=0):
    for block in blocks:
        yield block, depth
        if isinstance(block, List):
            for item in block.items:
                yield item, depth
                yield from walk(item.children, depth + 1)


def scanned(text):
    """Headings, rows, entries and code as the scanner sees them: what, text, line, level."""
    found = []
    for block, depth in walk(scan(text.split("\n"))):
        match block:
            case Heading():
                found.append(("heading", block.text.text, block.text.line, block.level))
            case Table():
                rows = (block.header, *block.rows)
                found += [("row", tuple(c.text for c in row), row[0].line, 0) for row in rows]
            case Item():
                first = " ".join(line.text for line in block.lines)
                found.append(("item", first, block.lines[0].line, depth))
            case Fence():
                found.append(("fence", tuple(line.text for line in block.lines), None, 0))
            case Paragraph() if depth == 0:
                found.append(
                    ("text", " ".join(line.text for line in block.lines), block.lines[0].line, 0)
                )
    return found


def parsed(text):
    """The same from the full parser's tokens."""
    tokens = ORACLE.parse(text)
    found, depth, row, row_line, entry, in_table = [], -1, [], 0, None, False
    for i, token in enumerate(tokens):
        kind = token.type
        depth += kind.endswith("_list_open")
        depth -= kind.endswith("_list_close")
        in_table = kind == "table_open" or (in_table and kind != "table_close")
        if kind == "heading_open":
            found.append(("heading", tokens[i + 1].content, token.map[0] + 1, int(token.tag[1])))
        elif kind == "tr_open":
            row = []
        elif kind == "tr_close":
            found.append(("row", tuple(row), row_line, 0))
        elif kind == "list_item_open":
            entry = token.map[0] + 1
        elif kind == "fence":
            lines = token.content.split("\n")[:-1]
            found.append(("fence", tuple(lines), None, 0))
        elif kind == "inline" and in_table:
            row.append(token.content)
            row_line = token.map[0] + 1
        elif kind == "inline" and tokens[i - 1].type == "paragraph_open":
            content = " ".join(part.strip() for part in token.content.split("\n"))
            if depth < 0:
                found.append(("text", content, token.map[0] + 1, 0))
            elif entry is not None:
                found.append(
                    ("item", content.removeprefix("[ ] ").removeprefix("[x] "), entry, depth)
                )
                entry = None
    return found


@settings(deadline=None, max_examples=400)
@given(documents())
def test_scanner_agrees_with_commonmark(text):
    assert scanned(text) == parsed(text)


@settings(deadline=None, max_examples=200)
@given(documents())
def test_every_fragment_quotes_its_line(text):
    lines = text.split("\n")
    for block, _ in walk(scan(lines)):
        match block:
            case Heading():
                fragments = [block.text]
            case Paragraph() | Fence() | Item():
                fragments = block.lines
            case Table():
                fragments = [cell for row in (block.header, *block.rows) for cell in row]
            case _:
                fragments = []
        for fragment in fragments:
            assert lines[fragment.line - 1][fragment.column - 1 :].startswith(fragment.text)


# Where the two differ on purpose: what people mean, and what Python-Markdown shows.
FORGIVEN = {
    "items nested by one space are siblings": ("- a\n - b", 1),
    "a task box in a numbered list": ("1. [x] a", 1),
}


@pytest.mark.parametrize("name", FORGIVEN)
def test_forgiven(name):
    text, count = FORGIVEN[name]
    assert sum(isinstance(block, List) for block in scan(text.split("\n"))) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("    # code", []),
        ("```\n# a\n", [("fence", ("# a", ""), None, 0)]),
        ("#no heading", [("text", "#no heading", 1, 0)]),
        ("| a | b |\n|---|\n| c | d |", [("text", "| a | b | |---| | c | d |", 1, 0)]),
        ("> # quoted", []),
        ("<!--\n\n# hidden\n\n-->\n# seen", [("heading", "seen", 6, 1)]),
        ("!!! note\n    # inside\n\n# seen", [("heading", "seen", 4, 1)]),
        ("# seen { #anchor .big }", [("heading", "seen", 1, 1)]),
        ("| a |\n|---|\n| `b | c` |", [("row", ("a",), 1, 0), ("row", ("`b | c`",), 3, 0)]),
        ("**A:** b\n---\n", [("text", "**A:** b", 1, 0)]),
    ],
)
def test_blocks(text, expected):
    assert scanned(text) == expected
