"""The document's sections: what each heading (or bold line in its stead) says it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, Table
from mkdocs_incident.source.clock import day_of_timeline
from mkdocs_incident.source.labels import bare, labels_in
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import read_stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mkdocs_incident.source.text import Fragment

PSEUDO = 7
"""Level of a bold line that serves as a heading: below every real one."""

# Words that mean a section only below another: "Process" is a factor, a lesson or an action's type.
_WITHIN = {
    "factor_": {"contributing_factors", "root_cause", "five_whys"},
    "lessons_": {"lessons"},
    "type_": {"action_items"},
}
_PLAN_ONLY = ("plan_",)
_ANYWHERE = (
    "timeline", "action_items", "five_whys", "contributing_factors", "what_went_well",
    "what_went_poorly", "where_we_got_lucky", "lessons", "root_cause", "mitigations", "resolution",
    "impact", "summary", "metadata", "communications", "runbook_update",
)  # fmt: skip
_IN_PLAN = ("root_cause", "summary", "metadata", "timeline")
_CLOSED = {"communications", "runbook_update", "plan_communication", "part"}
"""Sections whose parts mean nothing outside of them."""

_PROSE = {"summary", "resolution", "root_cause", "impact"}
"""Sections that a bold line of any name ends, if a bold line opened them."""

_EXTENDED = ("runbook_update", "timeline", "action_items", "root_cause", "impact", "summary",
             "resolution", "mitigations", "communications", "lessons")  # fmt: skip
"""Sections whose heading may go on after a colon or a dash."""

_TITLES = {"runbook_update", "timeline", "action_items"}
"""Sections that teams keep in a file of its own, named in its title."""

_ACTIONS_AND = regex(r"(?P<name>.{2,50}?)\s*(?:,|&|/|\band\b|\bund\b)\s(?P<rest>.*)")
"""``Action items and response``: lists below it are read as what its first words announce."""

_BEGINNING = regex(r"(?P<name>[^:：—–]{2,50}?)\s*(?:[:：]\s|\s[—–-]\s)")


class Section(msgspec.Struct):
    """A heading, the kind of data below it, its own blocks and its subsections."""

    heading: Fragment | None
    level: int
    kind: str = ""
    """What it holds, such as ``timeline``; empty where the heading says nothing we know."""
    blocks: list[Block] = msgspec.field(default_factory=list)
    children: list[Section] = msgspec.field(default_factory=list)
    is_title: bool = False
    """Whether the heading names the document, whatever its section holds."""

    def flow(self) -> Iterator[Block]:
        """Yield what belongs to this section: its blocks and those of subsections of no own kind."""
        yield from self.blocks
        for child in self.children:
            if not child.kind:
                if child.heading is not None:
                    yield Heading(child.level, child.heading)
                yield from child.flow()

    def walk(self) -> Iterator[Section]:
        """Yield this section and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def outline(blocks: Sequence[Block], record_kind: str, *, with_key_events: bool = False) -> Section:
    """Return the root section of a document of `record_kind`; its first heading is its title.

    Key events are a timeline if asked for: most records have them beside their timeline.
    """
    outliner = _Outliner(record_kind, synonyms().words["key_events"] if with_key_events else ())
    for i, block in enumerate(blocks):
        if isinstance(block, Heading):
            outliner.open(block.text, block.level)
        elif isinstance(block, Paragraph):
            following = blocks[i + 1] if i + 1 < len(blocks) else None
            outliner.paragraph(block, before_list=isinstance(following, List | Table))
        else:
            outliner.stack[-1].blocks.append(block)
    return outliner.stack[0]


def kind_of_group(name: Fragment) -> str:
    """Return what the name of a group of action items says of them, ``type_…`` or ``horizon_…``; else nothing."""
    kind = _kind(name, "action_items", "postmortem", PSEUDO)
    return kind if kind.startswith(("type_", "horizon_")) else ""


class _Outliner:
    """The sections that are open while a document is walked."""

    def __init__(self, record_kind: str, timelines: Collection[str]) -> None:
        self.record_kind = record_kind
        self.timelines = timelines
        """Further names of a timeline."""
        self.stack = [Section(None, 0, kind="head")]
        self.titled = False

    def open(self, heading: Fragment, level: int) -> None:
        """Begin the section of `heading`, which ends all of its own level and below."""
        timeline = next((s.level for s in self.stack if s.kind == "timeline"), PSEUDO)
        if level == timeline and _is_moment(heading):
            level += 1  # "## May 12" behind "## Timeline" is a day of it
        while self.stack[-1].level >= level:
            self.stack.pop()
        section = Section(heading, level)
        if not self.titled and level < PSEUDO:
            self.titled = True
            section.kind = _kind_of_title(heading, self.record_kind)
            section.is_title = normalised(heading.text) not in synonyms().sections
        elif self._names_document(section):
            section.kind, section.is_title = "title", True
            self.stack[0].children[0].is_title = False
        else:
            section.kind = _kind(heading, self._enclosing_kind(), self.record_kind, level)
            if not section.kind and normalised(heading.text) in self.timelines:
                section.kind = "timeline"
        self.stack[-1].children.append(section)
        self.stack.append(section)

    def _names_document(self, section: Section) -> bool:
        """Whether a heading is the title after all: the one above it only says the document's kind."""
        above = self.stack[0].children
        return (
            len(above) == 1
            and above[0].is_title
            and not above[0].children
            and section.level == above[0].level
            and above[0].heading is not None
            and normalised(above[0].heading.text) in synonyms().titles
            and normalised(section.heading.text if section.heading else "")
            not in synonyms().sections
        )

    def _enclosing_kind(self) -> str:
        return next((section.kind for section in reversed(self.stack) if section.kind), "")

    def paragraph(self, block: Paragraph, *, before_list: bool) -> None:
        """Add a paragraph; a line in it that only names a section opens that section."""
        pending: list[Fragment] = []
        for i, line in enumerate(block.lines):
            bold = line.text.startswith(("**", "__"))
            opens = bold or (before_list and i == len(block.lines) - 1)
            name = bare_name(line) if opens else None
            if name is None or not self._is_heading(name, bold=bold):
                pending.append(line)
                continue
            self._flush(pending)
            pending = []
            self.open(name, PSEUDO)
        self._flush(pending)

    def _flush(self, lines: list[Fragment]) -> None:
        if lines:
            self.stack[-1].blocks.append(Paragraph(tuple(lines)))

    def _is_heading(self, name: Fragment, *, bold: bool) -> bool:
        """Whether the name stands for a section: a known one, or any that ends such prose."""
        text = normalised(name.text)
        if text in synonyms().sections or text in self.timelines:
            return True
        here = self.stack[-1]
        return bold and here.level == PSEUDO and here.kind in _PROSE


def _is_moment(heading: Fragment) -> bool:
    """Whether a heading is a day, a time or both, and perhaps what happened then."""
    stamp = read_stamp(heading.text)
    if stamp is None:
        return False
    return stamp.clock is not None or not heading.text[stamp.end :].strip(" :：*_")


def _kind(heading: Fragment, parent: str, record_kind: str, level: int) -> str:
    """Return what a heading's section holds, given what encloses it and the record's kind."""
    if parent in _CLOSED:
        return "part"
    if record_kind == "runbook":
        return ""
    name = normalised(heading.text)
    kinds = synonyms().sections.get(name, frozenset())
    if record_kind == "mitigation-plan":
        return _plan_kind(name, kinds, parent)
    return (
        _kind_within(kinds, parent)
        or next((kind for kind in _ANYWHERE if kind in kinds), "")
        or _horizon_of_actions(name, kinds, parent)
        or _kind_by_beginning(heading)
        # As a bold line, next steps end a status report.
        or ("action_items" if "next_steps" in kinds and level < PSEUDO else "")
        or ("impact" if parent == "impact" and "impact" in name else "")
        or ("timeline" if day_of_timeline(bare(heading).text) else "")
    )


def _kind_of_title(heading: Fragment, record_kind: str) -> str:
    """Return what a file holds whose first heading is a section's: ``Timeline: INC-2025-0142``."""
    whole = normalised(heading.text) in synonyms().sections
    kind = _kind(heading, "", record_kind, 1)
    return kind if kind and (whole or kind in _TITLES) else "title"


def _kind_within(kinds: frozenset[str], parent: str) -> str:
    for prefix, parents in _WITHIN.items():
        if parent in parents or parent.startswith(prefix):
            for kind in kinds:
                if kind.startswith(prefix):
                    return kind
    return ""


def _horizon_of_actions(name: str, kinds: frozenset[str], parent: str) -> str:
    horizon = _horizon(name, kinds)
    among_actions = parent == "action_items" or parent.startswith("horizon_")
    return horizon if among_actions or "action" in name or "maßnahmen" in name else ""


def _kind_by_beginning(heading: Fragment) -> str:
    """Return the kind of ``Runbook update: empty pools``: what stands before a colon or dash."""
    sections = synonyms().sections
    match = _BEGINNING.match(bare(heading).text)
    kinds = sections.get(normalised(match["name"]), ()) if match else ()
    if found := next((kind for kind in _EXTENDED if kind in kinds), ""):
        return found
    match = _ACTIONS_AND.match(bare(heading).text)
    if match is None or "timeline" in sections.get(normalised(match["rest"]), ()):
        return ""
    return "action_items" if "action_items" in sections.get(normalised(match["name"]), ()) else ""


def _plan_kind(name: str, kinds: frozenset[str], parent: str) -> str:
    inside = parent.startswith(("horizon_", "plan_actions", "plan_goal", "plan_success"))
    if inside:
        for kind in ("plan_actions", "plan_goal", "plan_success_criteria"):
            if kind in kinds:
                return kind
    horizon = _horizon(name, kinds)
    if horizon:
        return horizon
    for kind in sorted(kinds):
        if kind.startswith(_PLAN_ONLY) and kind not in {"plan_actions", "plan_goal"}:
            return kind
    for kind in _IN_PLAN:
        if kind in kinds:
            return kind
    return ""


def _horizon(name: str, kinds: frozenset[str]) -> str:
    for kind in kinds:
        if kind.startswith("horizon_"):
            return kind
    words = name.replace("-", " ")
    for word, kind in (
        ("immediate", "horizon_immediate"),
        ("short term", "horizon_short_term"),
        ("long term", "horizon_long_term"),
    ):
        if word in words and len(words.split()) <= 6:
            return kind
    return ""


def bare_name(line: Fragment) -> Fragment | None:
    """Return the name in a line that is nothing but ``**Name**``, ``**Name:**`` or ``Name:``."""
    text = line.text
    if len(text) > 80:
        return None
    for mark in ("**", "__"):
        if text.startswith(mark) and text.rstrip(" :：").endswith(mark) and text.count(mark) == 2:
            inner = text.rstrip(" :：")
            return line.cut(2, len(inner) - 2)
    labels = labels_in(line)
    if labels and not labels[0].value.text:
        return labels[0].name
    if text.endswith((":", "：")) and "." not in text:
        return line.cut(0, len(text) - 1)
    return None
