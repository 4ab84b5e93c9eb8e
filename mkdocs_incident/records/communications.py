"""Updates that people outside of the response were sent."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

import msgspec

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.milestones import DENIED_WITHIN, is_denied, says, vocabulary
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import in_utc, parse_instant

STAKEHOLDERS = "stakeholders"
"""All who depend on the service: customers, users, partners, and who else is not in the response."""
STATUS_PAGE = "status page"

_LONGEST = 1000
_NAME = 5
"""So many words may only name somebody: `the VP of engineering`."""
_QUESTION = regex(r"[^.;!?—–]*\?")
_CLAUSE = regex(r"[;!()—–]|\.(?!\w)|\b(?:but|while|aber)\b", re.IGNORECASE)
_PART = regex(r"[,&+/]|:(?!\d)|\b(?:and|und)\b", re.IGNORECASE)


class Update(msgspec.Struct, frozen=True):
    """One entry of `communications`."""

    document: Document
    route: Route
    number: int
    """Counted from 1, as updates are numbered when they are sent."""
    at: datetime | None
    """In UTC."""
    audience: str | None
    status: str | None
    text: str | None
    next_update_at: datetime | None
    """In UTC."""

    @property
    def location(self) -> Location:
        """Where the entry begins."""
        return self.document.at(*self.route)


def updates(document: Document) -> tuple[Update, ...]:
    """Return a record's updates, in its own order."""
    return tuple(
        Update(
            document=document,
            route=("communications", i),
            number=number,
            at=_moment(entry.get("at")),
            audience=text(entry, "audience"),
            status=text(entry, "status"),
            text=text(entry, "text"),
            next_update_at=_moment(entry.get("next_update_at")),
        )
        for number, (i, entry) in enumerate(mappings(document.record, "communications"), start=1)
    )


def _moment(value: object) -> datetime | None:
    moment = parse_instant(value)
    return in_utc(moment) if moment is not None else None


def speaks_of(words: str, audience: str) -> bool:
    """Return whether a text names an audience, by its own name or by a synonym."""
    return _named(audience).search(words) is not None


def tells(words: str, audience: str) -> bool:
    """Return whether a text says that an audience was told: ``Legal and executives informed``.

    What is denied, asked or only planned does not count. A handle or a channel counts where it is
    named without denial: who acts knows. Stakeholders hear of it from the status page, too.
    """
    words, audience = words[:_LONGEST], audience.replace("-", " ").casefold()
    if not speaks_of(words, audience):
        return audience == STAKEHOLDERS and tells(words, STATUS_PAGE)
    words = _QUESTION.sub("", words)
    if audience == STAKEHOLDERS:
        told = synonyms().stakeholders_told.finditer(words)
        return any(not _is_untold(match) for match in told) or tells(words, STATUS_PAGE)
    return any(_tells(_PART.split(clause), audience) for clause in _CLAUSE.split(words))


def _tells(parts: list[str], audience: str) -> bool:
    """Judge one clause: a part that only names somebody is told by the next one, or the one before."""
    for i, part in enumerate(parts):
        if not speaks_of(part, audience):
            continue
        following = parts[i + 1 :]
        if audience == STATUS_PAGE and _named(audience).fullmatch(part.strip()) and following:
            return _told(following[0], audience) is not False  # `Status page: payments fail`
        others = [*following, *parts[:i][::-1]] if len(part.split()) <= _NAME else []
        said = (_told(other, audience) for other in (part, *others))
        if next((told for told in said if told is not None), audience.startswith(("@", "#"))):
            return True
    return False


def _told(part: str, audience: str) -> bool | None:
    """Whether a part says that somebody was told, or was not; None where it says neither."""
    acting = "posting" if audience == STATUS_PAGE else "knowing"
    verbs = [*vocabulary("telling").finditer(part), *vocabulary(acting).finditer(part)]
    if verbs:
        return any(not _is_untold(verb) for verb in verbs)
    if says(part, "not_told"):
        return False
    return False if says(part, "denied") and audience != STATUS_PAGE else None


def _is_untold(verb: re.Match[str]) -> bool:
    text, start, end = verb.string, verb.start(), verb.end()
    following = " ".join(text[end : end + DENIED_WITHIN].split()[:1])
    before = text[max(0, start - DENIED_WITHIN) : end]
    return is_denied(verb) or says(before, "not_told") or says(following, "not_told")


@lru_cache(maxsize=256)
def _named(audience: str) -> re.Pattern[str]:
    key = f"audience_{audience.replace('-', '_').replace(' ', '_')}"
    names = sorted({audience, *synonyms().words.get(key, ())}, key=len, reverse=True)
    spelled = "|".join("[ -]".join(map(re.escape, re.split("[ -]", name))) for name in names)
    return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE)
