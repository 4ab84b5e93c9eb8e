"""Calendars as iCalendar files (RFC 5545): what is due, and when people meet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from icalendar import Calendar, Event, vCalAddress

from mkdocs_incident.insights.due import Due
from mkdocs_incident.patterns import regex

_NOT_TEXT = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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


class Meeting(msgspec.Struct, frozen=True):
    """A meeting that people are invited to."""

    identity: str
    """The same for each invitation to it."""
    sequence: int
    """How often it was sent before: a later one replaces an earlier one."""
    title: str
    text: str
    begins: datetime
    """In UTC."""
    lasts: timedelta
    organizer: str | None
    """A handle."""
    attendees: tuple[str, ...]
    """Handles."""
    mail_domain: str | None = None
    """Where each handle has a mailbox of its name; None where that is not so."""

    def address(self, handle: str) -> str:
        """Return the address of somebody: RFC 5545 asks for one, be it no mailbox."""
        name = handle.strip().removeprefix("@")
        local = re.sub(r"[^\w.+-]+", "-", name)
        if self.mail_domain is not None:
            return f"mailto:{local}@{self.mail_domain}"
        return f"urn:mkdocs-incident:handle:{local}"


def invitation(meeting: Meeting, as_of: datetime) -> str:
    """Return an invitation as calendars and mail programs take it (RFC 5546, a request)."""
    calendar = Calendar()
    calendar.add("prodid", "-//mkdocs-incident//review//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = Event()
    event.add("uid", f"{sha256(meeting.identity.encode()).hexdigest()[:32]}@mkdocs-incident")
    event.add("dtstamp", as_of)
    event.add("sequence", meeting.sequence)
    event.add("summary", clean(meeting.title))
    event.add("description", clean(meeting.text))
    event.add("dtstart", meeting.begins)
    event.add("duration", meeting.lasts)
    event.add("status", "CONFIRMED")
    if meeting.organizer is not None:
        event.add("organizer", _person(meeting, meeting.organizer))
    for handle in meeting.attendees:
        person = _person(meeting, handle)
        person.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        event.add("attendee", person, encode=False)
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _person(meeting: Meeting, handle: str) -> vCalAddress:
    person = vCalAddress(meeting.address(handle))
    person.params["CN"] = re.sub(r'["\s]+', " ", clean(handle))  # what a parameter can't hold
    return person


def clean(text: str) -> str:
    """Return a text without what neither calendars nor XML can hold."""
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
