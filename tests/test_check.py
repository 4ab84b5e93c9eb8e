"""The gate: `mkdocs-incident check`, its options, its policy file and its exit status."""

import json
import os
import pty
import subprocess
import sys

import pytest

from mkdocs_incident.rules import RULES

AS_OF = ("--as-of", "2025-06-16")

INCIDENT = """\
---
id: INC-2025-0142
title: Checkout was slow
severity: SEV2
status: resolved
incident_commander: "@payments-lead"
ic_assigned_at: 2025-06-15T14:30Z
identified_at: 2025-06-15T14:50Z
mitigated_at: 2025-06-15T15:05Z
resolved_at: 2025-06-15T15:10Z
evidence:
  - url: https://charts.parcels.example/checkout
---
## Timeline (UTC)

- 2025-06-15 14:23 — alert on slow checkouts fires
"""
WITHOUT_SEVERITY = INCIDENT.replace("severity: SEV2\n", "")
WITHOUT_TIMELINE = INCIDENT.partition("## Timeline")[0]
SPELLED = INCIDENT.replace("SEV2", "Sev 2")
RUNBOOK = '---\nid: RB-checkout\ntitle: Checkout is slow\nowner: "@payments-team"\n---\n'

PATH = "incidents/INC-2025-0142/incident.md"


def other(text, number="0143"):
    return {f"incidents/INC-2025-{number}/incident.md": text.replace("0142", number)}


def summary(result):
    return result.output.splitlines()[-1]


def names(result):
    return [found["name"] for found in json.loads(result.stdout)["diagnostics"]]


# Exit status


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        (INCIDENT, (), (0, "No findings in 1 record")),
        (WITHOUT_SEVERITY, (), (1, "1 error in 1 record")),
        (WITHOUT_SEVERITY, ("--fail-on", "note"), (1, "1 error in 1 record")),
        (WITHOUT_TIMELINE, (), (0, "1 warning in 1 record")),
        (WITHOUT_TIMELINE, ("--fail-on", "warning"), (1, "1 warning in 1 record")),
        (WITHOUT_TIMELINE, ("--fail-on", "error"), (0, "1 warning in 1 record")),
        (SPELLED, ("--fail-on", "warning"), (0, "1 note in 1 record")),
        (SPELLED, ("--fail-on", "note"), (1, "1 note in 1 record")),
        (INCIDENT, ("--as-of", "2025-07-01"), (0, "1 note in 1 record")),
        (INCIDENT, ("--as-of", "2025-07-01", "--fail-on", "note"), (1, "1 note in 1 record")),
        (INCIDENT, ("--as-of", "2025-07-01", "--clock", "warning"), (0, "1 warning in 1 record")),
        (INCIDENT, ("--as-of", "2025-07-01", "--clock", "error"), (1, "1 error in 1 record")),
        (SPELLED, ("--clock", "error", "--fail-on", "warning"), (0, "1 note in 1 record")),
    ],
)
def test_exit_status(text, arguments, expected, write, run):
    write({PATH: text})
    result = run("check", *AS_OF, *arguments)
    assert (result.exit_code, summary(result)) == expected


USAGE = [
    (("--format", "xml"), "Invalid value for '--format': 'xml' is not one of"),
    (("--fail-on", "fatal"), "Invalid value for '--fail-on'"),
    (("--clock", "off"), "Invalid value for '--clock'"),
    (("--as-of", "yesterday"), "`yesterday` is no date such as 2025-10-01 and no time such as"),
    (("--as-of", "2025-02-30"), "`2025-02-30` is no date"),
    (("--as-of", "2025-6-1"), "`2025-6-1` is no date"),
    (("--as-of", "2025-06-01T25:00Z"), "`2025-06-01T25:00Z` is no date"),
    (("--as-of", ""), "`` is no date"),
    (("--select", "missing-severty"), "`missing-severty` names no rule; did you mean `missing-severity`?"),
    (("--ignore", "XYZ"), "--ignore: `XYZ` names no rule; `mkdocs-incident rules` lists all"),
    (("--select", "INC001,nothing-like-it"), "`nothing-like-it` names no rule"),
    (("--config", "nowhere.yml"), "`nowhere.yml` is not a file"),
    (("--config", "incidents"), "`incidents` is not a file"),
    (("nowhere.md",), "`nowhere.md` does not exist"),
    (("docs/index.md",), "`docs/index.md` is not in a folder of records (incidents/, runbooks/)"),
    (("/",), "`/` is not in a folder of records"),
    (("--frobnicate",), "No such option"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[" ".join(a) for a, _ in USAGE])
def test_wrong_usage_is_said_and_exits_2(arguments, message, write, run):
    write({PATH: WITHOUT_SEVERITY, "docs/index.md": "# Docs\n"})
    result = run("check", *AS_OF, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


# What is selected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ["missing-severity", "timeline-missing"]),
        (("--select", "missing-severity"), ["missing-severity"]),
        (("--select", "INC001"), ["missing-severity"]),
        (("--select", "inc001"), ["missing-severity"]),
        (("--select", "INC"), ["missing-severity"]),
        (("--select", "INC,TIM"), ["missing-severity", "timeline-missing"]),
        (("--select", "INC", "--select", "TIM001"), ["missing-severity", "timeline-missing"]),
        (("--select", " INC , TIM001 "), ["missing-severity", "timeline-missing"]),
        (("--select", "SRC"), []),
        (("--ignore", "missing-severity"), ["timeline-missing"]),
        (("--ignore", "TIM"), ["missing-severity"]),
        (("--select", "INC,TIM", "--ignore", "INC001"), ["timeline-missing"]),
        (("--ignore", "INC,TIM"), []),
    ],
)
def test_select_and_ignore(arguments, expected, write, run):
    write({PATH: WITHOUT_TIMELINE.replace("severity: SEV2\n", "")})
    assert names(run("check", *AS_OF, "--format", "json", *arguments)) == expected


def test_findings_of_the_layers_below_can_be_ignored_too(write, run):
    write({PATH: "---\nid: [\n---\n"})
    assert names(run("check", "--format", "json")) == ["invalid-yaml"]
    assert names(run("check", "--format", "json", "--ignore", "SRC003")) == []


@pytest.mark.parametrize(
    ("as_of", "late"),
    [
        ("2025-06-17", False),
        ("2025-06-17T15:10Z", False),
        ("2025-06-17T15:11Z", True),
        ("2025-06-17T17:10+02:00", False),
        ("2025-06-17T17:11+02:00", True),
        ("2025-06-17T15:11", True),
        ("2025-06-18", True),
    ],
)
def test_as_of_is_a_day_or_a_time_in_any_zone(as_of, late, write, run):
    write({PATH: INCIDENT})
    found = names(run("check", "--format", "json", "--as-of", as_of))
    assert found == ["postmortem-overdue"] * late


def test_without_as_of_it_is_now(write, run):
    """The incident lies years back: whatever the clock says, its review is overdue."""
    write({PATH: INCIDENT})
    assert names(run("check", "--format", "json")) == ["postmortem-overdue"]


# Paths


PATHS = [
    ((), ["0142", "0143"]),
    (("incidents",), ["0142", "0143"]),
    (("incidents/",), ["0142", "0143"]),
    ((".",), ["0142", "0143"]),
    (("incidents/INC-2025-0142",), ["0142"]),
    ((PATH,), ["0142"]),
    ((f"./incidents/../{PATH}",), ["0142"]),
    ((PATH, "incidents/INC-2025-0143"), ["0142", "0143"]),
    (("runbooks",), []),
    (("incidents/INC-2025-0142/pool.csv",), []),
]


@pytest.mark.parametrize(("paths", "expected"), PATHS)
def test_paths_narrow_what_is_reported(paths, expected, write, run):
    evidence = {"incidents/INC-2025-0142/pool.csv": "", "runbooks/checkout.md": RUNBOOK}
    write({PATH: WITHOUT_SEVERITY, **other(WITHOUT_SEVERITY), **evidence})
    result = run("check", *AS_OF, "--format", "json", *paths)
    found = json.loads(result.stdout)["diagnostics"]
    assert [d["path"].split("-")[2][:4] for d in found] == expected
    assert result.exit_code == (1 if expected else 0)


def test_paths_narrow_the_count_of_records(write, run):
    write({PATH: INCIDENT, **other(INCIDENT)})
    assert summary(run("check", *AS_OF, PATH)) == "No findings in 1 record"


def test_paths_may_be_absolute_or_relative_to_another_folder(write, run, tmp_path):
    write({PATH: WITHOUT_SEVERITY, **other(WITHOUT_SEVERITY)})
    assert summary(run("check", *AS_OF, tmp_path / PATH)) == "1 error in 1 record"


def test_rules_across_records_see_all_of_them(write, run):
    write({PATH: INCIDENT, "incidents/INC-2025-0142-again.md": INCIDENT})
    result = run("check", *AS_OF, "--format", "json", PATH)
    found = json.loads(result.stdout)["diagnostics"]
    assert [(d["name"], d["path"]) for d in found] == [("duplicate-id", PATH)]
    assert found[0]["related"][0]["path"] == "incidents/INC-2025-0142-again.md"


def test_a_reference_out_of_the_path_is_known(write, run):
    write(
        {PATH: INCIDENT.replace("---\n##", "related: [INC-2025-0143]\n---\n##"), **other(INCIDENT)}
    )
    assert run("check", *AS_OF, PATH).exit_code == 0


# Formats


def test_json(write, run):
    write({PATH: WITHOUT_SEVERITY})
    result = run("check", *AS_OF, "--format", "json")
    assert json.loads(result.stdout) == {
        "version": 1,
        "summary": {
            "records": 1,
            "errors": 1,
            "warnings": 0,
            "notes": 0,
            "waived": 0,
            "known": 0,
        },
        "diagnostics": [
            {
                "code": "INC001",
                "name": "missing-severity",
                "level": "error",
                "path": PATH,
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 4,
                "message": "Incident has no severity, expected one of `SEV1`, `SEV2`, `SEV3`, `SEV4`",
                "hint": "Add `severity: SEV2` to the front matter, or `**Severity:** SEV2` below the title",
                "related": [],
            }
        ],
    }


@pytest.mark.parametrize("output", ["text", "json", "github", "sarif"])
def test_every_format_names_the_place_and_fails_alike(output, write, run):
    write({PATH: WITHOUT_SEVERITY})
    result = run("check", *AS_OF, "--format", output)
    assert result.exit_code == 1
    assert PATH in result.stdout
    assert "INC001" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("output", ["json", "sarif"])
def test_machines_get_their_format_when_all_is_well(output, write, run):
    write({PATH: INCIDENT})
    result = run("check", *AS_OF, "--format", output)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["version"] in {1, "2.1.0"}


def test_sarif_carries_all_rules_with_their_documentation(write, run):
    write({PATH: WITHOUT_SEVERITY})
    log = json.loads(run("check", *AS_OF, "--format", "sarif").stdout)
    listed = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {rule.code for rule in RULES} == set(listed)
    assert "Why it matters" in json.dumps(listed["INC001"])


# What is read


def test_no_folder_of_records_is_said_and_no_error(run):
    result = run("check")
    assert result.exit_code == 0
    assert "There is no incidents/ and runbooks/ in " in result.stderr
    assert result.stdout == "No findings in 0 records\n"


def test_one_of_the_default_folders_is_enough(write, run):
    write({"runbooks/checkout.md": RUNBOOK})
    result = run("check")
    assert (result.exit_code, result.output) == (0, "No findings in 1 record\n")


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("incidents/README.md", 0),
        ("incidents/readme.md", 0),
        ("incidents/2025/index.md", 0),
        ("runbooks/INDEX.MD", 0),
        ("incidents/2025/notes.txt", 0),
        ("incidents/.drafts/new.md", 0),
        ("incidents/.new.md", 0),
        ("docs/incidents/new.md", 0),
        ("incidents/notes.md", 1),
        ("incidents/a/b/c/d/notes.markdown", 1),
        ("runbooks/NOTES.MD", 1),
        ("incidents/readme-first.md", 1),
    ],
)
def test_which_files_are_records(path, counted, write, run):
    write({PATH: INCIDENT, path: "# Notes\n"})
    assert names(run("check", *AS_OF, "--format", "json")) == ["front-matter-missing"] * counted


def test_an_index_that_names_a_kind_is_a_record(write, run):
    write(
        {"incidents/INC-2025-0142/index.md": WITHOUT_SEVERITY.replace("id:", "kind: incident\nid:")}
    )
    assert names(run("check", *AS_OF, "--format", "json")) == ["missing-severity"]


@pytest.mark.parametrize(
    ("pattern", "excluded"),
    [
        ("incidents/templates/**", True),
        ("incidents/templates/", True),
        ("incidents/templates", True),
        ("incidents/templates/*.md", True),
        ("incidents/*/new.md", True),
        ("**/new.md", True),
        ("**/templates/**", True),
        ("**/incidents", True),
        ("incidents/templates/new.md", True),
        ("templates", False),
        ("incidents/templates/old.md", False),
        ("incidents/tem", False),
        ("new.md", False),
        ("**/drafts", False),
        ("INCIDENTS/templates/**", False),
    ],
)
def test_exclude(pattern, excluded, write, run):
    write({"incidents/templates/new.md": "# New\n", "incident.yml": f"exclude: ['{pattern}']\n"})
    found = names(run("check", *AS_OF, "--format", "json"))
    assert found == [] if excluded else ["front-matter-missing"]


# The policy file


def test_sources_can_lie_anywhere_below_the_file(write, run):
    write(
        {
            "incident.yml": "sources: [ops/incidents, ./ops/playbooks/]\n",
            "ops/incidents/INC-2025-0142.md": WITHOUT_SEVERITY,
            "ops/playbooks/checkout.md": RUNBOOK,
            "incidents/ignored.md": "# Ignored\n",
        }
    )
    result = run("check", *AS_OF, "--format", "json", "ops/playbooks", "ops/incidents")
    found = json.loads(result.stdout)
    assert [d["path"] for d in found["diagnostics"]] == ["ops/incidents/INC-2025-0142.md"]
    assert found["summary"]["records"] == 2


def test_the_policys_folder_is_the_root(write, run, tmp_path):
    write({"ops/policy.yml": "severity: p0-p3\n", f"ops/{PATH}": INCIDENT, PATH: WITHOUT_SEVERITY})
    result = run("check", *AS_OF, "--config", "ops/policy.yml", "--format", "json")
    found = json.loads(result.stdout)["diagnostics"]
    assert [(d["name"], d["path"]) for d in found] == [("value-not-allowed", PATH)]
    narrowed = run("check", *AS_OF, "--config", tmp_path / "ops/policy.yml", f"ops/{PATH}")
    assert summary(narrowed) == "1 error in 1 record"


@pytest.mark.parametrize(
    ("rules", "levels"),
    [
        ("", {"missing-severity": "error", "timeline-missing": "warning"}),
        ("missing-severity: off", {"timeline-missing": "warning"}),
        ("missing-severity: note", {"missing-severity": "note", "timeline-missing": "warning"}),
        ("timeline-missing: error", {"missing-severity": "error", "timeline-missing": "error"}),
        ("missing-severity: off, timeline-missing: off", {}),
    ],
)
def test_levels_of_rules(rules, levels, write, run):
    write(
        {
            PATH: WITHOUT_TIMELINE.replace("severity: SEV2\n", ""),
            "incident.yml": f"rules: {{{rules}}}\n",
        }
    )
    result = run("check", *AS_OF, "--format", "json")
    found = json.loads(result.stdout)["diagnostics"]
    assert {d["name"]: d["level"] for d in found} == levels
    assert result.exit_code == (1 if "error" in levels.values() else 0)


def test_a_level_of_the_policy_holds_for_the_clock_too(write, run):
    write({PATH: INCIDENT, "incident.yml": "rules: {postmortem-overdue: error}\n"})
    assert run("check", "--as-of", "2025-07-01").exit_code == 1
    write({"incident.yml": "rules: {postmortem-overdue: off}\n"})
    assert run("check", "--as-of", "2025-07-01", "--clock", "error").exit_code == 0


def test_fields_of_a_team_are_judged_by_their_schema(write, run):
    write(
        {
            PATH: INCIDENT.replace("title:", "depot: Nord\nlanes: [1, x]\nopened: soon\ntitle:"),
            "incident.yml": """\
fields:
  incident:
    depot:
      enum: [North, South]
    lanes:
      type: array
      items: {type: integer}
    opened:
      type: string
      format: date-time
""",
        }
    )
    result = run("check", *AS_OF, "--format", "json")
    found = [
        (d["line"], d["column"], d["message"]) for d in json.loads(result.stdout)["diagnostics"]
    ]
    assert found == [
        (3, 8, "`depot` is `Nord`, not one of `North`, `South`"),
        (4, 12, "`lanes[1]` is text, expected a whole number"),
        (5, 9, "`opened` is `soon`, expected a time such as `2025-06-15T14:23Z`"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "---\nseverity: sev1-sev4\n",
        "services: [checkout]\n",
        "services: {checkout: {owner: '@payments-team', alerts: [CheckoutSlow]}}\n",
        "services:\n  checkout:\n  search:\n    owner: '@search-team'\n",
        "people: ['@payments-lead']\n",
        "people: {'@payments-lead': {name: Payments lead, team: payments}, '@sre': }\n",
        "sources:\nexclude:\nrules:\nfields:\nseverity:\n",
        "\ufeffseverity: sev1-sev4\r\n",
        "date_order: day-first\nmax_file_size: 1000\n",
    ],
)
def test_policy_that_is_well(text, write, run):
    write({PATH: INCIDENT, "incident.yml": text})
    result = run("check", *AS_OF)
    assert (result.exit_code, result.output) == (0, "No findings in 1 record\n")


MISTAKES = {
    "sources: incidents": "1:10: error SCH004 `sources` is text, expected a list [wrong-type]",
    "sources: []": "1:10: error SCH005 `sources` is empty, expected 1 or more entries [value-not-allowed]",
    "sources: ['']": "1:11: error SCH005 `sources[0]` is empty, expected 1 or more characters [value-not-allowed]",
    "sources: [incidents, 3]": "1:22: error SCH004 `sources[1]` is a whole number, expected text [wrong-type]",
    "sources: [incident]": "1:11: error SCH005 Source `incident` is not a folder here [value-not-allowed]\n  hint: Did you mean `incidents`?",
    "sources: [..]": "1:11: error SCH005 Source `..` is not a folder below this file's own [value-not-allowed]",
    "sources: [.]": "1:11: error SCH005 Source `.` is not a folder below this file's own [value-not-allowed]",
    "sources: [/etc]": "1:11: error SCH005 Source `/etc` is not a folder below this file's own [value-not-allowed]",
    r'sources: ["a\0"]': "1:11: error SCH005 Source `a␀` is not a folder below this file's own [value-not-allowed]",
    "exclude: '**'": "1:10: error SCH004 `exclude` is text, expected a list [wrong-type]",
    "severity: p1": "1:11: error SCH005 Severity scheme `p1` is not one of `sev1-sev4`, `p0-p3`, `p1-p4` [value-not-allowed]",
    "date_order: us": "1:13: error SCH005 Date order `us` is not one of `month-first`, `day-first` [value-not-allowed]",
    "rules: [broken-link]": "1:8: error SCH004 `rules` is a list, expected a mapping [wrong-type]",
    "rules: {broken-lnk: off}": "1:9: error SCH005 Rule `broken-lnk` does not exist [value-not-allowed]\n  hint: Did you mean `broken-link`?",
    "rules: {INC001: off}": "1:9: error SCH005 Rule `INC001` does not exist [value-not-allowed]\n  hint: Did you mean `missing-severity`?",
    "rules: {xyz: off}": "1:9: error SCH005 Rule `xyz` does not exist [value-not-allowed]\n  hint: `mkdocs-incident rules` lists all",
    "rules: {broken-link: fatal}": "1:22: error SCH005 Rule level `fatal` is not one of `off`, `note`, `warning`, `error` [value-not-allowed]",
    "services: 3": "1:11: error SCH004 `services` is a whole number, expected a list or a mapping [wrong-type]",
    "services: {a: {ownr: x}}": "1:16: error SCH003 Field `ownr` is not known in `services.a` [unknown-field]\n  hint: Did you mean `owner`?",
    "services: {a: {alerts: x}}": "1:24: error SCH004 `services.a.alerts` is text, expected a list [wrong-type]",
    "people: 3": "1:9: error SCH004 `people` is a whole number, expected a list or a mapping [wrong-type]",
    "people: {'@a': {nam: x}}": "1:17: error SCH003 Field `nam` is not known in `people.@a` [unknown-field]\n  hint: Did you mean `name`?",
    "fields: {incidnt: {}}": "1:10: error SCH003 Field `incidnt` is not known in `fields` [unknown-field]\n  hint: Did you mean `incident`?",
    "fields: {incident: {depot: 3}}": "1:28: error SCH004 `fields.incident.depot` is a whole number, expected a mapping [wrong-type]",
    "fields: {incident: {depot: {type: strin}}}": "1:21: error SCH006 Field `depot` has no valid JSON Schema: `type` is `strin` [bad-format]",
    "fields: {incident: {depot: {pattern: '('}}}": "1:21: error SCH006 Field `depot` has no valid JSON Schema: `pattern` is `(` [bad-format]",
    "fields: {incident: {depot: {$ref: 'https://example.org/x.json'}}}": "1:21: error SCH005 Field `depot` uses `$ref`, expected a schema that is complete in itself [value-not-allowed]",
    "fields: {incident: {depot: {items: {$ref: '#/nowhere'}}}}": "1:21: error SCH005 Field `depot` uses `$ref`, expected a schema that is complete in itself [value-not-allowed]",
    "fields: {incident: {title: {type: string}}}": "1:21: error SCH005 Field `title` exists already in `incident` [value-not-allowed]",
    "max_file_size: big": "1:16: error SCH004 `max_file_size` is text, expected a whole number [wrong-type]",
    "max_file_size: 0": "1:16: error SCH005 `max_file_size` is `0`, expected at least 1 [value-not-allowed]",
    "sorces: [a]": "1:1: error SCH003 Field `sorces` is not known [unknown-field]\n  hint: Did you mean `sources`?",
    "severity: p0-p3\nseverity: p1-p4": "2:1: error SRC004 Key `severity` is given twice [duplicate-key]",
    "severity: '": "1:11: error SRC003 ",
    "severity: &a [*a]": "1:1: error SRC009 ",
    "- severity": "1:1: error SRC005 ",
    "x: " + "[" * 5000: "1:67: error SRC003 Nesting is deeper than 64 levels [invalid-yaml]",
    'severity: "\\e[31m"': "1:11: error SCH005 Severity scheme `␛[31m` is not one of",
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), MISTAKES.items(), ids=lambda value: value[:50])
def test_policy_with_a_mistake_exits_2_and_says_where(text, line, write, run):
    write({PATH: WITHOUT_SEVERITY, "incident.yml": text + "\n"})
    result = run("check", *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"incident.yml:{line}")
    findings = [found for found in result.stderr.splitlines() if not found.startswith("  hint: ")]
    assert len(findings) == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"severity: \xe9\n", b"a: b\0\n"])
def test_policy_that_is_no_text(content, write, run):
    write({"incident.yml": content})
    result = run("check")
    assert result.exit_code == 2
    assert "error SRC006" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_several_mistakes_are_all_said(write, run):
    write({"incident.yml": "severity: p9\nsorces: [a]\nmax_file_size: 0\n"})
    result = run("check")
    places = [line.split(" ")[0] for line in result.stderr.splitlines() if line[0] != " "]
    assert places == ["incident.yml:1:11:", "incident.yml:2:1:", "incident.yml:3:16:"]


@pytest.mark.parametrize(
    "arguments", [("show", PATH), ("schema", "incident"), ("runbook-updates",)], ids=str
)
def test_every_command_refuses_a_policy_with_a_mistake(arguments, write, run):
    write({PATH: INCIDENT, "incident.yml": "severity: p9\n"})
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("incident.yml:1:11: error SCH005 ")


# Bad input that no repository can hold, or should


def test_half_a_megabyte_on_a_line(write, run):
    long = "x" * 500_000
    write(
        {
            PATH: INCIDENT.replace("severity: SEV2", f"severity: {long}") + f"\n[{long}]({long})\n",
            "incidents/INC-2025-0143.md": f"---\nid: {long}\n---\n# {long}\n\n**Severity:** {long}\n",
            "incidents/INC-2025-0144.md": f"---\n{long}: 1\n---\n- [ ] {long}\n",
            "incidents/INC-2025-0145.md": f"---\n{long}\n---\n",
            "incidents/INC-2025-0146.md": "---\n---\n"
            + "|" * 500_000
            + "\n"
            + "a|-" * 100_000
            + "\n",
        }
    )
    result = run("check", *AS_OF)
    assert result.exit_code == 1
    assert max(map(len, result.output.splitlines())) < 300


@pytest.mark.parametrize("count", [60, 70, 5000])
@pytest.mark.parametrize("brackets", ["[]", "{}", "- "])
def test_nesting(count, brackets, write, run):
    nested = "- " * count + "x" if brackets == "- " else brackets[0] * count + brackets[1] * count
    if brackets == "{}":
        nested = "{a: " * count + "1" + "}" * count
    write({PATH: INCIDENT.replace("title:", f"x-deep:\n  {nested}\ntitle:")})
    found = names(run("check", *AS_OF, "--format", "json"))
    assert found == ([] if count == 60 else ["invalid-yaml"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(write, command, tmp_path):
    write({PATH: INCIDENT})
    os.mkfifo(tmp_path / "incidents/pipe.md")
    (tmp_path / "incidents/zero.md").symlink_to("/dev/zero")
    done = subprocess.run(
        [command, "check", *AS_OF, "--format", "json"],
        cwd=tmp_path, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    found = json.loads(done.stdout)["diagnostics"]
    assert [(d["name"], d["path"]) for d in found] == [
        ("unreadable-path", "incidents/pipe.md"),
        ("unreadable-path", "incidents/zero.md"),
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_and_a_folder_without_permission(write, run, tmp_path):
    write({PATH: INCIDENT, "incidents/closed/new.md": "# New\n"})
    (tmp_path / PATH).chmod(0)
    (tmp_path / "incidents/closed").chmod(0)
    try:
        result = run("check", *AS_OF, "--format", "json")
    finally:
        (tmp_path / "incidents/closed").chmod(0o755)
    assert names(result) == ["unreadable-path", "unreadable-path"]


def test_links_in_a_circle_between_folders(write, run, tmp_path):
    write({PATH: INCIDENT})
    (tmp_path / "incidents/INC-2025-0142/up").symlink_to("..")
    (tmp_path / "runbooks").symlink_to("incidents")
    assert run("check", *AS_OF).output == "No findings in 1 record\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("output", ["text", "json", "github", "sarif"])
def test_a_file_name_that_is_not_utf8(output, command, tmp_path):
    folder = tmp_path / "incidents"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("# New\n")
    done = subprocess.run(
        [command, "check", "--format", output], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"SRC001" in done.stdout
    assert done.stderr == b""
    done.stdout.decode("utf-8")


def test_an_absolute_path_into_the_repository_works_on_one_machine_only(write, run, tmp_path):
    evidence = f"evidence:\n  - path: {tmp_path}/incidents/pool.csv\n"
    write({PATH: INCIDENT.replace("evidence:\n", evidence), "incidents/pool.csv": ""})
    result = run("check", *AS_OF, "--select", "REF")
    assert "` is an absolute path [evidence-file-missing]" in result.output


# The real command


@pytest.mark.parametrize("start", [["mkdocs-incident"], [sys.executable, "-m", "mkdocs_incident"]])
@pytest.mark.parametrize(
    ("arguments", "exit_code"), [(("runbooks",), 0), ((), 1), (("--nothing",), 2)]
)
def test_installed(start, arguments, exit_code, command, tmp_path):
    (tmp_path / "incidents").mkdir()
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "incidents/new.md").write_text(WITHOUT_SEVERITY)
    start = [command] if start == ["mkdocs-incident"] else start
    done = subprocess.run(
        [*start, "check", *AS_OF, *arguments],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == exit_code
    assert "Traceback" not in done.stderr


def test_a_terminal_without_unicode(write, command, tmp_path):
    write({PATH: INCIDENT.replace("Checkout was slow", "[Größe — 🚚]")})
    done = subprocess.run(
        [command, "check", *AS_OF], cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 1
    assert r"3 | title: [Größe \u2014 \U0001f69a]".encode("latin-1") in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_an_internal_error_does_not_look_like_a_finding(write, command, tmp_path):
    write({PATH: INCIDENT})
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [command, "check", *AS_OF],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr


def on_a_terminal(arguments, folder, **environment):
    """Run a command whose standard output is a terminal; return what it shows."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(arguments, cwd=folder, stdout=theirs, env={**kept, **environment})
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    process.wait()
    return shown.decode()


def test_colour_only_on_a_terminal(write, command, tmp_path):
    write({PATH: WITHOUT_SEVERITY})
    arguments = [command, "check", *AS_OF]
    assert "\x1b[1;31merror\x1b[0m" in on_a_terminal(arguments, tmp_path)
    assert "\x1b" not in on_a_terminal(arguments, tmp_path, NO_COLOR="1")
    piped = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "\x1b" not in piped.stdout
    assert "error INC001" in piped.stdout
