"""Moving an action item to another state, where and how it is written."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.editing.front_matter import set_value
from mkdocs_incident.editing.record_text import EditError, RecordText, same
from mkdocs_incident.editing.table_rows import row_with
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import ActionItem, Incident, PlanAction
from mkdocs_incident.records.actions import action_items
from mkdocs_incident.source.blocks import Block, Item, List, Table
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.labels import bare, columns_of
from mkdocs_incident.source.links import shown
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.wording import clip, listed, words

STATES = ("proposed", "open", "in-progress", "done", "wont-do")

_BOX = regex(r"(?P<marker>[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+)(?:\[(?P<state>[^\]])\](?=\s))?")
_SYMBOLS = {"done": "✅", "in-progress": "🚧", "wont-do": "❌"}


def actions_named(corpus: Corpus, name: str) -> list[ActionItem | PlanAction]:
    """Return the actions that a name means; a good one means exactly one.

    Args:
        corpus: all records.
        name: an id (``AI-2``) or the start of a title, in any letter case; an incident's id and ``/``
            before it look in the records of that incident alone; or a place (``incidents/a.md:17``).
    """
    ident, _, rest = name.partition("/")
    incident = _incident(corpus, ident) if rest else None
    found: list[ActionItem | PlanAction]
    if incident is not None:
        name = rest
        documents = corpus.records_about(incident)
        found = [item for document in documents for item in action_items(document)]
        found += [action for plan in corpus.plans_of(incident) for action in plan.actions]
    else:
        found = [
            *corpus.action_items,
            *(action for plan in corpus.plans for action in plan.actions),
        ]
    path, _, line = name.rpartition(":")
    if path and line.isdecimal():
        at = [i for i in found if (i.location.path, str(i.location.line)) == (path, line)]
        if at:
            return at
    items = [item for item in found if isinstance(item, ActionItem)]
    start = name.strip().casefold()
    return (
        [item for item in items if item.id == name]
        or [item for item in items if item.id is not None and item.id.casefold() == start]
        or [item for item in found if start and item.title.casefold().startswith(start)]
        or [item for item in found if start and shown(item.title).casefold().startswith(start)]
    )


def _incident(corpus: Corpus, ident: str) -> Incident | None:
    """Return the incident with an id, else the only one whose id differs by letter case alone."""
    alike = [i for i in corpus.incident_by_id if i.casefold() == ident.casefold()]
    if ident not in alike and len(alike) != 1:
        return None
    return corpus.incident_by_id[ident if ident in alike else alike[0]]


def set_action_status(
    record: RecordText, route: Route, status: str, on: date | None = None
) -> RecordText:
    """Return the record with an action in another state.

    Args:
        record: the file that holds the action.
        route: the action's route in it.
        status: one of `STATES`; an action of a mitigation plan is ``open`` or ``done``.
        on: when it was done; written in front matter, and in a table that has a column for it.

    Raises:
        EditError: the action has no place for that state, or something else would be read otherwise.
    """
    here = record.document.at(*route)
    action = _action(record, route)
    is_plan = route[0] == "horizons"
    if status not in (("open", "done") if is_plan else STATES):
        raise EditError(here, f"Status `{clip(status)}` is not one of {listed(list(STATES))}",
                        "An action of a plan is open or done")  # fmt: skip
    on = on if status == "done" and not is_plan else None
    if record.front.present and route in record.layout.values:
        field, value = ("done", status == "done") if is_plan else ("status", status)
        edited = set_value(record, (*route, field), value)
        return set_value(edited, (*route, "done_on"), on) if on is not None else edited
    wanted = {**action, "done": status == "done"} if is_plan else {**action, "status": status}
    if same(wanted, action):
        return record
    for edited in _candidates(record, route, status, on):
        written = _action(edited, route).get("done_on")
        expected = copy.deepcopy(record.document.record)
        _action_in(expected, route).update(wanted)
        if on is not None and written == on.isoformat():
            _action_in(expected, route)["done_on"] = written
        if same(expected, edited.document.record):
            return edited
    raise _no_place(record, route, here, status)


def _action(record: RecordText, route: Route) -> dict[str, Any]:
    return _action_in(record.document.record, route)


def _action_in(data: Any, route: Route) -> dict[str, Any]:
    for step in route:
        data = data[step]
    found: dict[str, Any] = data
    return found


def _no_place(record: RecordText, route: Route, here: Location, status: str) -> EditError:
    title = clip(_action(record, route).get("title", ""))
    return EditError(
        here,
        f"Action item `{title}` has no place in which `{words(status)}` can be written",
        "Make it a task with a box or a row with a `Status` column, or move it into the front matter",
    )


def _candidates(
    record: RecordText, route: Route, status: str, on: date | None
) -> Iterator[RecordText]:
    """Yield texts that may say the state: in a cell, in a word, in a box, in both."""
    found = _entry(record.document.blocks, record.document.at(*route).line)
    if isinstance(found, Table):
        yield from _in_table(record, found, route, status, on)
    elif found is not None:
        boxed = _in_box(record, found, status)
        worded = _in_words(record, route, status)
        both = _in_words(boxed, route, status) if boxed is not None else None
        yield from (text for text in (both, worded, boxed) if text is not None)


def _entry(blocks: tuple[Block, ...] | list[Block], line: int) -> Table | Item | None:
    """Return the table or the list's innermost entry that a line belongs to."""
    for block in blocks:
        if isinstance(block, Table):
            if any(row and row[0].line == line for row in block.rows):
                return block
        elif isinstance(block, List):
            for item in block.items:
                if item.first <= line <= item.last:
                    return _entry(item.children, line) or item
    return None


def _in_table(
    record: RecordText, table: Table, route: Route, status: str, on: date | None
) -> Iterator[RecordText]:
    columns = columns_of(table, synonyms().labels["action_item"])
    line = record.document.at(*route).line
    row = next(row for row in table.rows if row and row[0].line == line)
    column = columns.get("status")
    if column is None or column >= len(row):
        return
    cells = {column: _cell(table, column, row[column].text, status)}
    date_column = columns.get("done_on")
    undated = {i for i, cell in enumerate(row) if synonyms().is_missing(cell.text)}
    if on is not None and date_column is not None and date_column in undated:
        cells[date_column] = on.isoformat()
    text = row_with(record.source.lines, table, line, cells)
    if text is not None:
        start = record.source.offset(line, 1)
        yield record.replaced(start, record.line_end(start), text)


def _cell(table: Table, column: int, old: str, status: str) -> str:
    """Return what a cell of the status column holds: as other rows say it, else as this one did."""
    written = [row[column].text for row in table.rows if len(row) > column]
    alike = Counter(text for text in written if _means(_bare(text)) == status)
    if alike:
        return alike.most_common(1)[0][0]
    if normalised(table.header[column].text) == "done" and status == "done":
        return "Yes" if old[:1].isupper() else "yes"
    inner = _bare(old)
    if inner and not any(map(str.isalpha, inner)) and status in _SYMBOLS:
        return _SYMBOLS[status]
    spelled = _spelled(status, inner or next((t for t in map(_bare, written) if t), "Open"))
    return old.replace(inner, spelled) if inner and inner == old.strip("*_`") else spelled


def _bare(cell: str) -> str:
    return bare(Fragment(cell, 1, 1)).text


def _means(text: str) -> str | None:
    symbols = {symbol: state for state, symbol in _SYMBOLS.items()}
    return synonyms().value("status_action_item", text) or symbols.get(text)


def _spelled(status: str, like: str) -> str:
    """Return a state as words in the letter case of another one."""
    spelled = status if "-" in like or like.islower() else words(status)
    if like.isupper() and len(like) > 1:
        return spelled.upper()
    return spelled[0].upper() + spelled[1:] if like[:1].isupper() else spelled


def _in_words(record: RecordText, route: Route, status: str) -> RecordText | None:
    """Set the word that tells the state of a list's entry; None where it has none."""
    place = record.document.positions.values.get((*route, "status"))
    if place is None:
        return None
    start = record.source.offset(place.line, place.column)
    end = record.source.offset(place.end_line, place.end_column)
    old = record.source.text[start:end]
    if synonyms().value("status_action_item", old) is None:
        return None
    return record.replaced(start, end, _spelled(status, old))


def _in_box(record: RecordText, item: Item, status: str) -> RecordText | None:
    """Tick or clear the box of a list's entry; an entry without one gets one when it is done."""
    if status not in {"open", "done"}:
        return None
    start = record.source.offset(item.first, 1)
    match = _BOX.match(record.source.text, start)
    if match is None:
        return None
    mark = ("X" if "[X]" in record.source.text else "x") if status == "done" else " "
    if match["state"] is not None:
        return record.replaced(match.start("state"), match.end("state"), mark)
    return record.replaced(match.end("marker"), match.end("marker"), f"[{mark}] ")
