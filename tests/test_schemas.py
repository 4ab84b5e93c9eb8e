"""The JSON Schemas: whole in themselves, documented, and judged in our own words."""

import copy
import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mkdocs_incident
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.policy.presets import SCHEMES
from mkdocs_incident.schema.bundling import SCHEMAS, bundled
from mkdocs_incident.schema.formats import FORMATS, format_checker
from mkdocs_incident.schema.validation import RecordSchema, judge
from mkdocs_incident.source.document import read_document
from mkdocs_incident.source.front_matter import Positions, read_mapping
from mkdocs_incident.source.text import SourceText
from mkdocs_incident.source.title import KINDS

FOLDER = Path(mkdocs_incident.__file__).parent.parent / "schemas"
RAW = {name: json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8")) for name in SCHEMAS}
TOP = Location("record.md", 1, 1, 1, 4)


def nodes(value, route=""):
    """Every mapping within a schema with its JSON pointer."""
    if isinstance(value, dict):
        yield route, value
        for key, child in value.items():
            yield from nodes(child, f"{route}/{key}")
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from nodes(child, f"{route}/{i}")


def properties(name):
    """Every property of a schema file, however deep, with its JSON pointer."""
    for route, node in nodes(RAW[name]):
        if re.search("/(?:examples|if|then|else)(?:/|$)", route):
            continue
        for key, schema in node.get("properties", {}).items():
            if isinstance(node["properties"], dict):
                yield f"{route}/properties/{key}", schema


def told(schema):
    """A property's own words, else those of what it refers to."""
    if "$ref" not in schema:
        return schema
    target, _, pointer = schema["$ref"].removeprefix("urn:mkdocs-incident:schema:").partition("#")
    node = RAW[target]
    for part in pointer.split("/")[1:]:
        node = node[part]
    return {**told(node), **schema}


PROPERTIES = [
    pytest.param((name, pointer, schema), id=f"{name}{pointer.replace('/properties', '')}")
    for name in SCHEMAS
    for pointer, schema in properties(name)
]


# The files


def test_the_folder_holds_these_schemas_and_no_others():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.schema.json" for name in SCHEMAS}


@pytest.mark.parametrize("name", SCHEMAS)
def test_names_itself_and_is_a_schema(name):
    schema = RAW[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:mkdocs-incident:schema:{name}"
    assert schema["title"]
    assert schema["description"].endswith(".")
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("prop", PROPERTIES)
def test_every_property_is_documented(prop):
    schema = told(prop[2])
    assert schema.keys() >= {"title", "description", "examples"}
    assert schema["title"][0].isupper()
    assert not schema["title"].endswith(".")
    assert schema["description"].endswith(".")
    assert schema["examples"]


@pytest.mark.parametrize("prop", PROPERTIES)
def test_every_example_is_valid(prop):
    name, pointer, schema = prop
    whole = {**bundled(name), "$id": "urn:whole"}
    validator = jsonschema.Draft202012Validator(
        {"$defs": {"whole": whole}, "$ref": f"urn:whole#{pointer}"},
        format_checker=format_checker(),
    )
    for example in told(schema)["examples"]:
        assert not list(validator.iter_errors(example))


# What it prints


def resolved(schema, reference):
    """What a reference within a schema leads to."""
    assert reference.startswith("#")
    for part in reference.split("/")[1:]:
        schema = schema[part]
    return schema


KINDS_AND_SCHEMES = [(kind, scheme) for kind in SCHEMAS for scheme in SCHEMES]


@pytest.mark.parametrize(("kind", "scheme"), KINDS_AND_SCHEMES)
def test_the_printed_schema_is_whole_in_itself(kind, scheme, write, run):
    write({"incident.yml": f"severity: {scheme}\n"})
    result = run("schema", kind)
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    for _, node in nodes(schema):
        if isinstance(reference := node.get("$ref"), str):
            assert resolved(schema, reference)
    # a plain validator without any registry gets through every keyword
    list(jsonschema.Draft202012Validator(schema).iter_errors(EVERYTHING))


EVERYTHING = {
    "timeline": [{}], "action_items": [{}], "runbook_updates": [{}], "impact": {}, "evidence": [{}],
    "horizons": {"immediate": {"actions": [{}]}}, "services": {"a": {"alerts": [1]}}, "tags": [1],
    "fields": {"incident": {"a": {}}}, "communications": [{}], "mitigations": [{}],
}  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["incident", "postmortem", "mitigation-plan"])
def test_levels_are_those_of_the_scheme(kind, scheme, write, run):
    write({"incident.yml": f"severity: {scheme}\n"})
    schema = json.loads(run("schema", kind).stdout)
    severity = followed(schema["properties"]["severity"], schema)
    levels = [level.name for level in SCHEMES[scheme].levels]
    assert severity["enum"] == levels
    assert set(severity["examples"]) <= set(levels)


def test_a_teams_own_fields_are_printed(write, run):
    write({"incident.yml": "fields: {incident: {depot: {enum: [North]}}}\n"})
    assert json.loads(run("schema", "incident").stdout)["properties"]["depot"] == {
        "enum": ["North"]
    }
    assert "depot" not in json.loads(run("schema", "postmortem").stdout)["properties"]


def test_an_unknown_kind(run):
    result = run("schema", "outage")
    assert (result.exit_code, result.stdout) == (2, "")


# Our words


def judged(kind, text):
    """What a schema says of front matter: line, column, rule and message of each finding."""
    document = read_document("incidents/x/record.md", f"---\n{text}---\n".encode(), kind=kind)
    schema = RecordSchema(kind)
    return sorted(
        (f.location.line, f.location.column, f.rule, f.message) for f in judge(document, schema)
    )


INCIDENT = 'id: INC-2025-0142\ntitle: x\nseverity: SEV2\nincident_commander: "@a"\n'
PLAN = "incident: INC-2025-0142\nseverity: SEV2\n"

WORDS = [
    ("incident", "id: x\n", [(1, 1, "missing-field", "Field `title` is missing")]),
    ("incident", INCIDENT + "titel: x\n", [(6, 1, "unknown-field", "Field `titel` is not known")]),
    (
        "incident",
        INCIDENT + "impact: {sumary: x, level: huge}\n",
        [
            (6, 10, "unknown-field", "Field `sumary` is not known in `impact`"),
            (6, 28, "value-not-allowed", "Degree `huge` is not one of `high`, `medium`, `low`"),
        ],
    ),
    (
        "incident",
        INCIDENT.replace("SEV2", "SEV9"),
        [(4, 11, "value-not-allowed", "Severity `SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`")],
    ),
    ("incident", INCIDENT + "services: x\n", [(6, 11, "wrong-type", "`services` is text, expected a list")]),
    ("incident", INCIDENT + "tags: [a, {b: 1}]\n", [(6, 11, "wrong-type", "`tags[1]` is a mapping, expected text")]),
    (
        "incident",
        INCIDENT + "timeline:\n  - at: 2025-06-15T14:23Z\n    event: x\n  - event: y\n",
        [(9, 5, "missing-field", "`timeline[1]` has no `at`")],
    ),
    (
        "incident",
        INCIDENT + "detected_at: soon\n",
        [(6, 14, "bad-format", "`detected_at` is `soon`, expected a time such as `2025-06-15T14:23Z`")],
    ),
    (
        "incident",
        INCIDENT + "impact: {users_affected_percent: 120}\n",
        [(6, 34, "value-not-allowed", "`impact.users_affected_percent` is `120`, expected at most 100")],
    ),
    (
        "incident",
        INCIDENT + "impact: {users_affected: -1}\n",
        [(6, 26, "value-not-allowed", "`impact.users_affected` is `-1`, expected at least 0")],
    ),
    ("postmortem", "incidents: []\ntitle: x\n", []),  # a rule's: postmortem-without-incident
    (
        "mitigation-plan",
        PLAN + "summary: {problem: x, impact: x, solution: x, eta: x}\n",
        [(1, 1, "missing-field", "Field `horizons` is missing")],
    ),
    ("runbook", "title: x\n", [(1, 1, "missing-field", "Field `id` is missing")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "expected"), WORDS, ids=lambda value: str(value)[-60:])
def test_errors_are_ours_and_at_the_value(kind, text, expected):
    assert judged(kind, text) == expected


WELL_FORMED = [
    ("instant", "2025-06-15T14:23Z", True),
    ("instant", "2025-06-15T14:23:05+02:00", True),
    ("instant", "2025-06-15T14:23", True),  # timeline-without-zone speaks of that
    ("instant", "2025-06-15", False),
    ("instant", "2025-06-31T14:23Z", False),
    ("instant", "14:23", False),
    ("date-time", "2025-06-15T14:23Z", True),
    ("date-time", "2025-06-15T14:23", False),
    ("date-time", "soon", False),
    ("date", "2025-06-15", True),
    ("date", "2025-02-29", False),
    ("date", "15.06.2025", False),
    ("uri", "https://example.org/a?b=c#d", True),
    ("uri", "mailto:sre@example.org", True),
    ("uri", "example.org/a", False),
    ("uri", "https://example.org/a b", False),
    ("uri", "https://[example", False),
    ("uri-reference", "../a/b.md#c", True),
    ("uri-reference", "a b.md", False),
    ("uri-reference", "//[a", False),
    ("channel", "#inc-{id}", True),
    ("channel", "#inc-{number}", False),
    ("channel", "#inc-{id", False),
    ("clock", "09:00", True),
    ("clock", "9:00", False),
    ("clock", "24:00", False),
    ("duration", "1 h 30 min", True),
    ("duration", "2-3 h", False),
    ("duration", "none", False),
    ("duration", "15", False),
    ("words", "some", True),
    ("words", " ", False),
    ("words", 5, True),
    ("duration-or-none", "none", True),
    ("duration-or-none", "7 days", True),
    ("duration-or-none", "soon", False),
]


@pytest.mark.parametrize(("name", "value", "well"), WELL_FORMED, ids=str)
def test_formats(name, value, well):
    validator = jsonschema.Draft202012Validator({"format": name}, format_checker=format_checker())
    assert validator.is_valid(value) is well
    assert validator.is_valid(5)  # its type is another keyword's business


def test_every_format_in_use_is_checked():
    used = {node["format"] for name in SCHEMAS for _, node in nodes(RAW[name]) if "format" in node}
    used = {word for word in used if isinstance(word, str)}
    assert used <= set(FORMATS)
    assert used <= {name for name, _, _ in WELL_FORMED}


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_message_never_repeats_a_huge_value(size):
    long = "x" * size
    text = INCIDENT + f"{long}: 1\nstatus: {long}\nservices: {{{long}: 1}}\ndetected_at: {long}\n"
    for *_, message in judged("incident", text):
        assert len(message) < 300


def test_severity_and_commander_are_asked_for_by_their_own_rules():
    assert judged("incident", "id: x\ntitle: x\n") == []


# Always


def plainly_valid(schema, record):
    return jsonschema.Draft202012Validator(
        schema.document, format_checker=format_checker()
    ).is_valid(record)


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 200)
    | st.sampled_from(
        ["", "x", "SEV1", "SEV9", "closed", "final", "active", "2025-06-15", "2025-06-15T14:23Z",
         "2025-02-30", "14:23", "@a", "INC-2025-0142", "RB-x", "https://example.org", "high", "open",
         "preventive", "a b", "incident", "postmortem"]
    )
)  # fmt: skip


def followed(schema, whole):
    """A schema with what it refers to written out."""
    while "$ref" in schema:
        own = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**resolved(whole, schema["$ref"]), **own}
    return schema


def values(schema, whole, depth=0):
    """Values that are near what a schema asks for: its own examples, pieces of them, and others."""
    schema = followed(schema, whole)
    options = [LEAVES]
    if schema.get("examples"):
        options.append(st.sampled_from(schema["examples"]).map(copy.deepcopy))
    if "properties" in schema and depth < 4:
        known = {key: values(part, whole, depth + 1) for key, part in schema["properties"].items()}
        options.append(st.fixed_dictionaries({}, optional={**known, "unknown": LEAVES}))
    if "items" in schema and depth < 4:
        options.append(st.lists(values(schema["items"], whole, depth + 1), max_size=3))
    return st.one_of(options)


def records(kind):
    whole = bundled(kind)
    required = {
        name: st.sampled_from(followed(whole["properties"][name], whole)["examples"])
        for name in whole["required"]
    }
    others = {
        name: values(part, whole)
        for name, part in whole["properties"].items()
        if name not in required
    }
    return st.fixed_dictionaries({}, optional={**required, **others, "unknown": LEAVES}) | (
        st.tuples(
            st.fixed_dictionaries(required),
            st.sampled_from(sorted(others)).flatmap(
                lambda name: st.fixed_dictionaries({name: others[name]})
            ),
        ).map(lambda parts: {**parts[0], **parts[1]})
    )


SCHEMA_OF = {kind: RecordSchema(kind) for kind in KINDS}
OWN_RULES = {"severity", "incident_commander"}


@pytest.mark.parametrize("kind", KINDS)
def test_findings_are_empty_if_and_only_if_the_record_is_valid(kind):
    schema = SCHEMA_OF[kind]
    seen = set()

    @settings(max_examples=150, deadline=None)
    @given(record=records(kind))
    def holds(record):
        before = copy.deepcopy(record)
        found = schema.findings(record, Positions, TOP)
        assert record == before
        if kind == "incident":  # what other rules ask for is given, so that both speak of the same
            record = {"severity": "SEV2", "incident_commander": "@a", **record}
        if kind == "postmortem" and record.get("incidents", []) == []:
            record = {**record, "incidents": ["INC-2025-0142"]}
        assert (not found) is plainly_valid(schema, record)
        seen.add(not found)
        for finding in found:
            assert finding.rule
            assert re.match(r"[`A-Z]", finding.message)
            assert not finding.message.endswith(".")
            assert "\n" not in finding.message

    holds()
    assert seen == {True, False}  # else it would have shown nothing


@settings(max_examples=150, deadline=None)
@given(record=records("postmortem"))
def test_a_record_is_read_as_it_was_written(record):
    """JSON is YAML: whatever a schema may get to see, the reader gives as it stands."""
    text = json.dumps(record)
    data, positions, findings = read_mapping(SourceText("record.yml", text))
    assert (data, findings) == (record, [])
    assert set(positions.keys) >= {(key,) for key in record}
