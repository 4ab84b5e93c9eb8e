"""`adopt` and what is not certain: it is said, left as it is, or left to a person."""

import json
import re

import pytest

TITLES = {
    # A date that something parts from the words goes …
    "[2021-01-11] [SEV2] DB down": "[SEV2] DB down",
    "2021-01-11: `db` down": "`db` down",
    "2021-01-11, DB down": "DB down",
    "2021-01-11 | DB down": "DB down",
    "2021-01-11 DB down": "DB down",
    "2021-01-11 (SEV2) DB down": "(SEV2) DB down",
    "2021-01-11 – 14:05 UTC – DB down": "DB down",
    "11.01.2021: Störung": "Störung",
    "2018-02-12: Labels blank, late - again": "Labels blank, late - again",
    "Incident report May 12 2021 - DB down": "DB down",
    "DB down (May 12, 2021)": "DB down",
    "DB down [2021-01-11]": "DB down",
    "DB down – 2021-01-11": "DB down",
    # … and any other is part of a sentence, a span or a name.
    "2021-01-11 to 2021-01-12: Long outage": None,
    "2021-01-11 - 2021-01-12: Long outage": None,
    "2021-01-11/12 Long outage": None,
    "2021-01-11 & 2021-01-12: Long outage": None,
    "2021-01-11 was a bad day": None,
    "2021-01-11: DB (again": None,
    "DB down since 2021-01-11": None,
    "DB down, on 11 Jan 2021": None,
    "v1.2.2021 broke on 2021-03-01": None,
    "Incident 2021-01-11 #2: DB": None,
}
"""Heading → title without its date, None where it stays as it is."""


@pytest.fixture
def adopt(run, write):
    """Adopt files; return what is said of each by path, its fields by name."""

    def adopt(files, *arguments):
        write(files)
        result = run("adopt", *(arguments or ("incidents",)), "--format", "json")
        found = {file["path"]: file for file in json.loads(result.stdout)["files"]}
        for file in found.values():
            file["fields"] = {field["name"]: field for field in file.get("fields", [])}
        return found

    return adopt


def test_titles_lose_their_date_where_that_is_certain(adopt, tmp_path):
    paths = {f"incidents/{i:02}.md": heading for i, heading in enumerate(TITLES)}
    found = adopt(
        {path: f"# {heading}\n\n**Date:** 2021-01-11\n" for path, heading in paths.items()}
    )
    titles = {}
    for path, heading in paths.items():
        title = found[path]["fields"]["title"]
        titles[heading] = title["value"] if title["written"] else None
        assert (f"title: {title['value']}\n" in (tmp_path / path).read_text()) == (
            title["written"] and not title["value"].startswith(("[", "`"))
        )
    assert titles == TITLES


SEVERAL = {
    "two titles with days": (
        "# Incident A: 2020-01-01\n\n## Timeline\n\n- 10:00 down\n\n# Incident B: 2020-02-02\n\n## Timeline\n\n- 11:00 down\n\n**Resolved:** 12:00\n",
        (7, "File tells 2 incidents: `Incident A: 2020-01-01` on line 1 and `Incident B: 2020-02-02` on line 7"),
    ),
    "two ids": (
        "# INC-2020-0001: gates\n\nClosed.\n\n# INC-2020-0002: labels\n\nBlank.\n",
        (5, "File tells 2 incidents: `INC-2020-0001: gates` on line 1 and `INC-2020-0002: labels` on line 5"),
    ),
    "two dates below titles": (
        "# Gates\n\n**Date:** 2020-01-01\n\n# Labels\n\n**Date:** 2020-02-02\n",
        (5, "File tells 2 incidents: `Gates` on line 1 and `Labels` on line 5"),
    ),
    "below one title": (
        "# Incidents of January\n\n## Incident 1: 2020-01-01\n\nx\n\n## Incident 2: 2020-01-05\n\nx\n",
        (7, "File tells 2 incidents: `Incident 1: 2020-01-01` on line 3 and `Incident 2: 2020-01-05` on line 7"),
    ),
    "a log": (
        "# 2020-01-01\n\nGates.\n\n# 2020-02-02\n\nLabels.\n",
        (5, "File tells 2 incidents: `2020-01-01` on line 1 and `2020-02-02` on line 5"),
    ),
    "only the title says so": (
        "# 2 incidents: 2021-09-01 and 2021-09-05\n\nx\n",
        (1, "Title names several incidents: `2 incidents: 2021-09-01 and 2021-09-05`"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SEVERAL)
def test_several_incidents_in_one_file(shape, adopt, tmp_path):
    text, (line, message) = SEVERAL[shape]
    found = adopt({"incidents/2020.md": text})["incidents/2020.md"]
    assert {key: found[key] for key in ("outcome", "line", "message", "hint")} == {
        "outcome": "needs-you", "line": line, "message": message,
        "hint": "Cut it into one file an incident; headings of one and the same incident begin with `##`",
    }  # fmt: skip
    assert (tmp_path / "incidents/2020.md").read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "# Incident report\n\n# Gates, 2020-01-01\n\n# Timeline\n\n# 2020-01-01\n\n- 10:00 x\n\n# 2020-01-02\n\n- 10:00 y\n",
        "# Gates of 2020-01-01\n\n# Impact of 2020-01-02\n\n# Root cause\n\nx\n",
        "# Two outages on 2020-01-01\n\n## Outage 1: 10:00\n\n## Outage 2: 14:00\n",
        "# Incidents INC-2020-0001 and INC-2020-0002 on 2020-01-01\n",
        "# Gates, 2020-01-01\n\n## Since 2020-01-01\n\nx\n\n## 2020-01-02\n\n- 10:00 x\n",
        "# January 1, 2020 and January 2, 2020: gates\n",
        "# INC-2020-0001: gates, 2020-01-01\n\nx\n\n# INC-2020-0001 in review, 2020-02-01\n\ny\n",
    ],
)
def test_one_incident_over_days(text, adopt):
    assert adopt({"incidents/2020.md": text})["incidents/2020.md"]["outcome"] == "adopted"


@pytest.mark.parametrize(
    ("path", "text", "line", "said"),
    [
        ("INC-2021-0007.md", "# Gates, 2021-01-11\n\nid: INC-2021-0008\n", 3, "INC-2021-0008"),
        ("INC-42 foo.md", "# INC-43: bar, 2021-01-11\n", 1, "INC-43"),
        ("INC-42/postmortem.md", "# Postmortem: INC-43 bar, 2021-01-11\n", 1, "INC-43"),
    ],
)
def test_ids_of_text_and_name_differ(path, text, line, said, adopt):
    found = adopt({f"incidents/{path}": text})[f"incidents/{path}"]
    assert {key: found[key] for key in ("outcome", "line", "message", "hint")} == {
        "outcome": "needs-you",
        "line": line,
        "message": f"Text says `{said}`, the name of file or folder `{re.match('[A-Z0-9-]+', path)[0]}`",
        "hint": "Correct the one that is wrong, and run the command again",
    }


AMBIGUOUS = {
    "label": (
        "gates.md", "# Gates\n\n**Date**: 03/04/2020\n", "date",
        "2020-03-04", "line 8; as month-first, day-first it is 2020-04-03",
    ),
    "title": (
        "gates.md", "# Gates (03/04/2020)\n", "date",
        "2020-03-04", "title, line 8; as month-first, day-first it is 2020-04-03",
    ),
    "a day beside that of the name": (
        "2021-11-11 gates.md", "---\ndate: 11/12/2021\n---\n# Gates\n", "date",
        "2021-11-12",
        "front matter, line 2; as month-first, day-first it is 2021-12-11, the file name says 2021-11-11",
    ),
    "a moment": (
        "gates.md", "# Gates\n\n**Resolved:** 03/04/2020 10:00 UTC\n", "resolved_at",
        "2020-03-04T10:00Z", "line 8; as month-first, day-first it is 2020-04-03T10:00Z",
    ),
    "a timeline": (
        "2020-03-04.md", "# Gates\n\n**Date:** 2020-03-04\n\n## Timeline\n\n- 03/04 10:00 UTC: x\n", "timeline",
        "1 entry", "line 12; as month-first, day-first it is from 2020-04-03T10:00Z on",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", AMBIGUOUS)
def test_days_that_only_the_order_decides(shape, adopt):
    path, text, name, value, where = AMBIGUOUS[shape]
    field = adopt({f"incidents/{path}": text})[f"incidents/{path}"]["fields"][name]
    assert (field["value"], field["how"], field["where"]) == (value, "inferred", where)


def test_the_policy_decides_the_order(adopt):
    found = adopt({
        "incidents/gates.md": "# Gates\n\n**Date**: 03/04/2020\n",
        "incidents/labels.md": "# Labels\n\n**Date**: 23/04/2020\n",
        "incident.yml": "date_order: day-first\n",
    })  # fmt: skip
    days = [found[f"incidents/{name}.md"]["fields"]["date"] for name in ("gates", "labels")]
    assert [(day["value"], day["how"], day["where"]) for day in days] == [
        ("2020-04-03", "extracted", "line 8; as day-first, the policy's order"),
        ("2020-04-23", "extracted", "line 8"),
    ]


@pytest.mark.parametrize(
    "title", ["1.5.2021 release broke checkout", "Release 1.5.2021: no checkout"]
)
def test_a_version_is_no_day(title, adopt):
    found = adopt(
        {"incidents/x.md": f"# {title}\n", "incidents/y.md": "# 1.5.2021: Release lahm\n"}
    )
    assert found["incidents/x.md"]["message"].startswith("Neither ")
    assert found["incidents/y.md"]["fields"]["date"]["value"] == "2021-05-01"


def test_what_check_will_refuse_is_said(adopt):
    text = (
        "# Gates\n\n**Date:** 2021-01-11\n**Severity:** Sev 2 (downgraded)\n"
        "**Status:** Complete, actions open\n**Resolved:** not yet\n**IC:** @gate-lead\n\n"
        "## Timeline\n\n- 2021-01-11 10:00 UTC: x\n- 2X:XX — y\n"
    )
    fields = adopt({"incidents/gates.md": text})["incidents/gates.md"]["fields"]
    names = ("date", "severity", "status", "incident_commander", "resolved_at", "timeline")
    statuses = "`detected`, `investigating`, `identified`, `mitigating`, `monitoring`, `resolved`, `closed`"
    assert {name: fields[name]["where"] for name in names} == {
        "date": "line 8",
        "severity": "line 9; `check` refuses it: Severity `Sev 2 (downgraded)` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`",
        "status": f"line 10; `check` refuses it: Incident status `Complete, actions open` is not one of {statuses}",
        "incident_commander": "line 12",
        "resolved_at": "line 11; `check` refuses it: `resolved_at` is `not yet`, expected a time such as `2025-06-15T14:23Z`",
        "timeline": "lines 16 to 17",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "# Gates\n\n**Date/Time:** 2021-01-11 10:00 - 11:00 EST\n",
        "# Gates\n\n| Date/Time | 2021-01-11 10:00 UTC |\n|---|---|\n| Severity | SEV2 |\n",
        "# Gates\n\n**Date:** 2021-01-11 to 2021-01-13\n",
        "# Gates\n\n**Datum:** 11.-12.01.2021\n",
        "# Gates\n\n**Date:** January 11th and 12th, 2021\n",
        "# 11.-12.01.2021: Tore\n",
        "# January 11th and 12th, 2021: gates\n",
        "# Gates, 11. bis 12. Januar 2021\n",
    ],
)
def test_first_day_of_a_span(text, adopt, run):
    found = adopt({"incidents/gates.md": text})["incidents/gates.md"]
    assert found["fields"]["date"]["value"] == "2021-01-11"
    assert "SCH006" not in run("check").stdout


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (
            "# Gates\n\nLate.\n\nOn Jan 10, 2021 at 10am PST they stayed shut.\n", 5,
            "Neither title, labels nor name tell when this was, so its id is not known",
            "If it was on `Jan 10, 2021 at 10am PST`, as line 5 says, write `**Date:** YYYY-MM-DD` below its title, and run the command again",
        ),
        (
            "# Gates\n\n**Date:** some day in March\n", 3,
            "Date `some day in March` is no certain day, so the id is not known",
            "Write `**Date:** YYYY-MM-DD` below its title, and run the command again",
        ),
        (
            "# Gates\n\nLate.\n", 1,
            "Neither text nor name tell when this was, so its id is not known",
            "Write `**Date:** YYYY-MM-DD` below its title, and run the command again",
        ),
    ],
)  # fmt: skip
def test_day_that_is_not_known(text, line, message, hint, adopt):
    found = adopt({"incidents/gates.md": text})["incidents/gates.md"]
    assert [found[key] for key in ("line", "message", "hint")] == [line, message, hint]


def test_entries_that_were_not_read_are_counted(adopt):
    head = "# Gates, 2021-02-01\n\n## Timeline\n\n"
    found = adopt({
        "incidents/some.md": f"{head}- before noon shut\n\nAnd then:\n\n- 14:03 UTC open\n- by hand\n",
        "incidents/none.md": f"{head}- In the morning: shut\n- later open\n",
    })  # fmt: skip
    some, none = (found[f"incidents/{name}.md"]["fields"]["timeline"] for name in ("some", "none"))
    assert (some["value"], some["how"], some["where"]) == (
        "1 entry, 1 more not read",
        "extracted",
        "line 15",
    )
    assert (none["value"], none["how"], none["where"]) == (
        None, "missing", "lines 12 to 13; 2 entries of its section not read"
    )  # fmt: skip


def test_what_stands_below_an_entrys_heading_is_no_lost_entry(adopt):
    text = (
        "# DB down\n\n## Timeline\n\n### 2021-01-11 14:05 Alert fires\n\n- the pool was empty\n- nobody knew\n\n"
        "### 2021-01-11 14:20 Pool restarted\n\n- by hand\n"
    )
    found = adopt({"incidents/db.md": text})["incidents/db.md"]["fields"]["timeline"]
    assert "2 entries" in found["value"]
    assert "not read" not in found["value"]
