"""Files for other programs: feeds of postmortems, a calendar of what is due, all incidents as data."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import Any

from msgspec.structs import replace

from mkdocs_incident.ical import clean, due_calendar
from mkdocs_incident.insights.deadlines import unfinished_postmortems
from mkdocs_incident.insights.due import Due, due_actions
from mkdocs_incident.insights.recurrence import declared_earlier
from mkdocs_incident.language import gettext
from mkdocs_incident.pages.site import Site
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.records.values import text, texts
from mkdocs_incident.source.times import in_utc, parse_instant
from mkdocs_incident.wording import in_minutes

Address = Callable[[str], str | None]
"""Path of a record → where it is published, None where it is not."""

_ATOM = "http://www.w3.org/2005/Atom"


def feed_files(
    site: Site, title: str, address: Address, base: str | None
) -> Iterator[tuple[str, str]]:
    """Yield name and content of every file.

    `address` is absolute where `base` is given, the absolute address of the folder that the files are
    in. Feeds are read far from the site: without it there are none.
    """
    if base is not None:
        published = _published(site)
        yield "postmortems.atom", _atom(title, published, address, f"{base}postmortems.atom")
        yield "postmortems.json", _json_feed(title, published, address, f"{base}postmortems.json")
    yield "due.ics", _calendar(site, title, address)
    yield "incidents.json", _incidents(site, address)


def _published(site: Site) -> list[tuple[datetime, Postmortem, list[Incident]]]:
    """Return the final reviews whose day of publication is known, latest first."""
    found = [
        (
            datetime.combine(review.published_on, time(), UTC),
            review,
            site.corpus.incidents_of(review),
        )
        for review in site.corpus.postmortems
        if review.status == "final" and review.published_on and review.published_on <= site.today
    ]
    return sorted(found, key=lambda entry: (entry[0], entry[1].document.path), reverse=True)


def _summary(review: Postmortem, incidents: list[Incident]) -> str:
    impacts = (text(incident.record, "impact", "summary") for incident in incidents)
    parts = [*impacts, review.root_cause, *review.learned[:1]]
    return "\n\n".join(part for part in parts if part)


def _labels(incidents: list[Incident]) -> list[str]:
    """Return severity and services, each once."""
    found = [i.severity for i in incidents if i.severity]
    return list(dict.fromkeys([*found, *(name for i in incidents for name in i.services)]))


def _atom(
    title: str,
    published: list[tuple[datetime, Postmortem, list[Incident]]],
    address: Address,
    own: str,
) -> str:
    """Return the feed as RFC 4287 has it; its `updated` is that of its latest entry."""
    feed = ET.Element("feed", xmlns=_ATOM)
    _child(feed, "id", own)
    _child(feed, "title", gettext("%(site)s: postmortems", site=title))
    latest = max((when for when, _, _ in published), default=datetime(1970, 1, 1, tzinfo=UTC))
    _child(feed, "updated", f"{latest:%Y-%m-%dT%H:%M:%SZ}")
    ET.SubElement(feed, "link", rel="self", href=own)
    _child(ET.SubElement(feed, "author"), "name", title)
    for when, review, incidents in published:
        where = address(review.document.path)
        if where is None:
            continue
        entry = ET.SubElement(feed, "entry")
        _child(entry, "id", where)
        _child(entry, "title", review.title)
        _child(entry, "updated", f"{when:%Y-%m-%dT%H:%M:%SZ}")
        ET.SubElement(entry, "link", href=where)
        for label in _labels(incidents):
            ET.SubElement(entry, "category", term=clean(label))
        _child(entry, "summary", _summary(review, incidents))
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _child(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, name).text = clean(value)


def _json_feed(
    title: str,
    published: list[tuple[datetime, Postmortem, list[Incident]]],
    address: Address,
    own: str,
) -> str:
    """Return the feed as JSON Feed 1.1 has it."""
    items = [
        {
            "id": where,
            "url": where,
            "title": review.title,
            "date_published": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "content_text": _summary(review, incidents),
            "tags": _labels(incidents),
        }
        for when, review, incidents in published
        if (where := address(review.document.path)) is not None
    ]
    version = "https://jsonfeed.org/version/1.1"
    feed = {
        "version": version,
        "title": gettext("%(site)s: postmortems", site=title),
        "feed_url": own,
        "items": items,
    }
    return _written(feed)


def _calendar(site: Site, title: str, address: Address) -> str:
    """Return what is due: open actions, postmortems, review meetings, reviews of runbooks."""

    def linked(entry: Due) -> Due:
        where = address(entry.path)
        return replace(entry, url=where) if where is not None and "://" in where else entry

    name = gettext("%(site)s: due", site=title)
    return due_calendar(name, map(linked, _due(site)), site.as_of)


def _due(site: Site) -> Iterator[Due]:
    yield from due_actions(site.actions)
    for deadline in unfinished_postmortems(site.corpus):
        if deadline.due_at is None:
            continue
        record = deadline.review or deadline.incident
        name = deadline.incident.id or deadline.incident.title
        said = gettext("Postmortem of %(incident)s", incident=name)
        yield Due(deadline.due_at, said, record.document.path, "postmortem")
    for review in site.corpus.postmortems:
        meeting = parse_instant(review.record.get("review_meeting_at"))
        if meeting is not None and in_utc(meeting) >= site.as_of:
            said = gettext("Review of %(title)s", title=review.title)
            yield Due(in_utc(meeting), said, review.document.path, "meeting")
    for state in site.runbooks.values():
        if state.review_due is not None:
            said = gettext("Read through %(title)s", title=state.runbook.title)
            yield Due(state.review_due, said, state.runbook.document.path, "review")


def _incidents(site: Site, address: Address) -> str:
    """Return all incidents as data; ``incidents.schema.json`` describes it."""
    found = [_incident(site, incident, address) for incident in site.corpus.incidents]
    found.sort(key=lambda entry: (entry["began_at"] or "", entry["path"]))
    return _written({"version": 1, "as_of": _instant(site.as_of), "incidents": found})


def _incident(site: Site, incident: Incident, address: Address) -> dict[str, Any]:
    begin, lasted = incident.begin, incident.lasted
    reviews = site.corpus.postmortems_of(incident)
    documents = {id(d): d for d in (incident.document, *(r.document for r in reviews))}
    return {
        "id": incident.id,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "incident_commander": incident.commander,
        "services": list(incident.services),
        "tags": list(texts(incident.record, "tags")),
        "began_at": _instant(begin.at) if begin else None,
        "resolved_at": _instant(incident.milestone("resolved")),
        "minutes": in_minutes(lasted) if lasted is not None else None,
        "recurrence_of": next((i.id for i in declared_earlier(site.corpus, incident)), None),
        "path": incident.document.path,
        "url": address(incident.document.path),
        "postmortems": [
            {
                "title": review.title,
                "status": review.status,
                "published_on": review.published_on.isoformat() if review.published_on else None,
                "path": review.document.path,
                "url": address(review.document.path),
            }
            for review in reviews
        ],
        "actions": [
            {
                "id": action.id,
                "title": action.title,
                "type": action.type,
                "owner": action.owner,
                "due": action.due.isoformat() if action.due else None,
                "status": action.status,
                "overdue_days": action.overdue_days,
            }
            for action in site.actions_of(*documents.values())
        ],
    }


def _instant(moment: datetime | None) -> str | None:
    return f"{in_utc(moment):%Y-%m-%dT%H:%M:%SZ}" if moment is not None else None


def _written(data: Any) -> str:
    """Return JSON whose text UTF-8 can carry, whatever a record holds."""
    written = json.dumps(data, indent=2, ensure_ascii=False)
    return written.encode("utf-8", "replace").decode("utf-8") + "\n"
