"""Setting values that stand behind a label in the body: the value changes, every other byte stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_incident.editing.body_values import set_field
from mkdocs_incident.editing.record_text import EditError, RecordText

PATH = "incidents/INC-2025-0142.md"
HEAD = "---\nkind: incident\nid: INC-2025-0142\n---\n\n# Payments down\n\n"

SHAPES = {
    "bold": "**{}:** <{}>\n",
    "colon outside": "__{}__: <{}>\n",
    "entry of a list": "- **{}:** <{}>\n- **Category:** network\n",
    "plain entry": "* {}: <{}>\n* Category: network\n",
    "decorated": "**{}:** 🔴 `<{}>`\n\nText.\n",
    "one of a line": "**Category:** network | **{}:** <{}> | **Duration:** 4 h\n",
    "broken line": "**{}:** <{}>\\\n**Category:** network\n",
    "cell": "| Field | Value |\n|---|---|\n| {} | <{}> |\n| Category | network |\n",
    "header cell": "| {} | **<{}>** |\n|---|---|\n| Category | network |\n",
}
"""A value's place is marked by angle brackets, which are taken out."""

FACTS = {
    "status": ("Status", ["investigating", "resolved", "closed"], ["mitigating", "monitoring"]),
    "severity": ("Severity", ["SEV2", "SEV-2", "Sev 2"], ["SEV1", "SEV4"]),
    "incident_commander": ("Incident Commander", ["@payments-lead"], ["@depot-lead", "@a.b"]),
    "detected_at": ("Detected", ["2025-06-15 14:23 UTC"], ["2025-06-15T14:30Z"]),
    "impact/users_affected": ("Users affected", ["1,200", "40"], [7, 12000]),
}


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_only_the_value_changes(data):
    shape = SHAPES[data.draw(st.sampled_from(sorted(SHAPES)))]
    route = data.draw(st.sampled_from(sorted(FACTS)))
    label, olds, news = FACTS[route]
    old, new = data.draw(st.sampled_from(olds)), data.draw(st.sampled_from(news))
    before, after = HEAD + data.draw(st.sampled_from(["", "Text.\n\n"])), "\nMore: text.\n"
    left, right = shape.format(label, old).replace("<", "\0").replace(">", "\0").split(old)
    left, right = before + left.replace("\0", ""), right.replace("\0", "") + after
    line_break = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = f"{left}{old}{right}".replace("\n", line_break)
    edited = set_field(RecordText.read(PATH, text.encode()), route, new)
    assert edited.text == f"{left}{new}{right}".replace("\n", line_break)
    found = RecordText.read(PATH, edited.content).document.record
    for step in route.split("/"):
        found = found[step]
    assert found == new


def test_a_capital_stays():
    text = f"{HEAD}**Status:** Investigating\n"
    edited = set_field(RecordText.read(PATH, text.encode()), "status", "mitigating")
    assert edited.text == f"{HEAD}**Status:** Mitigating\n"


REFUSED = {
    "a heading": ("#### Status: Resolved\n", "status", "closed", "8:14", "and not behind a label"),
    "prose": ("## Root cause\n\nDisk.\n", "root_cause", "Net", "10:1", "and not behind a label"),
    "two lines": (
        "**Root cause:** disk\nwas full\n", "root_cause", "Net", "8:17",
        "and can't be set there without another change",
    ),
    "said twice": (
        "**Status:** resolved\n\n- **Status:** resolved\n", "status", "closed", "8:13",
        "and can't be set there without another change",
    ),
    "days of the timeline hang on it": (
        "**Date:** 2025-06-15\n\n## Timeline\n\n- 14:23 UTC x\n", "date", "2025-06-16", "8:11",
        "and can't be set there without another change",
    ),
    "a day and a time": (
        "**Date:** 2025-06-15 10:00 UTC\n", "date", "2025-06-16", "8:11",
        "in a text that says more than the day",
    ),
    "a list": (
        "**Services:** a, b\n", "services", ["a"], "8:15", "where one value can be set and no list"
    ),
    "nothing": (
        "**Status:** resolved\n", "status", "TBD", "8:13",
        "and can't be set there without another change",
    ),
    "a label in the value": (
        "**Status:** resolved\n", "status", "x **IC:** @a", "8:13",
        "and can't be set there without another change",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_certain_is_refused(case):
    body, route, value, place, why = REFUSED[case]
    with pytest.raises(EditError) as refused:
        set_field(RecordText.read(PATH, (HEAD + body).encode()), route, value)
    where = refused.value.location
    assert f"{where.line}:{where.column}" == place
    assert refused.value.message.endswith(f"stands in the body, {why}")


def test_set_edits_an_adopted_record(run, write, tmp_path):
    write(
        {
            "incidents/2025-06-15.md": "# Payments down\n\n**Status:** investigating  \n**IC:** @payments-lead\n"
        }
    )
    run("adopt", "incidents")
    before = (tmp_path / "incidents/2025-06-15.md").read_text()
    done = run("set", "INC-2025-0001", "status", "resolved")
    assert done.exit_code == 0
    assert (tmp_path / "incidents/2025-06-15.md").read_text() == before.replace(
        "investigating", "resolved"
    )
    assert "  - **Status:** investigating  \n  + **Status:** resolved  \n" in done.output
