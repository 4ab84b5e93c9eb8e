"""Calendars as iCalendar files (RFC 5545): what is due, and when people meet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from mkdocs_incident.insights.due import Due

_NOT_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Source: the Char production of XML 1.0; RFC 5545 allows no control characters either."""


def due_calendar(title: str, due: Iterable[Due], as_of: datetime) -> str:
    """Return a calendar of what is due; the same entry has the same identity in each.

    Args:
        title: what the calendar is called.
        due: its entries, in any order.
        as_of: when it was made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//mkdocs-incident//due//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for entry in sorted(due, key=lambda entry: (str(entry.when), entry.what, entry.path)):
        event = Event()
        identity = json.dumps([entry.path, entry.place, entry.what]).encode()
        event.add("uid", f"{sha256(identity).hexdigest()[:32]}@mkdocs-incident")
        event.add("dtstamp", as_of)
        event.add("summary", clean(entry.what))
        event.add("dtstart", entry.when)
        if isinstance(entry.when, datetime):
            event.add("dtend", entry.when + timedelta(hours=1))
        if entry.url is not None:
            event.add("url", entry.url)
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def clean(text: str) -> str:
    """Return a text without what neither calendars nor XML can hold."""
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
