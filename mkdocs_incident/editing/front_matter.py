"""Setting values and appending entries in front matter, in the bytes that are there."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.editing.front_matter_form import (
    column_of,
    entry_lines,
    flow_text,
    is_in_flow,
    key_lines,
    own_indent,
    style_of,
    value_text,
)
from mkdocs_incident.editing.record_text import EditError, RecordText, same
from mkdocs_incident.editing.routes import put_at, refuse, refuse_body, resolve, value_at
from mkdocs_incident.editing.yaml_text import Value, canonical, scalar_text
from mkdocs_incident.patterns import regex
from mkdocs_incident.schema.bundling import field_order
from mkdocs_incident.schema.explanation import readable
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.layout import Written

_DASH = regex(r"[ ]*-[ ]+")
_COMMENT_BELOW = regex(r"(?:\r\n|\r|\n)(?P<indent>[ ]*)#[^\r\n]*")
_ALIAS = regex(r"\s*:\s*\*[^\s,\[\]{}]+")


def set_value(
    record: RecordText, route: str | Route, value: Value, *, at_end: bool = False
) -> RecordText:
    """Return the record with the front matter's value at `route` set.

    Args:
        record: the file.
        route: keys with ``/``, entries of a list by index or by a field: ``status``,
            ``roles/scribe``, ``action_items[id=AI-2]/status``; or keys and indices as a tuple.
        value: what is to be read there afterwards; a day or an instant is written as ISO text. A list
            holds text; a mapping is written for a key that is not there yet.
        at_end: whether a key that is not there goes behind all others of its mapping.

    A key that is not there is added: behind its nearest predecessor in the schema's order, or at the
    end of its mapping. Mappings on the way to it are begun.

    Raises:
        EditError: the edit would change anything else, or can't be made in this place.
    """
    _refuse_double_keys(record)
    steps = resolve(record, route)
    wanted = canonical(value)
    expected = copy.deepcopy(record.data)
    put_at(record, expected, steps, wanted)
    if steps in record.layout.values:
        if same(value_at(record.data, steps), wanted):
            return record
        edited = _replace(record, steps, wanted)
    else:
        edited = _add_key(record, steps, wanted, at_end=at_end)
    return _proved(record, edited, steps, expected)


def append_entry(
    record: RecordText, route: str | Route, entry: str | Mapping[str, Any], index: int | None = None
) -> RecordText:
    """Return the record with `entry` in the front matter's list at `route`, at its end or at `index`.

    It is written as its siblings are; a list that is not there yet is begun.

    Raises:
        EditError: as for `set_value`.
    """
    _refuse_double_keys(record)
    steps = resolve(record, route)
    wanted = canonical(entry)
    here = record.layout.values.get(steps)
    known = value_at(record.data, steps) if here is not None else None
    if known is not None and not isinstance(known, list):
        refuse(record, steps, "holds no list")
    expected = copy.deepcopy(record.data)
    entries = list(known or [])
    at = len(entries) if index is None else index
    put_at(record, expected, steps, [*entries[:at], wanted, *entries[at:]])
    if here is None:
        edited = _add_key(record, steps, [wanted])
    elif not entries:
        edited = _replace(record, steps, [wanted])
    else:
        _check_own(record, steps, here)
        edited = _insert_entry(record, steps, here, wanted, at)
    return _proved(record, edited, steps, expected)


# ---------------------------------------------------------------------------------------------
# Proof


def _refuse_double_keys(record: RecordText) -> None:
    """Refuse front matter that says a thing twice: which one is meant is not certain."""
    for finding in record.front.findings:
        if finding.rule == "duplicate-key":
            raise EditError(finding.location, finding.message, finding.hint)


def _check_own(record: RecordText, steps: Route, value: Written) -> None:
    """Refuse a value that other values are made of, or that is made of another."""
    if value.is_shared:
        refuse(record, steps, "is shared by an alias or a merge key, an edit would change more",
                "Write the value out where it is wanted")  # fmt: skip
    if value.kind != "mapping" and record.source.text[value.start : value.start + 1] in {"&", "!"}:
        refuse(record, steps, "has an anchor or a tag", "Take the anchor or the tag away")


def _proved(record: RecordText, edited: RecordText, steps: Route, expected: Any) -> RecordText:
    """Return the edited record once it reads as expected, and all else as before."""
    before, after = record.front, edited.front
    untouched = (
        after.data is not None
        and same(after.data, expected)
        and edited.source.text[after.body_start :] == record.source.text[before.body_start :]
        and edited.document.is_record
    )
    if not untouched:
        refuse(record, steps, "can't be edited without a change of anything else")
    known = _twice(record.document)
    places, messages = {found.related for found in known}, {found.message for found in known}
    # Known by its place or its words: lines may have moved, the front matter's value changed.
    for finding in _twice(edited.document):
        if finding.related not in places and finding.message not in messages:
            name = readable(steps)
            raise EditError(finding.location, f"`{name}` stands in the body, too, with another value",
                            "Take it out of the body, or edit both by hand")  # fmt: skip
    return edited


def _twice(document: Document) -> list[Finding]:
    """Return the findings of facts that the record tells twice, and differently."""
    return [finding for finding in document.findings if finding.rule == "field-given-twice"]


# ---------------------------------------------------------------------------------------------
# Values in place of others


def _replace(record: RecordText, steps: Route, wanted: Any) -> RecordText:
    here = record.layout.values[steps]
    _check_own(record, steps, here)
    if here.kind == "mapping" or (here.kind == "list" and not isinstance(wanted, list)):
        refuse(record, steps, f"holds a {here.kind}, expected a value of the same form")
    if here.kind == "list" and (old := value_at(record.data, steps)):
        if not same(wanted[: len(old)], old):
            return _replace_list(record, steps, here, wanted)
        for entry in wanted[len(old) :]:
            record = _insert_entry(record, steps, record.layout.values[steps], entry, None)
        return record
    is_block = here.style in {"|", ">"}
    on_key_line = isinstance(steps[-1], str) and not is_in_flow(record, steps)
    if on_key_line and not is_block:
        on_key_line = here.end <= record.line_end(record.layout.keys[steps][1])
    if on_key_line and (is_block or isinstance(wanted, list) or "\n" in str(wanted)):
        indent = own_indent(record, steps) if is_block else None
        return _rewrite(
            record, steps, here, value_text(record, wanted, column_of(record, steps), indent)
        )
    gap = " " if here.start == here.end and record.source.text[here.start - 1] != " " else ""
    style = here.style if here.style in {"'", '"'} else ""
    new = flow_text(record, wanted, style, in_flow=is_in_flow(record, steps))
    return record.replaced(here.start, here.end, gap + new)


def _rewrite(
    record: RecordText, steps: Route, here: Written, rendered: tuple[str, list[str]]
) -> RecordText:
    """Write a value behind its key, its further lines below that line; a comment there stays."""
    head, lines = rendered
    colon = record.source.text.index(":", record.layout.keys[steps][1]) + 1
    first_end = record.line_end(colon)
    line_break = record.line_break(colon)
    block = "".join(line_break + line for line in lines)
    if here.end > first_end:  # an old block below its key: its header is on the key's line
        edited = record.replaced(first_end, here.end, block)
        header = re.compile(r"[ ]*[|>][-+0-9]*").match(record.source.text, colon)
        return edited.replaced(colon, header.end() if header else here.end, head)
    return record.replaced(first_end, first_end, block).replaced(colon, max(here.end, colon), head)


def _replace_list(record: RecordText, steps: Route, here: Written, wanted: list[Any]) -> RecordText:
    """Write a list in place of another one, in its style, if no comment is lost."""
    inside = [
        place for route, place in record.layout.values.items()
        if route[: len(steps)] == steps and place.kind == "scalar"
    ]  # fmt: skip
    between = record.source.text[here.start : here.end]
    for place in sorted(inside, key=lambda place: -place.start):
        between = between[: place.start - here.start] + between[place.end - here.start :]
    if "#" in between or any(place.is_shared for place in inside):
        refuse(record, steps, "has comments or anchors between its entries")
    if here.is_flow or not wanted:
        return record.replaced(here.start, here.end, flow_text(record, wanted))
    indent = " " * (here.start - record.line_start(here.start))
    lines = [line for entry in wanted for line in entry_lines(record, steps, entry, indent)]
    text = record.line_break(here.start).join(lines).removeprefix(indent)
    return record.replaced(here.start, here.end, text)


# ---------------------------------------------------------------------------------------------
# Keys and entries that are new


def _add_key(record: RecordText, steps: Route, wanted: Any, *, at_end: bool = False) -> RecordText:
    parent, key = steps[:-1], steps[-1]
    if is_told_by_body(record, steps):
        refuse_body(record, steps)
    if not isinstance(key, str):
        refuse(record, parent, "has no such entry")
    here = record.layout.values.get(parent)
    if parent and (
        here is None or (here.kind == "scalar" and value_at(record.data, parent) is None)
    ):
        if here is None:
            return _add_key(record, parent, {key: wanted}, at_end=at_end)
        _check_own(record, parent, here)
        rendered = value_text(record, {key: wanted}, column_of(record, parent))
        return _rewrite(record, parent, here, rendered)
    if here is None:  # nothing between the dashes
        lines = key_lines(record, key, wanted, 0)
        at = record.layout.end
        return record.replaced(at, at, "".join(line + record.line_break(0) for line in lines))
    _check_own(record, parent, here)
    if here.kind != "mapping":
        refuse(record, parent, "holds no mapping")
    own = [route for route in record.layout.keys if route[:-1] == parent
           and not _is_merged(record, route, here)]  # fmt: skip
    if here.is_flow:
        return _add_to_flow(record, parent, here, key, wanted)
    if not own:
        refuse(record, parent, "has only keys that it merges")
    slot = len(own) if at_end else _slot(record, parent, own, key)
    lines = key_lines(record, key, wanted, column := column_of(record, own[0]))
    if slot == 0:
        at, _ = record.layout.keys[own[0]]
        apart = record.line_break(at) + " " * column
        return record.replaced(
            at, at, apart.join([lines[0].lstrip(" "), *_dedented(lines, column)])
        )
    return _below(record, _with_comments(record, _end_of(record, own[slot - 1]), column), lines)


def _dedented(lines: list[str], column: int) -> list[str]:
    return [line[column:] for line in lines[1:]] + [""]


def _with_comments(record: RecordText, end: int, column: int) -> int:
    """Return where the comments end that stand below a value and further in than its key."""
    text = record.source.text
    found = end
    while (match := _COMMENT_BELOW.match(text, record.line_end(found))) is not None:
        if len(match["indent"]) <= column:
            break
        found = match.end()
    return found


def is_told_by_body(record: RecordText, steps: Route) -> bool:
    """Whether the body tells a value that the front matter lacks; a heading is no second title."""
    value = value_at(record.document.record, steps)
    first, _ = record.source.position(record.front.body_start)
    is_there = value is not None and not isinstance(value, dict) and steps != ("title",)
    return is_there and record.document.at(*steps).line >= first


def _is_merged(record: RecordText, route: Route, parent: Written) -> bool:
    value = record.layout.values[route]
    start, _ = record.layout.keys[route]
    return value.is_shared and not (parent.start <= start < parent.end)


def _slot(record: RecordText, parent: Route, own: list[Route], key: str) -> int:
    """Return before which of its siblings a new key belongs by the schema's order, else their number.

    It is the first place that puts the fewest keys on the wrong side of it.
    """
    order = field_order(record.document.kind, parent)
    ranks = [order.index(route[-1]) if route[-1] in order else None for route in own]
    if key not in order or not any(rank is not None for rank in ranks):
        return len(own)
    rank = order.index(key)
    wrong = [
        sum(other is not None and other > rank for other in ranks[:slot])
        + sum(other is not None and other < rank for other in ranks[slot:])
        for slot in range(len(own) + 1)
    ]
    return wrong.index(min(wrong))


def _end_of(record: RecordText, route: Route) -> int:
    """Return where the value of a key ends, what it holds included."""
    value = record.layout.values[route]
    return max(value.end, record.layout.keys[route][1] if route in record.layout.keys else 0)


def _below(record: RecordText, offset: int, lines: list[str]) -> RecordText:
    """Write lines below the line of `offset`."""
    at = record.line_end(offset)
    line_break = record.line_break(offset)
    text = record.source.text
    if offset > record.line_start(offset) or not text[:offset].endswith(("\n", "\r")):
        return record.replaced(at, at, "".join(line_break + line for line in lines))
    return record.replaced(offset, offset, "".join(line + line_break for line in lines))


def _add_to_flow(
    record: RecordText, parent: Route, here: Written, key: str, wanted: Any
) -> RecordText:
    text = record.source.text
    if text[here.start] != "{":
        refuse(record, parent, "is written without braces")
    entry = f"{scalar_text(key, in_flow=True)}: {flow_text(record, wanted)}"
    own = [route for route in record.layout.keys if route[:-1] == parent]
    inside = [route for route in own if here.start < record.layout.keys[route][0] < here.end]
    if not inside:
        return record.replaced(here.start + 1, here.end - 1, entry)
    slot = _slot(record, parent, inside, key)
    if slot == 0:
        first = record.layout.keys[inside[0]][0]
        return record.replaced(first, first, f"{entry}, ")
    before = inside[slot - 1]
    end = _end_of(record, before)
    value = record.layout.values[before]
    if value.is_elsewhere and (alias := _ALIAS.match(record.source.text, end)):
        end = alias.end()
    return record.replaced(end, end, f", {entry}")


def _insert_entry(
    record: RecordText, steps: Route, here: Written, wanted: Any, index: int | None
) -> RecordText:
    """Write an entry before the one at `index`, behind the last one without it."""
    count = len(value_at(record.data, steps))
    at = count if index is None else index
    sibling = (*steps, max(at - 1, 0))
    near = record.layout.values[sibling]
    if near.is_elsewhere:
        refuse(record, steps, "has an alias where the entry would stand")
    text = record.source.text
    if here.is_flow:
        new = flow_text(record, wanted, style_of(record, sibling))
        line = text[record.line_start(near.start) : near.start]
        apart = f"{record.line_break(near.start)}{line}" if not line.strip() else " "
        if at == 0:
            return record.replaced(near.start, near.start, f"{new},{apart}")
        return record.replaced(near.end, near.end, f",{apart}{new}")
    start = record.line_start(near.start)
    dash = _DASH.fullmatch(text[start : near.start] + (" " if near.start == near.end else ""))
    if dash is None:
        refuse(record, steps, "is not written one entry a line")
    lines = entry_lines(record, sibling, wanted, dash[0][: dash[0].index("-")], dash[0])
    if at == 0:
        line_break = record.line_break(start)
        return record.replaced(start, start, "".join(line + line_break for line in lines))
    blank = _blank_between(record, steps, at)
    below = _with_comments(record, near.end, len(dash[0]) - 1)
    return _below(record, below, [*blank, *lines])


def _blank_between(record: RecordText, steps: Route, index: int) -> list[str]:
    """Return a blank line where the entries before are kept apart by one."""
    if index < 2:
        return []
    one, two = (record.layout.values[*steps, i] for i in (index - 2, index - 1))
    between = re.split(r"\r\n|\r|\n", record.source.text[one.end : two.start])[1:-1]
    return [""] if between and not between[0].strip() and not two.is_elsewhere else []
