from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pydantic import BaseModel
from sarif_pydantic import Sarif

from mkdocs_incident.diagnostic import Diagnostic, Level, Location, Related
from mkdocs_incident.reporters import REPORTERS
from mkdocs_incident.reporters.report import Report, RuleInfo

PATH = "incidents/INC-2025-0142/incident.md"

SOURCE = """\
---
id: INC-2025-0142
severity: SEV9
---
# Café checkout down

- [ ] Alert at 80%
"""

RULES = [
    RuleInfo(
        code="INC002",
        name="unknown-severity",
        level=Level.ERROR,
        summary="An incident's severity is a level of the policy.",
        description="Deadlines follow from the severity.\n\n## Example\n\n    severity: SEV9\n",
        help_uri="https://example.org/rules/unknown-severity/",
    ),
    RuleInfo("ACT001", "action-without-owner", Level.WARNING, "Action items have owners.", ""),
]

UNKNOWN_SEVERITY = Diagnostic(
    Location(PATH, 3, 11, 3, 15),
    "INC002",
    "unknown-severity",
    Level.ERROR,
    "`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`",
    hint="Write a level of the policy, or add `SEV9` to it.",
    related=(Related(Location("incident.yml", 4, 1, 4, 7), "the levels are set here"),),
)

WITHOUT_OWNER = Diagnostic(
    Location(PATH, 7, 7, 7, 19),
    "ACT001",
    "action-without-owner",
    Level.WARNING,
    "Action item `Alert at 80%` has no owner",
    hint="Write `(@owner)` behind it.",
)

BLAME = Diagnostic(
    Location("postmortems/2025.md", 40, 3, 41, 5),
    "LANG001",
    "blaming-language",
    Level.NOTE,
    "`human error` names no cause",
)

REPORT = Report(
    diagnostics=(UNKNOWN_SEVERITY, WITHOUT_OWNER, BLAME),
    records=14,
    sources={PATH: SOURCE},
    rules=RULES,
)

EMPTY = replace(REPORT, diagnostics=())


def findings(level, count, *, files):
    return tuple(
        Diagnostic(
            Location(f"{number % files}.md", number, 1, number, 2), "X001", "x", level, f"m{number}"
        )
        for number in range(1, count + 1)
    )


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


# Text


TEXT = """\
incidents/INC-2025-0142/incident.md:3:11: error INC002 `SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4` [unknown-severity]
  3 | severity: SEV9
    |           ^^^^
  hint: Write a level of the policy, or add `SEV9` to it.
  see incident.yml:4:1 the levels are set here

incidents/INC-2025-0142/incident.md:7:7: warning ACT001 Action item `Alert at 80%` has no owner [action-without-owner]
  7 | - [ ] Alert at 80%
    |       ^^^^^^^^^^^^
  hint: Write `(@owner)` behind it.

postmortems/2025.md:40:3: note LANG001 `human error` names no cause [blaming-language]

1 error, 1 warning and 1 note in 14 records
"""


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


# GitHub


def parsed_command(line, registered):
    """Read a line as the Actions runner does: `::command::` at its start, `##[command]` anywhere."""
    match = re.match(r"\s*::([^\s:]*)(?: .*?)?::", line) or re.search(r"##\[([^\s\]]*).*?\]", line)
    return match[1] if match and match[1] in registered else None


def executed(output):
    """Return the lines that a runner executes, and those that it prints."""
    registered = {"error", "warning", "notice", "group", "endgroup", "stop-commands", "add-mask"}
    commands, printed, token = [], [], None
    for line in re.split(r"\r\n|\r|\n", output.removesuffix("\n")):
        command = parsed_command(line, registered)
        if token is not None:
            if command == token:
                token = None
            else:
                printed.append(line)
        elif command == "stop-commands":
            token = line.rpartition("::")[2]
            registered.add(token)
        elif command is not None:
            commands.append(line)
        else:
            printed.append(line)
    assert token is None
    return commands, printed


def annotations(output):
    return output.split("::group::")[0].splitlines()


def test_github():
    # The token is sha256 of the text that it encloses.
    token = "6a6b05581e852e7a78d74751136b2a04ed477ca3a432c862efadd5a49daabc1d"  # noqa: S105
    assert REPORTERS["github"](replace(REPORT, color=True)) == (
        "::error file=incidents/INC-2025-0142/incident.md,line=3,endLine=3,col=11,endColumn=15,"
        "title=INC002 unknown-severity::`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`\n"
        "::warning file=incidents/INC-2025-0142/incident.md,line=7,endLine=7,col=7,endColumn=19,"
        "title=ACT001 action-without-owner::Action item `Alert at 80%25` has no owner\n"
        "::notice file=postmortems/2025.md,line=40,endLine=41,"
        "title=LANG001 blaming-language::`human error` names no cause\n"
        "::group::All findings\n"
        f"::stop-commands::{token}\n"
        f"{TEXT}"
        f"::{token}::\n"
        "::endgroup::\n"
    )


def test_github_without_findings():
    assert REPORTERS["github"](EMPTY) == "No findings in 14 records\n"


def test_github_escapes():
    diagnostic = Diagnostic(
        Location("a,b:c%d\r\ne\x1b.md", 1, 1, 1, 2),
        "X001",
        "x",
        Level.ERROR,
        "5%, a: b\r\nc\x1b\udc80",
    )
    report = replace(REPORT, diagnostics=(diagnostic,))
    [annotation] = annotations(REPORTERS["github"](report))
    assert annotation == (
        "::error file=a%2Cb%3Ac%25d%0D%0Ae␛.md,line=1,endLine=1,col=1,endColumn=2,"
        "title=X001 x::5%25, a: b%0D%0Ac␛�"
    )


def test_github_prints_errors_first():
    report = replace(REPORT, diagnostics=(BLAME, WITHOUT_OWNER, UNKNOWN_SEVERITY))
    lines = annotations(REPORTERS["github"](report))
    assert [line.split()[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_github_prints_ten_of_a_type():
    report = replace(REPORT, diagnostics=findings(Level.ERROR, 10, files=1))
    lines = annotations(REPORTERS["github"](report))
    assert [line.rpartition("::")[2] for line in lines] == [f"m{n}" for n in range(1, 11)]


@pytest.mark.parametrize(
    ("count", "files", "last"),
    [
        (11, 1, "2 more errors in 0.md"),
        (11, 2, "2 more errors in 0.md and 1.md"),
        (
            13,
            4,
            "4 more errors in 2.md, 3.md, 0.md and 1 other file",
        ),
        (
            30,
            30,
            "21 more errors in 10.md, 11.md, 12.md and 18 other files",
        ),
    ],
)
def test_github_tells_of_what_it_does_not_show(count, files, last):
    errors = findings(Level.ERROR, count, files=files)
    warnings = findings(Level.WARNING, 1, files=1)
    report = replace(REPORT, diagnostics=warnings + errors)
    output = REPORTERS["github"](report)
    *shown, remainder, warning = annotations(output)
    assert [line.rpartition("::")[2] for line in shown] == [f"m{n}" for n in range(1, 10)]
    assert remainder == (
        f"::error title=mkdocs-incident::{last}; the log of this step has all findings"
    )
    assert warning.startswith("::warning file=0.md,")
    assert output.count(": error X001 ") == count


@pytest.mark.parametrize(
    "text", ["::add-mask::a", "  ::add-mask::a", "##[add-mask]a", "a ##[add-mask]a", "::endgroup::"]
)
def test_github_never_runs_what_a_record_says(text):
    diagnostic = Diagnostic(
        Location(text, 1, 1, 1, 2), "X001", "x", Level.ERROR, f"a\n{text}", hint=f"\n{text}"
    )
    report = replace(REPORT, diagnostics=(diagnostic,), sources={text: text})
    output = REPORTERS["github"](report)
    commands, printed = executed(output)
    assert commands == [*annotations(output), "::group::All findings", "::endgroup::"]
    assert "\n".join(printed) + "\n" == REPORTERS["text"](report)


# SARIF


SARIF = """\
{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "mkdocs-incident",
          "semanticVersion": "1.2.3",
          "rules": [
            {
              "id": "INC002",
              "name": "unknown-severity",
              "shortDescription": {
                "text": "An incident's severity is a level of the policy."
              },
              "fullDescription": {
                "text": "Deadlines follow from the severity."
              },
              "help": {
                "text": "Deadlines follow from the severity.\\n\\n## Example\\n\\n    severity: SEV9\\n",
                "markdown": "Deadlines follow from the severity.\\n\\n## Example\\n\\n    severity: SEV9\\n"
              },
              "defaultConfiguration": {
                "level": "error"
              },
              "helpUri": "https://example.org/rules/unknown-severity/"
            },
            {
              "id": "ACT001",
              "name": "action-without-owner",
              "shortDescription": {
                "text": "Action items have owners."
              },
              "fullDescription": {
                "text": "Action items have owners."
              },
              "help": {
                "text": "Action items have owners.",
                "markdown": "Action items have owners."
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "INC002",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`\\nWrite a level of the policy, or add `SEV9` to it."
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "incidents/INC-2025-0142/incident.md",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 3,
                  "startColumn": 11,
                  "endLine": 3,
                  "endColumn": 15
                }
              }
            }
          ],
          "relatedLocations": [
            {
              "id": 1,
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "incident.yml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 4,
                  "startColumn": 1,
                  "endLine": 4,
                  "endColumn": 7
                }
              },
              "message": {
                "text": "the levels are set here"
              }
            }
          ],
          "partialFingerprints": {
            "mkdocsIncident/v1": "FINGERPRINT"
          }
        },
        {
          "ruleId": "LANG001",
          "level": "note",
          "message": {
            "text": "`human error` names no cause"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "postmortems/2025.md",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 40,
                  "startColumn": 3,
                  "endLine": 41,
                  "endColumn": 5
                }
              }
            }
          ],
          "partialFingerprints": {
            "mkdocsIncident/v1": "FINGERPRINT"
          }
        }
      ]
    }
  ]
}
"""


def results(report):
    return json.loads(REPORTERS["sarif"](report))["runs"][0]["results"]


def fingerprints(*diagnostics):
    report = replace(REPORT, diagnostics=diagnostics)
    return [result["partialFingerprints"]["mkdocsIncident/v1"] for result in results(report)]


def unknown_properties(value, name="sarifLog"):
    """Return the properties that the SARIF model does not know, at any depth."""
    if isinstance(value, list):
        return {found for item in value for found in unknown_properties(item, name)}
    if not isinstance(value, BaseModel):
        return set()
    return {f"{name}.{extra}" for extra in value.model_extra}.union(
        *(unknown_properties(getattr(value, field), field) for field in type(value).model_fields)
    )


def test_sarif(monkeypatch):
    monkeypatch.setattr("mkdocs_incident.reporters.sarif.__version__", "1.2.3")
    report = replace(REPORT, diagnostics=(UNKNOWN_SEVERITY, BLAME))
    written = REPORTERS["sarif"](report)
    assert re.sub('(?<="mkdocsIncident/v1": ")[0-9a-f]{64}', "FINGERPRINT", written) == SARIF


@pytest.mark.parametrize("report", [REPORT, EMPTY, replace(REPORT, rules=[])])
def test_sarif_is_valid(report):
    log = Sarif.model_validate_json(REPORTERS["sarif"](report))
    assert len(log.runs[0].results) == len(report.diagnostics)
    # SARIF 2.1.0 has it (3.14.17), the model of sarif-pydantic lacks it.
    assert unknown_properties(log) == {"runs.columnKind"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c#d?e%f.md", "a%20b/c%23d%3Fe%25f.md"),
        ("c:d.md", "c%3Ad.md"),
        ("é/東.md", "%C3%A9/%E6%9D%B1.md"),
        ("not-utf8-\udcff.md", "not-utf8-%FF.md"),
        ("half-\ud83d.md", "half-%ED%A0%BD.md"),
    ],
)
def test_sarif_uri(path, uri):
    diagnostic = replace(BLAME, location=Location(path))
    [result] = results(replace(REPORT, diagnostics=(diagnostic,)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": uri,
        "uriBaseId": "%SRCROOT%",
    }


def test_fingerprint_is_pinned():
    # Findings are matched between runs by it: whoever changes how it is made names it v2.
    assert fingerprints(BLAME) == [
        "e283131a84b728976713b1135e33b48ef87cd963fdd1d6f9f673d5f3da929570"
    ]


def test_fingerprints_stay_when_lines_move():
    moved = replace(BLAME, location=BLAME.location._replace(line=1, column=1, end_line=1))
    assert fingerprints(moved, UNKNOWN_SEVERITY) == fingerprints(BLAME, UNKNOWN_SEVERITY)


def test_fingerprints_differ_within_a_run():
    other_path = replace(BLAME, location=Location("other.md", 40, 3, 41, 5))
    other_code = replace(BLAME, code="LANG002")
    other_message = replace(BLAME, message="other")
    found = fingerprints(BLAME, BLAME, BLAME, other_path, other_code, other_message)
    assert len(set(found)) == 6


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
