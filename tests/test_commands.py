"""The commands beside the gate: `show`, `schema`, `explain`, `rules`, and what all share."""

import json
import re

import pytest

from mkdocs_incident import __version__
from mkdocs_incident.cli.commands import COMMANDS
from mkdocs_incident.policy import PROFILES
from mkdocs_incident.rules import RULES

INCIDENT = """\
---
id: INC-2025-0142
title: Checkout was slow
severity: Sev-2
impact: {summary: "Köln 東京 🚚", users_affected: 1200}
---

**IC:** @payments-lead

## Timeline (UTC)

- 2025-06-15 14:23 — alert on slow checkouts fires
- ~15:10 — pool enlarged
"""
POSTMORTEM = """\
---
incidents: [INC-2025-0200]
title: Search was down
severity: SEV1
status: draft
---
"""
PATH = "incidents/INC-2025-0142/incident.md"

AS_JSON = [
    {
        "path": PATH,
        "kind": "incident",
        "record": {
            "id": "INC-2025-0142",
            "title": "Checkout was slow",
            "severity": "SEV2",
            "impact": {"summary": "Köln 東京 🚚", "users_affected": 1200},
            "incident_commander": "@payments-lead",
            "timeline": [
                {
                    "at": "2025-06-15T14:23Z",
                    "event": "alert on slow checkouts fires",
                    "milestone": "detected",
                },
                {"at": "2025-06-15T15:10Z", "event": "pool enlarged", "approximate": True},
            ],
        },
        "positions": {
            "/id": [2, 5],
            "/title": [3, 8],
            "/severity": [4, 11],
            "/impact": [5, 9],
            "/impact/summary": [5, 19],
            "/impact/users_affected": [5, 48],
            "/incident_commander": [8, 9],
            "/timeline": [12, 3],
            "/timeline/0": [12, 3],
            "/timeline/0/at": [12, 3],
            "/timeline/0/event": [12, 22],
            "/timeline/0/milestone": [12, 22],
            "/timeline/1": [13, 3],
            "/timeline/1/at": [13, 3],
            "/timeline/1/event": [13, 12],
            "/timeline/1/approximate": [13, 3],
        },
        "milestones": {"detected": {"at": "2025-06-15T14:23Z", "told_by": "words"}},
        "diagnostics": [
            {
                "code": "SCH007",
                "name": "non-canonical-value",
                "level": "note",
                "path": PATH,
                "line": 4,
                "column": 11,
                "end_line": 4,
                "end_column": 16,
                "message": "Severity `Sev-2` is read as `SEV2`",
                "hint": "Write `SEV2`",
                "related": [],
            }
        ],
    }
]

AS_TEXT = """\
incidents/INC-2025-0142/incident.md  incident
  id: INC-2025-0142  [2:5]
  title: Checkout was slow  [3:8]
  severity: SEV2  [4:11]
  impact:  [5:9]
    summary: Köln 東京 🚚  [5:19]
    users_affected: 1200  [5:48]
  incident_commander: @payments-lead  [8:9]
  timeline:  [12:3]
    -  [12:3]
      at: 2025-06-15T14:23Z  [12:3]
      event: alert on slow checkouts fires  [12:22]
      milestone: detected  [12:22]
    -  [13:3]
      at: 2025-06-15T15:10Z  [13:3]
      event: pool enlarged  [13:12]
      approximate: true  [13:3]
  detected: 2025-06-15T14:23Z (from the timeline's words)
  incidents/INC-2025-0142/incident.md:4:11: note SCH007 Severity `Sev-2` is read as `SEV2` [non-canonical-value]
"""


def shown(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# show


def test_show_json(write, run):
    write({PATH: INCIDENT})
    assert shown(run("show", PATH, "--format", "json")) == AS_JSON


def test_show_text(write, run):
    write({PATH: INCIDENT})
    assert run("show", PATH).output == AS_TEXT


@pytest.mark.parametrize(
    "named",
    [PATH, f"./{PATH}", "incidents/INC-2025-0142/../INC-2025-0142/incident.md", "INC-2025-0142"],
)
def test_show_by_path_or_id(named, write, run):
    write({PATH: INCIDENT})
    assert shown(run("show", named, "--format", "json")) == AS_JSON


def test_show_by_the_id_that_a_postmortem_stands_for(write, run):
    write({"incidents/review/postmortem.md": POSTMORTEM})
    (found,) = shown(run("show", "INC-2025-0200", "--format", "json"))
    assert (found["path"], found["kind"]) == ("incidents/review/postmortem.md", "postmortem")


def test_show_several_in_the_order_asked(write, run):
    write({PATH: INCIDENT, "incidents/postmortem.md": POSTMORTEM})
    found = shown(run("show", "incidents/postmortem.md", "INC-2025-0142", "--format", "json"))
    assert [entry["path"] for entry in found] == ["incidents/postmortem.md", PATH]


def test_show_by_an_id_given_twice_shows_both(write, run):
    write({PATH: INCIDENT, "incidents/INC-2025-0142-again.md": INCIDENT})
    assert len(shown(run("show", "INC-2025-0142", "--format", "json"))) == 2


def test_show_outside_of_any_repository(write, run, tmp_path):
    write({"reports/outage.md": "# Outage report\n\n**Severity:** P1\n\n**IC:** @sre\n"})
    (found,) = shown(run("show", "outage.md", "--format", "json", folder=tmp_path / "reports"))
    assert found["path"] == "outage.md"
    assert found["record"]["severity"] == "P1"
    assert found["positions"]["/severity"] == [3, 15]
    # no level is refused, whatever the scheme; that there is no front matter is said
    assert {d["name"] for d in found["diagnostics"]} == {"front-matter-missing", "missing-field"}


@pytest.mark.parametrize("kind", ["incident", "postmortem", "runbook", "mitigation-plan"])
def test_show_as_a_kind(kind, write, run):
    write({PATH: INCIDENT})
    (found,) = shown(run("show", PATH, "--kind", kind, "--format", "json"))
    assert (found["kind"], found["path"]) == (kind, PATH)


@pytest.mark.parametrize("level", ["SEV1", "SEV4", "P0", "P4"])
def test_show_takes_the_levels_of_every_scheme(level, write, run):
    write({PATH: INCIDENT.replace("Sev-2", level)})
    (found,) = shown(run("show", PATH, "--format", "json"))
    assert (found["record"]["severity"], found["diagnostics"]) == (level, [])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xff\xfe", "undecodable-file"),
        (b"---\nid: [\n---\n", "invalid-yaml"),
        (b"---\nid: x\n", "unterminated-front-matter"),
        (b"---\n- x\n---\n", "not-a-mapping"),
        (b"a\0b", "undecodable-file"),
    ],
)
def test_show_of_what_holds_no_record(content, name, write, run):
    write({"new.md": content})
    (found,) = shown(run("show", "new.md", "--format", "json"))
    assert (found["record"], found["positions"], found["milestones"]) == ({}, {}, {})
    assert [d["name"] for d in found["diagnostics"]] == [name]
    assert run("show", "new.md").output.count("\n") == 2


def test_show_keeps_escape_sequences_from_the_terminal(write, run):
    write({PATH: INCIDENT.replace("title: ", 'x-a: "\\e[31m"\ntitle: ')})
    assert "\x1b" not in run("show", PATH).output
    (found,) = shown(run("show", PATH, "--format", "json"))
    assert found["record"]["x-a"] == "\x1b[31m"


@pytest.mark.parametrize("pointer", [r"x-a\/b~c"])
def test_positions_are_json_pointers(pointer, write, run):
    write({PATH: INCIDENT.replace("title: ", f"{pointer}: 1\ntitle: ")})
    (found,) = shown(run("show", PATH, "--format", "json"))
    assert found["positions"][r"/x-a\~1b~0c"] == [3, len(pointer) + 3]


def test_every_position_points_into_the_record(write, run):
    write({PATH: INCIDENT})
    (found,) = shown(run("show", PATH, "--format", "json"))
    for pointer in found["positions"]:
        value = found["record"]
        for part in pointer.split("/")[1:]:
            value = value[int(part)] if isinstance(value, list) else value[part]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("INC-2025-9999",), "`INC-2025-9999` is neither a file nor the id of a record here"),
        (("x" * 5000,), "is neither a file nor the id of a record here"),
        (("incidents",), "`incidents` can't be read: Is a directory"),
        ((), "Missing argument"),
        ((PATH, "--kind", "outage"), "'outage' is not one of"),
    ],
)
def test_show_of_nothing(arguments, message, write, run):
    write({PATH: INCIDENT})
    result = run("show", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


# explain


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_explain_by_name_and_code(rule, run):
    by_name = run("explain", rule.name)
    assert by_name.exit_code == 0
    head, _, documentation = by_name.output.partition("\n\n")
    assert head.startswith(f"{rule.name} ({rule.code}), judges the {rule.kind.value}\n")
    assert all(f"{profile}: {level}" in head for profile, level in rule.levels.items())
    assert all(option in head for option in rule.options)
    assert documentation == f"{rule.documentation}\n"
    assert run("explain", rule.code).output == by_name.output
    assert run("explain", rule.code.lower()).output == by_name.output


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("missing-severty", "`missing-severty` names no rule; did you mean `missing-severity`?"),
        ("INC", "`INC` names no rule; `mkdocs-incident rules` lists all rules"),
        ("xyz", "`xyz` names no rule; `mkdocs-incident rules` lists all rules"),
        ("", "`` names no rule"),
    ],
)
def test_explain_of_what_is_no_rule(word, message, run):
    result = run("explain", word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


# rules


def test_rules_json(run):
    listed = json.loads(run("rules", "--format", "json").stdout)
    assert [rule["code"] for rule in listed] == [rule.code for rule in RULES]
    by_name = {rule["name"]: rule for rule in listed}
    assert by_name["missing-severity"] == {
        "code": "INC001",
        "name": "missing-severity",
        "levels": {"essential": "error", "standard": "error", "strict": "error"},
        "kind": "text",
        "options": [],
        "summary": "An incident has no severity.",
    }
    assert by_name["action-overdue"]["kind"] == "clock"
    assert by_name["action-overdue"]["levels"] == {
        "essential": "off", "standard": "note", "strict": "note",
    }  # fmt: skip


def test_rules_text_is_a_line_a_rule(run):
    head, *lines = run("rules").output.splitlines()
    assert head.split() == ["code", "name", *PROFILES, "judges", "finds"]
    assert len(lines) == len(RULES)
    assert re.fullmatch(
        r"INC001   missing-severity +error +error +error +text +An incident has no severity\.",
        lines[17],
    )
    assert {line.index(rule.summary) for line, rule in zip(lines, RULES, strict=True)} == {
        lines[0].index(RULES[0].summary)
    }


# The command line itself


def test_version(run):
    assert run("--version").output == f"mkdocs-incident, version {__version__}\n"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_command_with_a_sentence(option, run):
    text = run(option).output
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z].*", text, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name, run):
    text = run(name, "--help").output
    options = text.partition("Options:\n")[2]
    for option in re.split(r"^  (?=-)", options, flags=re.MULTILINE)[1:]:
        assert re.search(r"(?:\s{2,}|\n\s+)[A-Z].*", option), option


def test_no_command_and_an_unknown_one(run):
    assert run("frobnicate").exit_code == 2
    assert "No such command 'frobnicate'" in run("frobnicate").stderr
