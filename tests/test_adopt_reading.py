"""Shapes of legacy documents: what is read of them, without any front matter."""

import pytest

from mkdocs_incident.source.document import read_document

TITLE = "# 2018-02-12, Labels came out blank\n\n"


def record(body, head=TITLE):
    return read_document("incidents/labels.md", f"{head}{body}".encode()).record


def entries(body, head=TITLE):
    """The timeline as ``at``, a tilde where it is approximate, and the event."""
    return [
        f"{'~' if entry.get('approximate') else ''}{entry['at']} {entry.get('event', '-')}"
        for entry in record(body, head).get("timeline", [])
    ]


HEADINGS = {
    "a paragraph below": (
        "## Timeline\n\nAll times in CET\n\n### 2018-02-12 14:03\n\nQueue grows.\n\nMore prose.\n\n### 14:10\n\nWorker restarted.\n",
        ["2018-02-12T14:03+01:00 Queue grows.", "2018-02-12T14:10+01:00 Worker restarted."],
    ),
    "a list below": (
        "## Timeline\n\n### 14:03\n\n- Queue grows\n- Alerts fire\n\n### 14:10\n\nDone\n",
        ["2018-02-12T14:03 Queue grows; Alerts fire", "2018-02-12T14:10 Done"],
    ),
    "code first": (
        "## Timeline\n\n### 14:03\n\n```\n2018-02-12 01:00 noise\n```\n\nQueue grows\n",
        ["2018-02-12T14:03 Queue grows"],
    ),
    "a link first": (
        "## Timeline\n\n### 14:03\n\n[Chat](https://chat.parcels.example/1)\n\nQueue grows\n\n### 14:05\n\n[Chat](https://chat.parcels.example/2)\n",
        [
            "2018-02-12T14:03 Queue grows",
            "2018-02-12T14:05 [Chat](https://chat.parcels.example/2)",
        ],
    ),
    "nothing below": (
        "## Timeline\n\n### 14:03\n\n### 14:05\n\nQueue grows\n",
        ["2018-02-12T14:03 -", "2018-02-12T14:05 Queue grows"],
    ),
    "the event behind it": (
        "## Timeline\n\n### 14:03 - Queue grows\n\nProse.\n",
        ["2018-02-12T14:03 Queue grows"],
    ),
    "a time and a list of times": (
        "## Timeline\n\n### 2018-02-13\n\n- 09:00 Queue grows\n- 09:10 Worker restarted\n",
        ["2018-02-13T09:00 Queue grows", "2018-02-13T09:10 Worker restarted"],
    ),
    "a day and what happened on it": (
        "## Timeline\n\n### 2018-02-10\n\nA printer jammed.\n\n### 2018-02-12 14:03\n\nQueue grows\n",
        ["~2018-02-10 A printer jammed.", "2018-02-12T14:03 Queue grows"],
    ),
    "a day and a note": (
        "## Timeline\n\n### 2018-02-12\n\nAll times UTC\n\n### 14:03\n\nQueue grows\n",
        ["2018-02-12T14:03Z Queue grows"],
    ),
    "days of the timeline's own level": (
        "## Timeline\n\n_All times in CET_\n\n## Feb 12\n\n### 23:50\n\nQueue grows\n\n## 13 Feb\n\n### 00:40 AM\n\nDone\n\n## Impact\n\nNone\n",
        ["2018-02-12T23:50+01:00 Queue grows", "2018-02-13T00:40+01:00 Done"],
    ),
    "lines": (
        "## Timeline\n\n14:03\nQueue grows\nfurther\n\n14:10 PM\n\nDone\n",
        ["2018-02-12T14:03 Queue grows further", "2018-02-12T14:10 Done"],
    ),
    "no heading announces them": (
        "## What we saw\n\n### 14:03\n\nQueue grows\n\n### 14:10\n\nRestart\n\n### 14:20\n\nDone\n",
        ["2018-02-12T14:03 Queue grows", "2018-02-12T14:10 Restart", "2018-02-12T14:20 Done"],
    ),
    "no heading announces the list": (
        "## Leadup\n\n- **14:03 UTC:** Queue grows\n- **14:10 UTC:** Restart\n- **14:20 UTC:** Done\n",
        ["2018-02-12T14:03Z Queue grows", "2018-02-12T14:10Z Restart", "2018-02-12T14:20Z Done"],
    ),
    "two times are no timeline": (
        "## Opening hours\n\n- 08:00 office\n- 09:00 hotline\n",
        [],
    ),
    "other headings": ("## Timeline\n\n### Background\n\nProse 14:03.\n", []),
}


@pytest.mark.parametrize("shape", HEADINGS)
def test_times_as_headings_and_lines(shape):
    body, expected = HEADINGS[shape]
    assert entries(body) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("~13:30-13:45", "~2018-02-12T13:30"),
        ("ca. 18:30", "~2018-02-12T18:30"),
        ("2018-02-12 ca. 18:30", "~2018-02-12T18:30"),
        ("18:30ish", "~2018-02-12T18:30"),
        ("18:30?", "~2018-02-12T18:30"),
        ("22:52 (maybe earlier?)", "~2018-02-12T22:52"),
        ("17:14pm", "2018-02-12T17:14"),
        ("2X:XX", "~2X:XX"),
        ("2X:XX (not sure exact time)", "~2X:XX"),
        ("14:??", "~14:??"),
        ("19. April, 11:00", "2018-04-19T11:00"),
        ("Feb 12 2018 08:59", "2018-02-12T08:59"),
        ("February 12, 2018, 12:42 PM", "2018-02-12T12:42"),
        ("8:20 - 8:24", "2018-02-12T08:20"),
        ("gegen 10 Uhr", "~2018-02-12T10:00"),
        ("14.05 Uhr", "2018-02-12T14:05"),
        ("12.2.2018, 9 Uhr", "2018-02-12T09:00"),
        ("12.2.2018 10.15 Uhr", "2018-02-12T10:15"),
        ("12. Februar, 18:30 Uhr", "2018-02-12T18:30"),
        ("2018年2月12日 14時23分", "2018-02-12T14:23"),
        ("2月12日（月） 14時頃", "~2018-02-12T14:00"),
        ("午後3時05分", "2018-02-12T15:05"),
        ("午前9時", "2018-02-12T09:00"),
        ("14：23", "2018-02-12T14:23"),
    ],
)
def test_times_as_people_write_them(written, read):
    assert entries(f"## Timeline\n\n### {written}\n\nQueue grows\n") == [f"{read} Queue grows"]
    if "(" not in written:
        lists = entries(f"## Timeline\n\n- {written} — Queue grows\n- 23:59 — Done\n")
        assert lists[0] == f"{read} Queue grows"


@pytest.mark.parametrize(
    "not_a_time", ["25:99", "XXIV:00", "14 parcels", "14.05", "25 Uhr", "v2:30x", "2 時間後"]
)
def test_no_time_is_made_up(not_a_time):
    assert entries(f"## Timeline\n\n### {not_a_time}\n\nQueue grows\n") == []


@pytest.mark.parametrize(
    "title",
    [
        "# Incident report May 12 2018 - Labels",
        "# Labels came out blank (May 12, 2018)",
        "# 2018-05-12 4:23PM PST, Labels",
        "# incident date: 2018-05-12, labels",
        "# 2018年5月12日 ラベルが白紙",
    ],
)
def test_day_in_the_title(title):
    body = "## Timeline\n\n- 14:03 UTC — Queue grows\n"
    assert entries(body, f"{title}\n\n") == ["2018-05-12T14:03Z Queue grows"]


@pytest.mark.parametrize("title", ["# Labels v1.2.2018", "# Labels of 12/5", "# May we print?"])
def test_no_day_in_the_title(title):
    body = "## Timeline\n\n- 14:03 — Queue grows\n"
    assert entries(body, f"{title}\n\n") == ["14:03 Queue grows"]


ISSUE = "https://git.parcels.example/labels/issues/7"


@pytest.mark.parametrize(
    ("written", "title", "ticket"),
    [
        (f"Watch the queue. [Issue]({ISSUE})", "Watch the queue.", ISSUE),
        (f"Watch the queue ([link to issue]({ISSUE})).", "Watch the queue", ISSUE),
        (f"Watch the queue\n  [Pull Request]({ISSUE}).", "Watch the queue", ISSUE),
        (f"Watch the queue [#7]({ISSUE})", "Watch the queue", ISSUE),
        (f"Related to [this plan]({ISSUE})", f"Related to [this plan]({ISSUE})", ISSUE),
        ("Read [the guide](guide.md)", "Read [the guide](guide.md)", None),
        (f"[Issue]({ISSUE})", f"[Issue]({ISSUE})", ISSUE),
    ],
)
def test_link_behind_an_action(written, title, ticket):
    [item] = record(f"## Follow-up tasks\n\n- {written}\n")["action_items"]
    assert (item["title"], item.get("ticket")) == (title, ticket)


def test_emoji_and_other_names_of_sections():
    found = record(
        "## :flying_disc: Impact on users\n\nNobody could print.\n\n"
        "## :mag_right: Five Why's\n\n- **Why?** No labels\n- **Why?** Queue full\n\n"
        "## 🌱 Blameless root cause\n\nNo limit on the queue.\n\n"
        "## What didn't go so well?\n\n- Nobody looked\n\n"
        "## ☑️ Follow-up tasks\n\n- [x] Limit the queue\n"
    )
    assert found["impact"] == {"summary": "Nobody could print."}
    assert found["root_cause"] == "No limit on the queue."
    assert found["what_went_poorly"] == ["Nobody looked"]
    assert found["action_items"] == [{"title": "Limit the queue", "status": "done"}]


JAPANESE = """\
**重大度：** SEV-2
**インシデントコマンダー：** @payments-lead
発生日：2025年6月15日

## 概要

決済ができなかった。

## 時系列

時刻はすべて日本時間

- 14時23分 アラート発報
- 14:30頃 原因を特定
- 午後3時05分：ロールバック完了
- 6月16日 9:00 復旧を確認

## 根本原因

接続プールが枯渇した。

## 再発防止策

- [ ] プールの監視を追加する（担当：@payments-team、期限：2025年6月30日）
"""


def test_japanese():
    assert record(JAPANESE, "# 障害報告：決済APIの停止\n\n") == {
        "title": "決済APIの停止",
        "severity": "SEV2",
        "incident_commander": "@payments-lead",
        "date": "2025-06-15",
        "summary": "決済ができなかった。",
        "timeline": [
            {"at": "2025-06-15T14:23+09:00", "event": "アラート発報", "milestone": "detected"},
            {"at": "2025-06-15T14:30+09:00", "event": "原因を特定", "approximate": True,
             "milestone": "identified"},
            {"at": "2025-06-15T15:05+09:00", "event": "ロールバック完了", "milestone": "mitigated"},
            {"at": "2025-06-16T09:00+09:00", "event": "復旧を確認", "milestone": "resolved"},
        ],
        "root_cause": "接続プールが枯渇した。",
        "action_items": [
            {"status": "open", "owner": "@payments-team", "due": "2025-06-30",
             "title": "プールの監視を追加する"},
        ],
    }  # fmt: skip
