"""A clock that notes what it was asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, SupportsIndex

from mkdocs_incident.judging.trace import BEGINNING, END, Trace

_TICK = timedelta.resolution


class Moment(datetime):
    """A moment that notes what others it is compared with: only that has to stay as it is.

    Whatever else is asked of it notes the moment itself. The day is one of the answers that hold longer.
    """

    _trace: Trace
    _ahead: timedelta

    @classmethod
    def of(cls, at: datetime, trace: Trace, ahead: timedelta = timedelta()) -> Moment:
        """Return a moment in UTC that lies by `ahead` behind the one that the trace speaks of."""
        made = cls(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, UTC)
        object.__setattr__(made, "_trace", trace)
        object.__setattr__(made, "_ahead", ahead)
        return made

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name not in {"date", "tzinfo", "utcoffset"}:
            object.__getattribute__(self, "_exactly")()
        return object.__getattribute__(self, name)

    def _note(self, since: datetime, until: datetime) -> None:
        try:
            self._trace.between(since - self._ahead, until - self._ahead)
        except OverflowError:
            self._exactly()

    def _exactly(self) -> None:
        clock = datetime.__sub__(self._plain(), self._ahead)
        self._trace.between(clock, clock + _TICK)

    def _plain(self) -> datetime:
        return datetime.combine(datetime.date(self), datetime.time(self), UTC)

    def _compared(self, other: object) -> datetime:
        here = self._plain()
        if not isinstance(other, datetime) or other.tzinfo is None:
            self._exactly()
        elif other < here:
            self._note(other + _TICK, END)
        elif other > here:
            self._note(BEGINNING, other)
        else:
            self._exactly()
        return here

    def __lt__(self, other: date) -> bool:
        return self._compared(other) < other

    def __le__(self, other: date) -> bool:
        return self._compared(other) <= other

    def __gt__(self, other: date) -> bool:
        return self._compared(other) > other

    def __ge__(self, other: date) -> bool:
        return self._compared(other) >= other

    def __eq__(self, other: object) -> bool:
        return self._compared(other) == other

    def __ne__(self, other: object) -> bool:
        return self._compared(other) != other

    def __hash__(self) -> int:
        self._exactly()
        return hash(self._plain())

    def __add__(self, by: timedelta) -> Moment:
        return Moment.of(self._plain() + by, self._trace, self._ahead + by)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:  # a moment for a span, a span for a moment
        if isinstance(other, timedelta):
            return self + -other
        self._exactly()
        return self._plain() - other

    def __rsub__(self, other: datetime) -> timedelta:
        self._exactly()
        return other - self._plain()

    def __str__(self) -> str:
        self._exactly()
        return str(self._plain())

    def __repr__(self) -> str:
        self._exactly()
        return repr(self._plain())

    def __format__(self, pattern: str) -> str:
        self._exactly()
        return format(self._plain(), pattern)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        self._exactly()
        return self._plain().__reduce_ex__(protocol)

    def date(self) -> date:
        """Return the day, which stays the same until midnight."""
        day = datetime.date(self)
        begin = datetime.combine(day, time(), UTC)
        self._note(begin, begin + timedelta(days=1) if day < date.max else END)
        return day
