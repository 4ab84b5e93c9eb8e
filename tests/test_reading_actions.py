"""Action items in the forms that people write them."""

import pytest

from mkdocs_incident.source.document import ReadOptions, read_document

HEAD = "# INC-2025-0151: Belt stops\n\n**Date:** 2025-06-15\n\n## Action Items\n\n"


def items(body, head=HEAD, **options):
    document = read_document(
        "incidents/a/incident.md", (head + body).encode(), ReadOptions(**options)
    )
    return document.record.get("action_items", [])


def item(body, **options):
    (found,) = items(body, **options)
    return found


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] Oil the belt (@belt-team, due 06/22)",
        "- [ ] Oil the belt (@belt-team, due: 06/22)",
        "- [ ] Oil the belt (@belt-team, due 2025-06-22)",
        "- [ ] Oil the belt (owner: @belt-team; due: 2025-06-22)",
        "- [ ] Oil the belt (owner: @belt-team, due date: June 22)",
        "- [ ] Oil the belt (@belt-team, 06/22)",
        "- [ ] Oil the belt [@belt-team, due 06/22]",
        "- [ ] Oil the belt (@belt-team) (due 06/22)",
        "- [ ] Oil the belt — @belt-team — due 06/22",
        "- [ ] Oil the belt — @belt-team, due 2025-06-22",
        "- [ ] Oil the belt - @belt-team - due by 22 June",
        "- [ ] Oil the belt @belt-team (due 06/22)",
        "- [ ] **Oil the belt** (@belt-team, due 06/22).",
        "- [ ] Oil the belt\n  (@belt-team, due 06/22)",
        "- [ ] Oil the belt\n  - Owner: @belt-team\n  - Due: 06/22",
        "- [ ] Oil the belt\n    - **Owner:** @belt-team\n    - **Due date:** 2025-06-22",
        "- [ ] Oil the belt (@belt-team, bis 22.06.2025)",
        "- [ ] Oil the belt (zuständig: @belt-team, fällig am 22.06.)",
        "1. [ ] Oil the belt (@belt-team, due 06/22)",
        "- [ ] Oil the belt @belt-team 2025-06-22",
        "- [ ] Oil the belt, @belt-team, ETA 2025-06-22",
        "- [ ] Oil the belt. Owner: @belt-team. Due: June 22, 2025",
        "- [ ] Oil the belt. Owner: @belt-team, due 2025-06-22.",
        "- [ ] Oil the belt (@belt-team, due June 22, 2025)",
        "- [ ] Oil the belt @belt-team by 2025-06-22",
        "- [ ] Oil the belt (@belt-team 2025-06-22)",
        "- [ ] Oil the belt, due 2025-06-22 (@belt-team)",
        "- [ ] @belt-team: Oil the belt (due 06/22)",
        "- [ ] @belt-team — Oil the belt, due 2025-06-22",
        "| Task | Assignee | Deadline | Status |\n|---|---|---|---|\n| Oil the belt | @belt-team | 06/22 | open |",
        "Task | Who | When | State\n---|---|---|---\nOil the belt | @belt-team | June 22 | To do",
        "| # | Action item | Owner | Due | Status |\n|-|-|-|-|-|\n| | **Oil the belt** | `@belt-team` | 22.06.2025 | 📋 open |",
    ],
)
def test_same_item(line):
    assert item(line) == {
        "title": "Oil the belt",
        "owner": "@belt-team",
        "due": "2025-06-22",
        "status": "open",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Oil the belt", {}),
        ("- [ ] Oil the belt", {"status": "open"}),
        ("- [x] Oil the belt", {"status": "done"}),
        ("- [X] Oil the belt (@belt-team)", {"status": "done", "owner": "@belt-team"}),
        ("- [ ] ~~Oil the belt~~", {"status": "wont-do"}),
        (
            "- @belt-team to Oil the belt by 2025-06-22",
            {"owner": "@belt-team", "due": "2025-06-22"},
        ),
        ("- Oil the belt — Sam Ortiz — 2025-06-22", {"owner": "Sam Ortiz", "due": "2025-06-22"}),
        ("- Oil the belt (@belt-team) due Q4 2025", {"owner": "@belt-team", "due": "Q4 2025"}),
        ("- @belt-team soll Oil the belt", {"owner": "@belt-team"}),
        ("- [ ] Oil the belt (done)", {"status": "done"}),
        (
            "- [ ] Oil the belt (@belt-team, in progress)",
            {"status": "in-progress", "owner": "@belt-team"},
        ),
        ("- AI-1: Oil the belt", {"id": "AI-1"}),
        ("- **AI-1**: Oil the belt", {"id": "AI-1"}),
        ("- **AI-1:** Oil the belt", {"id": "AI-1"}),
        ("- [AI-1] Oil the belt", {"id": "AI-1"}),
        ("- `AI-1` — Oil the belt", {"id": "AI-1"}),
        ("- [ ] AI-1: Oil the belt", {"id": "AI-1", "status": "open"}),
        ("- Oil the belt (P1)", {"priority": "P1"}),
        (
            "- Oil the belt (@belt-team, P2, #412)",
            {"owner": "@belt-team", "priority": "P2", "ticket": "#412"},
        ),
        ("- Oil the belt (OPS-77)", {"ticket": "OPS-77"}),
        ("- Oil the belt ([OPS-77](https://t.example/77))", {"ticket": "https://t.example/77"}),
        ("- Oil the belt (https://t.example/77)", {"ticket": "https://t.example/77"}),
        (
            "- [OPS-77](https://t.example/77): Oil the belt",
            {"id": "OPS-77", "ticket": "https://t.example/77"},
        ),
        ("- [Preventive] Oil the belt", {"type": "preventive"}),
        ("- **Detective:** Oil the belt", {"type": "detective"}),
        ("- Oil the belt (@belt-team and @depot-ops)", {"owner": "@belt-team and @depot-ops"}),
        (
            "- Oil the belt (owner: belt team, due 06/22)",
            {"owner": "belt team", "due": "2025-06-22"},
        ),
        ("- Oil the belt (belt-team, due 06/22)", {"owner": "belt-team", "due": "2025-06-22"}),
        ("- Oil the belt (owner: TBD, due: TBD)", {}),
        ("- Oil the belt (@belt-team, due TBD)", {"owner": "@belt-team"}),
        ("- Oil the belt (@belt-team, due next week)", {"owner": "@belt-team", "due": "next week"}),
    ],
)
def test_fields(line, expected):
    assert item(line) == {"title": "Oil the belt", **expected}


@pytest.mark.parametrize(
    "title",
    [
        "Oil the belt (twice a year)",
        "Oil the belt (see the manual, page 12)",
        "Oil belt 06/22 of hall 3 again",
        "Tell @depot-ops about the belt",
        "Oil the belt - both sides",
        "Ask by mail who is responsible",
        "Change `retry(3, due)` to `retry(1)`",
        "Belt: oil it",
        "Ring 2: oil the belt",
    ],
)
def test_what_belongs_to_the_title_stays_there(title):
    assert item(f"- {title}") == {"title": title}


def test_day_first_only_if_told():
    assert item("- Oil the belt (due 05/07)")["due"] == "2026-05-07"
    assert item("- Oil the belt (due 05/07)", order="day-first")["due"] == "2025-07-05"


def test_due_before_the_incident_is_next_year():
    assert item("- Oil the belt (due 06/14)")["due"] == "2026-06-14"
    assert item("- Oil the belt (due 06/15)")["due"] == "2025-06-15"


def test_status_words_and_symbols_of_a_table():
    rows = {"✅": "done", "Done": "done", "❌": "wont-do", "🚧": "in-progress", "WIP": "in-progress",
            "pending": "open", "offen": "open", "won't fix": "wont-do", "blocked": "blocked"}  # fmt: skip
    table = "| Action | Status |\n|---|---|\n" + "".join(f"| a | {word} |\n" for word in rows)
    assert [found["status"] for found in items(table)] == list(rows.values())


def test_placeholders_of_a_table_say_nothing():
    table = (
        "| Action | Owner | Due | Ticket |\n|---|---|---|---|\n| a | TBD | - | N/A |\n| | | | |\n"
    )
    assert items(table) == [{"title": "a"}]


@pytest.mark.parametrize("header", ["No", "no", "No.", "#", "Nr."])
def test_a_column_of_numbers_gives_ids(header):
    table = f"| {header} | Action |\n|---|---|\n| 1 | a |\n| A-2 | b |\n"
    assert items(table) == [{"id": "1", "title": "a"}, {"id": "A-2", "title": "b"}]


TABLE = "| {} | Action |\n|---|---|\n| {} | {} |\n| {} | {} |\n\n"


@pytest.mark.parametrize("header", ["No.", "#", "Nr."])
def test_numbers_that_each_table_begins_anew_are_no_ids(header):
    first = TABLE.format(header, "1", "a", "2", "b")
    second = TABLE.format(header, "1.", "c", "A-2", "d")
    assert items(f"### Short-term\n\n{first}### Long-term\n\n{second}") == [
        {"title": "a", "horizon": "short-term"},
        {"title": "b", "horizon": "short-term"},
        {"title": "c", "horizon": "long-term"},
        {"id": "A-2", "title": "d", "horizon": "long-term"},
    ]


def test_numbers_that_go_on_in_the_next_table_are_ids():
    first, second = TABLE.format("No", "1.", "a", "2.", "b"), TABLE.format("No", "3", "c", "4", "d")
    assert [item["id"] for item in items(f"{first}Later:\n\n{second}")] == ["1", "2", "3", "4"]


def test_a_column_of_ids_that_are_given_twice_stays():
    table = TABLE.format("ID", "1", "a", "1", "b")
    assert [item["id"] for item in items(table)] == ["1", "1"]


def test_the_answer_no_is_no_id():
    table = "| Action | Yes | No |\n|---|---|---|\n| a | x | |\n| b | | 1 |\n"
    assert items(table) == [{"title": "a"}, {"title": "b"}]


def test_ragged_rows():
    table = "| Action | Owner | Due |\n|---|---|---|\n| a |\n| b | @x | 06/22 | more | and more |\n"
    assert items(table) == [{"title": "a"}, {"title": "b", "owner": "@x", "due": "2025-06-22"}]


def test_pipes_inside_a_cell():
    table = "| Action | Owner |\n|---|---|\n| run `a | b` and c \\| d | @x |\n"
    assert items(table) == [{"title": "run `a | b` and c | d", "owner": "@x"}]


@pytest.mark.parametrize(
    ("heading", "shared"),
    [
        ("### Immediate", {"horizon": "immediate"}),
        ("### Immediate (within 1 week)", {"horizon": "immediate"}),
        ("### Short-term", {"horizon": "short-term"}),
        ("### 🚀 Long term actions", {"horizon": "long-term"}),
        ("**Long-term:**", {"horizon": "long-term"}),
        ("### Preventive", {"type": "preventive"}),
        ("### Detection", {"type": "detective"}),
        ("### Belt team", {}),
        ("**Belt team**", {}),
    ],
)
def test_heading_above_the_items(heading, shared):
    assert item(f"{heading}\n\n- Oil the belt\n") == {"title": "Oil the belt", **shared}
    assert item(f"{heading}\n\n| Action |\n|---|\n| Oil the belt |\n") == {
        "title": "Oil the belt",
        **shared,
    }


def test_lists_and_tables_of_several_headings():
    body = "- a\n\n### Immediate\n\n- b\n\n### Belt team\n\n- c\n\n## Lessons learned\n\n- d\n"
    assert {found["title"]: found.get("horizon") for found in items(body)} == {
        "a": None,
        "b": "immediate",
        "c": None,
    }


def test_prose_and_code_are_no_items():
    assert items("None so far.\n\n```\n- [ ] not an item\n```\n\n> - [ ] nor this\n") == []


@pytest.mark.parametrize(
    "heading",
    ["Action Items", "Actions", "Follow-ups", "Remediation", "Corrective Actions", "TODO", "Maßnahmen",
     "Corrective and preventive actions", "✅ Action items", "5. Action Items", "Action items (open)"],
)  # fmt: skip
def test_names_of_the_section(heading):
    assert items("- a\n", f"# A\n\n## {heading}\n\n") == [{"title": "a"}]


@pytest.mark.parametrize(
    "title",
    [
        "Check the backup of 2025-06-22",
        "Find out what broke on 2025-06-14",
        "Oil the job due to overload",
        "Oil the belt (nightly) by 3 drops",
        "Oil the belt. Example: three drops",
        "Oil the belt — Web Portal",
        "Replace the belt after 2025-06-22",
        "@belt-team and @shop-team meet",
        "@belt-team meets the supplier",
        "Ask @belt-team since 2025-06-22",
    ],
)
def test_a_date_or_a_handle_in_a_sentence_stays_in_it(title):
    assert item(f"- {title}") == {"title": title}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "- [ ] [BELT-7](https://tickets.example/BELT-7) @belt-team 2025-06-22",
            {"owner": "@belt-team", "due": "2025-06-22"},
        ),
        ("- [ ] [BELT-7](https://tickets.example/BELT-7)", {}),
    ],
)
def test_an_item_that_is_only_a_ticket_is_called_by_it(line, expected):
    ticket = {"id": "BELT-7", "ticket": "https://tickets.example/BELT-7", "title": "BELT-7"}
    assert item(line) == {**ticket, "status": "open", **expected}


def test_an_item_that_names_only_its_owner_is_not_lost():
    assert item("- [ ] (@belt-team)") == {"title": "(@belt-team)", "status": "open"}


@pytest.mark.parametrize(
    ("heading", "is_read"),
    [
        ("Action items and response", True),
        ("Actions, owners and dates", True),
        ("Remediation & recovery", True),
        ("Next steps", True),
        ("Nächste Schritte", True),
        ("Maßnahmen und Verantwortliche", True),
        ("Actions and timeline", False),
        ("Lessons learned and action items", False),
        ("Response and next steps", False),
    ],
)
def test_a_heading_of_two_parts_holds_what_its_first_part_says(heading, is_read):
    found = items("- Oil the belt", head=HEAD.replace("Action Items", heading))
    assert found == ([{"title": "Oil the belt"}] if is_read else [])


def test_next_steps_that_end_a_status_report_are_no_action_items():
    assert (
        items("- Review on Monday", head="# INC-2025-0151: Belt stops\n\n**Next steps:**\n") == []
    )
