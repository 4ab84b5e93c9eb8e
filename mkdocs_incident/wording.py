"""Words for messages and pages: a name, a list, a number, a span, each said in one way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from mkdocs_incident.language import gettext, ngettext, pgettext


def clip(value: object, limit: int = 60) -> str:
    """Return `value` as short one-line text for a message, at most `limit` characters."""
    text = " ".join(str(value).split()).replace("`", "'")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def slug(name: str) -> str:
    """Return a name as part of a path, an id or a channel's name; empty without a letter."""
    return re.sub(r"\W+", "-", name).strip("-").lower()


def listed(names: list[str], limit: int = 8) -> str:
    """Return `names` in backticks with commas, at most `limit` of them and how many more."""
    shown = ", ".join(f"`{clip(name)}`" for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def enumerated(words: Sequence[str]) -> str:
    """Return `words` one after the other: ``a, b, c``."""
    return pgettext("between parts of a list", ", ").join(words)


def joined(words: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """Return `words` as prose: ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    start = enumerated(words[:-1])
    if last == "or":
        return pgettext("list", "%(start)s or %(end)s", start=start, end=words[-1])
    return pgettext("list", "%(start)s and %(end)s", start=start, end=words[-1])


def capitalised(words: str) -> str:
    """Return words as the begin of a line: the rest keeps its letters, ``IC assigned``."""
    return words[:1].upper() + words[1:]


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Return a number with its noun: ``1 review``, ``2,000 reviews``."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def percent(part: int, whole: int) -> int:
    """Return a share in whole per cent, half of one up: 1 of 8 is 13, as people round."""
    return (200 * part + whole) // (2 * whole)


def in_minutes(value: timedelta) -> int:
    """Return a span in whole minutes, half of one up."""
    return int((value + timedelta(seconds=30)) // timedelta(minutes=1))


def span(value: timedelta) -> str:
    """Return a span in its two greatest units, to the minute: ``1 h 24 min``, ``2 d 3 h``."""
    if value and value < timedelta(minutes=1):
        return gettext("under 1 min")
    minutes = in_minutes(value)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        pgettext("days", "%(number)s d", number=days) if days else "",
        pgettext("hours", "%(number)s h", number=hours) if hours else "",
        pgettext("minutes", "%(number)s min", number=minutes) if minutes else "",
    ]
    first = next((i for i, part in enumerate(parts) if part), None)
    if first is None:
        return pgettext("minutes", "%(number)s min", number=0)
    return " ".join(filter(None, parts[first : first + 2]))


DAYS_FROM = timedelta(days=2)
"""From here on days of the calendar tell how far off a moment is, below it hours: `1 day` may be 2 hours."""


def left(until: datetime, now: datetime) -> str:
    """Return how far off a deadline is: ``3 days left``, ``14 h left``, ``overdue by 5 h``."""
    gap = until - now
    days = (until.date() - now.date()).days
    if gap >= DAYS_FROM:
        return ngettext("%(num)s day left", "%(num)s days left", days)
    if gap <= -DAYS_FROM:
        return ngettext("%(num)s day overdue", "%(num)s days overdue", -days)
    hours = int(abs(gap) / timedelta(hours=1))
    said = pgettext("hours", "%(number)s h", number=hours) if hours else span(abs(gap))
    if gap < timedelta(0):
        return gettext("overdue by %(span)s", span=said)
    return gettext("%(span)s left", span=said)


def moment(value: datetime) -> str:
    """Return an instant in UTC as messages write it: ``2025-06-15 14:23 UTC``."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def words(name: str) -> str:
    """Return a field's value as words: ``wont-do`` as ``won't do``, ``in-review`` as ``in review``."""
    said = "won't do" if name == "wont-do" else name.replace("-", " ").replace("_", " ")
    # A project's own names have no text; a percent sign in one means nothing, and "" would give the catalogue's head.
    return gettext(said.replace("%", "%%")) if said else ""
