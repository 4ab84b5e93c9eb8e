"""A time written in the form that another one has."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import DateOrder, read_stamp, stamp_pattern

_OFFSET = regex(r"[+-]\d{2}:?\d{2}")


class StampForm(msgspec.Struct, frozen=True):
    """The form of one written time, such as ``**14:23 UTC**``."""

    text: str
    order: DateOrder

    @property
    def match(self) -> re.Match[str] | None:
        """The parts of the text, None where it is no time, more than one, or of no certain zone."""
        found = stamp_pattern().match(self.text)
        stamp = read_stamp(self.text, self.order)
        if found is None or stamp is None or stamp.clock is None or stamp.approximate:
            return None
        if stamp.zone == "":
            return None  # what a clock there shows is not known
        return found if stamp.end == found.end() == len(self.text) else None

    @property
    def has_date(self) -> bool:
        """Whether it names the day."""
        return self.match is not None and bool(self.match["date"])

    @property
    def has_zone(self) -> bool:
        """Whether it names the zone."""
        return self.match is not None and bool(self.match["zone"])

    def of(self, moment: datetime) -> str | None:
        """Return a local moment in this form, None where the form can't say it."""
        match = self.match
        if match is None:
            return None
        parts = _clock_parts(match, moment)
        if match["date"]:
            day = _day_parts(match, moment, self.order)
            if day is None:
                return None
            parts |= day
        zone = match["zone"] or ""
        if _OFFSET.fullmatch(zone) and moment.tzinfo is not None:
            offset = moment.strftime("%z")
            parts["zone"] = f"{offset[:3]}:{offset[3:5]}" if ":" in zone else offset[:5]
        text = self.text
        for name in sorted(parts, key=match.start, reverse=True):
            text = text[: match.start(name)] + parts[name] + text[match.end(name) :]
        return text

    def dated(self, moment: datetime) -> str | None:
        """Return the moment in this form with its day before the time."""
        match, text = self.match, self.of(moment)
        if match is None or text is None or match["date"]:
            return text
        at = match.start("hour")
        return f"{text[:at]}{moment:%Y-%m-%d} {text[at:]}"


def _clock_parts(match: re.Match[str], moment: datetime) -> dict[str, str]:
    half = match["half"] or match["half2"]
    hour = (moment.hour % 12 or 12) if half else moment.hour
    is_padded = match["hour"].startswith("0") or (not half and len(match["hour"]) == 2)
    parts = {"hour": f"{hour:02d}" if is_padded else str(hour)}
    minute = next((name for name in ("minute", "minute2", "minute3") if match[name]), None)
    if minute is not None:
        parts[minute] = f"{moment.minute:02d}"
    elif moment.minute and (match["half2"] or match["clock"].endswith("Uhr")):
        parts["hour"] += f":{moment.minute:02d}"
    if match["second"]:
        parts["second"] = f"{moment.second:02d}"
    if half:
        letter = "p" if moment.hour >= 12 else "a"
        changed = (letter.upper() if half[0].isupper() else letter) + half[1:]
        parts["half" if match["half"] else "half2"] = changed
    return parts


def _day_parts(match: re.Match[str], moment: datetime, order: DateOrder) -> dict[str, str] | None:
    """Return the parts of a date, each as wide as it was."""

    def as_wide(group: str, number: int) -> str:
        return f"{number:02d}" if len(match[group]) == 2 else str(number)

    if match["iso_year"]:
        return {
            "iso_year": f"{moment.year:04d}",
            "iso_month": as_wide("iso_month", moment.month),
            "iso_day": as_wide("iso_day", moment.day),
        }
    if match["dot_day"]:
        year = {"dot_year": str(moment.year)} if match["dot_year"] else {}
        return {"dot_day": as_wide("dot_day", moment.day),
                "dot_month": as_wide("dot_month", moment.month), **year}  # fmt: skip
    if match["first"]:
        month, day = ("second_part", "first") if order == "day-first" else ("first", "second_part")
        parts = {month: as_wide(month, moment.month), day: as_wide(day, moment.day)}
        if match["slash_year"]:
            parts["slash_year"] = f"{moment.year:04d}"[-len(match["slash_year"]) :]
        return parts
    return _named_month(match, moment)


def _named_month(match: re.Match[str], moment: datetime) -> dict[str, str] | None:
    name, day, year = (
        ("name_month", "name_day", "name_year")
        if match["name_month"]
        else ("month_name", "day_name", "year_name")
    )
    parts = {day: f"{moment.day:02d}" if match[day].startswith("0") else str(moment.day)}
    if match[year]:
        parts[year] = str(moment.year)
    written = match[name]
    months = synonyms().months
    if months[written.lower()] != moment.month:
        length = len(written) == 3
        names = [word for word, number in months.items() if number == moment.month]
        fitting = [word for word in names if (len(word) == 3) == length]
        if not fitting:
            return None
        word = fitting[0]
        parts[name] = word.capitalize() if written[0].isupper() else word
    return parts


def in_zone_of(moment: datetime, other: datetime | None) -> datetime:
    """Return a moment as a clock shows it that shows `other`; in UTC where that names no zone."""
    zone = timezone(other.utcoffset() or timedelta()) if other is not None and other.tzinfo else UTC
    shown = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return shown.astimezone(zone)
