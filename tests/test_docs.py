"""The documentation says what the code does."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mkdocs_incident.cli.commands import COMMANDS
from mkdocs_incident.policy.presets import PROFILES, SCHEMES
from mkdocs_incident.rules import RULE_BY_NAME, RULES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
WRITTEN = [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def test_generated_pages_are_those_of_the_code():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/generate_docs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(path):
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    generated = {
        DOCS / "knowledge-base" / name
        for name in ("index.md", "postmortems.md", "action-items.md", "runbook-updates.md")
    }
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            there = (path.parent / target).resolve()
            assert there.exists() or there in generated, target


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_named_in_the_documentation_exist(path):
    for command in re.findall(r"mkdocs-incident ([a-z][a-z-]+)\b(?! *:)", path.read_text("utf-8")):
        assert command in COMMANDS


def test_the_changelog_counts_the_rules():
    assert f"{len(RULES)} rules" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_policy_page_lists_the_levels_of_each_scheme():
    text = (DOCS / "guide/policy.md").read_text("utf-8")
    for name, scheme in SCHEMES.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert ", ".join(level.name for level in scheme.levels) in row


PROFILES_PAGE = DOCS / "guide/profiles.md"


def table_rows(text):
    """Return the cells of every row of the page's tables, without code marks and links."""
    lines = [line.strip("| ") for line in text.splitlines() if line.startswith("| ")]
    plain = [re.sub(r"\[([^\]]+)\]\([^)]*\)|`", r"\1", line) for line in lines]
    return [re.split(r"\s*\|\s*", line) for line in plain]


@pytest.fixture
def judged(tmp_path, run):
    """Return what the check says of the sample knowledge base under each profile."""
    for folder in ("incidents", "monitoring", "runbooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    policy = (ROOT / "incident.yml").read_text("utf-8")
    said = {}
    for profile in PROFILES:
        (tmp_path / "incident.yml").write_text(f"{policy}profile: {profile}\n", "utf-8")
        said[profile] = run("check", "--as-of", "2025-10-01").stdout
    return said


def test_the_profiles_page_says_what_each_profile_finds_in_the_sample(judged):
    page = PROFILES_PAGE.read_text("utf-8")
    rows = table_rows(page)
    for profile, said in judged.items():
        assert [profile, said.splitlines()[-1]] in rows
    found = {
        profile: Counter(re.findall(r"^\S+:\d+:\d+: .*\[([a-z-]+)\]$", said, re.MULTILINE))
        for profile, said in judged.items()
    }
    shown = {row[0]: row[1:] for row in rows if row[0] in RULE_BY_NAME}
    assert set(shown) == set(found["strict"]) | set(found["standard"])
    for name, counts in shown.items():
        assert counts == [str(found[p][name] or "–") for p in ("standard", "strict")], name
    findings = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert findings
    for finding in findings:
        assert finding in judged["strict"]


def test_the_sample_is_without_errors_and_warnings(judged):
    assert re.fullmatch(
        r"\d+ notes in \d+ records \(2 waived\)", judged["standard"].splitlines()[-1]
    )
