"""Findings as JUnit XML: a test case a record, for the test tabs of GitLab, Jenkins and Azure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.reporters import text
from mkdocs_incident.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkdocs_incident.diagnostic import Diagnostic
    from mkdocs_incident.reporters.report import Report

# XML 1.0 has no place for these, whatever the encoding; controls and surrogates go as in the text.
_NOT_IN_XML = regex("[\ufffe\uffff]")

# GitLab and Jenkins take the file that a test's output names so as its attachment.
_ATTACHMENT = regex(r"\[\[(?=ATTACHMENT\|)", re.IGNORECASE)


def render(report: Report) -> str:
    """Return one suite; a record with errors or warnings fails, one with notes alone passes."""
    found: dict[str, list[Diagnostic]] = {path: [] for path in report.paths}
    for diagnostic in report.diagnostics:
        found.setdefault(diagnostic.location.path, []).append(diagnostic)
    cases = [_case(path, diagnostics) for path, diagnostics in found.items()]
    failed = sum(case.find("failure") is not None for case in cases)
    root = ET.Element("testsuites")
    counts = {"tests": len(cases), "failures": failed, "errors": 0, "skipped": 0}
    attributes = {name: str(count) for name, count in counts.items()}
    suite = ET.SubElement(root, "testsuite", {"name": "mkdocs-incident", **attributes})
    suite.extend(cases)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(path: str, diagnostics: Sequence[Diagnostic]) -> ET.Element:
    name = _plain(path)
    case = ET.Element("testcase", {"classname": "mkdocs-incident", "name": name, "file": name})
    failing = [diagnostic for diagnostic in diagnostics if diagnostic.level > Level.NOTE]
    notes = [diagnostic for diagnostic in diagnostics if diagnostic.level is Level.NOTE]
    if failing:
        # Jenkins reads the first failure of a case, GitLab the text alone: one failure, with the
        # gravest finding as its type and message, and all of them in its text.
        first = max(failing, key=lambda diagnostic: diagnostic.level)
        more = f"; {counted(len(failing) - 1, 'more finding')} below" if failing[1:] else ""
        message = _plain(first.message) + more
        failure = ET.SubElement(case, "failure", {"type": _plain(first.name), "message": message})
        failure.text = _told(failing)
    if notes:
        ET.SubElement(case, "system-out").text = _told(notes)
    return case


def _told(diagnostics: Sequence[Diagnostic]) -> str:
    lines = []
    for diagnostic in diagnostics:
        lines.append(_plain(text.headline(diagnostic)))
        if diagnostic.hint:
            lines.append(f"  hint: {_plain(diagnostic.hint)}")
    return "\n".join(lines)


def _plain(value: str) -> str:
    return _ATTACHMENT.sub("[ [", _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text.visible(value)))
