"""How a file writes its front matter, and new values in the same form: quotes, indentation, lists."""

from __future__ import annotations

from collections import Counter
from typing import Any

from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.editing.yaml_text import literal_text, scalar_text
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.layout import Written


def entry_lines(
    record: RecordText, sibling: Route, wanted: Any, indent: str, marker: str | None = None
) -> list[str]:
    """Return the lines of a block list's entry, its fields quoted as those of its sibling are."""
    marker = marker or indent + "- "
    if not isinstance(wanted, dict):
        return [marker + scalar_text(wanted, style_of(record, sibling), _quote(record))]
    near = record.layout.values.get(sibling)
    in_flow = near is not None and near.is_flow
    fields = [
        f"{scalar_text(key, in_flow=in_flow)}: "
        + flow_text(record, value, style_of(record, (*sibling, key)), in_flow=in_flow)
        for key, value in wanted.items()
    ]
    if in_flow:
        return [f"{marker}{{{', '.join(fields)}}}"]
    return [(" " * len(marker) if i else marker) + field for i, field in enumerate(fields)]


def key_lines(record: RecordText, key: str, wanted: Any, column: int) -> list[str]:
    """Return the lines of a key at `column` and its value."""
    head, lines = value_text(record, wanted, column)
    return [f"{' ' * column}{scalar_text(key, quote=_quote(record))}:{head}", *lines]


def value_text(
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
                    for line in key_lines(record, key, value, below)]  # fmt: skip
    if isinstance(wanted, list) and wanted:
        indent = " " * (column + _dash_indent(record))
        entries = any(isinstance(entry, dict) for entry in wanted)
        if entries or _prefers_blocks(record):
            return "", [line for entry in wanted
                        for line in entry_lines(record, (), entry, indent)]  # fmt: skip
    return " " + flow_text(record, wanted, in_flow=False), []


def flow_text(record: RecordText, wanted: Any, style: str = "", *, in_flow: bool = True) -> str:
    """Return a value on one line, lists and mappings in brackets."""
    quote = _quote(record)
    if isinstance(wanted, list):
        inner = (flow_text(record, entry, style) for entry in wanted)
        return f"[{', '.join(inner)}]"
    if isinstance(wanted, dict):
        fields = (
            f"{scalar_text(key, in_flow=True)}: {flow_text(record, value, style)}"
            for key, value in wanted.items()
        )
        return f"{{{', '.join(fields)}}}"
    return scalar_text(wanted, style, quote, in_flow=in_flow)


def style_of(record: RecordText, route: Route) -> str:
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


def is_in_flow(record: RecordText, steps: Route) -> bool:
    """Whether a value stands inside of brackets."""
    parents = (record.layout.values.get(steps[:end]) for end in range(len(steps)))
    return any(parent is not None and parent.is_flow for parent in parents)


def column_of(record: RecordText, steps: Route) -> int:
    """Return how many characters stand before a key on its line."""
    start, _ = record.layout.keys[steps]
    return start - record.line_start(start)


def own_indent(record: RecordText, steps: Route) -> str | None:
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
            unit = column_of(record, route) - column_of(record, parent)
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
            return max(0, place.start - record.line_start(place.start) - column_of(record, route))
    return 2


def _prefers_blocks(record: RecordText) -> bool:
    """Whether the file writes lists of texts one entry a line."""
    blocks = sum((*route, 0) in record.layout.values
                 and record.layout.values[*route, 0].kind == "scalar"
                 for route, _ in _block_lists(record))  # fmt: skip
    flows = sum(place.kind == "list" and place.is_flow for place in record.layout.values.values())
    return blocks > flows
