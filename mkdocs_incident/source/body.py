"""Everything the body says as data: title, labelled facts, and each section's lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from mkdocs_incident.source import analysis, plan
from mkdocs_incident.source.action_items import Fields, read_action_items
from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, Table
from mkdocs_incident.source.draft import Clock, Draft
from mkdocs_incident.source.labels import (
    Joined,
    Label,
    bare,
    heading_label,
    labels_in,
    split_list,
    without_bold,
)
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.timeline import read_timeline
from mkdocs_incident.source.times import (
    canonical_date,
    find_zone,
    iso,
    parse_date,
    parse_instant,
    read_stamp,
)

ID = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-(?:\d{4}-)?\d{1,6}\b")
KINDS = ("incident", "postmortem", "runbook", "mitigation-plan")

_LISTS = {"responders", "services", "affected_systems", "alerts", "tags", "keywords", "authors",
          "related", "incidents"}  # fmt: skip
_SCALAR_SECTIONS = ("head", "title", "metadata")
_TEXT_SECTIONS = {"summary": "summary", "resolution": "resolution"}
_LIST_SECTIONS = ("what_went_well", "what_went_poorly", "where_we_got_lucky")
_HORIZONS = {"horizon_immediate": "immediate", "horizon_short_term": "short-term",
             "horizon_long_term": "long-term"}  # fmt: skip
_PLAN_INSTANTS = {"created_at", "updated_at", "executed_at"}


def infer_kind(path: str, data: Mapping[str, Any], blocks: Sequence[Block]) -> str:
    """Return the kind of a document that does not name it, by folder, file name, fields and title."""
    parts = PurePosixPath(path)
    folders = [part.lower() for part in parts.parts[:-1]]
    if any(folder in {"runbooks", "runbook", "playbooks"} for folder in folders):
        return "runbook"
    stem = normalised(parts.stem.replace("-", " ").replace("_", " "))
    for words, kind in (
        (("postmortem", "post mortem", "post incident review"), "postmortem"),
        (("mitigation plan",), "mitigation-plan"),
        (("runbook",), "runbook"),
    ):
        if any(word in stem for word in words):
            return kind
    if stem == "incident":
        return "incident"
    if stem in {"pir", "review", "retrospective"} or "incidents" in data:
        return "postmortem"
    if stem == "plan" or "horizons" in data:
        return "mitigation-plan"
    if str(data.get("id", "")).startswith("RB-"):
        return "runbook"
    heading = next((block for block in blocks if isinstance(block, Heading)), None)
    if heading is not None and (kind := _split_title(heading.text)[0]):
        return kind
    if any(folder in {"postmortems", "post-mortems"} for folder in folders):
        return "postmortem"
    return "incident"


def _split_title(heading: Fragment) -> tuple[str, Fragment | None, Fragment]:
    """Split ``Postmortem: INC-2025-0142 — Title`` into kind, id and what remains as the title."""
    kind = ""
    ident: Fragment | None = None
    rest = bare(heading)
    while True:
        match = re.match(
            r"\[?(?P<id>" + ID.pattern + r")\]?\s*(?:[:：—–|-]+\s*|$|(?=\s))", rest.text
        )
        if match and ident is None:
            ident = rest.cut(match.start("id"), match.end("id"))
            rest = rest.cut(match.end())
            continue
        match = re.match(r"(?P<prefix>[^:：]{2,50}?)(?:\s*[:：]\s*|\s+[—–|-]+\s+|$)", rest.text)
        if match and not kind:
            known = synonyms().titles.get(normalised(match["prefix"]))
            whole = match.end() == len(rest.text) == match.end("prefix")
            if known and (not whole or ident is not None):
                kind = known
                rest = rest.cut(match.end())
                continue
            if known and whole:
                kind = known
        break
    return kind, ident, rest


def read_body(draft: Draft, blocks: Sequence[Block], front: Mapping[str, Any]) -> None:
    """Read `blocks` into `draft`; `front` tells days that the front matter gives."""
    root = outline(blocks, draft.kind)
    sections = list(root.walk())
    for section in sections:
        if section.kind == "title" and section.heading is not None:
            _read_title(draft, section.heading, front)
    for section in sections:
        _read_labels(draft, section)
    draft.clock = _clock(draft, front, root, blocks)
    _complete_instants(draft)
    for section in sections:
        _read_section(draft, section)


def _read_title(draft: Draft, heading: Fragment, front: Mapping[str, Any]) -> None:
    _, ident, rest = _split_title(heading)
    title = rest if rest.text else heading
    draft.put(("title",), without_bold(title.text), title)
    if ident is None:
        return
    if draft.kind == "incident":
        draft.put(("id",), ident.text, ident)
    elif draft.kind == "mitigation-plan":
        draft.put(("incident",), ident.text, ident)
    elif draft.kind == "postmortem" and "incidents" not in front:
        draft.put(("incidents",), [ident.text], ident)
        draft.positions.values["incidents", 0] = draft.place(ident)
    elif draft.kind == "runbook" and ident.text.startswith("RB-"):
        draft.put(("id",), ident.text, ident)


def _labels_of(draft: Draft) -> dict[str, str]:
    if draft.kind in {"runbook", "mitigation-plan"}:
        return synonyms().labels["plan" if draft.kind == "mitigation-plan" else "runbook"]
    return synonyms().labels["record"]


def _read_labels(draft: Draft, section: Section) -> None:
    labels = _labels_of(draft)
    certain = section.kind in _SCALAR_SECTIONS
    if not certain and section.kind not in {"", "summary"}:
        return
    if section.kind == "" and draft.kind == "mitigation-plan":
        certain = True
    if section.heading is not None and (label := heading_label(section.heading)):
        name = labels.get(normalised(label.name.text))
        if name in {"severity", "status", "date", "duration", "incident_commander"}:
            _put_label(draft, name, label, first_only=False)
    blocks = section.blocks
    for i, block in enumerate(blocks):
        lines: Sequence[Fragment] = ()
        if isinstance(block, Paragraph):
            lines = _with_continuations(block, labels if certain else None)
        elif isinstance(block, List):
            lines = [Joined.of(item.lines).whole for item in block.items]
        elif isinstance(block, Table) and certain:
            _metadata_table(draft, block, labels)
        for line in lines:
            for label in labels_in(line, labels if certain else None):
                name = labels.get(normalised(label.name.text))
                if name is None:
                    continue
                following = blocks[i + 1] if i + 1 < len(blocks) else None
                if not label.value.text and isinstance(following, List) and line is lines[-1]:
                    _put_list(draft, name, following)
                else:
                    _put_label(draft, name, label, first_only=not certain)


def _with_continuations(block: Paragraph, labels: Mapping[str, str] | None) -> list[Fragment]:
    """Join a label's value with the unlabelled lines below it in the same paragraph."""
    groups: list[list[Fragment]] = []
    for line in block.lines:
        if labels_in(line, labels) or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [Joined.of(group).whole for group in groups]


def _metadata_table(draft: Draft, table: Table, labels: Mapping[str, str]) -> None:
    """Read ``| Severity | SEV1 |`` rows, and a table whose header names facts over one row."""
    names = [labels.get(normalised(cell.text)) for cell in table.header]
    if len(table.header) == 2:
        rows = [table.header, *table.rows] if names[0] else table.rows
        for row in rows:
            name = labels.get(normalised(row[0].text)) if len(row) == 2 else None
            if name is not None:
                _put_label(draft, name, Label(row[0], row[1]), first_only=True)
    elif len(table.rows) == 1 and sum(name is not None for name in names) >= 2:
        for name, head, cell in zip(names, table.header, table.rows[0], strict=False):
            if name is not None:
                _put_label(draft, name, Label(head, cell), first_only=True)


def _put_list(draft: Draft, name: str, block: List) -> None:
    route = tuple(name.split("/"))
    if route[-1] not in _LISTS or route[-1] in draft.data:
        return
    for item in block.items:
        whole = bare(Joined.of(item.lines).whole)
        if whole.text:
            draft.add(route[-1], whole.text, whole)


def _put_label(draft: Draft, name: str, label: Label, *, first_only: bool) -> None:
    """Set the field that a label names from its value."""
    route: tuple[str, ...] = tuple(name.split("/"))
    value = bare(label.value)
    text = value.text
    kind = draft.kind
    if kind == "postmortem" and name == "id":
        route = ("incidents",)
    elif kind == "incident" and name == "authors":
        return
    if (
        kind == "postmortem"
        and name == "status"
        and not synonyms().value("status_postmortem", text)
    ):
        if synonyms().value("status_incident", text):
            route = ("incident_status",)
    field = route[-1]
    if synonyms().is_missing(text) and field not in {"severity", "incident_commander"}:
        return
    if first_only and _known(draft, route):
        return
    if name in {"id", "incident"} and kind in {"incident", "postmortem", "mitigation-plan"}:
        match = ID.search(text)
        if match:
            value = value.cut(match.start(), match.end())
            text = value.text
        elif kind == "incident":
            return  # "Incident: Payments down" says what happened, not which number it has
    if name == "impact/users_affected":
        if not analysis.put_users(draft, value):
            draft.put(("impact", "summary"), text, value)
        return
    if name == "impact/summary" and _known(draft, route):
        summary = draft.data["impact"]["summary"]
        if text not in summary:
            draft.data["impact"]["summary"] = f"{summary}\n{text}"
        return
    if field in {"root_cause", "summary", "resolution"} and len(route) == 1:
        draft.append_text(field, without_bold(label.value.text), label.value)
    elif field in _LISTS:
        if field not in draft.data or field == "incidents":
            entries = split_list(label.value)
            if field == "incidents" and field in draft.data:
                return
            for entry in entries:
                draft.add(field, entry.text, entry)
    elif name in {"impact/level", "impact/urgency"}:
        draft.put(route, synonyms().value("level", text) or text, value)
    elif name == "duration" or name.startswith("summary/"):
        draft.put(route, without_bold(label.value.text), label.value)
    elif route[0] == "communication" and field == "stakeholders":
        draft.put(route, [part.text for part in split_list(label.value)], label.value)
    elif route == ("rollback", "when"):
        draft.put(route, [text], value)
    else:
        draft.put(route, text, value)


def _known(draft: Draft, route: Sequence[str]) -> bool:
    target: Any = draft.data
    for part in route:
        if not isinstance(target, dict) or part not in target:
            return False
        target = target[part]
    return True


def _clock(draft: Draft, front: Mapping[str, Any], root: Section, blocks: Sequence[Block]) -> Clock:
    """Gather day and zone in DESIGN order: duration, date, title, then any ``*_at``."""
    clock = Clock(zone=_zone_note(blocks))
    both = {**draft.data, **{key: value for key, value in front.items() if value is not None}}
    zone: str | None = None
    if isinstance(duration := both.get("duration"), str):
        zone = _read_duration(clock, duration, draft)
    if clock.day is None and isinstance(text := both.get("date"), str):
        clock.day = parse_date(canonical_date(text, draft.order) or "")
    titles = [s.heading.text for s in root.walk() if s.kind == "title" and s.heading]
    for title in [str(both.get("title") or ""), *titles]:
        match = re.search(r"\b\d{4}-\d{2}-\d{2}\b", title)
        if clock.day is None and match:
            clock.day = parse_date(match[0])
    moments = [
        moment
        for name, value in both.items()
        if name.endswith("_at")
        and (moment := _moment(value, draft)) is not None
        and name not in {"review_meeting_at", "updated_at"}
    ]
    if moments:
        first, last = min(moments), max(moments)
        clock.day = clock.day or first.date()
        clock.start = clock.start or (first if first.date() == clock.day else None)
        clock.end = clock.end or last
    clock.zone = clock.zone or zone
    return clock


def _moment(value: object, draft: Draft) -> datetime | None:
    stamp = read_stamp(value, draft.order) if isinstance(value, str) else None
    day = stamp.on(None) if stamp else None
    if stamp is None or day is None or stamp.clock is None:
        return None
    return datetime.combine(day, stamp.clock)


def _read_duration(clock: Clock, text: str, draft: Draft) -> str | None:
    """Read ``2025-06-15 14:23 UTC → 15:47 UTC``: the days it names, its zone; nothing else."""
    first = read_stamp(text, draft.order)
    if first is None or first.clock is None:
        return None
    clock.day = first.on(None)
    if clock.day is not None:
        clock.start = datetime.combine(clock.day, first.clock)
    gap = re.match(r"\s*(?:→|-+>?|–|—|to|until|bis)\s*", text[first.end :])
    last = read_stamp(text[first.end + gap.end() :], draft.order) if gap else None
    zone = first.zone
    if last is not None and last.clock is not None:
        zone = zone or last.zone
        end_day = last.on(None) or clock.day
        if end_day is not None:
            clock.end = datetime.combine(end_day, last.clock)
    return zone or find_zone(text)


def _zone_note(blocks: Sequence[Block]) -> str | None:
    """Return the zone of a note such as ``All times UTC``, wherever it stands."""
    notes = synonyms().words["zone_note"]
    for block in blocks:
        lines: list[Fragment] = []
        if isinstance(block, Paragraph):
            lines = list(block.lines)
        elif isinstance(block, Heading):
            lines = [block.text]
        elif isinstance(block, List):
            lines = [line for item in block.items for line in item.lines]
        for line in lines:
            lowered = line.text.lower()
            for note in notes:
                if note in lowered and (zone := find_zone(line.text[lowered.index(note) :][:80])):
                    return zone
    return None


def _complete_instants(draft: Draft) -> None:
    """Give ``*_at`` labels that hold a time of day the record's day; leave the rest as written."""
    for name, value in list(draft.data.items()):
        if not name.endswith("_at") or not isinstance(value, str) or parse_instant(value):
            continue
        stamp = read_stamp(value, draft.order)
        if stamp is None or value[stamp.end :].strip():
            continue
        day = stamp.on(draft.clock.day) or (draft.clock.day if stamp.month is None else None)
        if stamp.clock is not None and day is not None and not stamp.approximate:
            draft.data[name] = iso(day, stamp.clock, stamp.zone or draft.clock.zone)


def _read_section(draft: Draft, section: Section) -> None:
    kind = section.kind
    if draft.kind == "runbook" or not kind:
        return
    if draft.kind == "mitigation-plan":
        if kind == "root_cause":
            plan.plan_prose(draft, section)
        elif kind.startswith(("horizon_", "plan_")):
            plan.read_plan_section(draft, section)
        elif kind == "summary":
            _read_plan_summary(draft, section)
        return
    if kind == "timeline":
        read_timeline(draft, section.heading, section.flow())
    elif kind == "action_items" or kind in _HORIZONS or kind.startswith("type_"):
        read_action_items(draft, section.flow(), _shared_fields(section))
    elif kind in _LIST_SECTIONS:
        analysis.read_texts(draft, kind, section)
    elif kind.startswith("lessons"):
        analysis.read_lessons(draft, section, kind.partition("_")[2])
    elif kind == "five_whys":
        _read_whys(draft, section)
    elif kind == "contributing_factors":
        analysis.read_factors(draft, section)
    elif kind.startswith("factor_"):
        analysis.read_factors(draft, section, kind.removeprefix("factor_"))
    elif kind == "root_cause":
        _read_root_cause(draft, section)
    elif kind == "impact":
        analysis.read_impact(draft, section)
    elif kind == "mitigations":
        analysis.read_mitigations(draft, section)
    elif kind == "runbook_update":
        analysis.read_runbook_update(draft, section)
    elif kind in _TEXT_SECTIONS:
        _read_text(draft, section, _TEXT_SECTIONS[kind])


def _shared_fields(section: Section) -> Fields:
    if section.heading is None:
        return {}
    if section.kind in _HORIZONS:
        return {"horizon": (_HORIZONS[section.kind], section.heading)}
    if section.kind.startswith("type_"):
        return {"type": (section.kind.removeprefix("type_"), section.heading)}
    return {}


def _read_text(draft: Draft, section: Section, name: str) -> None:
    """Read prose into a text field; labelled lines were read as labels already."""
    kept = [
        block
        for block in section.flow()
        if not (isinstance(block, Paragraph) and labels_in(block.lines[0]))
    ]
    text, where = analysis.prose(kept, with_lists=True)
    if where is not None and not synonyms().is_missing(text):
        draft.append_text(name, text, where)


def _read_plan_summary(draft: Draft, section: Section) -> None:
    labels = synonyms().labels["plan"]
    for block in section.flow():
        lines: Sequence[Fragment] = ()
        if isinstance(block, Paragraph):
            lines = _with_continuations(block, labels)
        elif isinstance(block, List):
            lines = [Joined.of(item.lines).whole for item in block.items]
        for line in lines:
            for label in labels_in(line, labels):
                name = labels.get(normalised(label.name.text))
                if name is not None and not _known(draft, name.split("/")):
                    _put_label(draft, name, label, first_only=True)


def _read_whys(draft: Draft, section: Section) -> None:
    labels = synonyms().labels["record"]
    blocks = list(section.flow())
    analysis.read_five_whys(draft, blocks)
    for block in blocks:
        if isinstance(block, Paragraph):
            for label in [label for line in block.lines for label in labels_in(line)]:
                if labels.get(normalised(label.name.text)) == "root_cause" and label.value.text:
                    draft.append_text("root_cause", label.value.text, label.value)


def _read_root_cause(draft: Draft, section: Section) -> None:
    """Read prose into ``root_cause``; a list that asks why is the five whys."""
    labels = synonyms().labels["record"]
    kept: list[Block] = []
    for block in section.flow():
        if analysis.is_why_list(block):
            analysis.read_five_whys(draft, [block])
            continue
        found = labels_in(block.lines[0]) if isinstance(block, Paragraph) else []
        if not found:
            kept.append(block)
            continue
        whole = Joined.of(block.lines).whole if isinstance(block, Paragraph) else found[0].value
        for label in labels_in(whole):
            name = normalised(label.name.text)
            if labels.get(name) == "root_cause" and label.value.text:
                draft.append_text("root_cause", label.value.text, label.value)
            elif "contributing_factors" in synonyms().sections.get(name, ()) and label.value.text:
                for factor in split_list(label.value):
                    draft.add("contributing_factors", {"factor": (factor.text, factor)}, factor)
    text, where = analysis.prose(kept, with_lists=True)
    if where is not None and not synonyms().is_missing(text):
        draft.append_text("root_cause", without_bold(text), where)
