"""Findings as a GitLab Code Quality report, for the widget and the diff of a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.reporters.fingerprints import fingerprints
from mkdocs_incident.reporters.json import dumps

if TYPE_CHECKING:
    from mkdocs_incident.diagnostic import Diagnostic
    from mkdocs_incident.reporters.report import Report

# GitLab knows info, minor, major, critical and blocker, and lists the gravest first. A report stops
# no merge: the job's exit status does, as `--fail-on` decides. So nothing is called a blocker, and
# an error stays two steps away from a warning.
_SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "minor", Level.NOTE: "info"}


def render(report: Report) -> str:
    """Return the findings as a JSON list in GitLab's subset of the Code Climate format."""
    pairs = zip(report.diagnostics, fingerprints(report.diagnostics), strict=True)
    return dumps([_issue(diagnostic, fingerprint) for diagnostic, fingerprint in pairs])


def _issue(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    location = diagnostic.location
    return {
        # The widget shows the description alone: the remedy is in it.
        "description": ". ".join(filter(None, [diagnostic.message, diagnostic.hint])),
        "check_name": diagnostic.name,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.level],
        "location": {
            "path": location.path,
            "lines": {"begin": location.line, "end": max(location.line, location.end_line)},
        },
    }
