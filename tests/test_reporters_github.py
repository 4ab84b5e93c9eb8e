"""Findings as commands of a GitHub runner, which executes nothing that a record says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from reporters_support import (
    BLAME,
    EMPTY,
    REPORT,
    TEXT,
    UNKNOWN_SEVERITY,
    WITHOUT_OWNER,
    executed,
    findings,
)

from mkdocs_incident.diagnostic import Diagnostic, Level, Location
from mkdocs_incident.reporters import REPORTERS


def annotations(output):
    return output.split("::group::")[0].splitlines()


def test_github():
    # The token is sha256 of the text that it encloses.
    token = "6a6b05581e852e7a78d74751136b2a04ed477ca3a432c862efadd5a49daabc1d"  # noqa: S105
    assert REPORTERS["github"](replace(REPORT, color=True)) == (
        "::error file=incidents/INC-2025-0142/incident.md,line=3,endLine=3,col=11,endColumn=15,"
        "title=INC002 unknown-severity::`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`\n"
        "::warning file=incidents/INC-2025-0142/incident.md,line=7,endLine=7,col=7,endColumn=19,"
        "title=ACT001 action-without-owner::Action item `Alert at 80%25` has no owner\n"
        "::notice file=postmortems/2025.md,line=40,endLine=41,"
        "title=LANG001 blaming-language::`human error` names no cause\n"
        "::group::All findings\n"
        f"::stop-commands::{token}\n"
        f"{TEXT}"
        f"::{token}::\n"
        "::endgroup::\n"
    )


def test_github_without_findings():
    assert REPORTERS["github"](EMPTY) == "No findings in 14 records\n"


def test_github_escapes():
    diagnostic = Diagnostic(
        Location("a,b:c%d\r\ne\x1b.md", 1, 1, 1, 2),
        "X001",
        "x",
        Level.ERROR,
        "5%, a: b\r\nc\x1b\udc80",
    )
    report = replace(REPORT, diagnostics=(diagnostic,))
    [annotation] = annotations(REPORTERS["github"](report))
    assert annotation == (
        "::error file=a%2Cb%3Ac%25d%0D%0Ae␛.md,line=1,endLine=1,col=1,endColumn=2,"
        "title=X001 x::5%25, a: b%0D%0Ac␛�"
    )


def test_github_prints_errors_first():
    report = replace(REPORT, diagnostics=(BLAME, WITHOUT_OWNER, UNKNOWN_SEVERITY))
    lines = annotations(REPORTERS["github"](report))
    assert [line.split()[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_github_prints_ten_of_a_type():
    report = replace(REPORT, diagnostics=findings(Level.ERROR, 10, files=1))
    lines = annotations(REPORTERS["github"](report))
    assert [line.rpartition("::")[2] for line in lines] == [f"m{n}" for n in range(1, 11)]


@pytest.mark.parametrize(
    ("count", "files", "last"),
    [
        (11, 1, "2 more errors in 0.md"),
        (11, 2, "2 more errors in 0.md and 1.md"),
        (
            13,
            4,
            "4 more errors in 2.md, 3.md, 0.md and 1 other file",
        ),
        (
            30,
            30,
            "21 more errors in 10.md, 11.md, 12.md and 18 other files",
        ),
    ],
)
def test_github_tells_of_what_it_does_not_show(count, files, last):
    errors = findings(Level.ERROR, count, files=files)
    warnings = findings(Level.WARNING, 1, files=1)
    report = replace(REPORT, diagnostics=warnings + errors)
    output = REPORTERS["github"](report)
    *shown, remainder, warning = annotations(output)
    assert [line.rpartition("::")[2] for line in shown] == [f"m{n}" for n in range(1, 10)]
    assert remainder == (
        f"::error title=mkdocs-incident::{last}; the log of this step has all findings"
    )
    assert warning.startswith("::warning file=0.md,")
    assert output.count(": error X001 ") == count


@pytest.mark.parametrize(
    "text", ["::add-mask::a", "  ::add-mask::a", "##[add-mask]a", "a ##[add-mask]a", "::endgroup::"]
)
def test_github_never_runs_what_a_record_says(text):
    diagnostic = Diagnostic(
        Location(text, 1, 1, 1, 2), "X001", "x", Level.ERROR, f"a\n{text}", hint=f"\n{text}"
    )
    report = replace(REPORT, diagnostics=(diagnostic,), sources={text: text})
    output = REPORTERS["github"](report)
    commands, printed = executed(output)
    assert commands == [*annotations(output), "::group::All findings", "::endgroup::"]
    assert "\n".join(printed) + "\n" == REPORTERS["text"](report)
