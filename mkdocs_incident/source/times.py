"""Dates and times as people write them, read only where the meaning is certain."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.wording import clip

T = TypeVar("T", date, datetime)

DateOrder = Literal["month-first", "day-first"]
OTHER_ORDER: dict[DateOrder, DateOrder] = {"month-first": "day-first", "day-first": "month-first"}

ROLL_OVER = timedelta(hours=12)
"""A clock time this much earlier than the one above it is the next day's, not a slip."""

# Abbreviations that mean one offset everywhere.
_ZONES = {
    "Z": "Z", "UTC": "Z", "GMT": "Z", "ZULU": "Z",
    "WET": "+00:00", "WEST": "+01:00", "CET": "+01:00", "CEST": "+02:00", "MEZ": "+01:00",
    "MESZ": "+02:00", "EET": "+02:00", "EEST": "+03:00", "EST": "-05:00", "EDT": "-04:00",
    "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
    "JST": "+09:00", "KST": "+09:00", "AEST": "+10:00", "AEDT": "+11:00", "NZST": "+12:00",
    "NZDT": "+13:00",
}  # fmt: skip
_AMBIGUOUS = ("BST", "CST", "IST", "AST", "GST", "SST", "ET", "CT", "MT", "PT")
_ZONE_NAME = (
    r"(?:(?:UTC|GMT)\s?[+−-]\d{1,2}(?::?\d{2})?|utc|" + "|".join(sorted([*_ZONES, *_AMBIGUOUS], key=len, reverse=True))
    + r")\b"
)  # fmt: skip
_ZONE_ONE = rf"(?P<zone>Z(?![A-Za-z])|[+-]\d{{2}}:?\d{{2}}(?!\d)|\(?{_ZONE_NAME}\)?)"
_ZONE_TOO = rf"(?P<zone_too>[+−-]\d{{2}}:?\d{{2}}|{_ZONE_NAME})"
_ZONE = rf"(?-i:{_ZONE_ONE}(?:\s\({_ZONE_TOO}\))?)"
_UHR_RANGE = r"(?:[-–—]\s?|\s(?:bis|to)\s)(?=\d{1,2}(?::\d{2}|(?:\.\d{2})?\s?Uhr\b))"
_TIME = (
    r"(?P<noon>午[前後]\s?)?"
    r"(?P<hour>\d{1,2})(?:(?:[:h：]|\.(?=\d{2}\s?Uhr\b))(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?(?P<half>[ap]\.?m\.?\b)?|\s?(?P<half2>[ap]\.?m\.?\b)|時(?!間)(?:(?P<minute2>\d{1,2})分)?"
    rf"|\s?Uhr\s(?P<minute3>[0-5]?\d)(?=\s*(?:[-–—](?!\s?\d)|[→|:;)*`\]]|[,.](?!\d)|$)|\s?{_UHR_RANGE}|\s\(?(?-i:{_ZONE_NAME}))"
    r"|(?=\s?Uhr\b(?P<vague5>\s\d{1,2}(?![.,:]?\d|\s?(?:%|Prozent)))?))"
    r"(?:\s?(?:Uhr|hrs?|h)\b)?(?P<vague3>ish\b|\s?(?:頃|ごろ)|\?)?"
)
_CLOCK_AHEAD = r"(?:午[前後]\s?)?\d{1,2}(?:[:h：]\d{2}|\s?[ap]\.?m|時(?!間)|(?:\.\d{2})?\s?Uhr\b)"
_ISO = regex(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?"
)
_ZONE_SEARCH = regex(rf"(?<![\w:.-]){_ZONE_ONE}(?:(?:\s\(|,\s?){_ZONE_TOO}\)?)?")
_PLACE = regex(
    r"(?<![\w/])(?:(?P<key>[A-Z][A-Za-z_]+(?:/[A-Z][\w+-]+){1,2})"
    r"|(?P<city>[A-Z][a-zé]+(?: [A-Z][a-zé]+)?)(?: local)? [Tt]ime\b)"
)
"""A zone by its place: ``Europe/Berlin`` or ``Berlin time``."""
_AREAS = ("Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic", "Indian")
"""Parts of the world that hold the cities of the time zone database."""


class Stamp(msgspec.Struct, frozen=True):
    """What a text says of a moment; parts it does not say are None."""

    year: int | None
    month: int | None
    day: int | None
    clock: time | None
    zone: str | None
    """``Z``, an offset such as ``+02:00``, or empty where a name means different ones."""
    approximate: bool
    end: int
    """Offset in the text after the stamp."""

    def on(self, earliest: date | None) -> date | None:
        """Return the date; without a year the first such day on or after `earliest`."""
        if self.month is None or self.day is None:
            return None
        try:
            if self.year is not None:
                return date(self.year, self.month, self.day)
            if earliest is None:
                return None
            for year in range(earliest.year, earliest.year + 9):
                if (self.month, self.day) == (2, 29) and not _is_leap(year):
                    continue
                found = date(year, self.month, self.day)
                if found >= earliest:
                    return found
        except ValueError:
            return None
        return None

    def nearest(self, day: date | None) -> date | None:
        """Return the date; without a year the one nearest to `day`."""
        if self.year is not None or day is None:
            return self.on(None)
        days = [replace(self, year=day.year + offset).on(None) for offset in (-1, 0, 1)]
        return min((found for found in days if found), key=lambda d: abs(d - day), default=None)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@lru_cache(maxsize=1)
def stamp_pattern() -> re.Pattern[str]:
    """Return the pattern of a date, a time or both, each part of it a group."""
    words = synonyms()
    months = "|".join(sorted(map(re.escape, words.months), key=len, reverse=True))
    vague = "|".join(sorted(map(re.escape, words.words["approximate"]), key=len, reverse=True))
    day_of = (
        r"(?:(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})"
        r"|(?:(?P<ja_year>\d{4})年\s?)?(?P<ja_month>\d{1,2})月\s?(?P<ja_day>\d{1,2})日(?:\s?[(（][月火水木金土日][)）])?"
        r"|(?P<dot_day>\d{1,2})\.\s?(?P<dot_month>\d{1,2})\.(?:\s?(?P<dot_year>\d{4})|(?=[\s,]|$))"
        r"|(?P<first>\d{1,2})/(?P<second_part>\d{1,2})(?:/(?P<slash_year>\d{4}|\d{2}))?(?![\d/])"
        rf"|(?P<name_month>{months})\.?\s+(?P<name_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(?P<name_year>\d{{4}}))?"
        rf"|(?P<day_name>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<month_name>{months})\b\.?(?:,?\s+(?P<year_name>\d{{4}}))?)"
    )
    weekday = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
    pattern = (
        rf"[\s\[(*_`<]*(?P<vague>(?:{vague})\s*)?{weekday}"
        rf"(?:(?P<date>{day_of})(?:(?:[T]|(?<=[日)）])|[\s,@\]*_`]+(?:at\s+|um\s+|[–—-]\s+)?)(?P<vague2>(?:{vague})\s*)?(?={_CLOCK_AHEAD}))?)?"
        rf"(?:(?P<clock>{_TIME})(?:\s?{_ZONE}(?P<vague4>\?)?)?)?[\])*_`>]*"
    )
    return re.compile(pattern, re.IGNORECASE)


def read_stamp(text: str, order: DateOrder = "month-first") -> Stamp | None:
    """Read the date, the time or both that `text` begins with; None if it begins with neither.

    ``06/22`` is month and day unless `order` says otherwise or the numbers leave one reading.
    """
    match = stamp_pattern().match(text[:200])
    if match is None or not (match["date"] or match["clock"]):
        return None
    year = month = day = None
    if match["date"]:
        year, month, day = _date_parts(match, order)
        if month is None:
            return None
    clock = None
    zone, end = match["zone"], match.end()
    if match["clock"]:
        clock = _clock(match)
        if clock is None:
            return None
    if zone and _is_range_end(zone, clock, dated=bool(match["date"])):
        zone, end = None, match.start("zone")
    vague = bool(
        match["vague"] or match["vague2"] or match["vague3"] or match["vague4"] or match["vague5"]
    )
    return Stamp(year, month, day, clock, _zone_in(match) if zone else None, vague, end)


def _is_range_end(zone: str, clock: time | None, *, dated: bool) -> bool:
    """Whether what looks like an offset ends a range: ``13:30-13:45`` lasts fifteen minutes."""
    if not zone.startswith("-") or clock is None:
        return False
    return not dated or zone_of(zone) is None or zone[1:] > clock.isoformat("minutes")


def _date_parts(
    match: re.Match[str], order: DateOrder
) -> tuple[int | None, int | None, int | None]:
    year: int | None
    if match["iso_year"]:
        year, month, day = int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    elif match["ja_day"]:
        year = _year(match["ja_year"])
        month, day = int(match["ja_month"]), int(match["ja_day"])
    elif match["dot_day"]:
        year = _year(match["dot_year"])
        month, day = int(match["dot_month"]), int(match["dot_day"])
    elif match["first"]:
        year = _year(match["slash_year"])
        month, day = int(match["first"]), int(match["second_part"])
        if (order == "day-first" and day <= 12) or month > 12:
            month, day = day, month
    elif match["name_month"]:
        year = _year(match["name_year"])
        month, day = synonyms().months[match["name_month"].lower()], int(match["name_day"])
    else:
        year = _year(match["year_name"])
        month, day = synonyms().months[match["month_name"].lower()], int(match["day_name"])
    try:
        date(2000 if year is None else year, month, day)
    except ValueError:
        return None, None, None
    return year, month, day


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _clock(match: re.Match[str]) -> time | None:
    hour, minute = (
        int(match["hour"]),
        int(match["minute"] or match["minute2"] or match["minute3"] or 0),
    )
    half = (match["half"] or match["half2"] or "").lower()[:1]
    if match["noon"]:
        half = "a" if match["noon"][1] == "前" else "p"
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute, min(int(match["second"] or 0), 59))


def zone_of(text: str | None) -> str | None:
    """Return ``Z`` or the offset that a zone's name or offset means, empty if it is not certain."""
    if not text:
        return None
    name = text.strip("() \t").upper().replace(" ", "").replace("−", "-")
    if name in _AMBIGUOUS:
        return ""
    if name in _ZONES:
        return _ZONES[name]
    match = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if match is None or int(match[2]) > 14 or (match[3] or "00") not in {"00", "15", "30", "45"}:
        return None  # no place on earth keeps such a time
    return f"{match[1]}{int(match[2]):02d}:{match[3] or '00'}"


def _zone_in(match: re.Match[str]) -> str | None:
    """Return a zone as `zone_of`; what stands in brackets behind it makes it certain, or doubtful: ``PST (UTC-7)``."""
    zone, too = zone_of(match["zone"]), zone_of(match["zone_too"])
    if not too or zone is None:
        return zone
    return too if zone in {"", too} or {zone, too} == {"Z", "+00:00"} else ""


def find_zone(text: str) -> str | None:
    """Return the zone named anywhere in `text`, such as a column header or a note.

    The first one that is certain counts: ``Z``, an offset, or a name such as ``Europe/Berlin``, whose
    offset the day decides; empty if only an ambiguous one is named.
    """
    match = _ZONE_SEARCH.search(text)
    written = _zone_in(match) if match else None
    start, place = _find_place(text)
    return written if match and written and match.start() < start else place or written


def named_zones(text: str) -> dict[str, str]:
    """Return the offset of a name that means several, where the text says which: ``IST (UTC+5:30)``."""
    match = _ZONE_SEARCH.search(text)
    name = match["zone"].strip("()") if match else ""
    zone = _zone_in(match) if match and name in _AMBIGUOUS else None
    return {name: zone} if zone else {}


def name_of_zone(text: str) -> str | None:
    """Return the name that a text has for its zone and nothing that says more of it, such as ``IST``."""
    match = _ZONE_SEARCH.search(text)
    return match["zone"].strip("()") if match and not match["zone_too"] else None


def _find_place(text: str) -> tuple[int, str | None]:
    """Return the zone of the place that a text names, and where it names it."""
    for match in _PLACE.finditer(text):
        city = (match["city"] or "").replace(" ", "_")
        keys = [match["key"]] if match["key"] else [f"{area}/{city}" for area in _AREAS]
        known = next((key for key in keys if _zone_info(key) is not None), None)
        if known is not None:
            return match.start(), known
    named = _zone_names().search(text)
    return (named.start(), synonyms().zones[named[0].lower()]) if named else (len(text), None)


@lru_cache(maxsize=1)
def _zone_names() -> re.Pattern[str]:
    names = sorted(synonyms().zones, key=len, reverse=True)
    # Japanese has no spaces between words.
    return re.compile(rf"(?<![a-zà-ÿ])(?:{'|'.join(names)})(?![a-zà-ÿ])", re.IGNORECASE)


@lru_cache(maxsize=512)
def _zone_info(key: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(key)
    except (ValueError, OSError, KeyError):  # no name, a folder of zones, not known
        return None


def iso(day: date, clock: time, zone: str | None) -> str:
    """Return the instant as the record holds it: minutes unless seconds were given.

    A time that a change of clocks skips or repeats is not certain, and gets no zone.
    """
    spec = "seconds" if clock.second else "minutes"
    named = _zone_info(zone) if zone and "/" in zone else None
    offset = zone or "" if named is None else _offset(datetime.combine(day, clock, named))
    return f"{day.isoformat()}T{clock.isoformat(spec)}{offset}"


def _offset(moment: datetime) -> str:
    offset, other = moment.utcoffset(), moment.replace(fold=1).utcoffset()
    return (
        moment.isoformat()[-6:]
        if offset == other and not (offset or timedelta()).seconds % 60
        else ""
    )


def parse_instant(text: object) -> datetime | None:
    """Return an instant of a record; without a zone it is naive. None if it is not one."""
    if not isinstance(text, str) or not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        return None


def parse_date(text: object) -> date | None:
    """Return the date that ``YYYY-MM-DD`` means, None if it means none."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_utc(moment: datetime) -> datetime:
    """Return the instant in UTC; one without a zone is taken as UTC, as the site shows it."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:  # the first or the last day that a calendar has
        return moment.replace(tzinfo=UTC)


def parse_as_of(text: str) -> datetime:
    """Return the moment that ``2025-10-01`` (its first minute) or ``2025-10-01T12:00Z`` means, in UTC.

    Raises:
        ValueError: the text is neither.
    """
    day = parse_date(text)
    moment = parse_instant(f"{text}T00:00Z" if day is not None else text)
    if moment is None:
        raise ValueError(
            f"`{clip(text)}` is no date such as 2025-10-01 and no time such as 2025-10-01T12:00Z"
        )
    return in_utc(moment)


def later(moment: T, by: timedelta) -> T | None:
    """Return the date or instant `by` later, None beyond the last day that a calendar has."""
    try:
        return moment + by
    except OverflowError:
        return None


def canonical_instant(text: str, order: DateOrder, near: date | None = None) -> str | None:
    """Return the instant that a whole text certainly means, in the record's form, else None."""
    stamp = read_stamp(text, order)
    if stamp is None or stamp.clock is None or stamp.approximate or text[stamp.end :].strip():
        return None
    if stamp.zone == "":
        return None
    day = stamp.on(near)
    return None if day is None else iso(day, stamp.clock, stamp.zone)


def canonical_date(text: str, order: DateOrder, near: date | None = None) -> str | None:
    """Return the date that a whole text certainly means as ``YYYY-MM-DD``, else None."""
    stamp = read_stamp(text, order)
    if stamp is None or stamp.clock is not None or stamp.approximate or text[stamp.end :].strip():
        return None
    day = stamp.on(near)
    return None if day is None else day.isoformat()
