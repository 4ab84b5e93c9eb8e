"""Which kind of record a legacy document is, and what tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.outline import outline
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.title import told_kind
from mkdocs_incident.wording import joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_incident.source.document import Document

_KEYS = ("type", "layout", "category", "categories", "tags")
"""Keys of other tools whose value may name the kind of a page."""
_OF_REVIEWS = ("root_cause", "five_whys", "contributing_factors", "what_went_well", "what_went_poorly",
               "where_we_got_lucky", "lessons")  # fmt: skip
_OF_RUNBOOKS = {"meaning", "symptoms", "diagnosis", "mitigation", "verification", "escalation",
                "troubleshooting", "prerequisites", "rollback", "procedure", "steps"}  # fmt: skip
_AND = regex(r" (?:and|und|&) ")
_ENOUGH = 2
"""So many headings of a kind tell it; one alone stands in documents of every kind."""


def kind_of(
    document: Document, front: Mapping[str, Any]
) -> tuple[str, tuple[str] | tuple[str, int]]:
    """Return a document's kind, what tells it and on which line; an empty kind where nothing does.

    Args:
        document: as read, whatever kind it was taken for.
        front: its front matter.
    """
    told = _kind_of_keys(front)
    if told is not None:
        return told[0], (told[1],)
    kind, what, line = told_kind(document.path, {}, document.blocks)
    if kind:
        return kind, (what, line) if line else (what,)
    kind, what = _kind_of_headings(document)
    return kind, (what,)


def _kind_of_keys(front: Mapping[str, Any]) -> tuple[str, str] | None:
    for key in _KEYS:
        value = front.get(key)
        for entry in value if isinstance(value, list) else [value]:
            name = normalised(entry) if isinstance(entry, str) else ""
            titles = synonyms().titles
            kind = titles.get(name) or titles.get(name.removesuffix("s"))
            if kind is not None:
                return kind, f"`{key}` in the front matter"
    return None


def _kind_of_headings(document: Document) -> tuple[str, str]:
    sections = [s for s in outline(document.blocks, "incident").walk() if s.heading is not None]
    names = [normalised(s.heading.text) for s in sections if s.heading is not None]
    steps = list(dict.fromkeys(n for name in names for n in _AND.split(name) if n in _OF_RUNBOOKS))
    kinds = {section.kind for section in sections}
    review = [kind.replace("_", " ") for kind in _OF_REVIEWS if kind in kinds]
    if "timeline" in document.record:
        return "incident", "its timeline"
    if len(steps) >= max(_ENOUGH, len(review) + 1):
        return "runbook", f"headings {joined([f'`{name}`' for name in steps[:3]])}"
    if len(review) >= _ENOUGH:
        return "postmortem", f"sections {joined([f'`{kind}`' for kind in review[:3]])}"
    return "", ""
