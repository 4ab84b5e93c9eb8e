"""The guides are true: their policies load, their examples do what the page says of them."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from mkdocs_incident.policy.presets import HORIZONS, LIMITS, SCHEMES, SeverityLevel
from mkdocs_incident.policy.settings import in_units
from mkdocs_incident.rules import RULES
from mkdocs_incident.schema.bundling import bundled
from mkdocs_incident.source.front_matter import read_mapping
from mkdocs_incident.source.text import decode

GUIDE = Path(__file__).resolve().parent.parent / "docs/guide"
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
POLICY, WAIVERS = ((GUIDE / name).read_text("utf-8") for name in ("policy.md", "waivers.md"))


def blocks(page, info):
    """Return the fenced blocks whose opening line says `info`."""
    return [match["text"] for match in FENCE.finditer(page) if info in match["info"]]


def sessions(page):
    """Yield each command of a page's console blocks, with what it is said to print."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def titled(page, title):
    return blocks(page, f'title="{title}"')


# guide/policy.md

POLICIES = [
    (guide.name, text)
    for guide in sorted(GUIDE.glob("*.md"))
    for text in titled(guide.read_text("utf-8"), "incident.yml")
]


@pytest.mark.parametrize(
    ("guide", "text"), POLICIES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(POLICIES)]
)
def test_every_policy_of_the_guides_can_be_used(guide, text, write, run):
    data, _, findings = read_mapping(decode("incident.yml", text.encode()))
    assert not findings
    folders = data.get("sources", ["incidents"])
    write({"incident.yml": text, **{f"{folder}/README.md": "" for folder in folders}})
    write({pattern.replace("*", "a"): "groups: []" for pattern in data.get("alert_rules", [])})
    result = run("check", "--as-of", "2025-06-17")
    assert result.exit_code in {0, 1}, result.stderr
    assert guide == "waivers.md" or "incident.yml" not in result.stdout  # its record is not here


def test_the_guide_shows_every_setting():
    shown = "\n".join(titled(POLICY, "incident.yml") + titled(WAIVERS, "incident.yml"))
    keys = set(re.findall(r"^([a-z_]+):", shown, re.MULTILINE))
    assert keys == set(bundled("config")["properties"])


def test_the_guide_speaks_of_every_field_of_a_level():
    table = POLICY.partition("### What a level can ask")[2].partition("\n### ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    names = re.findall(r"`([a-z_]+)`", " ".join(rows))
    assert names == [name for name in SeverityLevel.__struct_fields__ if name != "name"]


@pytest.mark.parametrize("family", ["levels.*", "limits"])
def test_the_tables_name_the_rules_that_judge_a_setting(family):
    rows = [line.split("|") for line in POLICY.splitlines() if line.startswith("| `")]
    judged = {}
    for rule in RULES:
        for option in rule.options:
            judged.setdefault(option, set()).add(rule.name)
    options = {option for option in judged if option.startswith(f"{family}.")}
    told = set()
    for cells in rows:
        names = [name.rpartition(".")[2] for name in re.findall(r"`([a-z_.]+)`", cells[1])]
        here = {f"{family}.{name}" for name in names} & options
        linked = set(re.findall(r"rules/([a-z-]+)\.md", cells[3]))
        if here and linked:
            assert linked == set().union(*(judged[option] for option in here)), names
            told |= here
    assert told == options


def shown(value):
    """Return what a level asks as the tables of the guide write it."""
    if isinstance(value, timedelta):
        return in_units(value)
    if isinstance(value, tuple):
        return ", ".join(value).replace("ic_assigned", "IC assigned") or "–"
    return "yes" if value is True else str(value) if value else "–"


def preset_table(scheme):
    levels = SCHEMES[scheme].levels
    lines = [f"| {scheme} | {' | '.join(level.name for level in levels)} |"]
    lines.append(f"| --- |{' --- |' * len(levels)}")
    for name in SeverityLevel.__struct_fields__:
        cells = [shown(getattr(level, name)) for level in levels]
        if name != "name" and set(cells) != {"–"}:
            lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def tiers_of(scheme):
    return "; ".join(
        f"{tier.name} after "
        + ", ".join(f"{in_units(after)} ({level})" for level, after in tier.after.items())
        for tier in SCHEMES[scheme].escalation
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_table_of_a_preset_has_its_numbers(scheme):
    assert preset_table(scheme) in POLICY
    assert f"Escalation: {tiers_of(scheme) or 'none'}." in POLICY


def test_the_matrix_of_a_preset_is_as_shown():
    for scheme, preset in SCHEMES.items():
        for impact, row in preset.matrix.items():
            assert f"| {impact} impact | {' | '.join(row.values())} |" in POLICY, scheme


def test_horizons_and_limits_are_as_shown():
    for family, spans in (("horizons", HORIZONS), ("limits", LIMITS)):
        for name, span in spans.items():
            assert f"| `{family}.{name}` | {in_units(span)} |" in POLICY


def test_the_policy_in_force_is_as_shown(write, run):
    section = POLICY.partition("## What is in force")[2].partition("\n## ")[0]
    write({"incident.yml": titled(section, "incident.yml")[0], "incidents/README.md": ""})
    ((command, output),) = sessions(section)
    assert command == "mkdocs-incident policy"
    parts = output.split("…\n")
    assert len(parts) > 1
    pattern = ".*".join(map(re.escape, parts))
    assert re.fullmatch(pattern, run("policy").stdout, re.DOTALL)


def test_a_mistake_is_as_shown(write, run):
    section = POLICY.partition("## When it is wrong")[2].partition("\n## ")[0]
    (_, text), (command, output) = sessions(section)
    write({"incident.yml": text, "incidents/README.md": ""})
    result = run(*command.split()[1:])
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", output)


# guide/waivers.md

RECORD = "incidents/INC-2025-0142/incident.md"
DAY = ("--as-of", "2025-06-17")


def record_with(line, place):
    """Return the page's record with one line put where a block's title says."""
    (record,) = titled(WAIVERS, RECORD)
    if place == "in the front matter":
        return record.replace("\n---\n", f"\n{line}---\n", 1)
    if place == "below the front matter":
        return record.replace("\n---\n", f"\n---\n{line}", 1)
    assert place == "the item"
    return re.sub(r"^- \[ \] Alert.*\n", lambda _: line, record, flags=re.MULTILINE)


def test_without_a_waiver_the_finding_is_as_shown(write, run):
    write({RECORD: titled(WAIVERS, RECORD)[0]})
    command, output = next(sessions(WAIVERS))
    assert run(*command.split()[1:]).stdout == output


INLINE = [
    (match[1], match[2])
    for match in re.finditer(
        rf'^```\w+ title="{RECORD}, ([a-z ]+)"\n(.*?)^```$', WAIVERS, re.MULTILINE | re.DOTALL
    )
]


def test_there_are_inline_examples_in_every_place():
    assert {place for place, _ in INLINE} == {
        "in the front matter",
        "below the front matter",
        "the item",
    }


@pytest.mark.parametrize(("place", "line"), INLINE, ids=[place for place, _ in INLINE])
def test_an_inline_waiver_of_the_guide_covers_the_finding(place, line, write, run):
    write({RECORD: record_with(line, place)})
    assert run("check", *DAY).stdout == "No findings in 1 record (1 waived)\n"


@pytest.mark.parametrize("text", titled(WAIVERS, "incident.yml"))
def test_a_waiver_of_the_guide_in_the_policy_covers_the_finding(text, write, run):
    write({RECORD: titled(WAIVERS, RECORD)[0], "incident.yml": text})
    assert run("check", *DAY).stdout == "No findings in 1 record (1 waived)\n"


def test_the_other_outputs_of_the_guide_are_as_shown(write, run):
    """An expired waiver, an unused one, and one that can't be read."""
    (_, line), *_ = [entry for entry in INLINE if entry[0] == "below the front matter"]
    record = record_with(line, "below the front matter")
    owned = record.replace("(due 2025-07-29)", "(@payments-team, due 2025-07-29)")
    unread = record.replace(" until 2025-12-31", "")
    assert len({record, owned, unread}) == 3
    found = list(sessions(WAIVERS))
    for text, (command, output) in zip((record, owned, unread), found[1:], strict=True):
        write({RECORD: text})
        assert run(*command.split()[1:]).stdout == output, command


# The first steps

ROOT = GUIDE.parent.parent
FIRST = "incidents/INC-2025-0001/incident.md"


def test_the_first_pull_request_passes_at_each_step(write, run):
    page = (GUIDE / "first-pull-request.md").read_text("utf-8")
    incident, timeline, postmortem = blocks(page, "markdown")
    (evidence,) = (text for text in blocks(page, "yaml") if "evidence" in text)
    calls = [entry for entry in sessions(page) if entry[0].startswith("mkdocs-incident check")]
    (begin, begun), (end, ended) = calls
    write({FIRST: incident})
    assert run(*begin.split()[1:]).stdout == begun == "No findings in 1 record\n"
    resolved = incident.replace("status: investigating\n", evidence) + timeline
    files = {
        FIRST: resolved.replace("status: resolved", "status: closed"),
        "incidents/INC-2025-0001/payment-errors.csv": "minute,errors\n",
        "incidents/INC-2025-0001/postmortem.md": postmortem,
    }
    write(files)
    assert run(*end.split()[1:]).stdout == ended == "No findings in 2 records\n"
    write({FIRST: resolved})
    assert run(*end.split()[1:]).stdout == ended


def test_the_record_of_the_first_page_has_no_findings(write, run):
    (record,) = blocks((GUIDE.parent / "index.md").read_text("utf-8"), "markdown")
    write({RECORD: record})
    assert run("check", "--as-of", "2025-06-16").stdout == "No findings in 1 record\n"


def _become_a_clone(folder):
    """Make a folder a git repository that knows its origin's branch."""
    identity = ("-c", "user.name=T", "-c", "user.email=t@parcels.example")
    for arguments in (
        ("init", "-q"),
        ("add", "-A"),
        (*identity, "commit", "-qm", "Records"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
    ):
        subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


CALLS = sorted(
    {
        (path.name, call.strip())
        for path in [*GUIDE.parent.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
        if path.parent.name != "reference"
        for call in re.findall(
            r"mkdocs-incident ((?:check|policy|rules|schema|explain|runbook-updates) [^\n`>|&#]+)",
            path.read_text("utf-8"),
        )
    }
)


@pytest.mark.parametrize(("page", "call"), CALLS, ids=[f"{page}: {call}" for page, call in CALLS])
def test_a_command_of_the_documentation_can_be_called(page, call, write, run, tmp_path):
    """Whatever it finds: its options exist, and what it names can be named."""
    write({RECORD: titled(WAIVERS, RECORD)[0]})
    if "--since" in call:
        _become_a_clone(tmp_path)
    named = {"KIND": "incident", "NAME": "missing-severity", "INC-2025-0142": "INC-2025-0142"}
    result = run(*(named.get(word, word) for word in call.split()))
    assert result.exit_code in {0, 1}, f"{page}: {result.output}"
