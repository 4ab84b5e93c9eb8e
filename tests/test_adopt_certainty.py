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
