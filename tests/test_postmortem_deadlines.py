"""What is said of a postmortem's deadline: hours where days would mislead, unknown where nothing tells it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from site_support import build, write

from mkdocs_incident.wording import left

INCIDENT = """\
---
kind: incident
id: {ident}
title: Orders stay in the queue
severity: SEV2
status: closed
incident_commander: "@orders-lead"
detected_at: 2025-03-03T10:00Z
{resolved}
---

# Orders stay in the queue
"""
REVIEW = """\
---
kind: postmortem
incidents: [{ident}]
title: {title}
status: {status}
---

# {title}

## Root cause

The worker had no liveness check.
"""
NOW = datetime(2025, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def site(tmp_path):
    """Build incidents (id → what tells their resolution) as of a moment."""

    def site(as_of, reviews=(), **resolved):
        files = {
            f"incidents/{ident}/incident.md": INCIDENT.format(ident=ident, resolved=line)
            for ident, line in ((name.replace("_", "-"), line) for name, line in resolved.items())
        }
        yml = f"site_name: Test\nplugins:\n  - incident: {{as_of: {as_of}, on_findings: ignore}}\n"
        done = build(
            write(
                tmp_path, {"mkdocs.yml": yml, "docs/index.md": "# Home\n", **files, **dict(reviews)}
            ),
            "--strict",
        )
        assert done.code == 0, done.log
        return done

    return site


def facts(done, path):
    found = re.search(r'<p class="inc-facts">.*?</p>', done.page(path), re.DOTALL)[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", found).split())
    return words.replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (72, "3 days left"),
        (48, "2 days left"),
        (47, "47 h left"),  # the day after tomorrow by the calendar, yet not two days
        (14, "14 h left"),  # tomorrow by the calendar
        (0.5, "30 min left"),
        (-0.5, "overdue by 30 min"),
        (-5, "overdue by 5 h"),
        (-47.9, "overdue by 47 h"),
        (-48, "2 days overdue"),
        (-24 * 27, "27 days overdue"),
    ],
)
def test_below_two_days_hours_are_said(hours, words):
    assert left(NOW + timedelta(hours=hours), NOW) == words


def test_pages_count_hours_alike(site):
    # SEV2 asks for it within 48 hours: by 5 March, 12:00, which is 14 hours after 4 March, 22:00.
    done = site("2025-03-04T22:00Z", INC_2025_0001="resolved_at: 2025-03-03T12:00Z")
    assert "not started (14 h left)" in facts(done, "incidents/INC-2025-0001/incident/index.html")
    for page in ("", "postmortems/"):
        assert "14 h left due 5 Mar 2025, 12:00 UTC" in done.text(
            f"knowledge-base/{page}index.html"
        )


def test_lateness_is_counted_in_hours_too(site):
    done = site("2025-03-05T17:00Z", INC_2025_0001="resolved_at: 2025-03-03T12:00Z")
    page = "incidents/INC-2025-0001/incident/index.html"
    assert "not started (overdue by 5 h)" in facts(done, page)
    assert "overdue by 5 h" in done.text("knowledge-base/postmortems/index.html")


def test_without_a_resolution_the_postmortem_is_owed_all_the_same(site, run):
    review = REVIEW.format(ident="INC-2025-0002", title="Draft", status="draft")
    done = site(
        "2025-04-01",
        {"incidents/INC-2025-0002/postmortem.md": review},
        INC_2025_0001="",
        INC_2025_0002="",
        INC_2025_0003="resolved_at: 2025-03-03T12:00Z",
    )
    told = facts(done, "incidents/INC-2025-0001/incident/index.html")
    assert told.endswith("postmortem: not started (deadline unknown)")
    told = facts(done, "incidents/INC-2025-0002/incident/index.html")
    assert told.endswith("postmortem: draft (deadline unknown)")
    waiting = done.text("knowledge-base/postmortems/index.html")
    assert "3 incidents await their postmortem, 1 of them past the deadline." in waiting
    ids = re.findall(r"INC-2025-\d{4}", waiting.partition("Awaiting a postmortem")[2])
    assert ids[:3] == ["INC-2025-0003", "INC-2025-0001", "INC-2025-0002"]  # unknown ones last
    assert waiting.count("deadline unknown") == 2
    assert "3 postmortems are due, 1 of them late" in done.text("knowledge-base/index.html")
    calendar = done.page("knowledge-base/due.ics")
    assert re.findall(r"Postmortem of (.*\d)", calendar) == ["INC-2025-0003"]
    assert "PM004" not in run("check", "incidents/INC-2025-0001", "--as-of", "2025-04-01").output


def test_a_second_review_beside_a_final_one_is_late_for_nothing(site):
    final = REVIEW.format(ident="INC-2025-0001", title="First", status="final").replace(
        "status: final", "status: final\npublished_on: 2025-03-04"
    )
    second = REVIEW.format(ident="INC-2025-0001", title="Second", status="draft")
    done = site(
        "2025-06-01",
        {
            "incidents/INC-2025-0001/postmortem.md": final,
            "incidents/INC-2025-0001/more/postmortem.md": second,
        },
        INC_2025_0001="resolved_at: 2025-03-03T12:00Z",
    )
    folder = "incidents/INC-2025-0001"
    assert "overdue" not in facts(done, f"{folder}/more/postmortem/index.html")
    assert "published 4 Mar 2025 (due 5 Mar 2025)" in facts(done, f"{folder}/postmortem/index.html")


def test_a_lone_draft_is_late(site):
    draft = REVIEW.format(ident="INC-2025-0001", title="First", status="draft")
    done = site(
        "2025-06-01",
        {"incidents/INC-2025-0001/postmortem.md": draft},
        INC_2025_0001="resolved_at: 2025-03-03T12:00Z",
    )
    page = "incidents/INC-2025-0001/postmortem/index.html"
    assert "not published yet (88 days overdue)" in facts(done, page)  # 26 + 30 + 31 + 1
