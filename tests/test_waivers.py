"""Waivers: what counts as one, what it covers, and what is said of one that does not work."""

import pytest

RECORD = """\
---
id: INC-2025-0142
title: Payments are failing
{front}severity: SEV4
status: resolved
incident_commander: "@payments-lead"
---

## Timeline (UTC)

- 2025-06-15 14:23 — alert fires
- 2025-06-15 15:47 — resolved

## Action items

{body}- [ ] ACT-1: Refuse a pool below ten connections (due 2025-06-30)
- [ ] ACT-12: Alert at 80 % of the pool (due 2025-06-30)
"""
WAIVE = "mkdocs-incident: waive action-without-owner until 2025-12-31: the teams are being cut anew"
POLICY = """\
waivers:
  - {{ rule: action-without-owner, record: {record}, {item}reason: the teams are being cut anew, expires: 2025-12-31 }}
"""


@pytest.fixture
def checked(write, run):
    def checked(policy="", front="", body=""):
        record = RECORD.format(front=front, body=body)
        write({"incidents/INC-2025-0142/incident.md": record, "incident.yml": policy})
        return run(
            "check", "--as-of", "2025-06-20", "--select", "action-without-owner,POL"
        ).output  # fmt: skip

    return checked


@pytest.mark.parametrize(
    ("item", "waived"),
    [("ACT-1", 1), ("act-12", 1), ("a pool below ten", 1), ("the pool", 1), ("CT-1", 0), ("o", 0)],
)
def test_an_item_is_an_id_or_words_as_a_whole(checked, item, waived):
    said = checked(POLICY.format(record="INC-2025-0142", item=f'item: "{item}", '))
    assert f"({waived} waived)" in said if waived else "covers nothing" in said


@pytest.mark.parametrize(
    "record",
    [
        "INC-2025-0142",
        "incidents/INC-2025-0142/incident.md",
        "./incidents/INC-2025-0142/incident.md",
        "incidents/INC-2025-0142",
        "incidents/INC-2025-0142/",
        "incidents",
    ],
)
def test_a_record_is_an_id_a_path_or_a_folder(checked, record):
    assert "(2 waived)" in checked(POLICY.format(record=record, item=""))


@pytest.mark.parametrize(
    ("front", "body"),
    [
        (f'x-note: "we wrote # {WAIVE}"\n', ""),
        (f"x-note: |\n  see\n  # {WAIVE}\n", ""),
        ("", f"Write `<!-- {WAIVE} -->` to waive.\n\n"),
        ("", f"```markdown\n<!-- {WAIVE} -->\n```\n\n"),
        ("", f"1. ```markdown\n   <!-- {WAIVE} -->\n   ```\n\n"),
        ("# mkdocs-incident checks this file\n", ""),
        ("", "<!-- mkdocs-incident checks this file -->\n\n"),
    ],
    ids=[
        "quoted",
        "block",
        "inline code",
        "fence",
        "fence in a list",
        "plain comment",
        "plain comment in the body",
    ],
)
def test_text_that_speaks_of_a_waiver_is_none(checked, front, body):
    said = checked(front=front, body=body)
    assert "waived" not in said.splitlines()[-1]
    assert "POL" not in said
    assert said.count("ACT001") == 2


@pytest.mark.parametrize(
    "code", ["```\nx\n```", "- ```\n  x\n  ```", "    ```\n    x", "- ~~~\n  x"]
)
def test_a_waiver_behind_code_holds(checked, code):
    assert "(2 waived)" in checked(body=f"{code}\n\n<!-- {WAIVE} -->\n\n")


@pytest.mark.parametrize(
    ("front", "body"),
    [
        (f"# {WAIVE.upper().replace('WAIVE', 'waive')}\n", ""),
        ("# mkdocs-incident waive action-without-owner until 2025-12-31: no colon\n", ""),
        ("", "<!-- mkdocs-incident: waive action-without-owner until 2025-12-31:\n  why -->\n\n"),
        ("", "<!-- mkdocs-incident waive action-without-owner until 2025-12-31: why -->\n\n"),
        ("", "<!-- mkdocs-incident: waive -->\n\n"),
        ("", "<!-- mkdocs-incident: waive action-without-owner until soon: why -->\n\n"),
    ],
)
def test_a_waiver_that_cannot_be_read_is_an_error(checked, front, body):
    said = checked(front=front, body=body)
    assert "error POL001" in said
    assert said.count("ACT001") == 2


def test_two_on_a_line_of_their_own_are_for_the_whole_record(checked):
    other = WAIVE.replace("action-without-owner", "missing-impact")
    said = checked(body=f"- <!-- {WAIVE} --> <!-- {other} -->\n")
    assert "(2 waived)" in said


@pytest.mark.parametrize("rule", ["unused-waiver", "expired-waiver", "invalid-waiver"])
def test_rules_about_waivers_are_not_waived(checked, rule):
    said = checked(front=f"# {WAIVE.replace('action-without-owner', rule)}\n")
    assert f"Rule `{rule}` judges waivers and can't be waived" in said


def test_a_waiver_that_another_one_makes_useless_names_it(checked):
    policy = POLICY.format(record="INC-2025-0142", item="")
    said = checked(policy, front=f"# {WAIVE}\n")
    assert "is given twice: incident.yml:2 covers what it does" in said
    assert "incidents/INC-2025-0142/incident.md:4:1: warning POL003" in said
