"""Rows of pipe tables as text: cells are set, pipes and padding stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mkdocs_incident.source.blocks import Table, pipes


def row_with(
    lines: Sequence[str], table: Table, line: int, cells: Mapping[int, str], *, fresh: bool = False
) -> str | None:
    """Return the row on a line of a table with some of its cells set, padded as the table is.

    Args:
        lines: the file's lines.
        table: the table.
        line: the row's line, from 1; that of the dashes below the header stands for an empty row.
        cells: the new cells' text by column.
        fresh: whether all other cells become empty.

    Returns:
        The row, None where it has no such cell.
    """
    header = table.header[0].line
    numbers = [header, header + 1, *(row[0].line for row in table.rows if row)]
    rows = [_parts(lines[number - 1]) for number in numbers]
    pattern = rows[0] if line == header + 1 else _parts(lines[line - 1])
    leading = len(pattern) > 1 and not pattern[0].strip()
    trailing = len(pattern) > 1 and not pattern[-1].strip()
    columns = range(leading, len(pattern) - trailing)
    if any(column + leading not in columns for column in cells):
        return None
    written = list(pattern)
    for i in columns:
        text = cells.get(i - leading, "" if fresh else None)
        if text is None:
            continue
        alike = pattern[i] if pattern[i].strip() or i >= len(rows[0]) else rows[0][i]
        head = " " if alike[:1].isspace() else ""
        tail = " " if alike[-1:].isspace() else ""
        cell = head + text.replace("|", "\\|") + tail
        written[i] = cell.ljust(_width([row[i] for row in rows if len(row) > i]))
    return "|".join(written)


def _width(column: list[str]) -> int:
    """Return the width to which most of a column is padded, 0 where header and dashes differ."""
    widths = [len(part) for part in column]
    is_padded = widths[:1] == widths[1:2] and 2 * widths.count(widths[0]) > len(widths)
    return widths[0] if is_padded else 0


def _parts(line: str) -> list[str]:
    """Return what stands between the pipes of a row, white space included."""
    found = []
    start = 0
    for at in pipes(line):
        found.append(line[start:at])
        start = at + 1
    return [*found, line[start:]]
