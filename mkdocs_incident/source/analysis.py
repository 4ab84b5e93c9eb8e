"""Texts, lessons and contributing factors: what the review's lists say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_incident.source.blocks import Block, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import Joined, Label, bare, columns_of, labels_in, without_bold
from mkdocs_incident.source.synonyms import normalised, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_incident.source.draft import Draft, Fields
    from mkdocs_incident.source.outline import Section
    from mkdocs_incident.source.text import Fragment


def items_of(blocks: Iterable[Block]) -> Iterator[tuple[Item, Joined]]:
    """Yield the entries of all lists, one level."""
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                yield item, Joined.of(item.lines)


def full_text(item: Item) -> str:
    """Return an entry's text and what is nested below it."""
    texts = [without_bold(Joined.of(item.lines).text)]
    texts += [full_text(sub) for sub, _ in items_of(item.children)]
    return "; ".join(text for text in texts if text)


def prose(blocks: Iterable[Block]) -> tuple[str, Fragment | None]:
    """Return paragraphs and lists as text, soft line breaks joined, and where they begin."""
    pieces: list[str] = []
    first: Fragment | None = None
    for block in blocks:
        lines: list[Fragment] = []
        if isinstance(block, Paragraph):
            lines = [Joined.of(block.lines).whole]
            pieces.append(lines[0].text)
        elif isinstance(block, List):
            lines = [Joined.of(item.lines).whole for item in block.items]
            pieces.append("\n".join(f"- {full_text(item)}" for item in block.items))
        first = first or next((line for line in lines if line.text), None)
    return "\n\n".join(piece for piece in pieces if piece), first


def read_texts(draft: Draft, name: str, section: Section) -> None:
    """Read a section's entries into the list of texts `name`."""
    for text, where in _entries(section):
        draft.add(name, text, where)


def _entries(section: Section) -> Iterator[tuple[str, Fragment]]:
    """Yield a section's list items and rows, else its paragraphs; a placeholder says nothing."""
    blocks = list(section.flow())
    entries = [(full_text(item), text.whole) for item, text in items_of(blocks)]
    for block in blocks:
        if isinstance(block, Table):
            entries += [(without_bold(row[-1].text), row[-1]) for row in block.rows]
    if not entries:
        lines = [Joined.of(block.lines).whole for block in blocks if isinstance(block, Paragraph)]
        entries = [(without_bold(line.text), line) for line in lines]
    yield from (entry for entry in entries if not synonyms().is_missing(entry[0]))


def read_lessons(draft: Draft, section: Section, kind: str = "") -> None:
    """Read lessons; ``**What went well:** …`` among them goes where it belongs."""
    known = synonyms().sections_as_labels
    for text, where in _entries(section):
        label = next(iter(labels_in(where, known)), None)
        target = known.get(normalised(label.name.text)) if label else None
        if label is not None and target is not None:
            if label.value.text:
                draft.add(target, without_bold(label.value.text), label.value)
            continue
        fields: Fields = {"text": (text, where)}
        if kind and section.heading is not None:
            fields["kind"] = (kind, section.heading)
        draft.add("lessons", fields, where)


def read_factors(draft: Draft, section: Section, category: str = "") -> None:
    """Read contributing factors: plain, below a category's heading, or with a bold category."""
    heading = section.heading
    blocks = list(section.flow())
    for block in blocks:
        if isinstance(block, Table):
            _factor_table(draft, block)
    for item, text in items_of(blocks):
        label = next(iter(labels_in(text, synonyms().factors)), None) or Label(
            text.whole, text.whole.cut(len(text.text))
        )
        name = synonyms().factors.get(normalised(label.name.text))
        if name is None:
            _add_factor(draft, (full_text(item), text.whole), category, heading)
            continue
        if label.value.text:
            _add_factor(draft, (without_bold(label.value.text), label.value), name, label.name)
        for sub, sub_text in items_of(item.children):
            _add_factor(draft, (full_text(sub), sub_text.whole), name, label.name)
    if not any(isinstance(block, List | Table) for block in blocks):
        for block in blocks:
            if isinstance(block, Paragraph):
                _factor_paragraph(draft, block, category, heading)
    for block in blocks:
        if isinstance(block, Paragraph):
            _concluding_labels(draft, block)


def _factor_paragraph(
    draft: Draft, block: Paragraph, category: str, heading: Fragment | None
) -> None:
    """Read prose as one factor, and a line such as ``**People:** …`` as one of its category."""
    labels = [label for line in block.lines for label in labels_in(line, synonyms().factors)]
    if not labels:
        whole = Joined.of(block.lines).whole
        _add_factor(draft, (without_bold(whole.text), whole), category, heading)
    for label in labels:
        if name := synonyms().factors.get(normalised(label.name.text)):
            _add_factor(draft, (without_bold(label.value.text), label.value), name, label.name)


def _concluding_labels(draft: Draft, block: Paragraph) -> None:
    """Read ``**Primary root cause:** …`` below the factors, if nothing else tells the cause."""
    names = synonyms().labels["record"]
    for label in (label for line in block.lines for label in labels_in(line)):
        if names.get(normalised(label.name.text)) != "root_cause" or "root_cause" in draft.data:
            continue
        if label.value.text and not synonyms().is_missing(label.value.text):
            draft.append_text("root_cause", without_bold(label.value.text), label.value)


def _add_factor(
    draft: Draft, factor: tuple[str, Fragment], category: str, where: Fragment | None
) -> None:
    if synonyms().is_missing(factor[0]):
        return
    fields: Fields = {"factor": factor}
    if category and where is not None:
        fields["category"] = (category, where)
    draft.add("contributing_factors", fields, factor[1])


def _factor_table(draft: Draft, table: Table) -> None:
    columns = columns_of(table, synonyms().labels["contributing_factors"])
    kind = columns.get("category")
    for row in table.rows:
        at = columns.get("factor", len(row) - 1)
        category = bare(row[kind]) if kind is not None and kind < len(row) else None
        if at < len(row):
            name = category.text.lower() if category else ""
            name = synonyms().factors.get(normalised(name), name)
            _add_factor(draft, (without_bold(row[at].text), row[at]), name, category)
