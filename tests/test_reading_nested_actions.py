"""Action items below others: groups, parts of a task, and notes, and what is done with each."""

import re

import pytest
from site_support import CONFIGURED, build
from site_support import write as write_site

from mkdocs_incident.editing.action_items import set_action_status
from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.source.document import read_document

HEAD = "# INC-2025-0151: Belt stops\n\n**Date:** 2025-06-15\n\n## Action Items\n\n"
GROUP = """\
- {name}
  - [ ] Oil the belt (@belt-team, due 06/22)
  - [x] Tell the depot
"""


def read(body):
    return read_document("incidents/a/incident.md", (HEAD + body).encode())


def items(body):
    return read(body).record.get("action_items", [])


def told(body, *fields):
    return [tuple(item.get(name) for name in ("title", *fields)) for item in items(body)]


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("Belt", {}),
        ("**Belt:**", {}),
        ("Prevent", {"type": "preventive"}),
        ("Detection:", {"type": "detective"}),
        ("**Short-term**", {"horizon": "short-term"}),
        ("Immediate (within 1 week)", {"horizon": "immediate"}),
        ("Long-term actions (@depot-ops)", {"horizon": "long-term", "owner": "@depot-ops"}),
        ("Hall 3 (@depot-ops)", {"owner": "@depot-ops"}),
        (
            "Prevent (@depot-ops, due 07/01)",
            {"type": "preventive", "owner": "@depot-ops", "due": "2025-07-01"},
        ),
        ("Hall 3, due 2025-07-01", {"due": "2025-07-01"}),
        ("Hall 3\n  - Owner: @depot-ops", {"owner": "@depot-ops"}),
    ],
)
def test_an_entry_without_a_box_above_boxes_is_a_group(name, shared):
    assert items(GROUP.format(name=name)) == [
        {
            **shared,
            "title": "Oil the belt",
            "owner": "@belt-team",
            "due": "2025-06-22",
            "status": "open",
        },
        {**shared, "title": "Tell the depot", "status": "done"},
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (  # parts of a task
            "- [ ] Belts (@belt-team, due 06/22)\n  - [ ] Oil\n  - [x] Turn (@a, due 06/20)\n  - a note\n",
            [("Belts", "@belt-team", "2025-06-22"), ("Oil", "@belt-team", "2025-06-22"),
             ("Turn", "@a", "2025-06-20")],
        ),
        (  # of the nearest that says it
            "- [ ] Belts (@a)\n  - [ ] Hall 3 (due 06/22)\n    - [ ] Oil\n",
            [("Belts", "@a", None), ("Hall 3", "@a", "2025-06-22"), ("Oil", "@a", "2025-06-22")],
        ),
        (  # a group in a group
            "- Belts (@a)\n  - Hall 3\n    - [ ] Oil\n  - [ ] Turn\n- Last\n",
            [("Oil", "@a", None), ("Turn", "@a", None), ("Last", None, None)],
        ),
        (  # without boxes
            "- Belts\n  - Oil (@a)\n  - Turn, due 2025-06-22\n  - Buy one @b 2025-06-23\n  - see above\n",
            [("Oil", "@a", None), ("Turn", None, "2025-06-22"), ("Buy one", "@b", "2025-06-23"),
             ("see above", None, None)],
        ),
        (  # all below a group, whatever else each says
            "- Team A:\n  - Fix the belt (@a, due 06/22)\n  - Write the test\n    - agreed with @b\n",
            [("Fix the belt", "@a", "2025-06-22"), ("Write the test", None, None)],
        ),
        (
            "- Hall 3 (@a)\n  - [ ] Oil\n  - Turn\n",
            [("Oil", "@a", None), ("Turn", "@a", None)],
        ),
        (
            "1. Belts (@a, due 07/01)\n   1. Oil (@b, due 06/22)\n   2. Turn (@c)\n",
            [("Belts", "@a", "2025-07-01"), ("Oil", "@b", "2025-06-22"), ("Turn", "@c", "2025-07-01")],
        ),
        (  # as below a heading
            "- Short-term\n  - Oil\n  - Turn\n",
            [("Oil", None, None), ("Turn", None, None)],
        ),
        (  # notes
            "- Oil\n  - agreed with @a\n  - tried (2025-06-15)\n  - [manual](a.md)\n",
            [("Oil", None, None)],
        ),
        (
            "- [ ] Oil (@a)\n  - Talked to @b 2025-06-16\n  - agreed in the review (@b)\n",
            [("Oil", "@a", None)],
        ),
        ("- Prevent\n", [("Prevent", None, None)]),
    ],
)  # fmt: skip
def test_what_is_an_item_and_what_it_takes_from_above(body, expected):
    assert told(body, "owner", "due") == expected


@pytest.mark.parametrize(
    ("above", "status"),
    [("~~Drop the cache~~", "wont-do"), ("Drop the cache (in progress)", "in-progress")],
)
def test_what_says_its_state_is_an_item_above_others(above, status):
    body = f"- {above}\n  - [ ] Remove the flag\n  - nobody needs it\n"
    assert told(body, "status") == [("Drop the cache", status), ("Remove the flag", "open")]


def test_a_groups_horizon_and_type_add_to_those_of_the_heading():
    body = "### Long-term\n\n- Prevent\n  - [ ] Oil\n- Immediate\n  - [ ] Turn\n"
    assert told(body, "horizon", "type") == [
        ("Oil", "long-term", "preventive"),
        ("Turn", "immediate", None),
    ]


def test_each_stands_where_it_is_written():
    document = read(GROUP.format(name="Prevent (@a)"))
    places = {
        route[1:]: (place.line, place.column)
        for route, place in document.positions.values.items()
        if route[0] == "action_items"
    }
    assert places[0,] == (8, 9)
    assert places[0, "owner"] == (8, 23)
    assert places[1,] == (9, 9)
    assert places[1, "owner"] == (7, 12)
    assert places[1, "type"] == (7, 3)


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    ("before", "index", "status", "after"),
    [
        (GROUP.format(name="Prevent"), 0, "done", GROUP.format(name="Prevent").replace("[ ]", "[x]")),
        (GROUP.format(name="Prevent"), 1, "open", GROUP.format(name="Prevent").replace("[x]", "[ ]")),
        ("- [ ] Belts\n  - [ ] Oil\n", 0, "done", "- [x] Belts\n  - [ ] Oil\n"),
        ("- [ ] Belts\n  - [ ] Oil\n", 1, "done", "- [ ] Belts\n  - [x] Oil\n"),
        ("- Belts\n  - Oil (@a)\n  - Turn (@b)\n", 1, "done", "- Belts\n  - Oil (@a)\n  - [x] Turn (@b)\n"),
        ("- Prevent\n  - Oil\n  - Turn\n", 0, "done", "- Prevent\n  - [x] Oil\n  - Turn\n"),
        ("- Belts (@a, due 07/01)\n  - Oil (@b, due 06/22)\n", 0, "done",
         "- [x] Belts (@a, due 07/01)\n  - Oil (@b, due 06/22)\n"),
        ("- Belts (@a, due 07/01)\n  - Oil (@b, due 06/22)\n", 1, "done",
         "- Belts (@a, due 07/01)\n  - [x] Oil (@b, due 06/22)\n"),
        ("- Belts\n  - Oil (@a, in progress)\n", 0, "done", "- Belts\n  - [x] Oil (@a, done)\n"),
    ],
)  # fmt: skip
def test_each_is_closed_where_it_stands(before, index, status, after, line_break):
    old, new = ((HEAD + text).replace("\n", line_break) for text in (before, after))
    record = RecordText.read("incidents/a/incident.md", old.encode())
    assert set_action_status(record, ("action_items", index), status).text == new


RECORDS = {
    "incidents/INC-2024-0001/incident.md": (
        "---\nid: INC-2024-0001\ntitle: Disk full\nseverity: SEV2\nstatus: closed\n"
        "incident_commander: '@disk-lead'\nservices: [disks]\nstarted_at: 2024-03-01T10:00Z\n---\n"
    ),
    "incidents/INC-2024-0001/postmortem.md": (
        "---\nincidents: [INC-2024-0001]\ntitle: Disk full\n---\n## Root cause\n\nLogs grew.\n\n"
        "## Action items\n\n- Prevent\n  - [ ] Alert on disk (@disk-team, due 2024-04-01)\n"
        "  - [ ] Rotate the logs\n"
    ),
}  # fmt: skip
REVIEW = "incidents/INC-2024-0001/postmortem.md"


def test_the_gate_and_the_list_know_them(run, write, tmp_path):
    write(RECORDS)
    found = run("check", "--as-of", "2024-04-11").stdout.splitlines()
    about = [line for line in found if "Action item" in line]
    assert [re.sub(r"^\S+postmortem.md:", "", line) for line in about] == [
        "12:9: note ACT004 Action item `Alert on disk` (@disk-team) is 10 days overdue [action-overdue]",
        "13:9: warning ACT001 Action item `Rotate the logs` has no owner [action-without-owner]",
        "13:9: warning ACT002 Action item `Rotate the logs` has no due date [action-without-due-date]",
    ]
    assert "missing-preventive-action" not in "\n".join(found)
    listed = run("actions", "--as-of", "2024-04-11").stdout
    assert "Alert on disk" in listed
    assert "Rotate the logs" in listed
    assert "Prevent" not in listed
    assert run("actions", "done", "Alert on disk", "--on", "2024-04-10").exit_code == 0
    written = (tmp_path / REVIEW).read_text("utf-8")
    assert "\n  - [x] Alert on disk (@disk-team, due 2024-04-01)\n  - [ ] Rotate" in written


def test_pages_lead_to_each(tmp_path):
    done = build(write_site(tmp_path, {**CONFIGURED, "docs/index.md": "# Home\n", **RECORDS}))
    assert done.code == 0, done.log
    page = done.page("incidents/INC-2024-0001/postmortem/index.html")
    tracker = done.page("knowledge-base/action-items/index.html")
    for line, title in ((12, "Alert on disk"), (13, "Rotate the logs")):
        assert page.count(f'id="action-{line}"') == 1
        assert re.search(rf'href="[^"]*postmortem/#action-{line}">{title}<', tracker)


def test_adopting_counts_what_is_to_be_done(run, write):
    write({"incidents/2024-03-01-disk.md": "# Disk full\n\n## Action items\n\n" + GROUP.format(name="Prevent")
           + "- Detect\n  - [ ] Alert\n"})  # fmt: skip
    assert "3 items" in run("adopt", "incidents/2024-03-01-disk.md").stdout
