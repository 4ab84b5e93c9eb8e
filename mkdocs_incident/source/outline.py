"""The document's sections: what each heading (or bold line in its stead) says it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, Table
from mkdocs_incident.source.labels import labels_in
from mkdocs_incident.source.synonyms import normalised, synonyms
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
_CLOSED = {"communications", "runbook_update", "plan_communication"}
"""Sections whose parts mean nothing outside of them."""


@dataclass
class Section:
    """A heading, the kind of data below it, its own blocks and its subsections."""

    heading: Fragment | None
    level: int
    kind: str = ""
    """What it holds, such as ``timeline``; empty where the heading says nothing we know."""
    blocks: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)

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


def outline(blocks: Sequence[Block], record_kind: str) -> Section:
    """Return the root section of a document of `record_kind`; its first heading is its title."""
    root = Section(None, 0, kind="head")
    stack = [root]
    titled = False
    for block in _with_pseudo_headings(blocks):
        if not isinstance(block, Heading):
            stack[-1].blocks.append(block)
            continue
        while stack[-1].level >= block.level:
            stack.pop()
        section = Section(block.text, block.level)
        if not titled and block.level < PSEUDO:
            titled = True
            section.kind = _kind(block.text, "", record_kind) or "title"
        else:
            section.kind = _kind(block.text, _nearest_kind(stack), record_kind)
        stack[-1].children.append(section)
        stack.append(section)
    return root


def _nearest_kind(stack: list[Section]) -> str:
    for section in reversed(stack):
        if section.kind:
            return section.kind
    return ""


def _kind(heading: Fragment, parent: str, record_kind: str) -> str:
    """Return what a heading's section holds, given what encloses it and the record's kind."""
    if parent in _CLOSED:
        return ""
    name = normalised(heading.text)
    kinds = synonyms().sections.get(name, frozenset())
    if record_kind == "mitigation-plan":
        return _plan_kind(name, kinds, parent)
    if record_kind == "runbook":
        return ""
    for prefix, parents in _WITHIN.items():
        if parent in parents or parent.startswith(prefix):
            for kind in kinds:
                if kind.startswith(prefix):
                    return kind
    for kind in _ANYWHERE:
        if kind in kinds:
            return kind
    horizon = _horizon(name, kinds)
    if horizon and (parent == "action_items" or parent.startswith("horizon_") or "action" in name):
        return horizon
    if horizon and "maßnahmen" in name:
        return horizon
    if parent == "impact" and "impact" in name:
        return "impact"
    return ""


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


def _with_pseudo_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with bold or colon-ended lines that name a section turned into headings."""
    sections = synonyms().sections
    for i, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            yield block
            continue
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        pending: list[Fragment] = []
        for j, line in enumerate(block.lines):
            name = _bare_name(line)
            opens_list = j == len(block.lines) - 1 and isinstance(following, List | Table)
            alone = opens_list or line.text.startswith(("**", "__"))
            if name is None or not alone or normalised(name.text) not in sections:
                pending.append(line)
                continue
            if pending:
                yield Paragraph(tuple(pending))
                pending = []
            yield Heading(PSEUDO, name)
        if pending:
            yield Paragraph(tuple(pending))


def _bare_name(line: Fragment) -> Fragment | None:
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
