"""Facts in labels: bold lines under the title, headings such as ``Status: …``, metadata tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_incident.source.blocks import Block, List, Paragraph, Table
from mkdocs_incident.source.clock import whole_day
from mkdocs_incident.source.impact import put_users
from mkdocs_incident.source.labels import (
    Joined,
    Label,
    bare,
    heading_label,
    labelled_lines,
    labels_in,
    split_list,
    without_bold,
)
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import read_stamp
from mkdocs_incident.source.title import ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdocs_incident.source.draft import Draft
    from mkdocs_incident.source.outline import Section
    from mkdocs_incident.source.text import Fragment

_CERTAIN = {"head", "title", "metadata"}
"""Sections whose labels are the record's own facts, bold or not."""

_HEADINGS = {"severity", "status", "date", "duration", "incident_commander"}
"""Facts that a heading may state, such as ``#### Status: Resolved``."""

_FOOTER = {"status", "created_at", "updated_at", "executed_at", "superseded_by"}
"""Facts of a plan that stand below its last section."""

_OUTCOME = "resolution status"
"""The incident's status as a report on its mitigation ends with it."""

_LISTS = {"responders", "services", "affected_systems", "alerts", "tags", "keywords", "authors",
          "related", "incidents", "stakeholders"}  # fmt: skip
_KEPT_PLACEHOLDERS = {"severity", "incident_commander"}
"""Their ``TBD`` takes the place of a value until another line gives one."""


def read_facts(draft: Draft, section: Section) -> None:
    """Read the labels of a section that may state facts of the record."""
    names = _names(draft)
    if (
        section.heading is not None
        and not section.kind
        and (label := heading_label(section.heading))
    ):
        name = names.get(normalised(label.name.text))
        if name in _HEADINGS:
            _put(draft, name, label, certain=True)
    if section.kind in _CERTAIN or (section.kind == "" and draft.kind == "mitigation-plan"):
        _read_blocks(draft, section.blocks, names, certain=True)
    elif section.kind in {"", "summary"} and draft.kind != "runbook":
        _read_blocks(draft, section.blocks, names, certain=False)
    elif section.kind == "mitigations" and draft.kind != "mitigation-plan":
        _read_blocks(draft, section.blocks, {_OUTCOME: "status"}, certain=False)
    elif draft.kind == "mitigation-plan" and section.kind != "part":
        footer = {label: name for label, name in names.items() if name in _FOOTER}
        paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
        _read_blocks(draft, paragraphs, footer, certain=True)


def _names(draft: Draft) -> dict[str, str]:
    contexts = {"runbook": "runbook", "mitigation-plan": "plan"}
    return synonyms().labels[contexts.get(draft.kind, "record")]


def _read_blocks(
    draft: Draft, blocks: Sequence[Block], names: Mapping[str, str], *, certain: bool
) -> None:
    plain = names if certain else None
    for i, block in enumerate(blocks):
        if isinstance(block, Table):
            if certain:
                _read_table(draft, block, names)
            continue
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        lines = labelled_lines(block, plain)
        for line in lines:
            for label in labels_in(line, plain):
                name = names.get(normalised(label.name.text))
                if name is None:
                    continue
                if not label.value.text and isinstance(following, List) and line is lines[-1]:
                    _put_items(draft, name, following)
                else:
                    _put(draft, name, label, certain=certain)


def _read_table(draft: Draft, table: Table, names: Mapping[str, str]) -> None:
    """Read ``| Severity | SEV1 |`` rows, and a table whose header names facts over one row."""
    columns = [names.get(normalised(cell.text)) for cell in table.header]
    if len(columns) == 2:
        rows = [table.header, *table.rows] if columns[0] else table.rows
        for row in rows:
            name = names.get(normalised(row[0].text)) if len(row) == 2 else None
            if name is not None:
                _put(draft, name, Label(row[0], row[1]), certain=False)
    elif len(table.rows) == 1 and sum(name is not None for name in columns) >= 2:
        for name, head, cell in zip(columns, table.header, table.rows[0], strict=False):
            if name is not None:
                _put(draft, name, Label(head, cell), certain=False)


def _put_items(draft: Draft, name: str, block: List) -> None:
    """Set a list's field from the bullets below its label."""
    *parents, field = name.split("/")
    if field not in _LISTS or draft.says(*parents, field):
        return
    texts = [Joined.of(item.lines) for item in block.items]
    for text in texts:
        if (entry := bare(text.whole)).text and not synonyms().is_missing(entry.text):
            draft.append((*parents, field), entry.text, entry)


def _put(draft: Draft, name: str, label: Label, *, certain: bool) -> None:
    """Set the field that a label names; an uncertain one fills gaps and contradicts nothing."""
    value = bare(label.value)
    route = _route(draft, name, value.text)
    field = route[-1]
    says_unknown = field == "root_cause" and synonyms().is_unknown_cause(value.text)
    if synonyms().is_missing(value.text) and field not in _KEPT_PLACEHOLDERS and not says_unknown:
        return
    if field == "incidents" and draft.kind != "postmortem":
        return
    if not certain:
        is_length = field.endswith("_at") and read_stamp(value.text, draft.order) is None
        if draft.says(*route) or route[0] in draft.front or is_length:
            return  # "Detected: 3 minutes" is how long it took, not when it was
    if field in {"id", "incident"}:
        match = ID.search(value.text)
        if match is None and draft.kind == "incident":
            return  # "Incident: Payments down" says what happened, not which number it has
        value = value.cut(match.start(), match.end()) if match else value
    _put_value(draft, route, label, value)


def _put_value(draft: Draft, route: tuple[str, ...], label: Label, value: Fragment) -> None:
    """Set the value at `route` in the form that its field has."""
    field = route[-1]
    words = without_bold(label.value.text)
    if field == "users_affected":
        if not put_users(draft, value):
            draft.add_impact(value.text, value)
    elif route == ("impact", "summary"):
        draft.add_impact(words, label.value)
    elif route in {("root_cause",), ("summary",), ("resolution",)}:
        draft.append_text(field, words, label.value)
    elif route == ("title",):
        draft.replace(route, without_bold(value.text), value)
    elif field in _LISTS or route == ("rollback", "when"):
        _put_list(draft, route, label.value)
    elif route == ("date",):
        draft.put(route, _day_in(draft, value.text), value)
    elif route[0] in {"summary", "duration"}:
        draft.put(route, words, label.value)
    elif route in {("impact", "level"), ("impact", "urgency")}:
        draft.put(route, synonyms().value("level", value.text) or value.text, value)
    else:
        draft.put(route, value.text, value)


def _day_in(draft: Draft, text: str) -> str:
    """Return the day of a date, or the first of a span of days or times, else the text as written."""
    day = whole_day(text, draft.order)
    return day.isoformat() if day else text


def _route(draft: Draft, name: str, text: str) -> tuple[str, ...]:
    """Return where the record keeps what a label names, given its kind."""
    if draft.kind == "postmortem" and name == "id":
        return ("incidents",)
    if draft.kind == "postmortem" and name == "status":
        words = synonyms()
        of_incident = words.value("status_incident", text) and not words.value(
            "status_postmortem", text
        )
        return ("incident_status",) if of_incident else ("status",)
    return tuple(name.split("/"))


def _put_list(draft: Draft, route: tuple[str, ...], value: Fragment) -> None:
    if draft.says(*route):
        return
    if route == ("incidents",):
        entries = [value.cut(match.start(), match.end()) for match in ID.finditer(value.text)]
    elif route == ("rollback", "when"):
        entries = [value]
    else:
        entries = split_list(value)
    for entry in entries:
        if not synonyms().is_missing(entry.text):
            draft.append(route, entry.text, entry)
