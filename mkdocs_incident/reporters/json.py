"""Findings as JSON, for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.patterns import regex

if TYPE_CHECKING:
    from mkdocs_incident.diagnostic import Diagnostic, Location
    from mkdocs_incident.reporters.report import Report

# The json module leaves these as they are when it may write non-ASCII text: lone surrogates (from
# file names that are not UTF-8) cannot be encoded, C1 controls act on a terminal.
_UNSAFE = regex("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def render(report: Report) -> str:
    """Return the findings and their numbers as one JSON object."""
    return dumps(
        {
            "version": 1,
            "summary": {
                "records": report.records,
                "errors": report.count(Level.ERROR),
                "warnings": report.count(Level.WARNING),
                "notes": report.count(Level.NOTE),
                "waived": report.waived,
                "known": report.known,
            },
            "diagnostics": [entry(diagnostic) for diagnostic in report.diagnostics],
        }
    )


def dumps(value: Any) -> str:
    """Return `value` as indented JSON that any text stream can take, with a final newline."""
    document = json.dumps(value, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", document) + "\n"


def entry(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return one finding as the mapping that JSON holds."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "level": str(diagnostic.level),
        **_location(diagnostic.location),
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "related": [
            {**_location(related.location), "message": related.message}
            for related in diagnostic.related
        ],
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }
