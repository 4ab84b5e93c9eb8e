"""Rule date-disagrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level, Location, Related
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Incident
from mkdocs_incident.records.postmortem import is_own_review
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import read_written
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import DateOrder, in_utc, later, parse_date, parse_instant

_IN_NAME = regex(
    r"(?<!\d)(?P<year>20\d\d)(?P<gap>[-_.]?)(?P<month>[01]\d)(?P=gap)(?P<day>[0-3]\d)(?!\d)"
)
_IN_TITLE = regex(r"(?:^|[-–—:(\[|,·/]\s*)(?P<day>20\d\d-[01]\d-[0-3]\d)(?![\w-])")
_PUBLISHING = timedelta(days=31)
"""How long after the end a review may bear another day, where it does not say when it was published."""


@rule("TIM008", "date-disagrees", level=Level.WARNING, strict=Level.ERROR)
def date_disagrees(incident: Incident, context: Context) -> Iterator[Finding]:
    """The date in the file's name, the title or `date` is none of the incident's days.

    ## Why it matters

    Times without a day are read against the date, lists are sorted by it, and people search for it. A slip there moves the whole incident. A date agrees if it lies between the day the incident began and the day it was resolved or its review was published, as local days where offsets are written.

    ## Example

    ```markdown
    ---
    date: 2025-05-16
    detected_at: 2025-06-15T14:23Z
    resolved_at: 2025-06-15T15:47Z
    ---
    ```

    ## Use instead

    ```markdown
    ---
    date: 2025-06-15
    detected_at: 2025-06-15T14:23Z
    resolved_at: 2025-06-15T15:47Z
    ---
    ```
    """
    order = context.policy.read_options.order
    documents = incident.documents
    for document in documents:
        days = _days(document, order) or [day for d in documents for day in _days(d, order)]
        days = days or [claim for d in documents for claim in _claims(d)][:1]
        if not days:
            continue
        first = min(days, key=lambda day: day.first)
        last = max(days, key=lambda day: day.last)
        until = _until(document, documents, last.last, context.corpus)
        for claim in _claims(document):
            late = claim.last > until and not incident.is_live
            if claim.last < first.first or late:
                near = last if late else first
                shown = near.said
                yield Finding(
                    claim.location,
                    f"{claim.name} `{claim.said}`, but {near.name} on `{shown}`",
                    hint="Correct the one that is wrong; a day between the beginning and the review's publication would do",
                    related=(Related(near.location, f"the day `{shown}`"),),
                )
                return


class _Day(msgspec.Struct, frozen=True):
    """A day that something names; `first` to `last` are the days it may be elsewhere on earth."""

    name: str
    first: date
    last: date
    said: date
    document: Document
    route: Route

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.document.at(*self.route)


def _days(document: Document, order: DateOrder) -> list[_Day]:
    """Return the days of the ``*_at`` fields and the duration; of the timeline where an end lacks.

    A timeline's days are often read against the date that is judged here: they come last.
    """
    record = document.record
    found = {
        name: _moment(f"`{name}` is", record.get(name), document, (name,))
        for name in ("started_at", *(f"{name}_at" for name in MILESTONES))
    }
    duration = record.get("duration")
    stated = read_written(duration, order) if isinstance(duration, str) else None
    if stated is not None and stated.has_days and stated.begin and stated.end:
        place = (document, ("duration",))
        found["begin"] = _moment("the duration begins", stated.begin.isoformat(), *place)
        found["end"] = _moment("the duration ends", stated.end.isoformat(), *place)
    known = [day for day in found.values() if day is not None]
    begins = any(found.get(name) for name in ("started_at", "detected_at", "begin"))
    if begins and any(found.get(name) for name in ("resolved_at", "end")):
        return known
    for event in Incident(document, None).timeline:
        at = event.at.isoformat() if event.at is not None else None
        if (day := _moment("the timeline is", at, document, event.route)) is not None:
            known.append(day)
    return known


def _moment(name: str, value: object, document: Document, route: Route) -> _Day | None:
    moment = parse_instant(value)
    if moment is None:
        return None
    local, utc = moment.date(), in_utc(moment).date()
    return _Day(name, min(local, utc), max(local, utc), local, document, route)


def _until(document: Document, documents: tuple[Document, ...], last: date, corpus: Corpus) -> date:
    """Return the last day that a document may bear."""
    published = [
        day for d in documents if (day := parse_date(d.record.get("published_on"))) is not None
    ]
    if published:
        return max(last, *published)
    is_review = document.kind == "postmortem" or is_own_review(document)
    return (later(last, _PUBLISHING) or last) if is_review else last


def _claims(document: Document) -> Iterator[_Day]:
    record = document.record
    day = parse_date(record.get("date"))
    if day is not None:
        yield _Day("Date is", day, day, day, document, ("date",))
    title = text(record, "title") or ""
    for match in _IN_TITLE.finditer(title):
        day = parse_date(match["day"])
        if day is not None:
            yield _Day("Title has", day, day, day, document, ("title",))
    path = PurePosixPath(document.path)
    for name, part in (("File name has", path.stem), ("Folder name has", path.parent.name)):
        for match in _IN_NAME.finditer(part):
            day = parse_date(f"{match['year']}-{match['month']}-{match['day']}")
            if day is not None:
                yield _Day(name, day, day, day, document, ())
