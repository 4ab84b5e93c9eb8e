"""Each small repository in `cases/` against the whole of what the gate says about it.

A case is a folder `cases/<rule>/passes-…` or `cases/<rule>/fails-…`: the repository itself, perhaps
an `arguments.txt` for the command line, and `expected.txt`, which `pytest --update` rewrites.
"""

import importlib
import re
import shutil
from pathlib import Path

import pytest

from mkdocs_incident.cli.commands import COMMANDS, cli
from mkdocs_incident.rules import RULE_BY_NAME, RULES
from mkdocs_incident.schema.bundling import SCHEMAS, bundled

HERE = Path(__file__).parent
CASES = sorted(case for case in (HERE / "cases").glob("*/*") if case.is_dir())
AS_OF = ["--as-of", "2025-06-16"]
ALWAYS = "SRC,SCH,REF,POL,INC001,INC002,PM001"
"""Asked in every case beside the rule that it is about: a defect has one finding among these.

What good practice asks beyond is not asked of a record that shows how a link breaks.
"""
FINDING = re.compile(
    r"^\S.*:\d+:\d+: (?:error|warning|note) .*\[(?P<rule>[a-z-]+)\]$", re.MULTILINE
)


def name_of(case):
    return f"{case.parent.name}/{case.name}"


def rules_found(text):
    return [match["rule"] for match in FINDING.finditer(text)]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case(case, tmp_path, run, update):
    given = case / "arguments.txt"
    arguments = given.read_text("utf-8").split() if given.exists() else []
    repository = tmp_path / case.name
    shutil.copytree(case, repository, symlinks=True, ignore=shutil.ignore_patterns("expected.txt"))
    asked = f"{ALWAYS},{case.parent.name}"
    select = [] if "--select" in arguments else ["--select", asked]
    result = run("check", *AS_OF, *select, *arguments, folder=repository)
    written = f"{result.output}exit {result.exit_code}\n"
    expected = case / "expected.txt"
    if update:
        expected.write_text(written, "utf-8")
    assert written == expected.read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case_is_about_its_rule(case):
    """A case that passes has nothing of its rule; one that fails has one defect, and so one rule."""
    found = rules_found((case / "expected.txt").read_text("utf-8"))
    if case.name.startswith("passes-"):
        assert case.parent.name not in found
    else:
        assert case.name.startswith("fails-")
        assert set(found) == {case.parent.name}


# The catalogue


def test_every_rule_has_a_case_that_passes_and_one_that_fails():
    kinds = {(case.parent.name, case.name.partition("-")[0]) for case in CASES}
    assert kinds == {(rule.name, kind) for rule in RULES for kind in ("passes", "fails")}


def test_codes_and_names_are_unique():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert {rule.name: rule for rule in RULES} == RULE_BY_NAME
    assert len(RULE_BY_NAME) == len(RULES)


PREFIXES = (
    "SRC",
    "SCH",
    "INC",
    "PM",
    "ACT",
    "RB",
    "PLAN",
    "TIM",
    "COM",
    "REF",
    "LANG",
    "SEC",
    "POL",
)


def test_the_tuple_is_ordered_by_code():
    assert [rule.code for rule in RULES] == sorted(
        (rule.code for rule in RULES), key=lambda code: (PREFIXES.index(code[:-3]), code)
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
class TestRule:
    def test_code_and_name(self, rule):
        assert re.fullmatch("|".join(PREFIXES), rule.code[:-3])
        assert re.fullmatch(r"[0-9]{3}", rule.code[-3:])
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)

    def test_stands_in_the_file_of_its_name(self, rule):
        module = importlib.import_module(f"mkdocs_incident.rules.{rule.name.replace('-', '_')}")
        assert getattr(module, rule.name.replace("-", "_")) is rule

    def test_documentation_is_whole(self, rule):
        sections = sections_of(rule)
        assert list(sections) == ["", "Why it matters", "Example", "Use instead"]
        assert all(sections.values())
        assert rule.summary.endswith(".")
        assert rule.summary.count("`") % 2 == 0
        assert len(rule.summary) < 120

    def test_documentation_speaks_of_what_exists(self, rule):
        text = rule.documentation
        ours = {
            option
            for name in COMMANDS
            for parameter in cli.get_command(None, name).params
            for option in parameter.opts
        }
        of_mkdocs = {"--strict"}
        assert set(re.findall(r"(?<=[` ])--[a-z][a-z-]*", text)) <= ours | of_mkdocs
        commands = set(re.findall(r"`mkdocs-incident ([a-z-]+)", text))
        assert commands <= set(COMMANDS)
        keys = set(re.findall(r"`(\w+)` in `incident.yml`", text))
        assert keys <= set(bundled("config")["properties"])
        fields = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text))
        assert fields <= property_names()


def sections_of(rule):
    """The documentation's sections by heading; a heading within a code block is none."""
    sections, fenced = {"": ""}, False
    for line in rule.documentation.split("\n"):
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            sections[line.removeprefix("## ")] = ""
        else:
            sections[list(sections)[-1]] += line + "\n"
    return {heading: text.strip() for heading, text in sections.items()}


def property_names():
    found, pending = set(), [bundled(name) for name in SCHEMAS]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            found |= set(node.get("properties", {}))
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    return found


# The documentation's examples

COMPANIONS = {
    "incidents/INC-2024-0001/incident.md": """\
---
id: INC-2024-0001
title: Payments are failing
severity: SEV4
incident_commander: "@payments-lead"
---
## Timeline (UTC)

- 2024-06-15 14:23 — alert fires
""",
    "runbooks/payments.md": """\
---
id: RB-payments-api
title: Payments API is failing
owner: "@payments-lead"
---
""",
    "incidents/mitigation-plan-2.md": """\
---
kind: mitigation-plan
title: Plan that holds now
incident: INC-2024-0001
severity: SEV4
summary: { problem: Payments fail, impact: Few notice, solution: A larger pool, eta: Friday }
horizons: { immediate: { goal: Payments work }, short_term: { goal: They go on }, long_term: { goal: They stay } }
---
""",
}
COMPLETED = {
    "id": "INC-2025-0142",
    "title": "Payments are failing",
    "severity": "SEV4",
    "incident_commander": '"@payments-lead"',
    "status": "resolved",
}
ABOVE = {
    "action-": "## Action items\n\n",
    "duplicate-action-": "## Action items\n\n",
    "timeline-": "**Date:** 2025-06-15\n\n## Timeline (UTC)\n\n",
    "event-after-": "**Date:** 2025-06-15\n\n## Timeline (UTC)\n\n",
}
NOT_ONE_FILE = {
    "stale-baseline",
    "alias-bomb",
    "records-disagree",
    "postmortem-without-incident",
    "undeclared-recurrence",
    "unknown-alert",
    "alert-without-runbook",
    "dangling-runbook-url",
}
"""What their examples show goes on "and so on", or is about what another file says."""


def record_of(rule, language, code):
    """The record that an example means: fields and headings that it does not speak of are added."""
    front, body = "", code
    if language == "yaml":
        front, body = code, ""
    elif code.startswith("---\n") and (parts := re.split(r"^---\n", code, flags=re.MULTILINE))[2:]:
        front, body = parts[1], parts[2]
    elif code.startswith("---\n") or rule.name == "front-matter-missing":
        return code
    above = next((text for name, text in ABOVE.items() if rule.name.startswith(name)), "")
    heading = above if not body.startswith("#") else "**Date:** 2025-06-15\n\n"
    absent = {
        key: value
        for key, value in COMPLETED.items()
        if f"{key}:" not in front
        and not front.startswith(("- ", "id: RB-"))  # no fields at all, or another kind's
        and f"missing-{key}".replace("_", "-") != rule.name
    }
    added = "".join(f"{key}: {value}\n" for key, value in absent.items())
    return f"---\n{added}{front}---\n{heading}{body}"


POLICY = r'```yaml title="incident.yml"\n(.*?)```'


def examples():
    for rule in RULES:
        if rule.name in NOT_ONE_FILE:
            continue
        for section, expected in (("Example", True), ("Use instead", False)):
            blocks = re.findall(r"```(\w+)\n(.*?)```", sections_of(rule)[section], re.DOTALL)
            policy = re.search(POLICY, rule.documentation, re.DOTALL)
            for language, code in blocks[:1]:
                text = record_of(rule, language, code)
                example = (rule, text, policy[1] if policy else "", expected)
                yield pytest.param(example, id=f"{rule.name}-{section}")


@pytest.mark.parametrize("example", list(examples()))
def test_documented_example(example, tmp_path, run):
    rule, text, policy, expected = example
    name = "INC-2025-0142.md"
    if "incidents: [" in text:
        name = "INC-2025-0142/postmortem.md"
    for path, content in {"incident.yml": policy, **COMPANIONS, f"incidents/{name}": text}.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")
    result = run("check", "--as-of", "2025-07-01", folder=tmp_path)
    assert (rule.name in rules_found(result.output)) is expected, f"{text}\n{result.output}"
