"""Headings that only name a section, with nothing below, stand neither on a record's page nor in its table of contents."""

import re

import pytest
from record_pages_support import CONFIG
from site_support import build, write

HEAD = """\
---
id: INC-2025-0001
title: Labels wait
severity: SEV2
status: investigating
incident_commander: "@labels-lead"
impact: { summary: Depots wait for labels }
---

# Labels wait

"""
TIMELINE = "## Timeline (UTC)\n\n- 2025-03-03 08:00 — Detected: the queue is old\n"
INCIDENT = "incidents/INC-2025-0001/incident.md"


@pytest.fixture
def page_of(tmp_path):
    """The page of a record, from its own heading to what we add below."""

    def page_of(text, path=INCIDENT):
        done = build(
            write(tmp_path, {"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n", path: text})
        )
        assert done.code == 0, done.log
        page = done.page(f"{path.removesuffix('.md')}/index.html")
        assert "<!-- " not in page.partition('class="inc ')[2].partition("<footer")[0]
        return page

    return page_of


def headings(page):
    return re.findall(r"<h[23456] id=\"(?!inc-)[^>]*>([^<]*)", page)


def contents(page):
    return re.findall(r'<a href="#(?!inc-)[^"]*" class="nav-link">([^<]*)', page)


SECTIONS = {
    "a comment": ("## Impact\n\n<!-- Who is hit? -->\n", []),
    "a comment of several paragraphs": ("## Impact\n<!-- Who?\n\nHow many? -->\n", []),
    "several comments": ("## Impact\n<!-- a --> <!-- b -->\n\n<!-- c -->\n", []),
    "a comment that never ends": ("## Impact\n\nx\n\n## Lessons\n\n<!-- Who is hit?\n", ["Impact"]),
    "nothing": ("## Impact\n\n## Root cause\n", []),
    "decoration": ("## 1. **Impact:**\n\n## 💥 Root cause {#why}\n", []),
    "a line across": ("## Impact\n\n---\n\n## Next\n\nx\n", ["Next"]),
    "lines right below": (
        "## Impact\n***\n## Root cause\n***\n## Resolution\n___\n## Next\n\nx\n",
        ["Next"],
    ),
    "underlined": ("Impact\n------\n\n<!-- a -->\n\nNext\n----\n\nx\n", ["Next"]),
    "underlined one after the other": ("Impact\n------\nNext\n----\n\nx\n", ["Next"]),
    "windows": ("## Impact\r\n\r\n<!-- a -->\r\n\r\n## Next\r\n\r\nx\r\n", ["Next"]),
    "empty subsections": ("## Impact\n\n### User impact\n\n<!-- a -->\n\n### Why\n", []),
    "a subsection with words": (
        "## Impact\n\n### Fix\n\n<!-- a -->\n\n### When\n\nx\n\n### Why\n\n## Lessons\n",
        ["Impact", "When"],
    ),
    "a mark that something is to come": ("## Impact\n\nTBD\n", ["Impact"]),
    "words beside a comment": ("## Impact\n\n<!-- a --> x <!-- b -->\n", ["Impact"]),
    "words below a comment": ("## Impact\n\n<!-- a -->\nx\n", ["Impact"]),
    "a comment in code": ("## Impact\n\n```\n<!-- a -->\n```\n", ["Impact"]),
    "headings in code": ("## Impact\n\n```\n## a\n## b\n```\n", ["Impact"]),
}


@pytest.mark.parametrize(("body", "kept"), SECTIONS.values(), ids=SECTIONS)
def test_a_heading_that_nothing_stands_below_is_left_out(page_of, body, kept):
    page = page_of(f"{HEAD}{TIMELINE}\n{body}")
    assert headings(page) == ["Timeline (UTC)", *kept]
    assert [title for title in contents(page) if title in {"Impact", "Next"}] == [
        title for title in kept if title != "When"
    ]
    assert "Depots wait for labels" in page


# What each says would be on no page without it.
TELLING = [
    "## Root cause: expired certificate",
    "## Impact (nobody could print)",
    "## No customer was affected",
    "#### Severity: SEV3",
    "#### Status: Mitigated",
    "### Why did it fail?",
    "## Our own name of a section",
]


@pytest.mark.parametrize("heading", TELLING)
def test_a_heading_that_says_more_than_a_sections_name_stays(page_of, heading):
    page = page_of(f"{HEAD}{TIMELINE}\n## Summary\n\n{heading}\n\n## Lessons learned\n")
    said = heading.lstrip("# ")
    above = [] if heading.startswith("## ") else ["Summary"]
    assert headings(page) == ["Timeline (UTC)", *above, said]
    assert contents(page) == ["Labels wait", "Timeline (UTC)", *(above or [said])]


def test_moments_that_are_told_by_headings_alone_stay_with_their_timeline(page_of):
    moments = ["10:00 Detected by alert", "11:00 Mitigated"]
    page = page_of(f"{HEAD}## Timeline\n\n### {moments[0]}\n\n### {moments[1]}\n\n## Impact\n")
    assert headings(page) == ["Timeline", *moments]


def test_a_title_is_shown_whatever_stands_below_it(page_of):
    page = page_of(f"{HEAD}<!-- Tell what happened. -->\n")
    assert re.search(r"<h1[^>]*>Labels wait</h1>", page)
    assert headings(page) == []


def test_a_new_incident_shows_no_prompts_and_a_new_runbook_what_is_still_to_be_written(
    tmp_path, run, page_of
):
    write(tmp_path, {"incident.yml": ""})
    facts = ("--title", "Labels wait", "--severity", "SEV2", "--commander", "@labels-lead")
    assert run("new", "incident", *facts, "--at", "2025-03-03T08:05Z").exit_code == 0
    assert run("new", "runbook", "--for", "labels").exit_code == 0
    assert headings(page_of((tmp_path / INCIDENT).read_text("utf-8"))) == ["Timeline"]
    path = "runbooks/labels.md"
    assert headings(page_of((tmp_path / path).read_text("utf-8"), path)) == [
        "Symptoms", "Diagnosis", "Mitigation", "Escalation", "Prevention",
    ]  # fmt: skip
