"""Times that count from a start: ``T+5m``, and ``T0 = 14:23 UTC``, which says when ``T`` is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, Table
from mkdocs_incident.source.labels import Joined
from mkdocs_incident.source.times import Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mkdocs_incident.source.text import Fragment

_UNIT = r"(?i:d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![^\W\d_])"
_SPAN = rf"\d+(?:[.,:]\d+)*\s?{_UNIT}(?:(?<=h)\d\d(?!\d))?(?:\s?\d+\s?{_UNIT})*"
_MARKS_BEHIND = r"[\])*_`]*"
_ENDS = r"(?=\s*(?:$|[:：](?!\d)|[|→>]|(?:-\s|[–—])(?!\s*(?:\d|T0?\s?[+−-]))))"
"""Nothing or a separator follows; a number behind a dash may be the end of a range."""
_BEGINS_TEXT = r"(?=\s+[^\W\d])(?!\s+(?:to|until|bis)\s)"
RELATIVE_TIME = regex(
    rf"[*_`]*(?P<offset>T0?\s?[+−-]\s?{_SPAN}(?:\s?[–—-]\s?(?:T0?\s?[+−-]\s?)?{_SPAN})?\??){_MARKS_BEHIND}(?:{_ENDS}|(?=\s))"
    rf"|[*_`]*(?P<number>T0?\s?[+−-]\s?\d+(?:[.,:]\d+)*\??|T0){_MARKS_BEHIND}{_ENDS}"
)
"""A time that counts from ``T``, certain or not: ``T+12m``, ``T+1:05``. Its last group is without marks."""
_START = regex(
    rf"[\[(*_`]*T(?:\s?[+-]?0(?:\s?m(?:in)?)?{_MARKS_BEHIND}\s*(?:[=:]|(?P<bracket>\()|(?P<spoken>is|at)\b|[–—-]\s)|{_MARKS_BEHIND}\s?=)[\s*_`]*(?=\d)"
)
"""What says when ``T`` is: ``T0 = 14:23 UTC``, ``T+0 (14:23)``."""
_SAID = regex(r"\s*(?:$|[.,;:：|→–—]|-\s)")
_ALL_SAID = regex(r"[\s*_.)]*$")
_FROM_START = regex(
    rf"[\[(*_`]*T(?:(?:\s?[+−-]?\s?0){_MARKS_BEHIND}{_ENDS}"
    r"|0?\s?(?P<sign>[+−-])\s?(?:(?P<hours>\d{1,3})\s?(?i:h(?:(?:ou)?rs?)?)(?:(?P<rest>\d\d)|\s?(?P<rest_too>\d{1,2})\s?(?i:m(?:in(?:ute)?s?)?))?"
    r"|(?P<minutes>\d{1,4})\s?(?i:m(?:in(?:ute)?s?)?)|(?P<seconds>\d{1,5})\s?(?i:s(?:ec(?:ond)?s?)?))"
    rf"(?P<vague>\?)?{_MARKS_BEHIND}(?:{_ENDS}|{_BEGINS_TEXT}))"
)
"""A time that counts from ``T``: ``T0``, ``T-5m``, ``T0 + 1h05``. ``T+1:05`` may be minutes and seconds."""


class Start(msgspec.Struct, frozen=True):
    """The one moment that a timeline calls ``T``."""

    at: datetime
    """Without zone."""
    zone: str | None


class Offset(msgspec.Struct, frozen=True):
    """How long before or after ``T``."""

    by: timedelta
    approximate: bool
    end: int
    """Offset in the text after it."""

    def after(self, start: Start) -> Stamp | None:
        """Return the moment that is meant; None where no calendar has it."""
        try:
            at = start.at + self.by
        except OverflowError:  # before the first day of a calendar, or behind its last
            return None
        return Stamp(
            at.year, at.month, at.day, at.time(), start.zone, self.approximate, end=self.end
        )


def is_from_start(text: str) -> bool:
    """Return whether a text begins with a time that counts from ``T``, or says when that is."""
    return any(pattern.match(text) for pattern in (_START, _FROM_START))


def read_offset(text: str) -> Offset | None:
    """Read ``T-5m`` and ``T+1h05``, where a text begins with nothing less certain."""
    match = _FROM_START.match(text)
    if match is None:
        return None
    by = timedelta(
        hours=int(match["hours"] or 0),
        minutes=int(match["rest"] or match["rest_too"] or match["minutes"] or 0),
        seconds=int(match["seconds"] or 0),
    )
    signed = by if match["sign"] == "+" else -by
    return Offset(signed, approximate=match["vague"] is not None, end=match.end())


def read_start(text: str, read: Callable[[str], Stamp | None]) -> Stamp | None:
    """Read ``T+0 (14:23 UTC)``, which says when ``T`` is.

    Args:
        text: what may begin so.
        read: reads the time in it.
    """
    match = _START.match(text)
    stamp = read(text[match.end() :]) if match else None
    if match is None or stamp is None or stamp.clock is None or stamp.approximate:
        return None
    end = match.end() + stamp.end
    if match["bracket"]:
        is_said = ")" in text[match.end() : end]
    else:
        is_said = bool((_ALL_SAID if match["spoken"] else _SAID).match(text, end))
    return replace(stamp, end=end) if is_said else None


def only_says_start(text: str, stamp: Stamp) -> bool:
    """Return whether a text says when ``T`` is and not what happened then."""
    rest = text[stamp.end :].lstrip(" *_)")
    return _START.match(text) is not None and (not rest or rest[0] in ".,;")


def may_say_start(heading: Fragment | None, blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts of a timeline that may begin with when ``T`` is."""
    above = heading.text if heading else ""
    yield above
    yield above.partition("(")[2].removesuffix(")")
    yield from _beginnings(blocks)


def _beginnings(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the paragraphs, headings, entries and cells of blocks, each from its beginning."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.lines[0].text
            case Heading():
                yield block.text.text
            case List():
                for item in block.items:
                    yield Joined.of(item.lines).text
                    yield from _beginnings(item.children)
            case Table():
                yield from (cell.text for row in (block.header, *block.rows) for cell in row)
