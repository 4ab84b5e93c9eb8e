"""Instants as people type them: ``now``, ``14:05``, ``22:05 CET``, ``2025-10-01T14:23Z``."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import click

from mkdocs_incident.source.times import in_utc, iso, parse_date, parse_instant, read_stamp
from mkdocs_incident.wording import clip, moment, span

SLIP = timedelta(minutes=5)
"""So far clocks differ: what was seen this little ahead has happened. The number is ours."""
_DAY = timedelta(days=1)

Day = Literal["past", "same", "next"]
"""Which day a clock without one means: that of its last passing, today, that of its next passing."""


class TypedMoment(click.ParamType[Any]):
    """An instant as somebody types it in a hurry; its command knows the zone and the day."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the text, which means an instant."""
        try:
            meant(value, datetime(2000, 1, 3, tzinfo=UTC), "Z", "same")
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return value


def meant(text: str, now: datetime, zone: str, day: Day) -> datetime:
    """Return the instant that a text means, in UTC.

    Args:
        text: ``now``, a clock with or without a zone, or a day with a clock.
        now: what ``now`` is, and the day of a clock that names none.
        zone: of a clock that names none: ``Z``, an offset such as ``+02:00``, or ``Europe/Berlin``.
        day: which day a clock that names none means.

    Raises:
        ValueError: the text means no certain instant; a day alone is none.
    """
    written = text.strip()
    if written.casefold() == "now":
        return now
    whole = parse_instant(written)
    if whole is not None and whole.tzinfo is not None:
        return in_utc(whole)
    if parse_date(written):
        raise ValueError(f"`{clip(text)}` is a day, expected a time such as 14:05")
    stamp = read_stamp(written)
    if stamp is None or stamp.clock is None or stamp.approximate or stamp.end < len(written):
        raise ValueError(
            f"`{clip(text)}` is no time such as now, 14:05, 22:05 CET or 2025-10-01T14:23Z"
        )
    if stamp.zone == "":
        raise ValueError(f"`{clip(text)}` names a zone that means different ones; write an offset")
    own = stamp.zone or zone
    if stamp.month is not None:
        if stamp.year is None or "/" in written:
            raise ValueError(f"`{clip(text)}` has no certain day, expected one such as 2025-10-01")
        named = stamp.on(None)
        if named is None:
            raise ValueError(f"`{clip(text)}` is no day of the calendar")
        return _certain(text, iso(named, stamp.clock, own))
    here = parse_instant(iso(now.date(), time(12), own))
    today = now.astimezone(here.tzinfo if here is not None else UTC).date()
    found = [_certain(text, iso(today + n * _DAY, stamp.clock, own)) for n in (-1, 0, 1)]
    if day == "past":
        return max(one for one in found if one <= now + SLIP)
    return min(one for one in found if one > now) if day == "next" else found[1]


def names_only_a_clock(text: str) -> bool:
    """Return whether the text of an instant leaves its day to whoever reads it, as ``14:05`` does."""
    stamp = read_stamp(text.strip())
    return stamp is not None and stamp.month is None


def _certain(text: str, instant: str) -> datetime:
    found = parse_instant(instant)
    if found is None or found.tzinfo is None:
        raise ValueError(
            f"`{clip(text)}` falls on a change of clocks there; write it with its offset"
        )
    return in_utc(found)


def moment_at(option: str, text: str, now: datetime, zone: str, day: Day) -> datetime:
    """Return the instant that the text of an option means, with the arguments of `meant`.

    Raises:
        click.UsageError: it means no certain one.
    """
    try:
        return meant(text, now, zone, day)
    except ValueError as error:
        raise click.UsageError(f"`{option}`: {error}") from None


def refuse_future(option: str, at: datetime, now: datetime) -> None:
    """Refuse that something happened which has not yet.

    Raises:
        click.UsageError: the moment lies ahead.
    """
    if at > now + SLIP:
        raise click.UsageError(
            f"`{option}` means {moment(at)}, which is {span(at - now)} ahead: it is {moment(now)}"
        )


def refuse_past(option: str, at: datetime, now: datetime) -> None:
    """Refuse to promise what is over already.

    Raises:
        click.UsageError: the moment is over.
    """
    if at <= now:
        ago = f"{span(now - at)} before" if at < now else "the same as"
        raise click.UsageError(f"`{option}` means {moment(at)}, which is {ago} {moment(now)}")
