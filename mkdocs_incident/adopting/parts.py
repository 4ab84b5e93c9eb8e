"""Whether a file tells several incidents, each of which wants a record of its own."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.records.values import texts
from mkdocs_incident.source.clock import day_in
from mkdocs_incident.source.document import Document, ReadOptions, read_document
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import parse_date, read_stamp
from mkdocs_incident.source.title import ID

if TYPE_CHECKING:
    from mkdocs_incident.source.text import Fragment
    from mkdocs_incident.source.times import DateOrder

_PLURAL = regex(
    r"\b(?:incidents|outages|post-?mortems|störungen|ausfälle|vorfälle)\b|\d件", re.IGNORECASE
)
_DATES = regex(r"(?<![\w/.-])\w")
_NAMED = regex(r"\W*(?P<word>[^\W\d_]+)")


class _Part(msgspec.Struct, frozen=True):
    """What stands below one heading."""

    heading: Fragment
    day: date | None
    ids: frozenset[str]

    def differs(self, other: _Part) -> bool:
        """Whether both tell when or which, and tell it differently."""
        if self.ids and other.ids:
            return not self.ids & other.ids
        return self.day is not None and other.day is not None and self.day != other.day


def incidents_in(document: Document, options: ReadOptions) -> list[Fragment]:
    """Return the headings of the incidents that a document tells; empty where they are not several.

    Several are headings of level 1 of which each tells another day or id than the first, such headings of
    level 2 that begin with ``Incident`` or an id, or a title that names several and their days.
    """
    if document.kind not in {"incident", "postmortem"}:
        return []
    sections = [s for s in outline(document.blocks, document.kind).walk() if s.heading is not None]
    is_log = bool(sections) and _is_bare_day(sections[0])
    for level in (1, 2):
        parts = [
            _part(document, section.heading, level, options)
            for section in sections
            if section.heading is not None and _may_begin(section, level, is_log=is_log)
        ]
        known = [part for part in parts if part.day is not None or part.ids]
        others = [part.heading for part in known[1:] if part.differs(known[0])]
        if others:
            return [known[0].heading, *others]
    title = next((s.heading for s in sections if s.is_title), None)
    if title is not None and len(texts(document.record, "incidents")) < 2:
        several = _PLURAL.search(title.text) and len(_days_in(title.text, options.order)) > 1
        return [title] if several else []
    return []


def _is_bare_day(section: Section) -> bool:
    text = section.heading.text if section.heading is not None else ""
    stamp = read_stamp(text)
    return stamp is not None and not text[stamp.end :].strip(" :：*_")


def _may_begin(section: Section, level: int, *, is_log: bool) -> bool:
    """Whether a section may be an incident's own: no known part of one, no day of a timeline."""
    heading = section.heading
    if heading is None or section.level != level or section.kind not in {"", "title"}:
        return False
    match = _NAMED.match(heading.text)
    word = normalised(match["word"]) if match else ""
    if level == 1:
        is_part = word in synonyms().sections or (_is_bare_day(section) and not is_log)
        return not is_part
    return word in synonyms().titles or ID.match(heading.text) is not None


def _part(document: Document, heading: Fragment, level: int, options: ReadOptions) -> _Part:
    lines = document.source.lines
    last = next(
        (line for line in _headings(document, level) if line > heading.line), len(lines) + 1
    )
    text = "\n".join(lines[heading.line - 1 : last - 1])
    own = read_document(document.path, text.encode(), options, kind=document.kind).record
    day = parse_date(own.get("date")) or day_in(heading.text, options.order)
    ids = {*texts(own, "id"), *texts(own, "incidents")}
    return _Part(heading, day, frozenset(ids))


def _headings(document: Document, level: int) -> list[int]:
    sections = outline(document.blocks, document.kind).walk()
    return [s.heading.line for s in sections if s.heading is not None and s.level <= level]


def _days_in(text: str, order: DateOrder) -> set[date]:
    stamps = (read_stamp(text[match.start() :], order) for match in _DATES.finditer(text))
    return {day for stamp in stamps if stamp is not None and (day := stamp.on(None)) is not None}
