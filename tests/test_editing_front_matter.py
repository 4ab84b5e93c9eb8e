"""Setting values in front matter: the intended value changes, every other byte stays."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mkdocs_incident.editing.front_matter import append_entry, set_value
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.source.front_matter import read_front_matter
from mkdocs_incident.source.text import decode

PATH = "incidents/INC-2025-0142/incident.md"


def record(text):
    return RecordText.read(PATH, text if isinstance(text, bytes) else text.encode())


def fields(text):
    return f"---\n{text}---\n# Payments down\n"


def data_of(edited):
    """Read what was written without anything that the editing layer keeps."""
    return read_front_matter(decode(PATH, edited.content)).data


@pytest.mark.parametrize(
    ("before", "route", "value", "after"),
    [
        ("status: open # since noon\n", "status", "closed", "status: closed # since noon\n"),
        ("title: 'a: b'\n", "title", "it's", "title: 'it''s'\n"),
        ('title: "a"\n', "title", 'say "hi" \\', 'title: "say \\"hi\\" \\\\"\n'),
        ("title: a\n", "title", "b: c", 'title: "b: c"\n'),
        ("title: a\n", "title", "no", 'title: "no"\n'),
        ("title: a\n", "title", "12", 'title: "12"\n'),
        ("title: a\n", "title", "@ops", 'title: "@ops"\n'),
        ("title: a\n", "title", "# x", 'title: "# x"\n'),
        ("title: a\nid: 'X'\n", "title", "@ops", "title: '@ops'\nid: 'X'\n"),
        ("title: Störung\n", "title", "Ausfall – 決済", "title: Ausfall – 決済\n"),
        ("id: X\nstatus:   \n", "status", "closed", "id: X\nstatus: closed   \n"),
        ("id: X\nstatus: # soon\n", "status", "closed", "id: X\nstatus: closed # soon\n"),
        ("id: X\nstatus: ~\n", "status", "closed", "id: X\nstatus: closed\n"),
        ("major_incident: false\n", "major_incident", True, "major_incident: true\n"),
        ("impact: {users_affected: 3}\n", "impact/users_affected", 40,
         "impact: {users_affected: 40}\n"),
        ("date: 2025-06-15\n", "date", date(2025, 6, 16), "date: 2025-06-16\n"),
        ("resolved_at: '2025-06-15T14:23Z'\n", "resolved_at", datetime(2025, 6, 15, 15, tzinfo=UTC),
         "resolved_at: '2025-06-15T15:00Z'\n"),
        ("roles: { scribe : '@a' , coordinator: '@b' }\n", "roles/scribe", "@c",
         "roles: { scribe : '@c' , coordinator: '@b' }\n"),
        ('"title": a\n? id\n: X\n', "title", "b", '"title": b\n? id\n: X\n'),
        ("action_items:\n- {id: AI-1, title: A}\n- id: AI-2\n  title: B\n  status: open\n",
         "action_items[id=AI-2]/status", "done",
         "action_items:\n- {id: AI-1, title: A}\n- id: AI-2\n  title: B\n  status: done\n"),
        ("services: [a, b]\n", "services[1]", "c, d", 'services: [a, "c, d"]\n'),
        ("summary: |\n    one\n    two\n\nid: X\n", "summary", "three\nfour\n",
         "summary: |\n    three\n    four\n\nid: X\n"),
        ("summary: >- # folded\n  one\n  two\nid: X\n", "summary", "three",
         "summary: three # folded\nid: X\n"),
        ("summary: one\n  and more # why\nid: X\n", "summary", "two", "summary: two # why\nid: X\n"),
        # lists
        ("services: [a] # all\n", "services", ["a", "b"], "services: [a, b] # all\n"),
        ("services:\n- a # one\n\nid: X\n", "services", ["a", "b"],
         "services:\n- a # one\n- b\n\nid: X\n"),
        ("services:\n  - a\n  - b\n", "services", ["c", "d", "e"],
         "services:\n  - c\n  - d\n  - e\n"),
        ("services: []\n", "services", ["a"], "services: [a]\n"),
        ("services: a\n", "services", ["a", "b"], "services: [a, b]\n"),
        # keys that are not there: in the schema's order
        ("id: X\ntitle: T\nstatus: open # now\n\ntags: [a]\n", "severity", "SEV1",
         "id: X\ntitle: T\nseverity: SEV1\nstatus: open # now\n\ntags: [a]\n"),
        ("# about\ntitle: T\n", "id", "X", "# about\nid: X\ntitle: T\n"),
        ("id: X\nservices:\n  - a\n  # that is all\n# next\ntags: [a]\n", "category", "network",
         "id: X\nservices:\n  - a\n  # that is all\ncategory: network\n# next\ntags: [a]\n"),
        ("id: X\nx-team: a\n", "x-unit", "b", "id: X\nx-team: a\nx-unit: b\n"),
        ("id: X\nimpact:\n    level: high\n", "roles/scribe", "@a",
         'id: X\nroles:\n    scribe: "@a"\nimpact:\n    level: high\n'),
        ("roles: {scribe: a}\n", "roles/technical_lead", "b",
         "roles: {technical_lead: b, scribe: a}\n"),
        ("{id: X, title: T}\n", "severity", "SEV1", "{id: X, title: T, severity: SEV1}\n"),
        ("action_items:\n  - title: A\n    owner: b\n", "action_items[0]/id", "AI-1",
         "action_items:\n  - title: A\n    id: AI-1\n    owner: b\n"),
        ("id: X\nbase: &b\n  scribe: a\nroles:\n  <<: *b\n  coordinator: c\n", "roles/coordinator", "d",
         "id: X\nbase: &b\n  scribe: a\nroles:\n  <<: *b\n  coordinator: d\n"),
        ("", "status", "open", "status: open\n"),
        ("# nothing yet\n", "status", "open", "# nothing yet\nstatus: open\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
def test_the_diff_is_the_value(before, route, value, after, line_break, mark):  # noqa: PLR0917
    old, new = (mark + fields(text).replace("\n", line_break) for text in (before, after))
    assert set_value(record(old), route, value).content == new.encode()


@pytest.mark.parametrize(
    ("text", "route", "value", "line", "words"),
    [
        ("a: &s open\nstatus: *s\n", "status", "closed", 2, "shared by an alias"),
        ("status: &s open\nb: *s\n", "status", "closed", 2, "shared by an alias"),
        ("status: &s open\n", "status", "closed", 2, "anchor or a tag"),
        ("status: !!str open\n", "status", "closed", 2, "anchor or a tag"),
        ("a: &t |\n  x\nsummary: *t\n", "summary", "y", 2, "shared by an alias"),
        ("d: &d\n  scribe: a\nroles:\n  <<: *d\n", "roles/scribe", "b", 3, "merge key"),
        ("d: &d\n  scribe: a\nroles: *d\n", "roles/coordinator", "b", 2, "alias"),
        ("id: X\nroles:\n  scribe: a\n", "roles", "b", 4, "holds a mapping"),
        ("services: [a]\n", "services", "b", 2, "holds a list"),
        ("services:\n  - a # keep\n  - b\n", "services", ["c"], 3, "comments"),
        ("id: {{ id }}\n", "id", "X", 2, "holds a mapping"),
        ("id: X\n", "roles[0]", "X", 1, "is not there"),
        ("services: [a]\n", "services[1]", "b", 2, "no entries"),
        ("action_items: [{id: A, title: x}, {id: A, title: y}]\n", "action_items[id=A]/status",
         "done", 2, "2 entries"),
        ("id: X\n", "a[", "b", 1, "is no route"),
        ("id: X\n", "duration", "4 h", 6, "stands in the body"),
        ("severity: SEV2\n", "severity", "SEV1", 7, "in the body, too"),
        ("id: X\n", "action_items[id=AI-1]/status", "done", 11, "stands in the body"),
        ("? [a, b]\n: c\nid: X\n", "d/e[0]", "x", 1, "is not there"),
        ("id: X\nid: Y\n", "title", "x", 3, "given twice"),
        ("? status\nid: X\n", "status", "closed", 3, "without a change of anything else"),
        ("{status, id: X}\n", "status", "closed", 2, "without a change of anything else"),
        ("x: [status: open]\n", "x[0]/id", "a", 2, "without braces"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_its_place(text, route, value, line, words):
    body = "\n**Duration:** 3 h\n**Severity:** SEV2\n\n## Action items\n\n- [ ] AI-1: Look\n"
    whole = fields(text) + body
    shift = text.count("\n") - 1  # the body's lines are named as if the front matter had one field
    with pytest.raises(EditError) as refused:
        set_value(record(whole), route, value)
    assert words in refused.value.message
    assert refused.value.hint
    assert refused.value.location.path == PATH
    assert refused.value.location.line == line + (shift if "body" in words else 0)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"---\nid: [\n---\n", 3),
        (b"---\nid: X\n", 1),
        (b"---\nid: \xff\n---\n", 2),
        (b"---\n- a\n---\n", 2),
        (b"# No record\n", 1),
    ],
)
def test_a_file_that_gives_no_record_is_refused(content, line):
    with pytest.raises(EditError) as refused:
        record(content)
    assert refused.value.location.line == line
    assert refused.value.hint


def test_a_record_without_front_matter_has_none_to_edit():
    with pytest.raises(EditError, match="no front matter"):
        set_value(record("# INC-2025-0142: Down\n\n**Severity:** SEV1\n"), "status", "closed")


def test_a_value_that_is_there_already_changes_nothing():
    text = fields("status:   'open'  # x\n")
    assert set_value(record(text), "status", "open").text == text


@pytest.mark.parametrize(
    ("before", "entry", "index", "after"),
    [
        ("services: [a, b, ] # x\n", "c", None, "services: [a, b, c, ] # x\n"),
        ("services: [a, b]\n", "c", 0, "services: [c, a, b]\n"),
        ("services: [\n  a,\n  'b', # x\n]\n", "c", None,
         "services: [\n  a,\n  'b',\n  'c', # x\n]\n"),
        ('services:\n-   a\n-   "b" # x\n# end\nid: X\n', "c", None,
         'services:\n-   a\n-   "b" # x\n-   "c"\n# end\nid: X\n'),
        ("services:\n- a\n\n- b\n", "c", 1, "services:\n- a\n- c\n\n- b\n"),
        ("services:\n- a\n\n- b\n", "c", None, "services:\n- a\n\n- b\n\n- c\n"),
        ("services:\n", "c", None, "services: [c]\n"),
        ("id: X\n", "c", None, "id: X\nservices: [c]\n"),
        ("id: X\nalerts:\n- a\n", "c", None, "id: X\nservices:\n- c\nalerts:\n- a\n"),
    ],
)  # fmt: skip
def test_an_entry_is_written_as_its_siblings_are(before, entry, index, after):
    edited = append_entry(record(fields(before)), "services", entry, index)
    assert edited.text == fields(after)


def test_an_entry_of_fields_is_quoted_as_its_siblings_are():
    before = fields("communications:\n  - at: '2025-06-15T14:30Z'\n    text: \"a\" # c\nid: X\n")
    entry = {"at": "2025-06-15T15:00Z", "text": "b", "audience": "team: all"}
    assert append_entry(record(before), "communications", entry).text == fields(
        "communications:\n  - at: '2025-06-15T14:30Z'\n    text: \"a\" # c\n"
        '  - at: \'2025-06-15T15:00Z\'\n    text: "b"\n    audience: "team: all"\nid: X\n'
    )


# Whatever front matter looks like, one value changes and nothing else does.

WORDS = st.sampled_from(
    ["open", "Störung", "決済 停止", "a: b", "- x", "@ops", "no", "0x1F", "12:30", "1.5", "it's",
     'say "hi"', "#1", "a #b", "{x}", "[y]", "*z", "&w", "!v", "null", "", " padded ", "back\\slash",
     "tab\there", "line\nbreak", "two\n\nlines\n", "\u2028", "\x07", "🔥", "---", "...", "a,b", "%p",
     "|", ">", "? q", "key:", "2025-06-15", "2025-06-15T14:23Z", "=", "<<", "~", "`c`"]
) | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)  # fmt: skip
"""Values people set, and those that YAML would read as something else."""

TARGETS = ["severity", "status", "roles/scribe", "services[0]", "action_items[id=A-2]/status"]


def quoted(value, style):
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return '"' + value + '"' if style == '"' else value


@st.composite
def front_matters(draw):
    """Draw front matter in one of many hands: its text and the route of a value that is in it."""
    style = draw(st.sampled_from(["", "'", '"']))
    comment = draw(st.sampled_from(["", " # since noon", "  #", "   ", " # ä'\"{"]))
    key = draw(st.sampled_from(["{}", '"{}"', "'{}'"])).format
    gap = draw(st.sampled_from([" ", "  ", "\n  "]))
    old = quoted(draw(st.sampled_from(["one", "zwölf", "a b"])), style)
    indent = draw(st.sampled_from(["", "  ", "    "]))
    blocks = [
        f"{key('severity')}:{gap}{old}{comment}\n",
        f"{key('status')} : {old}{comment}\n",
        draw(st.sampled_from([
            f"roles:\n  scribe: {old}{comment}\n  # c\n  coordinator: '@x'\n",
            f"roles: {{ {key('coordinator')}: '@x', {key('scribe')}: {old} }}{comment}\n",
            f"roles: {{coordinator: x,\n  scribe: {old}{comment}\n  }}\n",
        ])),
        draw(st.sampled_from([
            f"services:\n{indent}- {old}{comment}\n\n{indent}- other\n",
            f"services: [{old}, other]{comment}\n",
        ])),
        draw(st.sampled_from([
            (f"action_items:\n{indent}- title: x\n{indent}  id: A-1\n"
            f"{indent}- id: A-2\n{indent}  status: {old}{comment}\n{indent}  title: y\n"),
            f"action_items: [{{id: A-1, title: x}}, {{id: A-2, status: {old}, title: y}}]{comment}\n",
        ])),
    ]  # fmt: skip
    around = [
        "# a comment: with 'signs\n",
        "x-base: &base {a: 1, b: [2, 3]}\nx-use: *base\n",
        "x-merged:\n  <<: *base\n  c: 3\n",
        "x-text: |+\n  keep\n\n\nx-after: z\n",
        "x-folded: >-\n  long\n  text\n\n",
        "x-null:\nx-tilde: ~\n",
        "\n",
    ]
    kept = [block for block in around if draw(st.booleans())]
    if around[2] in kept and around[1] not in kept:
        kept.insert(0, around[1])
    target = draw(st.integers(0, len(TARGETS) - 1))
    chosen = [b for i, b in enumerate(blocks) if i == target or draw(st.booleans())]
    place = draw(st.integers(0, len(kept)))
    text = "".join([*kept[:place], *chosen, *kept[place:]])
    body = draw(st.sampled_from(["", "# T", "# T\n\n## Timeline\n\n- 14:23 UTC Alert \n"]))
    whole = f"---\n{text}---\n{body}".replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return draw(st.sampled_from(["", "\ufeff"])) + whole, TARGETS[target]


def steps(route):
    return {"services[0]": ("services", 0), "action_items[id=A-2]/status": ("action_items", 1, "status")
            }.get(route, tuple(route.split("/")))  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(front_matters(), WORDS | st.integers(-9, 10**9) | st.booleans())
@example(("---\nstatus: a\n---\n", "status"), "a\n\nb")
def test_only_the_intended_value_changes(drawn, value):
    text, route = drawn
    old = record(text.encode())
    span = old.layout.values[steps(route)]
    edited = set_value(old, route, value)
    new, source = edited.source.text, old.source.text
    in_lines = isinstance(value, str) and "\n" in value  # may become a block below its key
    head = source[: span.start].rstrip() if in_lines else source[: span.start]
    tail = source[old.line_end(span.end) if in_lines else span.end :]
    assert new.startswith(head)
    assert new.endswith(tail)
    assert edited.text.startswith("\ufeff") == text.startswith("\ufeff")
    expected = data_of(old)
    target = expected
    for step in steps(route)[:-1]:
        target = target[step]
    target[steps(route)[-1]] = value
    assert repr(data_of(edited)) == repr(expected)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    front_matters(),
    st.sampled_from(["title", "roles/communications_lead", "detection/method", "x-new/deep/er"]),
    WORDS,
)
def test_only_the_intended_key_is_added(drawn, route, value):
    text, _ = drawn
    old = record(text.encode())
    edited = set_value(old, route, value)
    removed = old.source.text
    added = edited.source.text
    start = next((i for i, (a, b) in enumerate(zip(removed, added, strict=False)) if a != b), 0)
    length = len(added) - len(removed)
    assert any(
        added[:at] + added[at + length :] == removed
        for at in range(max(0, start - length), start + 1)
    ), "nothing but one piece of text is added"
    expected = data_of(old)
    target = expected
    *parents, last = route.split("/")
    for step in parents:
        target = target.setdefault(step, {})
    target[last] = value
    assert data_of(edited) == expected


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(front_matters(), st.sampled_from(["services", "responders"]), WORDS, st.integers(0, 1))
def test_only_the_intended_entry_is_added(drawn, route, value, index):
    text, _ = drawn
    old = record(text.encode())
    at = index if route == "services" and "services" in data_of(old) else None
    edited = append_entry(old, route, value, at)
    expected = data_of(old)
    entries = expected.setdefault(route, [])
    entries.insert(len(entries) if at is None else at, value)
    assert data_of(edited) == expected
    lines = edited.source.lines
    kept = [line for line in old.source.lines if not line.lstrip().startswith("services")]
    remaining = iter(lines)
    assert all(line in remaining for line in kept), "all other lines stay, in their order"
