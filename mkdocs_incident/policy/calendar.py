"""When support is at work: the hours that count where a target is given in support hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

_LONGEST = timedelta(days=1000)
_LAST_DAY = date.max - timedelta(days=2)
"""The last day whose hours have an instant in every zone."""


class SupportHours(msgspec.Struct, frozen=True):
    """A week of support, such as Monday to Friday from nine to five in one time zone."""

    days: frozenset[int]
    """Days of the week, Monday is 0."""
    begin: time
    end: time
    zone: ZoneInfo
    holidays: frozenset[date]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return how much support time lies between two instants; both know their zone.

        Spans beyond a thousand days are not counted hour by hour, but returned as they are.
        """
        if end - start > _LONGEST:
            return end - start
        total = timedelta()
        day = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            if day.weekday() in self.days and day not in self.holidays:
                opens = datetime.combine(day, self.begin, self.zone).astimezone(UTC)
                closes = datetime.combine(day, self.end, self.zone).astimezone(UTC)
                total += max(min(end, closes) - max(start, opens), timedelta())
            if day >= _LAST_DAY:
                break
            day += timedelta(days=1)
        return total
