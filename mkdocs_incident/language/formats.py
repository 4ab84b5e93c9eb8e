"""Days as readers of the language in force write them; times stay in UTC, with 24 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import format_date

from mkdocs_incident.language.speech import pgettext, spoken


def day(value: date) -> str:
    """Return a day: ``15 Jun 2025``."""
    return _written(value, pgettext("day, as Unicode's pattern", "d MMM y"))


def short_day(value: date) -> str:
    """Return a day whose year is known: ``15 Jun``."""
    return _written(value, pgettext("day without year, as Unicode's pattern", "d MMM"))


def month(value: date) -> str:
    """Return a month whose year is known: ``Jun``."""
    return _written(value, pgettext("month, as Unicode's pattern", "MMM"))


def moment(value: datetime) -> str:
    """Return an instant: ``15 Jun 2025, 14:23 UTC``."""
    at = value.astimezone(UTC)
    return pgettext("moment", "%(day)s, %(time)s UTC", day=day(at), time=f"{at:%H:%M}")


def _written(value: date, pattern: str) -> str:
    day_of = value.date() if isinstance(value, datetime) else value
    return _formatted(day_of, pattern, spoken().name)


@lru_cache(maxsize=8192)  # the pages of a site name the same days many times
def _formatted(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)
