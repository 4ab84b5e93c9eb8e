"""The gate: `mkdocs-incident check`, its options, its policy file and its exit status."""

import json

import pytest
from check_support import (
    AS_OF,
    INCIDENT,
    PATH,
    RUNBOOK,
    SPELLED,
    WITHOUT_SEVERITY,
    WITHOUT_TIMELINE,
    names,
    other,
    summary,
)

from mkdocs_incident.rules import RULES

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


@pytest.mark.parametrize("mark", ["incident.yml", ".git/HEAD"])
def test_a_repository_without_records_is_said_and_no_error(write, run, mark):
    write({mark: ""})
    result = run("check")
    assert result.exit_code == 0
    assert "There is no incidents/ or runbooks/ in " in result.stderr
    assert result.stdout == "No findings in 0 records\n"


@pytest.mark.parametrize(
    "arguments",
    [("check",), ("check", "."), ("check", "sub"), ("show", "INC-1"), ("log", "INC-1", "x"),
     ("report", "INC-1"), ("similar", "INC-1"), ("set", "INC-1", "title", "x"), ("actions",),
     ("runbook-updates",), ("comms", "--due")],
    ids=" ".join,
)  # fmt: skip
def test_a_folder_that_is_no_repository_is_an_error(write, run, tmp_path, arguments):
    write({"sub/notes.md": "# Notes\n"})
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert (
        f"There is no incidents/ or runbooks/ in {tmp_path}, and no incident.yml in it or its repository. "
        "Go there, or name the policy with --config"
    ) in result.stderr


@pytest.mark.parametrize("mark", [".git/HEAD", ".git"])
@pytest.mark.parametrize("below", ["incidents/2025", "docs"])
def test_a_repository_is_found_from_below(write, run, tmp_path, mark, below):
    write({mark: "", PATH: WITHOUT_SEVERITY, "incidents/2025/note.txt": "", "docs/index.md": ""})
    here = run("check", *AS_OF)
    assert run("check", *AS_OF, folder=tmp_path / below).stdout == here.stdout
    assert PATH in here.stdout
    assert run("show", "INC-2025-0142", folder=tmp_path / below).exit_code == 0


def test_nothing_above_is_looked_at_outside_of_a_work_tree(write, run, tmp_path):
    write({"incident.yml": "severity: p0-p3\n", f"project/{PATH}": WITHOUT_SEVERITY})
    (tmp_path / "project/docs").mkdir()
    assert PATH in run("check", *AS_OF, folder=tmp_path / "project").stdout
    assert run("check", *AS_OF, folder=tmp_path / "project/docs").exit_code == 2


def test_records_without_a_policy_are_a_repository_below_one_that_has_one(write, run, tmp_path):
    write({"incident.yml": "", ".git/HEAD": "", f"team/{PATH}": WITHOUT_SEVERITY})
    of_the_team = run("check", *AS_OF, folder=tmp_path / "team")
    assert PATH in of_the_team.stdout
    below = (tmp_path / "team" / PATH).parent
    assert run("check", *AS_OF, folder=below).stdout == of_the_team.stdout


def test_a_repository_inside_of_another_is_by_itself(write, run, tmp_path):
    write(
        {"incident.yml": "", PATH: WITHOUT_SEVERITY, "other/.git/HEAD": "", "other/docs/a.md": ""}
    )
    assert run("check", folder=tmp_path / "other").stdout == "No findings in 0 records\n"
    assert run("check", folder=tmp_path / "other/docs").exit_code == 2


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
