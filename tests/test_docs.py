"""The documentation says what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mkdocs_incident.cli import COMMANDS
from mkdocs_incident.policy.presets import SCHEMES
from mkdocs_incident.rules import RULES

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
        DOCS / name for name in ("postmortems.md", "action-items.md", "runbook-updates.md")
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
