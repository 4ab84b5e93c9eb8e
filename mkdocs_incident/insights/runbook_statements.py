"""What a runbook's text says, piece by piece, and whether a line is one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.analysis import full_text
from mkdocs_incident.source.blocks import Block, Fence, Heading, List, Paragraph, Table, scan
from mkdocs_incident.source.labels import Joined, labelled_lines, labels_in
from mkdocs_incident.source.links import shown
from mkdocs_incident.source.synonyms import synonyms

_RUNBOOKS = 1024
"""Texts whose statements are kept: reviews come in the order of incidents, not of runbooks."""

_SPACES = regex(r"\s+")
_MARKER = regex(r"\A\s*(?:>\s*|(?:[-*+•]|\d+[.)]|\[[ xX]\])\s+)*")
_EMPHASIS = regex(r"[*_`]")
_MARKS = regex(r"[#>\\]")
_SENTENCE_END = regex(r"(?<=[.!?])\s+|(?<=[。！？])\s*")


def says(body: str, line: str) -> bool:
    """Whether a text says a line: as an entry, a paragraph or a cell, or by its sentences.

    A line within a longer sentence is not said: "Restart the workers" is not in "Never restart the
    workers during a migration". Case, emphasis, list markers and where links lead do not count.
    Commands are steps, so a line of a code block is said; comments and quotations are not.
    """
    known = _statements(body)
    if _plain(line) in known:
        return True
    pieces = [piece for part in line.splitlines() for piece in _sentences(part)]
    return all(piece in known for piece in pieces)


@lru_cache(maxsize=_RUNBOOKS)
def _statements(body: str) -> frozenset[str]:
    texts = _texts(scan(body.splitlines()))
    return frozenset(piece for text in texts for piece in (_plain(text), *_sentences(text)))


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    labels = synonyms().labels["runbook_update"]
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                yield full_text(item)
                yield from _texts(item.children)
        elif isinstance(block, Paragraph):
            yield Joined.of(block.lines).text
        elif isinstance(block, Fence):
            yield from (line.text for line in block.lines)
        elif isinstance(block, Heading):
            yield block.text.text
        elif isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row)
        for line in labelled_lines(block, labels):
            yield line.text
            yield from (label.value.text for label in labels_in(line, labels))


def _sentences(text: str) -> list[str]:
    pieces = (_plain(piece) for piece in _SENTENCE_END.split(_MARKER.sub("", text)))
    return [piece for piece in pieces if piece]


def _plain(text: str) -> str:
    """Return a text as it is compared."""
    text = shown(_MARKER.sub("", " ".join(text.split())))
    text = _MARKS.sub(" ", _EMPHASIS.sub("", text))
    return _SPACES.sub(" ", text).strip(" .;,:!。").casefold()
