"""Setting values and appending entries in front matter, in the bytes that are there."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.editing.record_text import EditError, RecordText, same
from mkdocs_incident.editing.yaml_text import Value, canonical, literal_text, scalar_text
from mkdocs_incident.schema import field_order, readable
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.layout import Written
from mkdocs_incident.wording import clip

_STEP = re.compile(r"(?P<key>[^\[\]/]+)(?P<choices>(?:\[[^\[\]]+\])*)")
_CHOICE = re.compile(r"\[(?:(?P<index>\d+)|(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*))\]")
_DASH = re.compile(r"[ ]*-[ ]+")
_COMMENT_BELOW = re.compile(r"(?:\r\n|\r|\n)(?P<indent>[ ]*)#[^\r\n]*")
_ALIAS = re.compile(r"\s*:\s*\*[^\s,\[\]{}]+")
_BY_HAND = "Edit the file by hand"


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
    _put(record, expected, steps, wanted)
    if steps in record.layout.values:
        if same(_get(record.data, steps), wanted):
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
    known = _get(record.data, steps) if here is not None else None
    if known is not None and not isinstance(known, list):
        _refuse(record, steps, "holds no list")
    expected = copy.deepcopy(record.data)
    entries = list(known or [])
    at = len(entries) if index is None else index
    _put(record, expected, steps, [*entries[:at], wanted, *entries[at:]])
    if here is None:
        edited = _add_key(record, steps, [wanted])
    elif not entries:
        edited = _replace(record, steps, [wanted])
    else:
        _check_own(record, steps, here)
        edited = _insert_entry(record, steps, here, wanted, at)
    return _proved(record, edited, steps, expected)


# ---------------------------------------------------------------------------------------------
# Routes


def resolve(record: RecordText, route: str | Route) -> Route:
    """Return the keys and indices that a written route means in the front matter.

    Raises:
        EditError: an entry that it names is not there, or stands in the body.
    """
    if isinstance(route, tuple):
        return route
    steps: list[str | int] = []
    for part in route.split("/"):
        match = _STEP.fullmatch(part)
        choices = list(_CHOICE.finditer(match["choices"])) if match else []
        if match is None or "".join(choice[0] for choice in choices) != match["choices"]:
            raise EditError(
                record.front.location,
                f"`{clip(route)}` is no route, expected names such as `action_items[id=AI-2]/status`",
                "Separate keys by `/`, and name entries of a list by `[id=…]` or `[0]`",
            )
        steps.append(match["key"])
        for choice in choices:
            steps.append(_chosen(record, tuple(steps), choice))
    return tuple(steps)


def _chosen(record: RecordText, steps: Route, choice: re.Match[str]) -> int:
    """Return the index of the entry that ``[0]`` or ``[id=AI-2]`` names."""
    entries = _get(record.data, steps)
    name = readable(steps)
    if not isinstance(entries, list):
        if isinstance(_get(record.document.record, steps), list):
            _refuse_body(record, steps)
        _refuse(record, steps, "is no list" if entries is not None else "is not there")
    if choice["index"]:
        index = int(choice["index"])
        found = [index] if index < len(entries) else []
    else:
        found = [
            i
            for i, entry in enumerate(entries)
            if isinstance(entry, dict) and str(entry.get(choice["key"])) == choice["value"]
        ]
    if len(found) == 1:
        return found[0]
    raise EditError(
        _place(record, steps),
        f"`{name}` has {len(found) or 'no'} entries `{clip(choice[0])}`, expected one",
        "Name an entry that is there, by a field that no other entry has in common",
    )


def _get(data: Any, steps: Route) -> Any:
    for step in steps:
        if isinstance(step, str) and isinstance(data, dict):
            data = data.get(step)
        elif isinstance(step, int) and isinstance(data, list) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _put(record: RecordText, data: dict[str, Any], steps: Route, value: Any) -> None:
    target: Any = data
    for depth, step in enumerate(steps[:-1], start=1):
        if isinstance(target, dict) and isinstance(step, str):
            if target.get(step) is None:
                target[step] = {}
            target = target[step]
        elif isinstance(target, list) and isinstance(step, int) and step < len(target):
            target = target[step]
        else:
            _refuse(record, steps[:depth], "is not there")
    last = steps[-1]
    is_key = isinstance(target, dict) and isinstance(last, str)
    if not is_key and not (isinstance(target, list) and last in range(len(target))):
        _refuse(record, steps[:-1], "holds no such value")
    target[last] = value


# ---------------------------------------------------------------------------------------------
# Refusals and proof


def _place(record: RecordText, steps: Route) -> Location:
    positions = record.front.positions
    for end in range(len(steps), 0, -1):
        found = positions.values.get(steps[:end]) or positions.keys.get(steps[:end])
        if found is not None:
            return found
    return record.front.location


def _refuse(record: RecordText, steps: Route, why: str, hint: str = _BY_HAND) -> NoReturn:
    raise EditError(_place(record, steps), f"`{readable(steps)}` {why}", hint)


def _refuse_body(record: RecordText, steps: Route) -> NoReturn:
    raise EditError(
        record.document.at(*steps),
        f"`{readable(steps)}` stands in the body, not in the front matter",
        "Edit it there, or move it into the front matter",
    )


def _refuse_double_keys(record: RecordText) -> None:
    """Refuse front matter that says a thing twice: which one is meant is not certain."""
    for finding in record.front.findings:
        if finding.rule == "duplicate-key":
            raise EditError(finding.location, finding.message, finding.hint)


def _check_own(record: RecordText, steps: Route, value: Written) -> None:
    """Refuse a value that other values are made of, or that is made of another."""
    if value.is_shared:
        _refuse(record, steps, "is shared by an alias or a merge key, an edit would change more",
                "Write the value out where it is wanted")  # fmt: skip
    if value.kind != "mapping" and record.source.text[value.start : value.start + 1] in {"&", "!"}:
        _refuse(record, steps, "has an anchor or a tag", "Take the anchor or the tag away")


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
        _refuse(record, steps, "can't be edited without a change of anything else")
    known = _twice(record.document)
    places, messages = {found.related for found in known}, {found.message for found in known}
    for finding in _twice(
        edited.document
    ):  # lines may have moved, the value of the front matter changed
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
        _refuse(record, steps, f"holds a {here.kind}, expected a value of the same form")
    if here.kind == "list" and (old := _get(record.data, steps)):
        if not same(wanted[: len(old)], old):
            return _replace_list(record, steps, here, wanted)
        for entry in wanted[len(old) :]:
            record = _insert_entry(record, steps, record.layout.values[steps], entry, None)
        return record
    is_block = here.style in {"|", ">"}
    on_key_line = isinstance(steps[-1], str) and not _in_flow(record, steps)
    if on_key_line and not is_block:
        on_key_line = here.end <= record.line_end(record.layout.keys[steps][1])
    if on_key_line and (is_block or isinstance(wanted, list) or "\n" in str(wanted)):
        indent = _own_indent(record, steps) if is_block else None
        return _rewrite(
            record, steps, here, _rendered(record, wanted, _column(record, steps), indent)
        )
    gap = " " if here.start == here.end and record.source.text[here.start - 1] != " " else ""
    style = here.style if here.style in {"'", '"'} else ""
    new = _flow(record, wanted, style, in_flow=_in_flow(record, steps))
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
        _refuse(record, steps, "has comments or anchors between its entries")
    if here.is_flow or not wanted:
        return record.replaced(here.start, here.end, _flow(record, wanted))
    indent = " " * (here.start - record.line_start(here.start))
    lines = [line for entry in wanted for line in _entry_lines(record, steps, entry, indent)]
    text = record.line_break(here.start).join(lines).removeprefix(indent)
    return record.replaced(here.start, here.end, text)


# ---------------------------------------------------------------------------------------------
# Keys and entries that are new


def _add_key(record: RecordText, steps: Route, wanted: Any, *, at_end: bool = False) -> RecordText:
    parent, key = steps[:-1], steps[-1]
    if is_told_by_body(record, steps):
        _refuse_body(record, steps)
    if not isinstance(key, str):
        _refuse(record, parent, "has no such entry")
    here = record.layout.values.get(parent)
    if parent and (here is None or (here.kind == "scalar" and _get(record.data, parent) is None)):
        if here is None:
            return _add_key(record, parent, {key: wanted}, at_end=at_end)
        _check_own(record, parent, here)
        rendered = _rendered(record, {key: wanted}, _column(record, parent))
        return _rewrite(record, parent, here, rendered)
    if here is None:  # nothing between the dashes
        lines = _key_lines(record, key, wanted, 0)
        at = record.layout.end
        return record.replaced(at, at, "".join(line + record.line_break(0) for line in lines))
    _check_own(record, parent, here)
    if here.kind != "mapping":
        _refuse(record, parent, "holds no mapping")
    own = [route for route in record.layout.keys if route[:-1] == parent
           and not _is_merged(record, route, here)]  # fmt: skip
    if here.is_flow:
        return _add_to_flow(record, parent, here, key, wanted)
    if not own:
        _refuse(record, parent, "has only keys that it merges")
    slot = len(own) if at_end else _slot(record, parent, own, key)
    lines = _key_lines(record, key, wanted, column := _column(record, own[0]))
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
    value = _get(record.document.record, steps)
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
        _refuse(record, parent, "is written without braces")
    entry = f"{scalar_text(key, in_flow=True)}: {_flow(record, wanted)}"
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
    count = len(_get(record.data, steps))
    at = count if index is None else index
    sibling = (*steps, max(at - 1, 0))
    near = record.layout.values[sibling]
    if near.is_elsewhere:
        _refuse(record, steps, "has an alias where the entry would stand")
    text = record.source.text
    if here.is_flow:
        new = _flow(record, wanted, _style(record, sibling))
        line = text[record.line_start(near.start) : near.start]
        apart = f"{record.line_break(near.start)}{line}" if not line.strip() else " "
        if at == 0:
            return record.replaced(near.start, near.start, f"{new},{apart}")
        return record.replaced(near.end, near.end, f",{apart}{new}")
    start = record.line_start(near.start)
    dash = _DASH.fullmatch(text[start : near.start] + (" " if near.start == near.end else ""))
    if dash is None:
        _refuse(record, steps, "is not written one entry a line")
    lines = _entry_lines(record, sibling, wanted, dash[0][: dash[0].index("-")], dash[0])
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


# ---------------------------------------------------------------------------------------------
# How values are written


def _entry_lines(
    record: RecordText, sibling: Route, wanted: Any, indent: str, marker: str | None = None
) -> list[str]:
    """Return the lines of a block list's entry, its fields quoted as those of its sibling are."""
    marker = marker or indent + "- "
    if not isinstance(wanted, dict):
        return [marker + scalar_text(wanted, _style(record, sibling), _quote(record))]
    near = record.layout.values.get(sibling)
    in_flow = near is not None and near.is_flow
    fields = [
        f"{scalar_text(key, in_flow=in_flow)}: "
        + _flow(record, value, _style(record, (*sibling, key)), in_flow=in_flow)
        for key, value in wanted.items()
    ]
    if in_flow:
        return [f"{marker}{{{', '.join(fields)}}}"]
    return [(" " * len(marker) if i else marker) + field for i, field in enumerate(fields)]


def _key_lines(record: RecordText, key: str, wanted: Any, column: int) -> list[str]:
    head, lines = _rendered(record, wanted, column)
    return [f"{' ' * column}{scalar_text(key, quote=_quote(record))}:{head}", *lines]


def _rendered(
    record: RecordText, wanted: Any, column: int, inner: str | None = None
) -> tuple[str, list[str]]:
    """Return what stands behind the colon of a key at `column`, and the lines below it."""
    quote = _quote(record)
    if isinstance(wanted, str):
        indent = inner or " " * (column + _unit(record))
        block = literal_text(wanted, indent, "\n") if "\n" in wanted else None
        if block is not None:
            header, *lines = block.split("\n")
            return f" {header}", lines
        return " " + scalar_text(wanted, quote=quote), []
    if isinstance(wanted, dict):
        below = column + _unit(record)
        return "", [line for key, value in wanted.items()
                    for line in _key_lines(record, key, value, below)]  # fmt: skip
    if isinstance(wanted, list) and wanted:
        indent = " " * (column + _dash_indent(record))
        entries = any(isinstance(entry, dict) for entry in wanted)
        if entries or _prefers_blocks(record):
            return "", [line for entry in wanted
                        for line in _entry_lines(record, (), entry, indent)]  # fmt: skip
    return " " + _flow(record, wanted, in_flow=False), []


def _flow(record: RecordText, wanted: Any, style: str = "", *, in_flow: bool = True) -> str:
    quote = _quote(record)
    if isinstance(wanted, list):
        inner = (_flow(record, entry, style) for entry in wanted)
        return f"[{', '.join(inner)}]"
    if isinstance(wanted, dict):
        fields = (
            f"{scalar_text(key, in_flow=True)}: {_flow(record, value, style)}"
            for key, value in wanted.items()
        )
        return f"{{{', '.join(fields)}}}"
    return scalar_text(wanted, style, quote, in_flow=in_flow)


def _style(record: RecordText, route: Route) -> str:
    """Return the quotes of a value, or of the same field of another entry of its list."""
    found = record.layout.values.get(route)
    if found is None and len(route) > 1 and isinstance(route[-2], int):
        found = next(
            (
                place for at, place in record.layout.values.items()
                if len(at) == len(route) and at[: len(route) - 2] == route[:-2] and at[-1] == route[-1]
            ),
            None,
        )  # fmt: skip
    return found.style if found is not None and found.style in {"'", '"'} else ""


def _quote(record: RecordText) -> str:
    """Return the quotes that the file uses most."""
    styles = Counter(place.style for place in record.layout.values.values())
    return "'" if styles["'"] > styles['"'] else '"'


def _in_flow(record: RecordText, steps: Route) -> bool:
    parents = (record.layout.values.get(steps[:end]) for end in range(len(steps)))
    return any(parent is not None and parent.is_flow for parent in parents)


def _column(record: RecordText, steps: Route) -> int:
    """Return how many characters stand before a key on its line."""
    start, _ = record.layout.keys[steps]
    return start - record.line_start(start)


def _own_indent(record: RecordText, steps: Route) -> str | None:
    """Return the indentation of a block of text."""
    here = record.layout.values[steps]
    lines = record.source.text[here.start : here.end].splitlines()[1:]
    line = next((line for line in lines if line.strip()), None)
    return line[: len(line) - len(line.lstrip(" "))] if line is not None else None


def _unit(record: RecordText) -> int:
    """Return by how much the file indents a mapping below its key."""
    for route in record.layout.keys:
        parent = route[:-1]
        above = record.layout.values.get(parent)
        if parent in record.layout.keys and above is not None and not above.is_flow:
            unit = _column(record, route) - _column(record, parent)
            if unit > 0:
                return unit
    return 2


def _block_lists(record: RecordText) -> list[tuple[Route, Written]]:
    return [
        (route, place)
        for route, place in record.layout.values.items()
        if place.kind == "list" and not place.is_flow and not place.is_elsewhere
    ]


def _dash_indent(record: RecordText) -> int:
    """Return by how much the file indents a list's dashes below its key."""
    for route, place in _block_lists(record):
        if route in record.layout.keys:
            return max(0, place.start - record.line_start(place.start) - _column(record, route))
    return 2


def _prefers_blocks(record: RecordText) -> bool:
    """Whether the file writes lists of texts one entry a line."""
    blocks = sum((*route, 0) in record.layout.values
                 and record.layout.values[*route, 0].kind == "scalar"
                 for route, _ in _block_lists(record))  # fmt: skip
    flows = sum(place.kind == "list" and place.is_flow for place in record.layout.values.values())
    return blocks > flows
