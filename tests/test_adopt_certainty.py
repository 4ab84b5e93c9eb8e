"""`adopt` and what is not certain: it is said, left as it is, or left to a person."""

import json

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
    ],
)
def test_one_incident_over_days(text, adopt):
    assert adopt({"incidents/2020.md": text})["incidents/2020.md"]["outcome"] == "adopted"
