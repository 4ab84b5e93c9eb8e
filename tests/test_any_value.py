"""Any field may hold any value: a check says what is wrong with it and never stops."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkdocs_incident.authoring.drafts import plan_draft, postmortem_draft
from mkdocs_incident.authoring.updates import update_text
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.insights.closing_report import closing_report
from mkdocs_incident.policy import load_policy

SCHEMAS = Path(__file__).parent.parent / "schemas"
VALUES = ("-1.5", "true", "''", "[INC-2]", "[{a: 1}]", "{id: [INC-2]}", "0001-01-01T00:00+14:00",
          "9999-12-31T23:59-12:00", "2025-06-15", "'@a, @b'")  # fmt: skip
FRONT = {
    "incident": "id: INC-2025-{n:04}\ntitle: Payments fail\nseverity: SEV1\nstatus: {status}\n",
    "postmortem": "kind: postmortem\ntitle: A pool\nincidents: [INC-2025-{n:04}]\nstatus: {status}\n",
    "runbook": "kind: runbook\nid: RB-{n}\ntitle: Pool\nservices: [a]\n",
    "mitigation-plan": "kind: mitigation-plan\nincident: INC-2025-{n:04}\nstatus: superseded\n",
}
STATUS = {"incident": ("closed", "investigating"), "postmortem": ("final", "draft")}
BODY = """
## Timeline (UTC)

- 2025-06-15 14:23 — alert fires
- 2025-06-15 15:47 — resolved

## Action items

- [ ] Refuse a pool below ten connections
"""


def fields(schema, above=()):
    """Every path of names in a schema that a record can write, two deep."""
    for name, inner in schema.get("properties", {}).items():
        yield (*above, name)
        if len(above) < 1:
            items = inner.get("items", inner)
            if isinstance(items, dict):
                yield from fields(items, (*above, name))


def records_of_any_value(kind):
    """Files, one for each field, value and status of a kind."""
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
    files = {}
    for route in fields(schema):
        for value in VALUES:
            for status in STATUS.get(kind, ("",)):
                front = FRONT[kind].format(n=len(files) + 1, status=status)
                written = value if len(route) == 1 else f"\n  - {route[1]}: {value}"
                kept = "".join(
                    f"{line}\n"
                    for line in front.splitlines()
                    if not line.startswith(f"{route[0]}:")
                )
                folder = "runbooks" if kind == "runbook" else "incidents"
                files[f"{folder}/x-{len(files) + 1}.md"] = (
                    f"---\nkind: {kind}\n{kept.replace(f'kind: {kind}', '').lstrip()}{route[0]}: {written}\n---\n{BODY}"
                )
    return files


@pytest.mark.parametrize("kind", FRONT)
def test_any_value_anywhere(kind, write, run):
    """All of a kind's records in one repository, so that what visits several meets them, too."""
    files = records_of_any_value(kind)
    write({**files, "incident.yml": "profile: strict\nrules: {runbook-unused: note}\n"})
    for as_of in ("2025-06-15T14:30Z", "2026-06-15"):
        result = run("check", "--as-of", as_of, "--format", "json")
        assert result.exit_code == 1, result.output[-2000:]
        assert json.loads(result.stdout)["summary"]["records"] == len(files)


def test_texts_are_written_of_any_value(write, tmp_path):
    """What `report`, `new postmortem`, `new plan` and `comms` print, of more incidents than can be typed."""
    write(records_of_any_value("incident"))
    corpus = load_corpus(load_policy(None, tmp_path))
    at = datetime(2025, 6, 16, tzinfo=UTC)
    assert len(corpus.incidents) == len(corpus.documents)
    for incident in corpus.incidents[::13]:  # each field with one value or two
        assert closing_report(corpus, incident, at)
        assert postmortem_draft(corpus, [incident], None, []).text
        assert plan_draft(corpus, incident, "incidents/plan.md", at, None).text
        for audience in ("team", "stakeholders", "status-page", "management"):
            assert update_text(corpus, incident, audience, at).text
