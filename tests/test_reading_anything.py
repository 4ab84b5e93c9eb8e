"""Whatever the bytes are: a document, never an exception, and every place lies inside the file."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mkdocs_incident.source.document import ReadOptions, read_document

CASES = Path(__file__).with_name("reading")
TEXTS = [case.joinpath("input.md").read_text("utf-8") for case in sorted(CASES.iterdir())]
LINES = sorted({line for text in TEXTS for line in text.split("\n") if line.strip()})

junk = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["**", "__", "`", "```", "~~~", "|", "||", "\\|", "[", "](", "(", ")", "<!--", "-->", "---", "\t",
         "- ", "> ", "1. ", "# ", ":", "→", "—", "~", "@", "due", "TBD", "00:00", "24:00", "02/30",
         "9999-12-31", "0001-01-01", "\ufeff", "\u2028", "\x85", "\x0b", "\x0c", "é", "👩‍🚒", "{{", "{%", "\\"]
    ),
)  # fmt: skip
marks = st.sampled_from(
    ["", "", "- ", "* ", "1. ", "## ", "### ", "> ", "    ", "  - ", "\t", "| ", "**"]
)
ends = st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\r", "  \n", " |\n"])


@st.composite
def spliced_lines(draw):
    """Lines of real shapes, in any order, with other marks, line ends and junk in them."""
    out = ["---\n"] if draw(st.booleans()) else []
    for line in draw(st.lists(st.sampled_from(LINES), max_size=25)):
        at = draw(st.integers(0, len(line)))
        noise = draw(junk) if draw(st.booleans()) else ""
        out += [draw(marks), line[:at], noise, line[at:], draw(ends)]
    return "".join(out)


@st.composite
def damaged_documents(draw):
    """A whole shape from which pieces are cut and into which others are pasted."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 2, 5, 40, 400])))
        text = text[:start] + draw(junk) + text[end:]
    return text


def check(content, path="incidents/x/incident.md", **options):
    document = read_document(path, content, ReadOptions(**options))
    lines = document.source.lines
    places = [
        *document.positions.values.values(),
        *document.positions.keys.values(),
        *(finding.location for finding in document.findings),
        *(related.location for finding in document.findings for related in finding.related),
    ]
    if (
        document.source.text
    ):  # else the file could not be decoded, and there are no lines to compare
        for place in places:
            assert place.path == path
            assert (place.line, place.column) <= (place.end_line, place.end_column)
            for line, column in ((place.line, place.column), (place.end_line, place.end_column)):
                assert 1 <= line <= len(lines)
                assert 1 <= column <= len(lines[line - 1]) + 1
        for route in document.positions.values:
            value = document.record
            for part in route[:-1]:
                value = value[part]
            assert isinstance(value, dict | list)
        for link in document.links:
            assert lines[link.line - 1][link.column - 1 :].startswith(link.text)
    return document


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfe-\x00")
@example(b"---\nid: \x00\n---\n")
@example(b"--- \n...\n")
@example(b"---\n&a [*a]\n---\n")
@example(b"---\n? [a]\n: b\n---\n")
@example(b"\xef\xbb\xbf---\nid: x\n---")
def test_any_bytes(content):
    check(content)


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_in_front_matter(text):
    check(f"---\n{text}\n---\n".encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=300)
@given(
    spliced_lines(),
    st.sampled_from(["a.md", "runbooks/a.md", "postmortem.md", "mitigation-plan.md"]),
)
def test_any_lines_of_the_shapes(text, path):
    check(text.encode("utf-8", "surrogatepass"), path)


@settings(deadline=None, max_examples=300)
@given(damaged_documents(), st.sampled_from(["month-first", "day-first"]))
def test_any_damage_to_a_shape(text, order):
    check(text.encode("utf-8", "surrogatepass"), order=order)


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.dates())
def test_any_day_of_the_incident(text, day):
    assert read_document("incidents/x.md", text.encode(), day=day).record


@settings(deadline=None)
@given(spliced_lines())
def test_reading_twice_reads_the_same(text):
    content = text.encode("utf-8", "surrogatepass")
    first, second = check(content), check(content)
    assert first.record == second.record
    assert first.findings == second.findings


def test_size_limit_is_a_finding():
    document = read_document("a.md", b"x" * 11, ReadOptions(max_size=10))
    assert [f.rule for f in document.findings] == ["oversized-file"]
    assert not document.is_record
    within = read_document("a.md", b"x" * 10, ReadOptions(max_size=10))
    assert [f.rule for f in within.findings] == ["front-matter-missing"]


DEEP = 5_000


@pytest.mark.parametrize(
    "body",
    [
        "[" * DEEP + "]" * DEEP,
        ">" * DEEP,
        "- " * DEEP + "a",
        "\n".join(" " * 2 * i + "- a" for i in range(500)),
        "(" * DEEP,
        "*" * DEEP,
        "`" * DEEP,
        "|" * DEEP + "\n" + "|-" * DEEP,
        "**a:** " * DEEP,
        "a" * 500_000,
        "- 14:00 — " + "b " * 250_000,
        "<!--" * DEEP,
    ],
    ids=lambda body: f"{body[:6]!r}",
)
@pytest.mark.parametrize("section", ["Timeline", "Action Items", "Summary", "Impact", "5 Whys"])
def test_deep_and_long(body, section):
    document = check(
        f"# A\n\n## {section}\n\n{body}\n\n## Lessons Learned\n\n- the end is read\n".encode()
    )
    if not body.startswith(("<", "`")):  # these run to the end of the file
        assert document.record["lessons"] == [{"text": "the end is read"}]


def test_front_matter_as_deep_as_it_gets():
    for text in (
        "a: " + "[" * DEEP + "]" * DEEP,
        "- " * DEEP + "a",
        "a: " + "{b: " * DEEP + "1" + "}" * DEEP,
    ):
        document = check(f"---\n{text}\n---\n".encode())
        assert [f.rule for f in document.findings][:1] == ["invalid-yaml"]


def test_day_may_be_at_either_end_of_the_calendar():
    for day in (date.min, date.max):
        assert read_document("incidents/x.md", TEXTS[0].encode(), day=day).record
