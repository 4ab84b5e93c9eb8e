"""Findings as annotations on a pull request, by the workflow commands of GitHub Actions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.reporters import text
from mkdocs_incident.wording import counted, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mkdocs_incident.diagnostic import Diagnostic
    from mkdocs_incident.reporters.report import Report

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}

# GitHub shows this many annotations of each type in a step and drops the others silently.
_SHOWN = 10
_FILES_NAMED = 3


def render(report: Report) -> str:
    """Return annotations, errors first, then all findings as text in a folded group."""
    findings = text.render(replace(report, color=False))
    if not report.diagnostics:
        return findings
    lines = [
        *_annotations(report.diagnostics),
        "::group::All findings",
        fenced(findings),
        "::endgroup::",
    ]
    return "\n".join(lines) + "\n"


def fenced(findings: str) -> str:
    """Return lines in which the runner looks for no commands.

    What records say must not run as one, and the runner finds ``##[`` anywhere in a line. It resumes at
    a token: the digest of the text, which the text cannot contain.
    """
    token = hashlib.sha256(findings.encode("utf-8", "backslashreplace")).hexdigest()
    lines = findings.rstrip("\n")
    return f"::stop-commands::{token}\n{lines}\n::{token}::"


def _annotations(diagnostics: Sequence[Diagnostic]) -> Iterable[str]:
    for level in sorted(Level, reverse=True):
        found = [diagnostic for diagnostic in diagnostics if diagnostic.level is level]
        shown = len(found) if len(found) <= _SHOWN else _SHOWN - 1
        yield from map(_annotation, found[:shown])
        if found[shown:]:
            yield _remainder(level, found[shown:])


def _annotation(diagnostic: Diagnostic) -> str:
    location = diagnostic.location
    properties = {
        "file": location.path,
        "line": str(location.line),
        "endLine": str(location.end_line),
    }
    # The runner refuses columns on an annotation of several lines.
    if location.line == location.end_line:
        properties |= {"col": str(location.column), "endColumn": str(location.end_column)}
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[diagnostic.level]} {written}::{_data(diagnostic.message)}"


def _remainder(level: Level, hidden: Sequence[Diagnostic]) -> str:
    paths = list(dict.fromkeys(diagnostic.location.path for diagnostic in hidden))
    named = paths[:_FILES_NAMED]
    if paths[_FILES_NAMED:]:
        named.append(counted(len(paths) - _FILES_NAMED, "other file"))
    message = (
        f"{counted(len(hidden), f'more {level}')} in {joined(named)}; "
        "the log of this step has all findings"
    )
    return f"::{_COMMANDS[level]} title=mkdocs-incident::{_data(message)}"


def _data(value: str) -> str:
    escaped = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.visible(escaped)


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
