"""What people outside of the response were told, as pages show it: line by line, as it was sent."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime

import msgspec

from mkdocs_incident.language import gettext, marked
from mkdocs_incident.pages.markup import plain
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Update
from mkdocs_incident.wording import capitalised, clip, words

_AUDIENCES = {
    marked("team"),
    marked("stakeholders"),
    marked("status page"),
    marked("management"),
    marked("executive"),
    marked("executives"),
    marked("customer"),
    marked("customers"),
    marked("legal"),
    marked("review invite"),
}
"""Names of audiences that templates, the cadence and rules know; others are a project's own words."""
_BETWEEN = regex(r"(\s*[,;/&+]\s*)")

_LONG_SECTION = 60
"""Lines of all updates of a page from which on long ones are folded: two screens."""
_LONG_TEXT = 8
"""Lines of an update that is not folded even then."""
_GIST = 120
"""Letters of a line that stands beside a mark of the timeline."""


class SentUpdate(msgspec.Struct, frozen=True):
    """An update, and whether it kept the cadence."""

    update: Update
    is_late: bool
    lines: tuple[str, ...]
    """Its text as far as it is shown at once; a line may be empty."""
    folded: tuple[str, ...]
    """The rest of it."""


def sent_updates(
    updates: Sequence[Update], late: Container[datetime | None] = ()
) -> list[SentUpdate]:
    """Return updates as a page lists them; `late` holds when those were sent that broke the cadence."""
    texts = [_lines(update) for update in updates]
    is_long = sum(map(len, texts)) > _LONG_SECTION
    return [
        SentUpdate(update, update.at in late, *(_folded(lines) if is_long else (lines, ())))
        for update, lines in zip(updates, texts, strict=True)
    ]


def _lines(update: Update) -> tuple[str, ...]:
    return tuple(line.strip() for line in (update.text or "").strip().splitlines())


def _folded(lines: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part a long text behind its first paragraph."""
    if len(lines) <= _LONG_TEXT:
        return lines, ()
    end = min(lines.index("") if "" in lines else len(lines), _LONG_TEXT)
    return lines[:end], lines[end:] if lines[end] else lines[end + 1 :]


def gist(update: Update) -> str:
    """Return what an update says in a line: its status where its text has several, and begins with a head."""
    lines = _lines(update)
    if len(lines) > 1 and update.status:
        return words(update.status)
    return clip(plain(lines[0]), _GIST) if lines else ""


def audience_words(written: str | None) -> str:
    """Return whom an update is for: our names for audiences in the site's language, all others as they are written."""
    parts = _BETWEEN.split(written or "stakeholders")
    return "".join(_audience(part) for part in parts)


def _audience(part: str) -> str:
    name = part.replace("-", " ").casefold()
    if name not in _AUDIENCES:
        return part
    said = gettext(name)
    return capitalised(said) if part[0].isupper() else said
