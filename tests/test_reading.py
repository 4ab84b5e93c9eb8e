"""Each shape of report in `reading/` against the record that a person reads in it."""

import json
from pathlib import Path

import pytest

from mkdocs_incident.source.document import Document, ReadOptions, read_document

CASES = Path(__file__).with_name("reading")


def as_written(document: Document) -> dict:
    """The whole of what was read, one line a position, so that a change shows as a change."""
    return {
        "kind": document.kind,
        "is_record": document.is_record,
        "wants_year": document.wants_year,
        "record": document.record,
        "findings": [
            [f.rule, f.location.line, f.location.column, f.message] for f in document.findings
        ],
        "milestones": {
            name: [found.at, found.told_by, "/" + "/".join(map(str, found.route))]
            for name, found in document.milestones.items()
        },
        "positions": {
            "/" + "/".join(map(str, route)): [place.line, place.column]
            for route, place in sorted(
                document.positions.values.items(),
                key=lambda entry: [str(part) for part in entry[0]],
            )
        },
    }


def written(reading: dict) -> str:
    """JSON with one finding, milestone or position a line."""
    parts = []
    for name, value in reading.items():
        if name in {"milestones", "positions"} and value:
            lines = [f"  {_flat(key)}: {_flat(entry)}" for key, entry in value.items()]
            text = "{\n" + ",\n".join(lines) + "\n }"
        elif name == "findings" and value:
            text = "[\n" + ",\n".join(f"  {_flat(entry)}" for entry in value) + "\n ]"
        else:
            text = json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n ")
        parts.append(f" {_flat(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _flat(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_case(case: Path) -> dict:
    given = case / "options.json"
    options = json.loads(given.read_text("utf-8")) if given.exists() else {}
    content = (case / "input.md").read_bytes()
    document = read_document(
        options.get("path", "incidents/case/input.md"),
        content,
        ReadOptions(order=options.get("date_order", "month-first")),
        kind=options.get("kind"),
    )
    return as_written(document)


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_reads_as_a_person_does(case, update):
    reading = read_case(case)
    expected = case / "expected.json"
    if update:
        expected.write_text(written(reading), "utf-8")
    assert reading == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_expected_positions_quote_the_text(case):
    """A position is worth something only if the text that stands there is the value's beginning."""
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    lines = (case / "input.md").read_text("utf-8").split("\n")
    for pointer, (line, column) in expected["positions"].items():
        assert lines[line - 1][column - 1 :].strip(), pointer
        value = expected["record"]
        for part in pointer.split("/")[1:]:
            value = value[int(part)] if isinstance(value, list) else value[part]
        # what was joined, completed or translated begins otherwise than it is written
        if isinstance(value, str) and pointer.endswith(
            ("/event", "/why", "/because", "/factor", "/text", "/owner", "/actor")
        ):
            written_there = lines[line - 1][column - 1 :].replace("*", "").lstrip("\"'")
            assert written_there.startswith(value.split(" ")[0].replace("*", "")), pointer
