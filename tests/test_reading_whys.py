"""The five whys, one below the other, as people nest them."""

import pytest

from mkdocs_incident.source.document import read_document

HEAD = "---\nid: INC-2025-0151\ntitle: Belt stops\nseverity: SEV2\nstatus: closed\n---\n\n"


def read(heading, body):
    text = f"{HEAD}## {heading}\n\n{body}"
    return read_document("incidents/INC-2025-0151/incident.md", text.encode())


def chain(heading, body):
    found = read(heading, body).record.get("five_whys", [])
    return [(entry.get("why"), entry.get("because")) for entry in found]


@pytest.mark.parametrize("heading", ["5 Whys", "Root cause"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "1. Why did it stop?\n   1. Why was it dry? Because nobody oiled it\n",
            [("Why did it stop?", None), ("Why was it dry?", "nobody oiled it")],
        ),
        (
            ("1. Why did it stop? It was dry\n   1. Why was it dry?\n      - Nobody oiled it\n"
            "        1. Why did nobody? → No plan\n"),
            [("Why did it stop?", "It was dry"), ("Why was it dry?", "Nobody oiled it"),
             ("Why did nobody?", "No plan")],
        ),
        (
            "1. Why did it stop?\n   - It was dry\n   - see the log\n2. Why was it dry?\n   - No plan\n",
            [("Why did it stop?", "It was dry"), ("Why was it dry?", "No plan")],
        ),
    ],
    ids=["questions", "questions below answers", "answers"],
)  # fmt: skip
def test_whys_below_whys_are_a_chain(heading, body, expected):
    assert chain(heading, body) == expected
    assert "root_cause" not in read(heading, body).record


@pytest.mark.parametrize("before", ["### Why did it stop?\n\n", "Why did it stop?\n\n"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1. Why was it dry? No oil\n2. Why? No plan\n",
         [("Why did it stop?", None), ("Why was it dry?", "No oil"), ("Why?", "No plan")]),
        ("- It was dry\n  - Why was it dry? No oil\n",
         [("Why did it stop?", "It was dry"), ("Why was it dry?", "No oil")]),
    ],
)  # fmt: skip
def test_a_list_of_whys_is_no_answer_to_the_question_above_it(before, body, expected):
    assert chain("5 Whys", before + body) == expected


def test_one_numbered_question_is_no_chain():
    document = read("Root cause", "1. Why did it stop?\n   - It was dry\n")
    assert "five_whys" not in document.record
    assert document.record["root_cause"] == "- Why did it stop?; It was dry"


def test_each_stands_where_it_is_written(run, write):
    text = (
        HEAD + "## 5 Whys\n\n1. Why did it stop?\n   1. Why was it dry? Because nobody oiled it\n"
    )
    write({"incidents/INC-2025-0151/incident.md": text})
    shown = run("show", "incidents/INC-2025-0151/incident.md").stdout
    assert shown.endswith(
        "  five_whys:  [10:4]\n    -  [10:4]\n      why: Why did it stop?  [10:4]\n"
        "    -  [11:7]\n      why: Why was it dry?  [11:7]\n      because: nobody oiled it  [11:31]\n"
    )
