"""Adding an entry to a timeline, in the shape that the record's timeline has already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mkdocs_incident.editing.front_matter import append_entry
from mkdocs_incident.editing.record_text import EditError, RecordText, same
from mkdocs_incident.editing.stamps import StampForm, in_zone_of
from mkdocs_incident.editing.timeline_body import begun_below, in_body
from mkdocs_incident.editing.timeline_entry import (
    SPOKEN,
    Entry,
    entries_of,
    index_at,
    moments_of,
    nearest_moment,
    sections_of,
)
from mkdocs_incident.editing.yaml_text import canonical
from mkdocs_incident.records.incident import Incident
from mkdocs_incident.records.values import mappings
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.labels import without_bold
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.outline import outline
from mkdocs_incident.source.times import find_zone, in_utc, parse_instant, read_stamp
from mkdocs_incident.wording import clip, listed


def add_event(
    record: RecordText, at: datetime, event: str, *, milestone: str | None = None
) -> RecordText:
    """Return the record with an entry added to its timeline, behind those of the same time.

    Where there is no timeline yet, one is begun below the body's heading for it, else in the front
    matter. Seconds are written where the timeline shows seconds.

    Args:
        record: the file.
        at: when it happened; without a zone it is UTC.
        event: what happened; white space is joined to single spaces.
        milestone: the step of the response that the entry marks, such as ``mitigated``. In a shape
            without a place for it the words of the event tell it.

    Raises:
        EditError: there is no place for it, or the timeline would not read as before with the entry.
    """
    words = " ".join(event.split())
    if milestone is not None and milestone not in SPOKEN:
        names = listed(["started", *MILESTONES], limit=len(SPOKEN))
        raise EditError(_place(record), f"Milestone `{clip(milestone)}` is not one of {names}",
                        "Name one of them")  # fmt: skip
    if not words:
        raise EditError(_place(record), "Timeline entry has no text", "Say what happened")
    entry = Entry(in_utc(at).replace(microsecond=0), words, milestone)
    for candidate in _candidates(record, entry):
        if _reads_as(record, candidate, entry):
            return candidate
    stamp = read_stamp(words)
    if stamp is not None and stamp.clock is not None:
        time = words[: stamp.end].strip(" *_`[]()")
        raise EditError(
            _place(record),
            f"Text begins with a time, `{clip(time)}`, which would be read as the entry's own",
            f'Give the time by `--at "{clip(time)}"`, and the text without it',
        )
    raise EditError(
        _place(record),
        f"Timeline has no certain place for an entry at {entry.at:%Y-%m-%d %H:%M} UTC",
        "Its times name no day: write one in its heading, then log again"
        if _names_no_day(record.document)
        else "Add the entry by hand",
    )


def _names_no_day(document: Document) -> bool:
    """Return whether no entry of a timeline that is there has a day."""
    entries = [entry for _, entry in mappings(document.record, "timeline")]
    return bool(entries) and all(parse_instant(entry.get("at")) is None for entry in entries)


def timeline_zone(document: Document) -> str:
    """Return the zone of a record's timeline, as its last entry or its heading states it, else ``Z``."""
    entries = document.record.get("timeline")
    moments = [
        parse_instant(entry.get("at")) if isinstance(entry, dict) else None
        for entry in (entries if isinstance(entries, list) else ())
    ]
    zoned = [moment for moment in moments if moment is not None and moment.tzinfo is not None]
    if zoned:
        return zoned[-1].isoformat()[-6:]
    sections = outline(document.blocks, document.kind).walk()
    headings = (s.heading for s in sections if s.kind == "timeline" and s.heading is not None)
    return next((zone for heading in headings if (zone := find_zone(heading.text))), "Z")


def _candidates(record: RecordText, entry: Entry) -> Iterator[RecordText]:
    """Yield texts that may hold the entry, the most fitting first."""
    if (
        record.front.data
        and isinstance(record.front.data.get("timeline"), list | None)
        and ("timeline" in record.front.data)
    ):
        yield from _in_front_matter(record, entry)
    elif record.document.record.get("timeline"):
        yield from in_body(record, entry)
    else:
        section = next((s for s in sections_of(record) if s.kind == "timeline"), None)
        if section is not None and section.heading is not None:
            yield from begun_below(record, section.heading, section, entry)
        else:
            yield from _in_front_matter(record, entry)


# ---------------------------------------------------------------------------------------------
# Proof


def _place(record: RecordText) -> Any:
    if entries_of(record):
        return record.document.at("timeline")
    headings = (s.heading for s in sections_of(record) if s.kind == "timeline")
    heading = next((heading for heading in headings if heading is not None), None)
    return heading.location(record.path) if heading is not None else record.front.location


def _reads_as(record: RecordText, edited: RecordText, entry: Entry) -> bool:
    """Return whether all is read as before, and the entry as it was asked for."""
    before, after = record.document, edited.document
    old, new = entries_of(record), entries_of(edited)
    if len(new) != len(old) + 1 or _findings(record) != _findings(edited):
        return False
    if not same({**before.record, "timeline": []}, {**after.record, "timeline": []}):
        return False
    told_before, told_after = _as_written(record), _as_written(edited)
    index = next((i for i, told in enumerate(told_before) if told != told_after[i]), len(old))
    if told_before[index:] != told_after[index + 1 :]:
        return False
    alike = [i for i in range(len(new)) if told_after[i] == told_after[index]]
    found = new[max(alike)]  # among equal entries the last one counts as the new one
    at = parse_instant(found.get("at"))
    if at is None or found.get("approximate") or found.get("event") not in {
        without_bold(words) for words in entry.spellings
    }:  # fmt: skip
        return False
    zoned = at.tzinfo is not None or not any(m is not None and m.tzinfo for m in moments_of(record))
    is_same = in_utc(at) in {entry.at, entry.at.replace(second=0)}
    return zoned and is_same and _marks(edited, max(alike), entry.milestone)


def _findings(record: RecordText) -> Counter[tuple[str, str]]:
    return Counter((finding.rule, finding.message) for finding in record.document.findings)


def _as_written(record: RecordText) -> list[Any]:
    """Return the entries without the milestones that only their words tell: of these the first counts."""
    values = record.document.positions.values
    return [
        {
            key: value
            for key, value in entry.items()
            if key != "milestone"
            or values.get(("timeline", i, key)) != values.get(("timeline", i, "event"))
        }
        if isinstance(entry, dict)
        else entry
        for i, entry in enumerate(entries_of(record))
    ]


def _marks(record: RecordText, index: int, milestone: str | None) -> bool:
    """Whether an entry tells a milestone; none is asked for where it is None."""
    if milestone is None:
        return True
    if milestone == "started":
        return Incident(record.document, None).timeline[index].is_start
    found = record.document.milestones.get(milestone)
    tellings = (found, *found.others) if found is not None else ()
    return any(telling.route == ("timeline", index) for telling in tellings)


# ---------------------------------------------------------------------------------------------
# Front matter


def _in_front_matter(record: RecordText, entry: Entry) -> Iterator[RecordText]:
    known = [e if isinstance(e, dict) else {} for e in record.data.get("timeline") or []]
    index = index_at(moments_of(record), entry.at)
    near = max(index - 1, 0)
    at: str | None = None
    if known:
        local = in_zone_of(entry.at, nearest_moment(moments_of(record), near))
        written = known[near].get("at")
        form = StampForm(written, record.options.order) if isinstance(written, str) else None
        at = form.of(local) if form is not None and form.has_date else None
        if at is not None and (parse_instant(at) is None or " " in at):
            at = None  # read as another spelling
        at = at or canonical(local if local.second else local.replace(second=0))
    has_key = entry.milestone in MILESTONES
    words = entry.words if has_key else entry.spellings[-1]
    fields: dict[str, Any] = {"at": at or canonical(entry.at.replace(second=0)), "event": words}
    if has_key:
        fields["milestone"] = entry.milestone
    if known:
        order = [key for key in known[near] if key in fields]
        fields = {key: fields[key] for key in [*order, *(k for k in fields if k not in order)]}
    yield append_entry(record, ("timeline",), fields, index if known else None)
