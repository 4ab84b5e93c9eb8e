"""Everything the body says as data: title, labelled facts, and each section's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_incident.patterns import regex
from mkdocs_incident.source import analysis, causes, mitigations, plan
from mkdocs_incident.source.action_items import drop_row_numbers, read_action_items, told_by_name
from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, Table
from mkdocs_incident.source.clock import read_clock
from mkdocs_incident.source.facts import read_facts
from mkdocs_incident.source.impact import read_impact
from mkdocs_incident.source.labels import Joined, labels_in, without_bold
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.timeline import FEW, is_time, is_timeline, is_times, read_timeline
from mkdocs_incident.source.times import iso, parse_instant, read_stamp
from mkdocs_incident.source.title import read_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mkdocs_incident.source.draft import Draft

_ITALIC = regex(r"(?P<mark>[*_])(?![*_ ])(?P<text>[^*_]+)(?P=mark)\.?")
_FEW_WORDS = 2


def read_body(draft: Draft, blocks: Sequence[Block]) -> None:
    """Read `blocks` into `draft`."""
    blocks = [block for block in blocks if not _is_prompt(block)]
    root = outline(blocks, draft.kind)
    sections = list(root.walk())
    titles = [section.heading for section in sections if section.is_title and section.heading]
    for heading in titles:
        read_title(draft, heading)
    for section in sections:
        read_facts(draft, section)
    front = {key: value for key, value in draft.front.items() if value is not None}
    names = [str(front.get("title", "")), *(heading.text for heading in titles)]
    draft.clock = read_clock({**draft.data, **front}, names, blocks, draft.order)
    draft.clock.day = draft.clock.day or draft.day
    _complete_instants(draft)
    for section in sections:
        _read_section(draft, section)
    if draft.kind in {"incident", "postmortem"} and "timeline" not in draft.data:
        is_told = bool(front.get("timeline")) or any(s.kind == "timeline" for s in sections)
        if not is_told:
            sections = list(outline(blocks, draft.kind, with_key_events=True).walk())
        _read_bare_timeline(draft, sections)
        if not is_told and "timeline" not in draft.data:
            for section in sections:
                if section.kind == "timeline":
                    _read_section(draft, section)
    drop_row_numbers(draft)


def _is_prompt(block: Block) -> bool:
    """Whether a paragraph is a template's, left to be answered: ``*Describe how users were affected*``."""
    if not isinstance(block, Paragraph) or block.lines[0].text[:1] not in {"*", "_"}:
        return False
    text = Joined.of(block.lines).text
    match = _ITALIC.fullmatch(text)
    words = match["text"].split() if match else []
    return len(words) > _FEW_WORDS and words[0].lower() in synonyms().words["prompt"]


def _read_bare_timeline(draft: Draft, sections: Sequence[Section]) -> None:
    """Read what is plainly a timeline where no heading announces one.

    That is a table whose header says so, a list of times, or headings that are times.
    """
    moments: list[Block] = []
    for section in sections:
        if section.heading is not None and not section.kind and is_time(section.heading):
            moments += [Heading(section.level, section.heading), *section.blocks]
            continue
        if section.kind not in {"", "head", "title", "metadata", "summary"}:
            continue
        for block in section.blocks:
            if isinstance(block, Table):
                plainly = is_timeline(block)
            else:
                plainly = isinstance(block, List) and is_times(block)
            if plainly:
                read_timeline(draft, None, [block])
    if "timeline" not in draft.data and sum(isinstance(b, Heading) for b in moments) >= FEW:
        read_timeline(draft, None, moments)


def _complete_instants(draft: Draft) -> None:
    """Give ``*_at`` labels that hold a time of day the record's day; leave the rest as written."""
    clock = draft.clock
    for name, value in draft.data.items():
        if not name.endswith("_at") or not isinstance(value, str):
            continue
        if parse_instant(value) and "T" in value:
            continue
        stamp = read_stamp(value, draft.order)
        if stamp is None or stamp.clock is None or stamp.approximate or value[stamp.end :].strip():
            continue
        day = stamp.on(clock.day) if stamp.month else clock.day_near_start(stamp.clock)
        if day is not None:
            zone = clock.zone if stamp.zone is None else stamp.zone
            draft.data[name] = iso(day, stamp.clock, zone)


def _read_section(draft: Draft, section: Section) -> None:
    kind = section.kind
    if draft.kind == "runbook":
        return
    if draft.kind == "mitigation-plan":
        plan.read_plan_section(draft, section)
    elif kind.startswith(("lessons", "factor_", "type_", "horizon_")):
        _read_part(draft, section)
    elif reader := _READERS.get(kind):
        reader(draft, section)


def _read_part(draft: Draft, section: Section) -> None:
    """Read a section whose heading says what its entries have in common."""
    group, _, name = section.kind.partition("_")
    if group == "lessons":
        analysis.read_lessons(draft, section, name)
    elif group == "factor":
        analysis.read_factors(draft, section, name)
    elif section.heading is not None:
        read_action_items(draft, section.flow(), told_by_name(section.kind, section.heading))


def _read_text(draft: Draft, section: Section) -> None:
    """Read prose into the field of the section's name; labelled lines were read as labels."""
    kept: list[Block] = []
    for block in section.flow():
        if isinstance(block, Paragraph) and labels_in(block.lines[0]):
            continue
        if isinstance(block, List):
            told = [_tells_fact(draft, Joined.of(item.lines)) for item in block.items]
            rest = [item for item, known in zip(block.items, told, strict=True) if not known]
            kept += [List(tuple(rest))] if rest else []
        else:
            kept.append(block)
    text, where = analysis.prose(kept)
    if where is not None and not synonyms().is_missing(text):
        draft.append_text(section.kind, text, where)


def _tells_fact(draft: Draft, line: Joined) -> bool:
    """Read an entry such as ``- Root cause: …`` below a heading such as ``Resolution summary``."""
    names = synonyms().labels["record"]
    told = False
    for label in labels_in(line, names):
        name = names.get(normalised(label.name.text))
        if name in {"root_cause", "resolution"} and label.value.text:
            draft.append_text(name, without_bold(label.value.text), label.value)
            told = True
        elif name == "impact/summary" and label.value.text:
            draft.add_impact(without_bold(label.value.text), label.value)
            told = True
    return told


_READERS: dict[str, Callable[[Draft, Section], None]] = {
    "timeline": lambda draft, section: read_timeline(draft, section.heading, section.flow()),
    "action_items": lambda draft, section: read_action_items(draft, section.flow()),
    "what_went_well": lambda draft, section: analysis.read_texts(draft, section.kind, section),
    "what_went_poorly": lambda draft, section: analysis.read_texts(draft, section.kind, section),
    "where_we_got_lucky": lambda draft, section: analysis.read_texts(draft, section.kind, section),
    "five_whys": causes.read_whys_section,
    "root_cause": causes.read_root_cause,
    "contributing_factors": analysis.read_factors,
    "impact": read_impact,
    "mitigations": mitigations.read_mitigations,
    "runbook_update": mitigations.read_runbook_update,
    "summary": _read_text,
    "resolution": _read_text,
}
