"""Facts in labels: spellings that are forgiven, and what is left as it is written."""

import pytest

from mkdocs_incident.source.document import read_document


def read(text, path="incidents/a/incident.md"):
    return read_document(path, text.encode())


def notes(document):
    return [f.message for f in document.findings if f.rule == "non-canonical-value"]


@pytest.mark.parametrize("written", ["SEV-1", "Sev 1", "sev1", "SEV_1", "severity 1", "Sev-1"])
def test_severity_is_one_spelling_with_a_note(written):
    for text in (
        f"---\nseverity: {written}\n---\n",
        f"---\nid: INC-1\n---\n**Severity:** {written}\n",
    ):
        document = read(text)
        assert document.record["severity"] == "SEV1"
        assert notes(document) == [f"Severity `{written}` is read as `SEV1`"]


@pytest.mark.parametrize(
    "written", ["SEV1", "P0", "🔴 SEV1", "**SEV1**", "`SEV1`", ":red_circle: SEV1"]
)
def test_severity_in_the_body_may_be_decorated(written):
    document = read(f"---\nid: INC-1\n---\n**Severity:** {written}\n")
    assert document.record["severity"] in {"SEV1", "P0"}
    assert notes(document) == []


@pytest.mark.parametrize(
    "written", ["SEV1/SEV2", "SEV1 (was SEV2)", "high", "SEV", "1", "SEV1 or SEV2"]
)
def test_uncertain_severity_stays_as_written(written):
    document = read(f"---\nid: INC-1\n---\n**Severity:** {written}\n")
    assert document.record["severity"] == written
    assert notes(document) == []


@pytest.mark.parametrize(
    "written", ["TBD", "tbd", "", "N/A", "—", "?", "{TBD}", "TBD - to be assigned"]
)
def test_placeholder_is_missing(written):
    record = read(
        f"---\nid: INC-1\n---\n**Severity:** {written}\n**Incident Commander:** {written}\n"
    ).record
    assert record == {"id": "INC-1"}


def test_placeholder_gives_way():
    text = "# A\n\n**Severity:** TBD\n\n## Initial Classification\n\n**Severity:** SEV2\n"
    assert read(text).record["severity"] == "SEV2"


HEADS = {
    "bold": "**Severity:** SEV2\n**Status:** Closed\n**Incident Commander:** @belt-lead\n",
    "bold, colon outside": "**Severity**: SEV2\n\n**Status**: Closed\n\n**IC**: @belt-lead\n",
    "bullets": "- **Severity:** SEV2\n- **Status:** Closed\n- **Incident Commander:** @belt-lead\n",
    "plain bullets": "* Severity: SEV2\n* Status: Closed\n* Incident Commander: @belt-lead\n",
    "plain": "Severity: SEV2\nStatus: Closed\nIncident Commander: @belt-lead\n",
    "one line": "**Severity:** SEV2 | **Status:** Closed | **IC:** @belt-lead\n",
    "one plain line": "Severity: SEV2 Status: Closed Incident Commander: @belt-lead\n",
    "hard breaks": "**Severity:** SEV2\\\n**Status:** Closed  \n**IC:** @belt-lead\n",
    "emoji": "🔥 **Severity:** SEV2\n📌 **Status:** Closed\n👤 **IC:** @belt-lead\n",
    "headings": "#### Severity: SEV2\n\n#### Status: 🟢 Closed\n\n#### Incident Commander: @belt-lead\n",
    "table": "| Field | Value |\n|---|---|\n| Severity | SEV2 |\n| **Status** | Closed |\n| IC | @belt-lead |\n",
    "table without header": "| | |\n|---|---|\n| Severity | SEV2 |\n| Status | Closed |\n| IC | @belt-lead |\n",
    "wide table": "| Severity | Status | Incident Commander |\n|---|---|---|\n| SEV2 | Closed | @belt-lead |\n",
    "section": "## Metadata\n\n- Severity: SEV2\n- Status: Closed\n- IC: @belt-lead\n",
    "German": "**Schweregrad:** SEV2\n**Zustand:** Closed\n**Einsatzleitung:** @belt-lead\n",
}


@pytest.mark.parametrize("form", HEADS)
def test_forms_of_a_head(form):
    document = read(f"# INC-2025-0152: Belt stops\n\n{HEADS[form]}")
    assert document.record == {
        "id": "INC-2025-0152",
        "title": "Belt stops",
        "severity": "SEV2",
        "status": "closed",
        "incident_commander": "@belt-lead",
    }
    assert notes(document) == []


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("INC-2025-0152: Belt stops", {"id": "INC-2025-0152", "title": "Belt stops"}),
        ("INC-2025-0152 — Belt stops", {"id": "INC-2025-0152", "title": "Belt stops"}),
        ("[INC-2025-0152] Belt stops", {"id": "INC-2025-0152", "title": "Belt stops"}),
        (
            "Incident Report: INC-2025-0152: Belt stops",
            {"id": "INC-2025-0152", "title": "Belt stops"},
        ),
        ("Incident: Belt stops", {"title": "Belt stops"}),
        ("Belt stops: twice a day", {"title": "Belt stops: twice a day"}),
        ("🔥 Belt stops", {"title": "Belt stops"}),
        ("**Belt** stops", {"title": "Belt stops"}),
        ("INC-2025-0152", {"id": "INC-2025-0152", "title": "INC-2025-0152"}),
    ],
)
def test_titles(heading, expected):
    assert read(f"# {heading}\n\nText.\n").record == expected


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Postmortem: INC-2025-0152", "postmortem"),
        ("Incident Postmortem — Belt stops", "postmortem"),
        ("Post-Incident Review: INC-2025-0152", "postmortem"),
        ("PIR: belt", "postmortem"),
        ("Mitigation plan: belt", "mitigation-plan"),
        ("Runbook: belt", "runbook"),
        ("Störungsbericht: Band steht", "incident"),
        ("Nachbericht: Band steht", "postmortem"),
        ("Belt stops", "incident"),
    ],
)
def test_kind_of_a_title(heading, kind):
    assert read(f"# {heading}\n\nText.\n", "notes/belt.md").kind == kind


@pytest.mark.parametrize(
    ("label", "impact"),
    [
        ("Affected Users: 1,250", {"users_affected": 1250}),
        ("Affected Users: ~1,250 users", {"users_affected": 1250}),
        ("Affected Users: 1 250", {"users_affected": 1250}),
        ("Affected Users: 2.5k", {"users_affected": 2500}),
        ("Affected Users: 12% of all", {"users_affected_percent": 12}),
        ("Affected Users: 12,5 %", {"users_affected_percent": 12.5}),
        (
            "Affected Users: 1,250 (12.5% of all)",
            {"users_affected": 1250, "users_affected_percent": 12.5},
        ),
        ("Affected Users: 10-50%", {"summary": "10-50%"}),
        ("Affected Users: <10%", {"summary": "<10%"}),
        ("Affected Users: > 50 %", {"summary": "> 50 %"}),
        ("Affected Users: 100 to 200", {"summary": "100 to 200"}),
        ("Affected Users: 2 of 19 depots", {"summary": "2 of 19 depots"}),
        ("Affected Users: 1 in 3", {"summary": "1 in 3"}),
        ("Affected Users: most of them", {"summary": "most of them"}),
        ("Failed Requests: 4,870", {"requests_failed": 4870}),
        ("Failed Requests: 0.3%", {"summary": "Failed Requests: 0.3%"}),
        ("Data Loss: none", {"data_loss": False}),
        ("Data Loss: YES", {"data_loss": True}),
        ("Data Loss: two scans", {"data_loss": "two scans"}),
        ("Impact Level: HIGH", {"level": "high"}),
        ("Impact Level: terrible", {"level": "terrible"}),
        ("Weather: rain", {"summary": "Weather: rain"}),
    ],
)
def test_impact(label, impact):
    in_section = read(f"# A\n\n## Impact\n\n- {label}\n").record["impact"]
    if "Affected Users" in label and "summary" in impact:
        assert in_section == {"summary": label}
    else:
        assert in_section == impact
    name, value = label.split(": ", 1)
    assert read(f"# A\n\n## Impact\n\n- **{name}:** {value}\n").record["impact"] == (
        in_section if "summary" not in in_section else {"summary": f"{name}: {value}"}
    )


def test_labels_of_other_sections_fill_gaps_and_contradict_nothing():
    text = "---\nid: INC-1\nstatus: closed\n---\n# A\n\n## Notes\n\n**Status:** Open\n**Category:** security\n"
    document = read(text)
    assert document.record == {
        "id": "INC-1",
        "status": "closed",
        "title": "A",
        "category": "security",
    }
    assert document.findings == ()


def test_prose_is_full_of_colons():
    text = "# A\n\nThe page said: all is well. Status: it was not. See https://x.example/a:b.\n"
    assert read(text).record == {"title": "A"}


def test_quotations_code_comments_and_admonitions_are_not_read():
    text = (
        "# A\n\n> **Severity:** SEV1\n\n```\n**Status:** Closed\n```\n\n<!--\n**IC:** @x\n\n**Owner:** y\n-->\n\n"
        "!!! note\n    **Category:** security\n\n    **Tags:** a\n\n    **Severity:** SEV3\n"
    )
    assert read(text).record == {"title": "A"}


def test_postmortem_status_of_the_incident_goes_where_it_belongs():
    text = "# Postmortem: INC-2025-0152\n\n**Status:** Resolved\n"
    assert read(text, "x.md").record["incident_status"] == "resolved"
    assert read(text.replace("Resolved", "Draft"), "x.md").record["status"] == "draft"


def test_fact_said_twice_alike_is_fine_and_differently_is_a_finding():
    text = "# A\n\n**Severity:** SEV2\n\n## Details\n\n**Severity:** {}\n"
    assert [f.rule for f in read(text.format("SEV2")).findings] == ["front-matter-missing"]
    twice = read(text.format("SEV3")).findings[-1]
    assert (twice.rule, twice.location.line, twice.location.column) == ("field-given-twice", 7, 15)
    assert (twice.related[0].location.line, twice.related[0].location.column) == (3, 15)


def test_several_incidents_of_one_review():
    text = "# Review\n\n**Incidents:** INC-2025-0152, INC-2025-0153 and INC-2025-0154\n"
    document = read_document("postmortem.md", text.encode())
    assert document.record["incidents"] == ["INC-2025-0152", "INC-2025-0153", "INC-2025-0154"]
    assert document.positions.values["incidents", 2].column == 49


def test_list_below_a_label():
    text = "# A\n\n**Responders:**\n\n- @belt-team\n- @depot-ops\n\n**Services**:\n- belt\n- gate\n"
    record = read(text).record
    assert record["responders"] == ["@belt-team", "@depot-ops"]
    assert record["services"] == ["belt", "gate"]


def test_parts_of_stakeholder_updates_stay_there():
    text = """# A

## Stakeholder updates

### Update 1 (07:50 UTC)

**Severity:** SEV2
**Status:** Investigating
**Incident Commander:** @somebody

#### Timeline

- 2025-06-15 07:50 UTC — no entry of the record
"""
    assert read(text).record == {"title": "A"}


def test_heading_is_no_second_title():
    document = read("---\nid: INC-1\ntitle: Belt stops\n---\n# Belts of hall 3\n")
    assert document.record["title"] == "Belt stops"
    assert document.findings == ()


def test_prose_below_a_table_of_mitigations_is_none_of_them():
    text = "# A\n\n## Mitigation\n\n| Action | Result |\n|---|---|\n| Oil | Runs |\n\nSee the review.\n"
    assert read(text).record["mitigations"] == [{"action": "Oil", "result": "Runs"}]


def test_lists_of_a_strategy():
    text = """# A

## Mitigation

**Strategy**: Roll back
**Implementation plan**:

1. Stop the belt
2. Go back to 2.1

**Result:** Runs
"""
    assert read(text).record["mitigations"] == [
        {"strategy": "rollback", "action": "Stop the belt\nGo back to 2.1", "result": "Runs"}
    ]
