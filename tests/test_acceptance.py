"""The quick validator never accepts what the thorough one refuses, and spares loading it."""

import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_incident.acceptance import acceptance
from mkdocs_incident.schema.bundling import bundled
from mkdocs_incident.schema.formats import FORMATS, format_checker
from mkdocs_incident.schema.validation import RecordSchema
from mkdocs_incident.source.document import read_document
from mkdocs_incident.source.title import KINDS

ROOT = Path(__file__).parent.parent
RECORDS = sorted(
    path
    for folder in ("tests", "docs", "incidents", "runbooks")
    for path in (ROOT / folder).rglob("*.md")
    if path.is_file()
)
DAY = "2025-06-15"


def thoroughly(schema):
    return jsonschema.Draft202012Validator(schema, format_checker=format_checker()).is_valid


@pytest.mark.parametrize("kind", KINDS)
def test_all_records_here_are_judged_as_the_thorough_one_does(kind):
    """Each record as each kind, so that many are refused."""
    schema = bundled(kind)
    quick, thorough = acceptance(schema, FORMATS), thoroughly(schema)
    answers = set()
    for path in RECORDS:
        record = read_document(path.name, path.read_bytes(), kind=kind).record
        assert quick(record) is thorough(record), path
        answers.add(quick(record))
    assert answers == {True, False}


# Schemas of a team's own fields

TEXTS = ["", " ", "a", "A1", "12", "٣", "é", "e\u0301", "😀", "a\n", "\ud800", "none", "true", DAY,
         "٢٠٢٥-٠٦-١٥", "2025-06-15T14:23Z", "2025-6-15", "https://a.example/ä", "x-a"]  # fmt: skip
NUMBERS = [0, 1, -1, 5, 2**53, 2**53 + 1, 2**70, -(10**30), 0.0, -0.0, 1.0, 0.1, 0.3, 4.35, 1e300,
           2.0**53, float("nan"), float("inf")]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.sampled_from(TEXTS) | st.sampled_from(NUMBERS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TEXTS), inner, max_size=3)
    ),
    max_leaves=6,
)
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
SIZES = st.sampled_from([0, 1, 2, 2.0])
ASSERTIONS = {
    "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    "minimum": st.sampled_from(NUMBERS[:-2]),
    "exclusiveMaximum": st.sampled_from(NUMBERS[:-2]),
    "multipleOf": st.sampled_from([0.1, 0.01, 1, 2, 1.0]),
    "pattern": st.sampled_from(
        [r"^\d+$", r"^\w$", r"^[a-z]\Z", r"(?i)^a", r"^\s*$", r"(?<=a).", r"^\p", "^é$", "["]
    ),
    "format": st.sampled_from([*FORMATS, "email", "time", "ipv4", "regex", "ticket"]),
    "minLength": SIZES,
    "maxLength": SIZES,
    "minItems": SIZES,
    "uniqueItems": st.booleans(),
    "maxProperties": SIZES,
    "required": st.lists(st.sampled_from(TEXTS[:5]), max_size=2, unique=True),
    "contains": st.just({"type": "string"}),
    "propertyNames": st.just({"maxLength": 1}),
}


def containing(inner):
    return st.fixed_dictionaries(
        {},
        optional={
            "type": ASSERTIONS["type"],
            "items": inner,
            "properties": st.dictionaries(st.sampled_from(TEXTS[:5]), inner, max_size=2),
            "patternProperties": st.dictionaries(
                st.sampled_from(["^x-", r"\d"]), inner, max_size=1
            ),
            "additionalProperties": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    )


SCHEMAS = st.recursive(
    st.fixed_dictionaries({}, optional=ASSERTIONS)
    | st.sampled_from(sorted(ASSERTIONS)).flatmap(
        lambda name: st.fixed_dictionaries({name: ASSERTIONS[name]})
    )
    | st.booleans(),
    containing,
    max_leaves=4,
)


def test_it_never_accepts_what_the_thorough_one_refuses():
    seen = set()

    @settings(max_examples=500, deadline=None)
    @given(schema=SCHEMAS, values=st.lists(VALUES, min_size=3, max_size=6))
    def holds(schema, values):
        quick = acceptance(schema, FORMATS)
        seen.add(quick is None)
        if quick is None:
            return
        jsonschema.Draft202012Validator.check_schema(schema)
        thorough = thoroughly(schema)
        for value in values:
            if quick(value):
                seen.add("accepted")
                assert thorough(value)

    holds()
    assert seen == {True, False, "accepted"}


@pytest.mark.parametrize(
    ("schema", "value", "accepted"),
    [
        ({"pattern": r"^\d+$"}, "٣", True),
        ({"pattern": r"^\d+$"}, "3\n", True),
        ({"pattern": r"^\d+$"}, "x", False),
        ({"pattern": r"\A(?P<a>.)(?P=a)"}, "aa", True),
        ({"format": "date"}, DAY, True),
        ({"format": "date"}, "2025-02-29", False),
        ({"format": "uri"}, "https://a.example/ä", True),
        ({"format": "email"}, "nobody", True),  # no format of ours
        ({"type": "integer"}, 1.0, True),
        ({"maximum": 5}, 2**70, False),
        ({"type": "string"}, "\ud800", False),  # no UTF-8: for the thorough one
    ],
    ids=str,
)
def test_what_it_says(schema, value, accepted):
    assert acceptance(schema, FORMATS)(value) is accepted


@pytest.mark.parametrize(
    "schema",
    [
        {"multipleOf": 0.1},  # 0.3 is a multiple of it, and is none
        {"minimum": 2**53},
        {"enum": [[1]]},
        {"const": {"a": 1}},
        {"not": {"type": "string"}},
        {"oneOf": [True]},
        {"uniqueItems": True},
        {"patternProperties": {r"\d": True}},
        {"properties": {"a": {"items": {"contains": True}}}},
        {"$ref": "https://example.org/schema"},
        {"pattern": "["},
        {"type": "text"},
        {"required": "a"},
    ],
    ids=str,
)
def test_what_it_leaves_to_the_thorough_one(schema):
    assert acceptance(schema, FORMATS) is None


OWN_FIELDS = """
fields:
  incident:
    depot: {type: string, pattern: '^[A-Z]{3}$'}
    parcels: {type: integer, minimum: 0}
"""
RECORD = """---
id: INC-2025-0142
title: Labels could not be paid
severity: SEV3
incident_commander: "@payments-lead"
status: investigating
depot: BER
parcels: 12
---
"""


def loaded(folder):
    """The exit code of a check, and which of the two validators it loaded."""
    code = (
        "import sys; from mkdocs_incident.cli.commands import cli\n"
        "try: cli(['check', '--select', 'SCH'])\n"
        "except SystemExit as end: print(end.code, *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    exit_code, *modules = done.stdout.splitlines()[-1].split()
    return exit_code, {"jsonschema", "jsonschema_rs"} & set(modules)


@pytest.mark.parametrize(
    ("depot", "expected"),
    [("BER", ("0", {"jsonschema_rs"})), ("Berlin", ("1", {"jsonschema", "jsonschema_rs"}))],
)
def test_a_check_loads_the_thorough_validator_for_a_wrong_record_only(
    depot, expected, write, tmp_path
):
    record = RECORD.replace("BER", depot)
    write({"incident.yml": OWN_FIELDS, "incidents/INC-2025-0142/incident.md": record})
    assert loaded(tmp_path) == expected


def test_the_schemas_of_all_kinds_are_read_alike():
    for kind in (*KINDS, "config"):
        assert acceptance(RecordSchema(kind).document, FORMATS) is not None, kind
