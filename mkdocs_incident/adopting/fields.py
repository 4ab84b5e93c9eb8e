"""Field by field: what a legacy document tells, what is concluded, what nobody wrote down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from mkdocs_incident.adopting.legacy import Told
from mkdocs_incident.adopting.names import alert_in, stem, title_in_path, without_day
from mkdocs_incident.schema.validation import judge
from mkdocs_incident.source.blocks import Heading, Item, List
from mkdocs_incident.source.canonical import Spelling, level_meant
from mkdocs_incident.source.front_matter import read_front_matter
from mkdocs_incident.source.labels import Joined, without_bold
from mkdocs_incident.source.outline import Section, outline
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import OTHER_ORDER
from mkdocs_incident.wording import clip, counted

if TYPE_CHECKING:
    from mkdocs_incident.adopting.legacy import Legacy
    from mkdocs_incident.policy import Policy
    from mkdocs_incident.source.document import Document

_SHOWN = {
    "incident": ("severity", "status", "incident_commander", "started_at", "detected_at",
                 "resolved_at", "services", "timeline", "root_cause", "action_items"),
    "postmortem": ("severity", "status", "incident_commander", "started_at", "detected_at",
                   "resolved_at", "services", "timeline", "root_cause", "action_items"),
    "runbook": ("owner", "services", "alerts", "reviewed_on", "status"),
    "mitigation-plan": ("severity", "status", "author", "summary", "horizons"),
}  # fmt: skip
_OF_REVIEWS = ("status", "root_cause", "action_items")
_STRICTEST = {
    "incident": "closed",
    "postmortem": "final",
    "runbook": "active",
    "mitigation-plan": "active",
}
_LABELS = {"runbook": "runbook", "mitigation-plan": "plan"}


class Field(msgspec.Struct, frozen=True):
    """One field of a proposal."""

    name: str
    value: Any
    """What the record says, or a summary of a list; None where it is missing."""
    how: str
    """``given``, ``extracted``, ``inferred`` or ``missing``."""
    where: str = ""
    """What tells it, beside its lines: ``title``, ``file name``."""
    line: int | None = None
    last_line: int | None = None
    """End of a list of several lines."""
    note: str = ""
    to_write: Any = None
    """What is written to the front matter; None for what stands in the file already."""

    @classmethod
    def of(cls, name: str, told: Told, *, write: bool = False) -> Field:
        """Return the field that was told, to be written or not."""
        return cls(
            name, told.value, told.how, told.where, told.line, note=told.note,
            to_write=told.value if write else None,
        )  # fmt: skip

    @property
    def place(self) -> str:
        """What tells it and where, as one reads it: ``title, line 1; the file name says 2018-02-12``."""
        lines = f"line {self.line}" if self.line else ""
        if self.line and self.last_line not in {None, self.line}:
            lines = f"lines {self.line} to {self.last_line}"
        return "; ".join(filter(None, [", ".join(filter(None, [self.where, lines])), self.note]))


def title_field(legacy: Legacy) -> Field:
    """Return the title; written where the heading is none, or holds more than the title."""
    if legacy.front.get("title") is not None:
        return Field.of(
            "title", legacy.from_record(("title",), legacy.document.record.get("title"))
        )
    heading = legacy.title_heading
    read = legacy.document.record.get("title")
    if heading is None and legacy.kind.value == "mitigation-plan":
        return Field("title", read, "extracted" if read else "missing")
    if heading is None or not isinstance(read, str):
        title = title_in_path(legacy.path)
        return Field("title", title, "inferred", "file name", to_write=title)
    plain = without_day(read)
    return Field(
        "title", plain, "extracted", line=heading.line,
        note="without its date" if plain != read else "",
        to_write=plain if plain != read else None,
    )  # fmt: skip


def in_order(told: Told, policy: Policy, other: str) -> Told:
    """Return what only the order of day and month tells, with the order that it was read in.

    Args:
        told: as it was read.
        policy: whether it states the order decides how certain that is.
        other: what the other order would make of it.
    """
    order = policy.read_options.order
    if ("date_order",) in policy.positions.keys:
        how, order_note = told.how, f"as {order}, the policy's order"
    else:
        opposite = OTHER_ORDER[order]
        how, order_note = "inferred", f"as {order}, {opposite} it is {other}"
    return replace(told, how=how, note=", ".join(filter(None, [order_note, told.note])))


def with_refusals(fields: Iterable[Field], adopted: Document, policy: Policy) -> tuple[Field, ...]:
    """Return fields, each that the record's schema refuses with what `check` will say of it.

    Args:
        fields: what is said of the document, its lines those of the adopted one.
        adopted: the document with its new front matter.
        policy: knows the schema.
    """
    names = {
        place: str(route[0])
        for route, place in adopted.positions.values.items()
        if not isinstance(adopted.record.get(str(route[0])), dict)  # lacks parts, but none is wrong
    }
    refused: dict[str, list[str]] = {}
    for finding in judge(adopted, policy.schemas[adopted.kind]):
        refused.setdefault(names.get(finding.location, ""), []).append(finding.message)
    return tuple(
        replace(field, note="; ".join(filter(None, [field.note, _refusal(refused[field.name])])))
        if field.value is not None and field.name in refused
        else field
        for field in fields
    )


def _refusal(messages: list[str]) -> str:
    more = f", and {len(messages) - 1} more" if len(messages) > 1 else ""
    return f"`check` refuses it: {messages[0]}{more}"


def further_fields(legacy: Legacy, policy: Policy, *, is_beside: bool) -> Iterator[Field]:
    """Yield the fields beside identity, title and day, told or missing, in the order people ask.

    Args:
        legacy: the document.
        policy: knows levels and services.
        is_beside: whether another record tells the incident: a review then only has its own fields.
    """
    for name in _OF_REVIEWS if is_beside else _SHOWN[legacy.kind.value]:
        yield (
            _from_record(legacy, name, policy)
            or _from_other_key(legacy, name, policy)
            or _inferred(legacy, name, policy)
            or Field(name, None, "missing")
        )
    if "tags" in legacy.document.record:
        yield Field.of("tags", legacy.from_record(("tags",), legacy.document.record["tags"]))


def _from_record(legacy: Legacy, name: str, policy: Policy) -> Field | None:
    record = legacy.document.record
    milestone = legacy.document.milestones.get(name.removesuffix("_at"))
    if name not in record and milestone is not None:
        line = legacy.document.at(*milestone.route, "at").line
        return Field(name, milestone.at, "inferred", "words of the timeline", line)
    if name == "timeline":
        return _timeline(legacy, policy)
    if name not in record:
        return None
    told = legacy.from_record((name,), record[name])
    if name in {"action_items", "horizons"}:
        noun = "item" if name == "action_items" else "horizon"
        return Field(name, counted(len(told.value), noun), "extracted", told.where, told.line)
    if isinstance(told.value, dict):
        return Field(name, list(told.value), "extracted", told.where, told.line)
    other = legacy.in_other_order.document.record.get(name)
    if isinstance(other, str) and other != told.value:
        told = in_order(told, policy, other)
    return Field.of(name, told)


def _timeline(legacy: Legacy, policy: Policy) -> Field | None:
    entries = legacy.document.record.get("timeline")
    unread = _unread_entries(legacy)
    if not entries:
        note = f"{counted(len(unread), 'entry', 'entries')} of its section not read"
        return (
            Field("timeline", None, "missing", "", unread[0], unread[-1], note) if unread else None
        )
    first = legacy.document.at("timeline", 0).line
    last = legacy.document.at("timeline", len(entries) - 1).line
    texts = [str(e.get("at", "")) for e in entries if isinstance(e, dict)]
    vague = sum(1 for e in entries if isinstance(e, dict) and e.get("approximate"))
    times = [text for text in texts if re.search(r"\d{1,2}:\d{2}", text)]
    without_day = sum(1 for text in times if "T" not in text and re.fullmatch(r"[\d:]+", text))
    without_zone = sum(1 for text in times if re.search(r"T\d\d:\d\d(:\d\d)?$", text))
    remarks = [
        f"{count} {what}"
        for count, what in (
            (vague, "approximate"), (without_day, "without a day"), (without_zone, "without a zone"),
        )
        if count
    ]  # fmt: skip
    if unread:
        remarks.append(f"{len(unread)} more not read")
    value = counted(len(entries), "entry", "entries") + "".join(f", {r}" for r in remarks)
    told = Told(value, "extracted", line=first)
    other = legacy.in_other_order.document.record.get("timeline")
    if legacy.other_day is None and other != entries and isinstance(other, list):
        differing = (new["at"] for old, new in zip(entries, other, strict=False) if new != old)
        told = in_order(told, policy, f"from {next(differing)} on")
    return replace(Field.of("timeline", told), last_line=last)


def _unread_entries(legacy: Legacy) -> list[int]:
    """Return the lines of the list entries below a timeline's heading that tell nothing that was read."""
    document = legacy.document
    entries = [e for e in document.record.get("timeline") or [] if isinstance(e, dict)]
    events = "\n".join(str(entry.get("event", "")) for entry in entries)
    lines = {document.at("timeline", i).line for i in range(len(entries))}
    items = [
        item
        for section in outline(document.blocks, document.kind).walk()
        if section.kind == "timeline"
        for item in _own_items(section, lines)
    ]
    return [
        item.first
        for item in items
        if not lines.intersection(range(item.first, item.last + 1))
        and without_bold(Joined.of(item.lines).text) not in events
    ]


def _own_items(section: Section, entries: set[int]) -> Iterator[Item]:
    """Yield a timeline's list items, without those that stand below a heading which is an entry itself."""
    is_below_entry = False
    for block in section.flow():
        if isinstance(block, Heading):
            is_below_entry = block.text.line in entries
        elif isinstance(block, List) and not is_below_entry:
            yield from block.items


def _from_other_key(legacy: Legacy, name: str, policy: Policy) -> Field | None:
    """Return a field that somebody else's front matter has under another name, such as ``sev``."""
    labels = synonyms().labels[_LABELS.get(legacy.kind.value, "record")]
    for key, value in legacy.front.items():
        known = labels.get(normalised(str(key).replace("_", " ").replace("-", " ")))
        if known != name or not isinstance(value, str | int) or isinstance(value, bool):
            continue
        text = str(value)
        if synonyms().is_missing(text):
            continue
        front = read_front_matter(legacy.document.source)
        if name == "severity":
            options = policy.read_options
            spelling = Spelling(
                legacy.kind.value, front.positions, front.location, options.order, options.levels,
                from_body=False,
            )  # fmt: skip
            text = (
                level_meant(text, spelling.levels)
                or level_meant(f"SEV{text}", spelling.levels)
                or text
            )
        elif name == "status":
            text = synonyms().value(f"status_{legacy.kind.value}", text) or text
        elif name == "services":
            line = front.positions.keys[key,].line
            return Field(name, [text], "extracted", f"`{clip(key)}`", line, to_write=[text])
        line = front.positions.keys[key,].line
        return Field(name, text, "extracted", f"`{clip(key)}`", line, to_write=text)
    return None


def _inferred(legacy: Legacy, name: str, policy: Policy) -> Field | None:
    kind = legacy.kind.value
    if name == "status":
        return Field(name, _STRICTEST[kind], "inferred", "none is written, which means this one")
    if name == "services":
        return _services(legacy, policy)
    if name == "alerts" and kind == "runbook":
        alert = alert_in(legacy.path, [heading.text for heading in legacy.headings])
        if alert is not None:
            return Field(name, [alert], "inferred", "file name and title", to_write=[alert])
    return None


def _services(legacy: Legacy, policy: Policy) -> Field | None:
    """Return the services of incident.yml that title or file name call by name."""
    title = str(legacy.document.record.get("title", ""))
    for text, where in ((title, "title"), (re.sub(r"[_\s]+", "-", stem(legacy.path)), "file name")):
        found = [
            service.name
            for service in policy.services
            if re.search(rf"(?<![\w]){re.escape(service.name)}(?![\w])", text, re.IGNORECASE)
        ]
        if found:
            return Field("services", found, "inferred", f"{where} and incident.yml", to_write=found)
    return None
