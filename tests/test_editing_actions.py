"""Moving action items to another state, where and how each is written."""

from datetime import date

import pytest

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.editing.action_items import actions_named, set_action_status
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.policy import load_policy

PATH = "incidents/INC-2025-0142/postmortem.md"
DONE_ON = date(2025, 6, 20)
HEAD = "---\nkind: postmortem\nincidents: [INC-2025-0142]\n---\n# Payments down\n\n"


def record(text):
    return RecordText.read(PATH, text.encode())


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    ("before", "index", "status", "after"),
    [
        ("- [ ] AI-1: One (@a, due 06/22)\n- [x] Two\n", 0, "done",
         "- [x] AI-1: One (@a, due 06/22)\n- [x] Two\n"),
        ("* [ ] One\n* [X] Two", 0, "done", "* [X] One\n* [X] Two"),
        ("- [ ] One\n- [x] Two\n", 1, "open", "- [ ] One\n- [ ] Two\n"),
        ("1. One (@a)\n2. Two\n", 1, "done", "1. One (@a)\n2. [x] Two\n"),
        ("- [ ] One (@a, due 06/22, in progress)\n", 0, "done",
         "- [x] One (@a, due 06/22, done)\n"),
        ("- One (@a, due 06/22, open)\n", 0, "in-progress", "- One (@a, due 06/22, in-progress)\n"),
        ("- One\n  - Owner: @a\n  - Status: Open\n", 0, "done",
         "- One\n  - Owner: @a\n  - Status: Done\n"),
        ("| Action | Status |\n|---|---|\n| One | Open |\n| Two | ✅ Complete |\n", 0, "done",
         "| Action | Status |\n|---|---|\n| One | ✅ Complete |\n| Two | ✅ Complete |\n"),
        (("| Action  | Status      | By |\n|---------|-------------|----|\n"
         "| One `|` | **open**    | @a |\n"), 0, "in-progress",
         ("| Action  | Status      | By |\n|---------|-------------|----|\n"
         "| One `|` | **in-progress** | @a |\n")),
        ("| Action | Status      |\n|--------|-------------|\n| One    | todo        |\n", 0, "done",
         "| Action | Status      |\n|--------|-------------|\n| One    | done        |\n"),
        ("Action|Status|Done on\n-|-|-\nOne||-\nTwo|open|\n", 0, "done",
         "Action|Status|Done on\n-|-|-\nOne|done|2025-06-20\nTwo|open|\n"),
        ("| Action | Status |\n|---|---|\n| One | 🚧 |\n", 0, "done",
         "| Action | Status |\n|---|---|\n| One | ✅ |\n"),
        ("| Action | Done |\n|---|---|\n| One | |\n", 0, "done",
         "| Action | Done |\n|---|---|\n| One | yes |\n"),
    ],
)  # fmt: skip
def test_the_diff_is_the_state(before, index, status, after, line_break):
    old, new = (
        (HEAD + "## Action items\n\n" + text).replace("\n", line_break) for text in (before, after)
    )
    assert set_action_status(record(old), ("action_items", index), status, DONE_ON).text == new


@pytest.mark.parametrize(
    ("before", "status"),
    [
        ("- [ ] One\n", "in-progress"),
        ("- [ ] One\n", "wont-do"),
        ("| Action | Owner |\n|---|---|\n| One | @a |\n", "done"),
        ("- [ ] One\n", "finished"),
        ("- [ ] One (@a, status: blocked)\n", "done"),
    ],
)
def test_a_state_without_a_place_is_refused(before, status):
    text = HEAD + "## Action items\n\n" + before
    with pytest.raises(EditError) as refused:
        set_action_status(record(text), ("action_items", 0), status)
    assert refused.value.location.line == text[: text.index("One")].count("\n") + 1
    assert refused.value.hint


def test_front_matter_gets_the_state_and_the_day():
    items = "  - id: AI-1 # first\n    title: One\n    due: 2025-06-22\n  - {title: Two, status: 'open'}\n"
    text = HEAD.replace("---\n#", f"action_items:\n{items}---\n#")
    edited = set_action_status(record(text), ("action_items", 0), "done", DONE_ON)
    edited = set_action_status(edited, ("action_items", 1), "wont-do", DONE_ON)
    assert edited.text == text.replace(
        "    due: 2025-06-22\n", "    due: 2025-06-22\n    status: done\n    done_on: 2025-06-20\n"
    ).replace("'open'", "'wont-do'")


def test_the_same_state_changes_nothing():
    text = HEAD + "## Action items\n\n- [x] One\n"
    assert set_action_status(record(text), ("action_items", 0), "done").text == text


INCIDENT = "---\nid: {}\ntitle: Down\nseverity: SEV2\n---\n"
ITEMS = "# Review\n\n## Action items\n\n- [ ] AI-1: Alert at 80 %\n- [ ] AI-2: Alert on lag\n"
PLAN = """---
kind: mitigation-plan
incident: INC-2025-0142
---
# Mitigation plan

## Long-term

- [ ] Rebuild the queue
"""


@pytest.fixture
def corpus(write, tmp_path):
    other = HEAD.replace("0142", "0143") + "## Action items\n\n- [ ] AI-1: Page the owner\n"
    write(
        {
            "incidents/INC-2025-0142/incident.md": INCIDENT.format("INC-2025-0142"),
            PATH: HEAD.replace("# Payments down\n\n", ITEMS),
            "incidents/INC-2025-0142/mitigation-plan.md": PLAN,
            "incidents/INC-2025-0143/incident.md": INCIDENT.format("INC-2025-0143"),
            "incidents/INC-2025-0143/postmortem.md": other,
        }
    )
    return load_corpus(load_policy(None, tmp_path))


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("INC-2025-0142/AI-2", ["Alert on lag"]),
        ("AI-2", ["Alert on lag"]),
        ("AI-1", ["Alert at 80 %", "Page the owner"]),
        ("INC-2025-0143/AI-1", ["Page the owner"]),
        ("alert on", ["Alert on lag"]),
        ("INC-2025-0142/Alert", ["Alert at 80 %", "Alert on lag"]),
        ("INC-2025-0142/rebuild", ["Rebuild the queue"]),
        ("INC-2025-0143/alert", []),
        ("", []),
    ],
)
def test_an_action_is_named_by_its_id_or_the_start_of_its_title(corpus, name, titles):
    assert [item.title for item in actions_named(corpus, name)] == titles


def test_a_plans_action_is_ticked(corpus):
    [action] = actions_named(corpus, "rebuild")
    text = RecordText.of(corpus, action.document.path, PLAN.encode())
    edited = set_action_status(text, action.route, "done", DONE_ON)
    assert edited.text == PLAN.replace("[ ]", "[x]")


def test_boxes_below_a_plans_action_are_actions(write, run, tmp_path):
    path = "incidents/INC-2025-0142/mitigation-plan.md"
    nested = PLAN + (
        "  - How: by hand\n  - [ ] Rollback: keep the old one\n  - [ ] Drain it\n    - Owner: @queue-team\n"
        "\n1. Restart\n   - [ ] Worker a\n   - [x] Worker b\n"
    )
    write({path: nested})
    told = load_corpus(load_policy(None, tmp_path)).plans[0].record["horizons"]["long_term"]
    assert told["actions"] == [
        {"title": "Rebuild the queue", "done": False, "how": "by hand", "rollback": "keep the old one"},
        {"title": "Drain it", "done": False, "owner": "@queue-team"},
        {"title": "Restart"},
        {"title": "Worker a", "done": False},
        {"title": "Worker b", "done": True},
    ]  # fmt: skip
    for title in ("drain it", "worker a"):
        assert run("actions", "done", title).exit_code == 0
    expected = nested.replace("[ ] Drain", "[x] Drain").replace("[ ] Worker a", "[x] Worker a")
    assert (tmp_path / path).read_text("utf-8") == expected
