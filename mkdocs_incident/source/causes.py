"""Root causes, and the whys that lead to them, in the forms that people write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.analysis import prose
from mkdocs_incident.source.blocks import Block, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import (
    Joined,
    columns_of,
    heading_label,
    labelled_lines,
    labels_in,
    split_list,
    without_bold,
)
from mkdocs_incident.source.synonyms import normalised, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_incident.source.draft import Draft, Fields
    from mkdocs_incident.source.labels import Label
    from mkdocs_incident.source.outline import Section
    from mkdocs_incident.source.text import Fragment

_ARROW = regex(r"^(?:→|⇒|->|=>|-->|[-–—])\s*")
_WHY_LABEL = regex(r"^(?:\*\*)?why\s*#?\s*\d\s*[:.)]?\s*(?:\*\*)?\s*[:.)]?\s*", re.IGNORECASE)
_NUMBER = regex(r"^\d{1,2}[.)]\s+")
_QUESTION_END = regex(r"\?(?:\*\*|__|\*)?:?\s*")
_INNER_ARROW = regex(r"\s(?:→|⇒|->|=>)\s*")


def read_root_cause(draft: Draft, section: Section) -> None:
    """Read prose into ``root_cause``; a list that asks why is the five whys."""
    kept: list[Block] = []
    for block in section.flow():
        if _asks_why(block):
            read_five_whys(draft, [block])
        elif isinstance(block, Paragraph) and labels_in(block.lines[0]):
            _read_labels(draft, block)
        else:
            kept.append(block)
    text, where = prose(kept)
    if where is None and section.heading is not None and "root_cause" not in draft.data:
        label = heading_label(section.heading)
        if label is None:
            return
        text, where = label.value.text, label.value
    if where is not None and (synonyms().is_unknown_cause(text) or not synonyms().is_missing(text)):
        draft.append_text("root_cause", without_bold(text), where)


def read_whys_section(draft: Draft, section: Section) -> None:
    """Read the whys and the root cause that they end in."""
    blocks = list(section.flow())
    read_five_whys(draft, [block for block in blocks if not _is_labelled(block)])
    for block in blocks:
        if isinstance(block, Paragraph) and _is_labelled(block):
            _read_labels(draft, block)


def _is_labelled(block: Block) -> bool:
    return isinstance(block, Paragraph) and any(
        _kind_of(label) for label in labels_in(block.lines[0])
    )


def _kind_of(label: Label) -> str:
    """Return the section or field that a label below a root cause names."""
    name = normalised(label.name.text)
    if synonyms().labels["record"].get(name) == "root_cause":
        return "root_cause"
    return "contributing_factors" if name in _factor_names() else ""


def _factor_names() -> set[str]:
    sections = synonyms().sections
    return {name for name, kinds in sections.items() if "contributing_factors" in kinds}


def _read_labels(draft: Draft, block: Paragraph) -> None:
    for line in labelled_lines(block, None):
        for label in labels_in(line):
            if not label.value.text or synonyms().is_missing(label.value.text):
                continue
            kind = _kind_of(label)
            if kind == "root_cause":
                draft.append_text(kind, without_bold(label.value.text), label.value)
            elif kind and kind not in draft.data:
                for factor in split_list(label.value):
                    draft.add(kind, {"factor": (factor.text, factor)}, factor)


def read_five_whys(draft: Draft, blocks: Iterable[Block]) -> None:
    """Read questions with their answers: lists, tables, headings or paragraphs."""
    question: Fragment | None = None
    for block in blocks:
        if isinstance(block, List):
            items = block.items
            if question is not None:
                answered = not _asks(items[0])
                _add(draft, question, _answer(_first_line(block)) if answered else None)
                question = None
                items = tuple(_questions_in(block)) if answered else items
            for item in items:
                _read_item(draft, item)
        elif isinstance(block, Table):
            _read_table(draft, block)
        elif isinstance(block, Heading):
            question = block.text if _is_question(block.text.text) else question
        elif isinstance(block, Paragraph):
            question = _read_paragraph(draft, block, question)
    if question is not None:
        _add(draft, question, None)


def _first_line(block: List) -> Fragment:
    return Joined.of(block.items[0].lines).whole


def _read_paragraph(draft: Draft, block: Paragraph, question: Fragment | None) -> Fragment | None:
    """Read a paragraph that asks, answers or does both; return the question that is open after it."""
    for text in _questions_of(block):
        if _is_question(text.text):
            if question is not None:
                _add(draft, question, None)
            question, because = _split(text)
            if because is not None:
                _add(draft, question, because)
                question = None
        elif question is not None:
            _add(draft, question, _answer(text.whole))
            question = None
    return question


def _questions_of(block: Paragraph) -> Iterator[Joined]:
    """Yield a paragraph's lines, each question with the lines of its answer."""
    lines: list[Fragment] = []
    for line in block.lines:
        if lines and _is_question(line.text):
            yield Joined.of(lines)
            lines = []
        lines.append(line)
    yield Joined.of(lines)


def _is_question(text: str) -> bool:
    plain = without_bold(text[:400]).strip().lstrip("*_")
    plain = _NUMBER.sub("", _WHY_LABEL.sub("", plain, count=1) or plain)
    first = re.match(r"[^\W\d_]+", plain.lower())
    return bool(first and first[0] in synonyms().words["why"]) or bool(_WHY_LABEL.match(text))


def _asks(item: Item) -> bool:
    return _is_question(Joined.of(item.lines).text)


def _questions_in(block: Block) -> Iterator[Item]:
    """Yield the entries of a list that ask why, and of others those below them that do."""
    for item in block.items if isinstance(block, List) else ():
        if _asks(item):
            yield item
        else:
            yield from _questions_below(item)


def _questions_below(item: Item) -> Iterator[Item]:
    for child in item.children:
        yield from _questions_in(child)


def _asks_why(block: Block) -> bool:
    """Whether a numbered list asks why, which makes it the five whys wherever it stands."""
    if not isinstance(block, List) or not block.items[0].ordered:
        return False
    if len(block.items) == 1:
        return _asks(block.items[0]) and any(_questions_below(block.items[0]))
    return sum(map(_asks, block.items)) * 2 >= len(block.items)


def _read_item(draft: Draft, item: Item) -> None:
    """Read a why with its answer, which may stand below it, and then those that are asked below both."""
    text = Joined.of(item.lines)
    why, because = _split(text)
    for child in item.children:
        if because is not None:
            break
        if isinstance(child, List):
            answers = (sub for sub in child.items if not _asks(sub))
            because = next((_answer(Joined.of(sub.lines).whole) for sub in answers), None)
        elif isinstance(child, Paragraph):
            because = _answer(Joined.of(child.lines).whole)
    if because is None and "?" not in why.text and not _is_question(why.text):
        _add(draft, None, _answer(why))
    else:
        _add(draft, why, because)
    for further in _questions_below(item):
        _read_item(draft, further)


def _split(text: Joined) -> tuple[Fragment, Fragment | None]:
    """Split ``Why …? → answer`` at the question mark, an arrow or a label's end."""
    start = 0
    label = _WHY_LABEL.match(text.text)
    if label and label.end() < len(text.text):
        start = label.end()
    for pattern, kept in ((_QUESTION_END, 1), (_INNER_ARROW, 0)):
        if match := pattern.search(text.text, start):
            answer = text.cut(match.end())
            return text.cut(start, match.start() + kept), _answer(answer) if answer.text else None
    return text.cut(start), None


def _answer(value: Fragment) -> Fragment:
    """Strip the arrow and the word ``Because``, which the field's name says already."""
    if match := _ARROW.match(value.text):
        value = value.cut(match.end())
    for word in sorted(synonyms().words["because"], key=len, reverse=True):
        if value.text.lower().startswith(word + " "):
            return value.cut(len(word))
    return value


def _add(draft: Draft, why: Fragment | None, because: Fragment | None) -> None:
    fields: Fields = {}
    if why is not None and why.text:
        fields["why"] = (without_bold(why.text).strip("* "), why)
    if because is not None and because.text and not synonyms().is_missing(because.text):
        fields["because"] = (without_bold(because.text), because)
    if fields:
        draft.add("five_whys", fields, next(iter(fields.values()))[1])


def _read_table(draft: Draft, table: Table) -> None:
    columns = columns_of(table, synonyms().labels["five_whys"])
    for row in table.rows:
        cells = {name: row[i] for name, i in columns.items() if i < len(row)}
        _add(draft, cells.get("why"), cells.get("because"))
