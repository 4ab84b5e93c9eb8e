"""What stands in a record's front matter and not in its text: its page says it, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from mkdocs_incident.language import gettext
from mkdocs_incident.patterns import regex
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route

_BREAK = regex(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d{1,3}[.)])\s)")
"""Where one paragraph of a text ends: at a blank line, and before an entry of a list."""


class Passage(msgspec.Struct, frozen=True):
    """A text of a record, or a list of sentences, below a heading of its own."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[tuple[str, str | None], ...] = ()
    """Sentences, each with its kind where it has one."""

    @property
    def said(self) -> list[str]:
        """All that it tells."""
        return [*self.paragraphs, *(line for line, _ in self.lines)]


def is_in_body(document: Document, *route: str | int) -> bool:
    """Return whether a value was read from a record's body, by the place where it, or its first entry, begins."""
    first_line, _ = document.source.position(document.body_start)
    return document.at(*route, 0).line >= first_line


def front_matter_of(document: Document) -> dict[str, Any]:
    """Return a record without what was read from its body."""
    found: dict[str, Any] = _outside_the_body(document, document.record, ())
    return found


def _outside_the_body(document: Document, value: Any, route: Route) -> Any:
    """Return what of a value was not read from the body; None of one that is there whole."""
    if not isinstance(value, dict):
        return None if is_in_body(document, *route) else value
    found = {key: _outside_the_body(document, v, (*route, key)) for key, v in value.items()}
    return {key: entry for key, entry in found.items() if entry is not None}


def passages(document: Document, *names: str) -> list[Passage]:
    """Return the texts and sentences that the front matter has under `names`, unless the body has them, too."""
    titles = _titles()
    record = {
        name: value
        for name in names
        if (value := _outside_the_body(document, document.record.get(name), (name,))) is not None
    }
    told = [_passage(record, name, titles[name]) for name in record]
    if not any(passage.said for passage in told):
        return []
    body = _one_line(document.body)
    return [p for p in told if p.said and not all(_one_line(part) in body for part in p.said)]


def _titles() -> dict[str, str]:
    return {
        "summary": gettext("Summary"),
        "root_cause": gettext("Root cause"),
        "resolution": gettext("Resolution"),
        "what_went_well": gettext("What went well"),
        "what_went_poorly": gettext("What went poorly"),
        "where_we_got_lucky": gettext("Where we got lucky"),
        "lessons": gettext("Lessons"),
        "escalation": gettext("Escalation"),
    }


def _passage(record: dict[str, Any], name: str, title: str) -> Passage:
    lessons = [(text(entry, "text"), text(entry, "kind")) for _, entry in mappings(record, name)]
    lines = [(words, kind) for words, kind in lessons if words]
    if not isinstance(record.get(name), str):
        lines += [(line, None) for line in texts(record, name)]
    return Passage(name, title, paragraphs(text(record, name)), tuple(lines))


def paragraphs(written: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a text, the entries of its lists each by itself."""
    return tuple(part.strip() for part in _BREAK.split(written or "") if part.strip())


def _one_line(written: str) -> str:
    return " ".join(written.split())


class Step(msgspec.Struct, frozen=True):
    """A part of an action: what is done, how, or the way back."""

    name: str
    text: str

    @property
    def is_commands(self) -> bool:
        """Whether line ends have a meaning."""
        return "\n" in self.text.strip()


def steps_of(document: Document, route: Route, facts: dict[str, str]) -> Iterator[Step]:
    """Yield what the front matter says of a plan's action beside its title; empty where the body says it."""
    if is_in_body(document, *route):
        return
    names = {
        "what": gettext("What"),
        "how": gettext("How"),
        "impact": gettext("Expected effect"),
        "rollback": gettext("Way back"),
        "eta": gettext("ETA"),
    }
    for name, title in names.items():
        if name in facts:
            yield Step(title, facts[name])
