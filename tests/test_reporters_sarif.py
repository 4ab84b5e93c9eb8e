"""Findings as SARIF, byte for byte and as its schema has it."""

from __future__ import annotations

import json
import re

import pytest
from msgspec.structs import replace
from pydantic import BaseModel
from reporters_support import BLAME, EMPTY, REPORT, UNKNOWN_SEVERITY
from sarif_pydantic import Sarif

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.reporters import REPORTERS

SARIF = """\
{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "mkdocs-incident",
          "semanticVersion": "1.2.3",
          "rules": [
            {
              "id": "INC002",
              "name": "unknown-severity",
              "shortDescription": {
                "text": "An incident's severity is a level of the policy."
              },
              "fullDescription": {
                "text": "Deadlines follow from the severity."
              },
              "help": {
                "text": "Deadlines follow from the severity.\\n\\n## Example\\n\\n    severity: SEV9\\n",
                "markdown": "Deadlines follow from the severity.\\n\\n## Example\\n\\n    severity: SEV9\\n"
              },
              "defaultConfiguration": {
                "level": "error"
              },
              "helpUri": "https://example.org/rules/unknown-severity/"
            },
            {
              "id": "ACT001",
              "name": "action-without-owner",
              "shortDescription": {
                "text": "Action items have owners."
              },
              "fullDescription": {
                "text": "Action items have owners."
              },
              "help": {
                "text": "Action items have owners.",
                "markdown": "Action items have owners."
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "INC002",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`\\nWrite a level of the policy, or add `SEV9` to it."
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "incidents/INC-2025-0142/incident.md",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 3,
                  "startColumn": 11,
                  "endLine": 3,
                  "endColumn": 15
                }
              }
            }
          ],
          "relatedLocations": [
            {
              "id": 1,
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "incident.yml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 4,
                  "startColumn": 1,
                  "endLine": 4,
                  "endColumn": 7
                }
              },
              "message": {
                "text": "the levels are set here"
              }
            }
          ],
          "partialFingerprints": {
            "mkdocsIncident/v1": "FINGERPRINT"
          }
        },
        {
          "ruleId": "LANG001",
          "level": "note",
          "message": {
            "text": "`human error` names no cause"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "postmortems/2025.md",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "startLine": 40,
                  "startColumn": 3,
                  "endLine": 41,
                  "endColumn": 5
                }
              }
            }
          ],
          "partialFingerprints": {
            "mkdocsIncident/v1": "FINGERPRINT"
          }
        }
      ]
    }
  ]
}
"""


def results(report):
    return json.loads(REPORTERS["sarif"](report))["runs"][0]["results"]


def fingerprints(*diagnostics):
    report = replace(REPORT, diagnostics=diagnostics)
    return [result["partialFingerprints"]["mkdocsIncident/v1"] for result in results(report)]


def unknown_properties(value, name="sarifLog"):
    """Return the properties that the SARIF model does not know, at any depth."""
    if isinstance(value, list):
        return {found for item in value for found in unknown_properties(item, name)}
    if not isinstance(value, BaseModel):
        return set()
    return {f"{name}.{extra}" for extra in value.model_extra}.union(
        *(unknown_properties(getattr(value, field), field) for field in type(value).model_fields)
    )


def test_sarif(monkeypatch):
    monkeypatch.setattr("mkdocs_incident.reporters.sarif.__version__", "1.2.3")
    report = replace(REPORT, diagnostics=(UNKNOWN_SEVERITY, BLAME))
    written = REPORTERS["sarif"](report)
    assert re.sub('(?<="mkdocsIncident/v1": ")[0-9a-f]{64}', "FINGERPRINT", written) == SARIF


@pytest.mark.parametrize("report", [REPORT, EMPTY, replace(REPORT, rules=[])])
def test_sarif_is_valid(report):
    log = Sarif.model_validate_json(REPORTERS["sarif"](report))
    assert len(log.runs[0].results) == len(report.diagnostics)
    # SARIF 2.1.0 has it (3.14.17), the model of sarif-pydantic lacks it.
    assert unknown_properties(log) == {"runs.columnKind"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c#d?e%f.md", "a%20b/c%23d%3Fe%25f.md"),
        ("c:d.md", "c%3Ad.md"),
        ("é/東.md", "%C3%A9/%E6%9D%B1.md"),
        ("not-utf8-\udcff.md", "not-utf8-%FF.md"),
        ("half-\ud83d.md", "half-%ED%A0%BD.md"),
    ],
)
def test_sarif_uri(path, uri):
    diagnostic = replace(BLAME, location=Location(path))
    [result] = results(replace(REPORT, diagnostics=(diagnostic,)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": uri,
        "uriBaseId": "%SRCROOT%",
    }


def test_fingerprint_is_pinned():
    # Findings are matched between runs by it: whoever changes how it is made names it v2.
    assert fingerprints(BLAME) == [
        "e283131a84b728976713b1135e33b48ef87cd963fdd1d6f9f673d5f3da929570"
    ]


def test_fingerprints_stay_when_lines_move():
    moved = replace(BLAME, location=BLAME.location._replace(line=1, column=1, end_line=1))
    assert fingerprints(moved, UNKNOWN_SEVERITY) == fingerprints(BLAME, UNKNOWN_SEVERITY)


def test_fingerprints_differ_within_a_run():
    other_path = replace(BLAME, location=Location("other.md", 40, 3, 41, 5))
    other_code = replace(BLAME, code="LANG002")
    other_message = replace(BLAME, message="other")
    found = fingerprints(BLAME, BLAME, BLAME, other_path, other_code, other_message)
    assert len(set(found)) == 6
