from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from reporters_support import (
    BLAME,
    EMPTY,
    PATH,
    REPORT,
    TEXT,
    UNKNOWN_SEVERITY,
    WITHOUT_OWNER,
    executed,
    findings,
)

from mkdocs_incident.diagnostic import Diagnostic, Level, Location, Related
from mkdocs_incident.reporters import REPORTERS


def test_formats():
    assert list(REPORTERS) == [
        "text",
        "json",
        "github",
        "sarif",
        "gitlab",
        "junit",
        "markdown",
    ]


def test_text():
    assert REPORTERS["text"](REPORT) == TEXT


def test_text_in_color():
    report = replace(REPORT, diagnostics=(UNKNOWN_SEVERITY,), color=True)
    assert REPORTERS["text"](report) == (
        "\x1b[1mincidents/INC-2025-0142/incident.md:3:11:\x1b[0m \x1b[1;31merror\x1b[0m "
        "\x1b[1mINC002\x1b[0m `SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4` "
        "\x1b[2m[unknown-severity]\x1b[0m\n"
        "\x1b[2m  3 |\x1b[0m severity: SEV9\n"
        "\x1b[2m    |\x1b[0m           \x1b[1;31m^^^^\x1b[0m\n"
        "  \x1b[1mhint:\x1b[0m Write a level of the policy, or add `SEV9` to it.\n"
        "  see \x1b[1mincident.yml:4:1\x1b[0m the levels are set here\n"
        "\n"
        "1 error in 14 records\n"
    )


@pytest.mark.parametrize(
    ("level", "sgr"), [(Level.ERROR, "1;31"), (Level.WARNING, "1;33"), (Level.NOTE, "1;36")]
)
def test_color_only_adds_escapes(level, sgr):
    report = replace(REPORT, diagnostics=(replace(WITHOUT_OWNER, level=level),))
    colored = REPORTERS["text"](replace(report, color=True))
    assert f"\x1b[{sgr}m{level}\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]+m", "", colored) == REPORTERS["text"](report)


@pytest.mark.parametrize(
    ("counts", "records", "summary"),
    [
        ((0, 0, 0), 14, "No findings in 14 records"),
        ((0, 0, 0), 1, "No findings in 1 record"),
        ((0, 0, 0), 0, "No findings in 0 records"),
        ((1, 0, 0), 1, "1 error in 1 record"),
        ((0, 2, 1), 3, "2 warnings and 1 note in 3 records"),
        ((2, 1, 3), 14, "2 errors, 1 warning and 3 notes in 14 records"),
    ],
)
def test_summary(counts, records, summary):
    levels = (Level.ERROR, Level.WARNING, Level.NOTE)
    found = [
        diagnostic
        for level, count in zip(levels, counts, strict=True)
        for diagnostic in findings(level, count, files=1)
    ]
    report = replace(REPORT, diagnostics=tuple(found), records=records)
    assert REPORTERS["text"](report).splitlines()[-1] == summary


@pytest.mark.parametrize(
    ("source", "place", "quoted"),
    [
        pytest.param(
            "Café, noe\u0308l: x",
            (1, 14, 1, 15),
            ["  1 | Café, noe\u0308l: x", "    |             ^"],
            id="accents and combining marks before the column",
        ),
        pytest.param(
            "東\u200d京 down: x",
            (1, 5, 1, 9),
            ["  1 | 東\u200d京 down: x", "    |      ^^^^"],
            id="wide before",
        ),
        pytest.param(
            "is 東京 ok", (1, 4, 1, 6), ["  1 | is 東京 ok", "    |    ^^^^"], id="wide within"
        ),
        pytest.param("🔥🔥x", (1, 3, 1, 4), ["  1 | 🔥🔥x", "    |     ^"], id="emoji before"),
        pytest.param(
            "\t- a\tb", (1, 4, 1, 7), ["  1 |     - a    b", "    |       ^^^^^^"], id="tabs"
        ),
        pytest.param(
            "\x1b[31m\x00\x7f\x9b red",
            (1, 10, 1, 13),
            ["  1 | ␛[31m␀␡� red", "    |          ^^^"],
            id="control characters",
        ),
        pytest.param(
            "\u202eabc\u2066\u2028\udcff x",
            (1, 9, 1, 10),
            ["  1 | �abc��� x", "    |         ^"],
            id="bidi controls, line separator, lone surrogate",
        ),
        pytest.param("a\r\nbc\r\n", (2, 2, 2, 3), ["  2 | bc", "    |  ^"], id="CRLF"),
        pytest.param("a\rbc\r", (2, 2, 2, 3), ["  2 | bc", "    |  ^"], id="CR"),
        pytest.param(
            "a\x0cb\u2028c", (1, 5, 1, 6), ["  1 | a␌b�c", "    |     ^"], id="no line ends"
        ),
        pytest.param("", (1, 1, 1, 1), ["  1 |", "    | ^"], id="empty file"),
        pytest.param("a\n", (2, 1, 2, 1), ["  2 |", "    | ^"], id="end of file"),
        pytest.param("a\n", (3, 1, 3, 1), [], id="line beyond the end"),
        pytest.param(
            "abc", (1, 90, 1, 95), ["  1 | abc", "    |    ^"], id="column beyond the end"
        ),
        pytest.param("abc", (1, 3, 1, 95), ["  1 | abc", "    |   ^"], id="end beyond the end"),
        pytest.param("abc", (1, 2, 1, 2), ["  1 | abc", "    |  ^"], id="empty range"),
        pytest.param("a\nbc", (2, 2, 1, 1), ["  2 | bc", "    |  ^"], id="range without an end"),
        pytest.param("a bc\nd\n", (1, 3, 2, 2), ["  1 | a bc", "    |   ^^"], id="several lines"),
        pytest.param(
            "\n" * 99 + "abc", (100, 2, 100, 3), ["  100 | abc", "      |  ^"], id="line 100"
        ),
        pytest.param(
            "x" * 100,
            (1, 99, 1, 101),
            ["  1 | " + "x" * 100, "    | " + " " * 98 + "^^"],
            id="it just fits",
        ),
        pytest.param(
            "ab" + "x" * 5_000_000,
            (1, 1, 1, 3),
            ["  1 | ab" + "x" * 98 + "…", "    | ^^"],
            id="clipped behind",
        ),
        pytest.param(
            "x" * 5_000_000 + "ab",
            (1, 5_000_001, 1, 5_000_003),
            ["  1 | …" + "x" * 98 + "ab", "    | " + " " * 99 + "^^"],
            id="clipped before",
        ),
        pytest.param(
            "x" * 2_500_000 + "ab" + "x" * 2_500_000,
            (1, 2_500_001, 1, 2_500_003),
            ["  1 | …" + "x" * 60 + "ab" + "x" * 38 + "…", "    | " + " " * 61 + "^^"],
            id="clipped on both sides",
        ),
        pytest.param(
            "y" * 70 + "x" * 200,
            (1, 71, 1, 271),
            ["  1 | …" + "y" * 60 + "x" * 40 + "…", "    | " + " " * 61 + "^" * 40],
            id="range clipped",
        ),
        pytest.param(
            "東" * 200,
            (1, 101, 1, 102),
            ["  1 | …" + "東" * 50 + "…", "    | " + " " * 61 + "^^"],
            id="wide clipped",
        ),
    ],
)
def test_quoted_source(source, place, quoted):
    diagnostic = Diagnostic(Location(PATH, *place), "X001", "x", Level.ERROR, "m")
    report = replace(REPORT, diagnostics=(diagnostic,), sources={PATH: source})
    head, *lines, blank, summary = REPORTERS["text"](report).split("\n")[:-1]
    assert head == f"{PATH}:{place[0]}:{place[1]}: error X001 m [x]"
    assert lines == quoted
    assert (blank, summary) == ("", "1 error in 14 records")


ESCAPE = "a\n\x1b]0;b\x07\u202e\udc80"
HOSTILE = Diagnostic(
    Location(ESCAPE, 1, 1, 1, 2),
    ESCAPE,
    ESCAPE,
    Level.ERROR,
    ESCAPE,
    hint=ESCAPE,
    related=(Related(Location(ESCAPE, 2, 1, 2, 2), ESCAPE),),
)


def test_text_shows_control_characters_of_every_field():
    shown = "a␊␛]0;b␇��"
    report = replace(REPORT, diagnostics=(HOSTILE,), sources={ESCAPE: "\x1b[2J"})
    assert REPORTERS["text"](report) == (
        f"{shown}:1:1: error {shown} {shown} [{shown}]\n"
        "  1 | ␛[2J\n"
        "    | ^\n"
        f"  hint: {shown}\n"
        f"  see {shown}:2:1 {shown}\n"
        "\n"
        "1 error in 14 records\n"
    )


# JSON


def test_json():
    report = replace(REPORT, diagnostics=(UNKNOWN_SEVERITY, BLAME))
    assert (
        REPORTERS["json"](report)
        == """\
{
  "version": 1,
  "summary": {
    "records": 14,
    "errors": 1,
    "warnings": 0,
    "notes": 1,
    "waived": 0,
    "known": 0
  },
  "diagnostics": [
    {
      "code": "INC002",
      "name": "unknown-severity",
      "level": "error",
      "path": "incidents/INC-2025-0142/incident.md",
      "line": 3,
      "column": 11,
      "end_line": 3,
      "end_column": 15,
      "message": "`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`",
      "hint": "Write a level of the policy, or add `SEV9` to it.",
      "related": [
        {
          "path": "incident.yml",
          "line": 4,
          "column": 1,
          "end_line": 4,
          "end_column": 7,
          "message": "the levels are set here"
        }
      ]
    },
    {
      "code": "LANG001",
      "name": "blaming-language",
      "level": "note",
      "path": "postmortems/2025.md",
      "line": 40,
      "column": 3,
      "end_line": 41,
      "end_column": 5,
      "message": "`human error` names no cause",
      "hint": "",
      "related": []
    }
  ]
}
"""
    )


def test_json_without_findings():
    assert (
        REPORTERS["json"](EMPTY)
        == """\
{
  "version": 1,
  "summary": {
    "records": 14,
    "errors": 0,
    "warnings": 0,
    "notes": 0,
    "waived": 0,
    "known": 0
  },
  "diagnostics": []
}
"""
    )


def test_json_keeps_text_readable_and_escapes_what_streams_cannot_take():
    message = "Café 東京 🔥 \x1b\x9b\u2028\udcff"
    report = replace(REPORT, diagnostics=(replace(BLAME, message=message),))
    document = REPORTERS["json"](report)
    assert r'"message": "Café 東京 🔥 \u001b\u009b\u2028\udcff"' in document
    assert json.loads(document)["diagnostics"][0]["message"] == message


# Whatever a record says

ANYTHING = st.text(st.characters(exclude_categories=()))
LOCATIONS = st.builds(Location, ANYTHING, *[st.integers(1, 5)] * 4)
DIAGNOSTICS = st.builds(
    Diagnostic,
    LOCATIONS,
    ANYTHING,
    ANYTHING,
    st.sampled_from(Level),
    ANYTHING,
    ANYTHING,
    st.lists(st.builds(Related, LOCATIONS, ANYTHING), max_size=2).map(tuple),
)


@given(st.lists(DIAGNOSTICS, max_size=3).map(tuple), ANYTHING)
def test_every_format_can_print_anything(diagnostics, source):
    sources = {diagnostic.location.path: source for diagnostic in diagnostics}
    report = replace(REPORT, diagnostics=diagnostics, sources=sources)
    written = {name: reporter(report) for name, reporter in REPORTERS.items()}
    for output in written.values():
        output.encode()
        assert output.endswith("\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", output)
    assert len(json.loads(written["json"])["diagnostics"]) == len(diagnostics)
    assert len(json.loads(written["sarif"])["runs"][0]["results"]) == len(diagnostics)
    assert executed(written["github"])[1] == written["text"].removesuffix("\n").split("\n")
