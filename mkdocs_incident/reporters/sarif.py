"""Findings as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mkdocs_incident import __version__
from mkdocs_incident.reporters.fingerprints import fingerprints
from mkdocs_incident.reporters.json import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_incident.diagnostic import Diagnostic, Location
    from mkdocs_incident.reporters.report import Report, RuleInfo

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report) -> str:
    """Return the findings and the rules as a SARIF log with one run."""
    indexes = {rule.code: index for index, rule in enumerate(report.rules)}
    results = [
        _result(diagnostic, indexes, fingerprint)
        for diagnostic, fingerprint in zip(
            report.diagnostics, fingerprints(report.diagnostics), strict=True
        )
    ]
    driver = {
        "name": "mkdocs-incident",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in report.rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: RuleInfo) -> dict[str, Any]:
    description = rule.description or rule.summary
    described: dict[str, Any] = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        # Code scanning takes 1,024 characters here; the whole page goes into the help.
        "fullDescription": {"text": description.split("\n\n", 1)[0]},
        "help": {"text": description, "markdown": description},
        "defaultConfiguration": (
            {"enabled": False} if rule.level is None else {"level": str(rule.level)}
        ),
    }
    if rule.help_uri:
        described["helpUri"] = rule.help_uri
    return described


def _result(diagnostic: Diagnostic, indexes: Mapping[str, int], fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": diagnostic.code}
    if diagnostic.code in indexes:
        result["ruleIndex"] = indexes[diagnostic.code]
    result |= {
        "level": str(diagnostic.level),
        "message": {"text": "\n".join(filter(None, [diagnostic.message, diagnostic.hint]))},
        "locations": [{"physicalLocation": _physical(diagnostic.location)}],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(related.location),
                "message": {"text": related.message},
            }
            for number, related in enumerate(diagnostic.related, start=1)
        ]
    result["partialFingerprints"] = {"mkdocsIncident/v1": fingerprint}
    return result


def _physical(location: Location) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(location.path), "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": location.line,
            "startColumn": location.column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        },
    }


def _uri(path: str) -> str:
    try:
        # A file name that is not UTF-8: back to the bytes it has on disk.
        raw = path.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode(errors="surrogatepass")
    return quote(raw)
