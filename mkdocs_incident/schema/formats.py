"""The formats that text in a record may have to have, by their names in the schemas."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.durations import exact_duration
from mkdocs_incident.source.times import parse_date, parse_instant

if TYPE_CHECKING:
    import jsonschema

_CHANNEL = regex(r"(?:[^{}]|\{(?:date|title|id|severity)\})*")
_CLOCK = regex(r"([01]\d|2[0-3]):[0-5]\d")
_SPACE = regex(r"\s")


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or parse_instant(value) is not None


def _is_instant_with_zone(value: object) -> bool:
    """A team's own field says it in JSON Schema's own word."""
    moment = parse_instant(value)
    return not isinstance(value, str) or (moment is not None and moment.tzinfo is not None)


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or parse_date(value) is not None


def _is_channel(value: object) -> bool:
    return not isinstance(value, str) or _CHANNEL.fullmatch(value) is not None


def _is_clock(value: object) -> bool:
    return not isinstance(value, str) or _CLOCK.fullmatch(value) is not None


def _is_words(value: object) -> bool:
    return not isinstance(value, str) or not value or bool(value.strip())


def _is_duration(value: object) -> bool:
    return not isinstance(value, str) or exact_duration(value) is not None


def _is_duration_or_none(value: object) -> bool:
    return value == "none" or _is_duration(value)


def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return _is_uri_reference(value) and bool(urlsplit(value).scheme)


def _is_uri_reference(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        urlsplit(value)
    except ValueError:
        return False
    return _SPACE.search(value) is None


FORMATS: dict[str, Callable[[object], bool]] = {
    "instant": _is_instant,
    "date-time": _is_instant_with_zone,
    "date": _is_date,
    "channel": _is_channel,
    "clock": _is_clock,
    "words": _is_words,
    "duration": _is_duration,
    "duration-or-none": _is_duration_or_none,
    "uri": _is_uri,
    "uri-reference": _is_uri_reference,
}
"""Every format that is checked, by its name in a schema; what is no text has all of them."""


@cache
def format_checker() -> jsonschema.FormatChecker:
    """Return `FORMATS` as the library takes them."""
    import jsonschema  # noqa: PLC0415 - see `RecordSchema`

    checker = jsonschema.FormatChecker(formats=())
    for name, has_it in FORMATS.items():
        checker.checks(name)(has_it)
    return checker
