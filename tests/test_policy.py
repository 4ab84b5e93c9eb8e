"""`incident.yml`: what it can say, what is wrong with it, and `mkdocs-incident policy`."""

import json
from pathlib import Path

import pytest

MISTAKES = Path(__file__).parent / "policy" / "mistakes.txt"

# Every kind of value, and what a newcomer may write there.
WRITTEN = r"""
profile: strickt
severity: sev1
severity: []
severity: [critical, critical]
severity: [critical, Critical]
severity: [""]
x-region: eu
levels: { SEV1: { actions: none } }
levels: { SEV1: { milestones: none } }
levels: { SEV1: { resolve: about 2 h } }
levels: { SEV1: { resolve: 0 min } }
escalation: none
support_hours: none
services: [payments-api, payments-api]
people: ["@payments-lead", payments-lead]
people: ["@payments lead"]
teams: ["@"]
waivers: [{ rule: missing-evidence, record: INC-2025-0142, reason: " ", expires: 2025-12-31 }]
waivers: [{ rule: unused-waiver, record: INC-2025-0142, reason: we know, expires: 2025-12-31 }]
waivers: [{ rule: ACT001, record: INC-2025-0142, reason: we know, expires: 2025-12-31 }]
severity: { SEV1: 1 }
levels: { SEV5: { actions: 1 } }
levels: { sev1: { actions: 1 } }
levels: { SEV1: { resolves: 1 h } }
levels: { SEV1: { resolve: 4 } }
levels: { SEV1: { resolve: soon } }
levels: { SEV1: { postmortem_due: 2-3 days } }
levels: { SEV1: { actions: two } }
levels: { SEV1: { actions: -1 } }
levels: { SEV1: { evidence: yes } }
levels: { SEV1: { roles: [incident_commander] } }
levels: { SEV1: { roles: scribe } }
levels: { SEV1: { milestones: [started] } }
levels: { SEV1: 15 min }
matrix: { high: { high: SEV0 } }
matrix: { high: SEV1 }
matrix: { severe: { high: SEV1 } }
escalation: { name: leadership }
escalation: [{ name: leadership }]
escalation: [{ name: leadership, after: { SEV9: 15 min } }]
escalation: [{ name: leadership, after: { SEV1: none } }]
channel: "#inc-{number}"
categories: { security: { notify: legal } }
categories: { security: { tell: [legal] } }
horizons: { immediate: soon }
horizons: { soon: 7 days }
limits: { timeline_gap: 60 }
limits: { gap: 60 min }
support_hours: { from: "09:00" }
support_hours: { from: 9:00, to: "17:00" }
support_hours: { from: "17:00", to: "09:00" }
support_hours: { from: "09:00", to: "17:00", zone: Berlin }
support_hours: { from: "09:00", to: "17:00", days: [monday] }
support_hours: { from: "09:00", to: "17:00", holidays: [25.12.2025] }
rules: { missing-severty: error }
rules: { INC001: error }
rules: { missing-severity: fatal }
rules: [missing-severity]
waivers: [{ rule: missing-evidence, record: INC-2025-0142, expires: 2025-12-31 }]
waivers: [{ rule: missing-evidense, record: INC-2025-0142, reason: gone, expires: 2025-12-31 }]
waivers: [{ rule: missing-evidence, record: INC-2025-0142, reason: gone, expires: never }]
waivers: { rule: missing-evidence }
services: payments-api
services: { payments-api: "@payments-team" }
people: "@payments-lead"
people: { "@payments-lead": { mail: lead@parcels.example } }
teams: [1]
fields: { incident: { severity: { type: string } } }
fields: { outage: { region: { type: string } } }
fields: { incident: { region: { type: text } } }
sources: [incident]
sources: [../elsewhere]
exclude: ["[drafts/**"]
alert_rules: monitoring/*.yml
alert_rules: [monitoring/*.yml]
alert_rules: [incidents]
alert_rules: [../monitoring/alerts.yml]
alert_rules: [/etc/prometheus/*.yml]
date_order: us
max_file_size: 5 MB
severities: sev1-sev4
- severity
severity: "sev1-sev4
""".strip().splitlines()


@pytest.fixture(scope="module")
def mistakes(update):
    """What was expected of each mistake; with `--update`, what is printed now is written."""
    blocks = MISTAKES.read_text("utf-8").split("\n\n") if MISTAKES.exists() else []
    expected = dict(block.removeprefix("$ ").split("\n", 1) for block in blocks if block.strip())
    seen = {}
    yield expected, seen
    if update:
        MISTAKES.parent.mkdir(exist_ok=True)
        text = "\n\n".join(f"$ {line}\n{seen[line]}" for line in WRITTEN if line in seen)
        MISTAKES.write_text(f"{text}\n", "utf-8")


@pytest.mark.parametrize("line", WRITTEN)
def test_a_mistake_is_one_line_at_its_place_with_the_remedy(line, write, run, mistakes, update):
    expected, seen = mistakes
    write({"incident.yml": f"{line}\n", "incidents/README.md": ""})
    result = run("check")
    assert (result.exit_code, result.stdout) == (2, "")
    place, *hint = result.stderr.splitlines()
    assert place.startswith("incident.yml:1:")
    assert len(hint) == 1, "the remedy"
    seen[line] = result.stderr.rstrip("\n")
    if not update:
        assert seen[line] == expected[line].rstrip("\n")


def test_every_setting_of_the_schema_has_its_mistakes():
    schema = json.loads((Path(__file__).parent.parent / "schemas/config.schema.json").read_text())
    assert {line.partition(":")[0] for line in WRITTEN} >= set(schema["properties"])


# The policy in force

POLICIES = {
    "none": "",
    "p0-p3": "severity: p0-p3\nprofile: strict\n",
    "p1-p4": "severity: p1-p4\nescalation: []\n",
    "own": """\
severity: [critical, major, minor]
levels:
  critical: { resolve: 90 min, update_every: 20 min, roles: [scribe], evidence: true }
  major: { postmortem_due: 10 days, support_hours: true }
matrix:
  high: { high: critical, medium: major }
escalation:
  - { name: head of operations, notify: "@duty-manager", after: { critical: 30 min } }
channel: "#inc-{id}"
categories:
  privacy: { notify: [legal], postmortem_due: 24 h }
  security: { notify: [], evidence: false }
services: [payments-api, checkout]
people: ["@payments-lead"]
""",
    "refined": """\
levels:
  SEV1: { engage: 5 min, postmortem_due: none, evidence: false, milestones: [] }
  SEV4:
horizons: { immediate: 3 days }
limits: { plan_left_active: 2 weeks }
support_hours: { from: "08:30", to: "18:00", zone: Europe/Berlin, days: [mon, fri], holidays: [2025-12-25] }
rules: { missing-lessons: "off", timeline-gap: error }
waivers:
  - rule: missing-evidence
    record: INC-2025-0142
    reason: "No: the logs had rotated"
    expires: 2025-12-31
services: { payments-api: { owner: "@payments-team", alerts: [PaymentsDown] }, checkout: }
people: { "@payments-lead": { name: Payments duty lead, team: payments } }
teams: ["@payments-team", "on"]
fields: { incident: { region: { type: string, enum: [eu, us] } } }
exclude: ["incidents/templates/**"]
alert_rules: [monitoring/*.yml]
date_order: day-first
max_file_size: 1000
""",
}


RULE_FILE = {"monitoring/payments.yml": "groups: []\n"}


@pytest.mark.parametrize("name", POLICIES)
def test_what_is_printed_means_the_same(name, write, run):
    write({"incident.yml": POLICIES[name], **RULE_FILE})
    printed = run("policy").stdout
    values = {
        e["setting"]: e["value"]
        for e in json.loads(run("policy", "--format", "json").stdout)["settings"]
    }
    write({"incident.yml": printed})
    again = json.loads(run("policy", "--format", "json").stdout)
    assert {e["setting"]: e["value"] for e in again["settings"]} == values
    assert {e["origin"].partition(":")[0] for e in again["settings"]} == {"incident.yml"}


@pytest.mark.parametrize("name", POLICIES)
def test_the_policy_is_printed_with_its_origins(name, write, run, update):
    expected = MISTAKES.parent / f"{name}.yml"
    write({"incident.yml": POLICIES[name], **RULE_FILE})
    printed = run("policy").stdout
    if update:
        expected.write_text(printed, "utf-8")
    assert printed == expected.read_text("utf-8")


def test_rule_levels_in_force(write, run):
    write(
        {
            "incident.yml": "profile: essential\nrules: { missing-lessons: error, broken-link: 'off' }\n"
        }
    )
    levels = json.loads(run("policy", "--format", "json").stdout)["rules"]
    assert levels["missing-severity"] == "error"
    assert levels["missing-lessons"] == "error"
    assert levels["broken-link"] == "off"
    assert levels["too-few-action-items"] == "off"


def test_an_unknown_rule_is_a_mistake_here_too(write, run):
    write({"incident.yml": "rules: { missing-leson: error }\n"})
    result = run("policy")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean `missing-lessons`?" in result.stderr
