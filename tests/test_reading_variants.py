"""The same facts in other clothes: what a team's habits change must not change the record."""

import re
from pathlib import Path

import pytest

from mkdocs_incident.source.document import read_document

CASES = Path(__file__).with_name("reading")
SHAPES = sorted(
    case.name
    for case in CASES.iterdir()
    if not (case / "options.json").exists() and b"\r" not in (case / "input.md").read_bytes()
)


def outside_code(change):
    """Apply a change to each line that is neither front matter nor in a code block."""

    def changed(text):
        lines, out = text.split("\n"), []
        start = 0
        if lines[0] == "---":
            start = lines.index("---", 1) + 1
            out = lines[:start]
        in_fence = False
        for line in lines[start:]:
            in_fence ^= line.startswith("```")
            out.append(line if in_fence or line.startswith(("    ", "```")) else change(line))
        return "\n".join(out)

    return changed


def each_line(pattern, replacement):
    return outside_code(lambda line: re.sub(pattern, replacement, line))


def without_blank_lines(text):
    """Nothing stands between a heading or paragraph and the list, table or label below it."""
    return re.sub(r"(?m)(?<=[^\n])\n\n(?=(?:[-*] |\||\d\. ))(?<!\|\n\n)", "\n", text)


def without_outer_pipes(line):
    cells = re.fullmatch(r"\|(.*)\|", line)
    return cells[1].strip() if cells and "|" in cells[1] and cells[1].strip()[-1:] != "|" else line


VARIANTS = {
    "deeper headings": each_line(r"^(#{1,5}) ", r"#\1 "),
    "emoji before headings": each_line(r"^(##+) ", r"\1 🕐 "),
    "emoji shortcodes": each_line(r"^(##+) ", r"\1 :fire: "),
    "numbered headings": each_line(r"^(##) ", r"\1 3. "),
    "bold headings": each_line(r"^(##+) ([^:*]+)$", r"\1 **\2**"),
    "colon after headings": each_line(r"^(##+ [^:]+)$", r"\1:"),
    "closed headings": each_line(r"^(##+) (.+)$", r"\1 \2 \1"),
    "anchors on headings": each_line(r"^(##+ [^:]+)$", r"\1 { #an-anchor }"),
    "star bullets": each_line(r"^( *)- ", r"\1* "),
    "plus bullets": each_line(r"^( *)- ", r"\1+ "),
    "wide bullets": each_line(r"^- ", r"-   "),
    "big task boxes": each_line(r"\[x\]", "[X]"),
    "colon outside of bold": each_line(r"\*\*([^*:]+):\*\*", r"**\1**:"),
    "colon inside of bold": each_line(r"\*\*([^*:]+)\*\*:(?= )", r"**\1:**"),
    "underscored labels": each_line(r"\*\*([^*:_`]+):\*\*", r"__\1:__"),
    "no outer pipes": outside_code(without_outer_pipes),
    "aligned tables": each_line(r"(?<=\|) ?-{3,} ?(?=\|)", " :---: "),
    "spaces at line ends": each_line(r"(?<=[^ \n])$", "  "),
    "blank lines everywhere": lambda text: re.sub(r"(?m)^(#+ .*)$", r"\n\1\n", text),
    "no blank lines": without_blank_lines,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "byte order mark": lambda text: "\ufeff" + text,
    "nested by four": each_line(r"^(?:  |   )(?=[-*→])", "    "),
    "nested by a tab": each_line(r"^(?:  |   )(?=[-*→])", "\t"),
    "rules between sections": lambda text: re.sub(r"(?m)(?<=\n)^(## )", r"---\n\n\1", text),
    "no last line end": lambda text: text.rstrip("\n"),
}

# The title of this shape is one of the headings that the variant changes.
SAYS_MORE = {("colon after headings", "postmortem-bullets")}
PAIRS = [(v, s) for v in VARIANTS for s in SHAPES if (v, s) not in SAYS_MORE]


@pytest.mark.parametrize(("variant", "shape"), PAIRS)
def test_variant_reads_the_same(variant, shape):
    text = (CASES / shape / "input.md").read_text("utf-8")
    changed = VARIANTS[variant](text)
    original = read_document("incidents/case/input.md", text.encode())
    document = read_document("incidents/case/input.md", changed.encode())
    assert document.record == original.record
    assert [f.rule for f in document.findings] == [f.rule for f in original.findings]


def test_every_variant_changes_some_shape():
    texts = [(CASES / shape / "input.md").read_text("utf-8") for shape in SHAPES]
    for name, variant in VARIANTS.items():
        assert any(variant(text) != text for text in texts), name
