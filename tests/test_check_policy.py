"""`check` under a policy: what it changes, and how its mistakes are told."""

import json

import pytest
from check_support import (
    AS_OF,
    INCIDENT,
    PATH,
    RUNBOOK,
    WITHOUT_SEVERITY,
    WITHOUT_TIMELINE,
    summary,
)


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
