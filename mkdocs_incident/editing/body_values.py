"""Setting a value where the record keeps it: in the front matter, or behind its label in the body."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from mkdocs_incident.editing.front_matter import is_told_by_body, set_value
from mkdocs_incident.editing.record_text import EditError, RecordText, same
from mkdocs_incident.editing.routes import resolve, value_at
from mkdocs_incident.editing.yaml_text import Value, canonical
from mkdocs_incident.schema.explanation import readable
from mkdocs_incident.source.blocks import List, Paragraph, Table
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.labels import labelled_lines, labels_in
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import canonical_date

_CONTEXTS = {"runbook": "runbook", "mitigation-plan": "plan"}


def set_field(record: RecordText, route: str | Route, value: Value) -> RecordText:
    """Return the record with the value at `route` set, in the half of the file that tells it.

    In the body that is a value behind a label: a bold line, an entry of a list, a cell beside its name.

    Args:
        record: the file.
        route: as for `set_value`.
        value: what is to be read there afterwards.

    Raises:
        EditError: the edit would change anything else, or can't be made in this place.
    """
    steps = resolve(record, route)
    if not is_told_by_body(record, steps):
        return set_value(record, steps, value)
    wanted = canonical(value)
    if same(value_at(record.document.record, steps), wanted):
        return record
    return _set_in_body(record, steps, wanted)


def _set_in_body(record: RecordText, steps: Route, wanted: Any) -> RecordText:
    if isinstance(wanted, list | dict):
        raise _refusal(record, steps, "stands in the body, where one value can be set and no list")
    place = record.document.at(*steps)
    start = record.source.offset(place.line, place.column)
    end = record.source.offset(place.line, place.end_column)
    old = record.source.text[start:end]
    if not old or not _is_labelled(record, place.line, place.column):
        raise _refusal(record, steps, "stands in the body, and not behind a label")
    if steps == ("date",) and canonical_date(old, record.options.order) is None:
        raise _refusal(record, steps, "stands in the body, in a text that says more than the day")
    expected = copy.deepcopy(record.document.record)
    value_at(expected, steps[:-1])[steps[-1]] = wanted
    for text in _spellings(wanted, old, value_at(record.document.record, steps)):
        edited = record.replaced(start, end, text)
        if _reads_as(record, edited, expected):
            return edited
    raise _refusal(
        record, steps, "stands in the body, and can't be set there without another change"
    )


def _spellings(wanted: Any, old: str, read: Any) -> list[str]:
    """Return how a value may be written: with a capital where the old one had one that it did not need."""
    text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
    is_capital = old[:1].isupper() and str(read)[:1].islower()
    return [text[:1].upper() + text[1:], text] if is_capital else [text]


def _reads_as(record: RecordText, edited: RecordText, expected: Any) -> bool:
    """Whether the edited file says what is expected, and nothing new is found in it."""
    known = Counter((found.rule, found.message) for found in record.document.findings)
    new = Counter((found.rule, found.message) for found in edited.document.findings) - known
    return edited.document.is_record and not new and same(edited.document.record, expected)


def _is_labelled(record: RecordText, line: int, column: int) -> bool:
    """Whether a value of the body stands behind a label, or in a cell of a table."""
    known = synonyms().labels[_CONTEXTS.get(record.document.kind, "record")]
    for block in record.document.blocks:
        if isinstance(block, Table):
            if any(cell.line == line for row in (block.header, *block.rows) for cell in row[:1]):
                return True
        elif isinstance(block, Paragraph | List):
            values = [
                label.value
                for text in labelled_lines(block, known)
                for label in labels_in(text, known)
            ]
            if any(value.line == line and value.column <= column for value in values):
                return True
    return False


def _refusal(record: RecordText, steps: Route, why: str) -> EditError:
    return EditError(
        record.document.at(*steps),
        f"`{readable(steps)}` {why}",
        "Edit it there, or move it into the front matter",
    )
