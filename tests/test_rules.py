"""Each small repository in `cases/` against the whole of what the gate says about it.

A case is a folder `cases/<rule>/passes-…` or `cases/<rule>/fails-…`: the repository itself, perhaps
an `arguments.txt` for the command line, and `expected.txt`, which `pytest --update` rewrites.
"""

import ast
import re
import shutil
from pathlib import Path

import pytest

from mkdocs_incident.rules import RULES

HERE = Path(__file__).parent
CASES = sorted(case for case in (HERE / "cases").glob("*/*") if case.is_dir())
AS_OF = ["--as-of", "2025-06-16"]
FINDING = re.compile(r"^\S.*:\d+:\d+: (?:error|warning|note) .*\[(?P<rule>[a-z-]+)\]$", re.MULTILINE)


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
    result = run("check", *AS_OF, *arguments, folder=repository)
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
