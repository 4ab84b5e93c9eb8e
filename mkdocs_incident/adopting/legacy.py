"""A legacy document as it is read, and what hinders adopting it."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from functools import cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from mkdocs_incident.adopting.kinds import kind_of
from mkdocs_incident.adopting.names import day_in_path, is_kind_alone, stem
from mkdocs_incident.adopting.parts import incidents_in
from mkdocs_incident.corpus import NOT_RECORDS
from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.patterns import regex
from mkdocs_incident.records.entry import day_of
from mkdocs_incident.source.blocks import MAX_LINE, Heading
from mkdocs_incident.source.clock import day_in
from mkdocs_incident.source.document import Document, ReadOptions, read_document
from mkdocs_incident.source.front_matter import Route, read_front_matter
from mkdocs_incident.source.labels import bare
from mkdocs_incident.source.text import Fragment, SourceText, decode
from mkdocs_incident.source.times import OTHER_ORDER, read_stamp
from mkdocs_incident.source.title import ID, KINDS, Kind
from mkdocs_incident.wording import clip, joined

_FILLED_IN = regex(r"\{\{|\{%|<%")
"""How templates mark what is filled in."""
_OTHER_FRONT = regex(r"(?:\+\+\+[ \t]*|\{)(?:\r\n|\r|\n)")
"""Front matter in TOML or JSON."""
_TEMPLATE = regex(r"(?<![^\W_])template(?![^\W_])", re.IGNORECASE)
_KEY = regex(r"[\w-]+\s*:(?:\s|$)")
"""A line of front matter."""
IS_RECORD = "is a record already"
_NEAR = 1
"""Days that a name may be off: an incident begins before midnight and is written up after."""


class NotAdoptedError(Exception):
    """A document that is left as it is, and what a person can do about it."""

    def __init__(self, location: Location, message: str, hint: str) -> None:
        super().__init__(message)
        self.location = location
        self.message = message
        self.hint = hint


class Told(msgspec.Struct, frozen=True):
    """A fact, and what told it."""

    value: Any
    how: str
    """``given``, ``extracted``, or ``inferred`` where somebody else could have concluded otherwise."""
    where: str = ""
    """What told it, beside its line: ``title``, ``file name``."""
    line: int | None = None
    note: str = ""
    """What is said against it, or what was left out."""


class Legacy(msgspec.Struct, frozen=True, dict=True):
    """One document that is to become a record of a known kind."""

    content: bytes
    record: RecordText
    """The text that the front matter is added to: its own, or dashes with nothing between."""
    document: Document
    """What is read of the file, its days completed by the file's name where only that tells them."""
    alone: Document
    """What is read of the file by itself."""
    kind: Told

    @property
    def path(self) -> str:
        """POSIX path relative to the root."""
        return self.document.path

    @cached_property
    def front(self) -> dict[str, Any]:
        """The front matter that is there; empty without one."""
        return read_front_matter(self.document.source).data or {}

    @cached_property
    def headings(self) -> list[Fragment]:
        """The document's headings of level 1."""
        blocks = self.document.blocks
        return [bare(b.text) for b in blocks if isinstance(b, Heading) and b.level == 1]

    @cached_property
    def title_heading(self) -> Fragment | None:
        """The heading that names the document: the second one if the first only says its kind."""
        named = [heading for heading in self.headings[:2] if not is_kind_alone(heading.text)]
        return named[0] if named else None

    @cached_property
    def day(self) -> Told | None:
        """The incident's day, from the record's own times, the title or the file's name."""
        told = self.told_day
        if told is None:
            return None
        others = (("the title", self._day_in_title), ("the file name", self._day_in_name))
        near = _NEAR if self.other_day is None else 0
        against = [
            f"{name} says {day}"
            for name, day in others
            if day is not None and abs((day - told.value).days) > near
        ]
        return replace(told, note=", ".join(filter(None, [told.note, *against])))

    @cached_property
    def other_day(self) -> date | None:
        """The incident's day if the order of day and month were the other one; None if it is the same."""
        told, other = self.told_day, self.in_other_order.told_day
        return None if told is None or other is None or other.value == told.value else other.value

    @cached_property
    def in_other_order(self) -> Legacy:
        """The document as the other order of day and month would have it read."""
        options = self.record.options
        options = replace(options, order=OTHER_ORDER[options.order])
        return _read(
            self.content, self.document.source.raw.encode(), self.record.source, options, self.kind
        )

    @cached_property
    def told_day(self) -> Told | None:
        """The incident's day, and nothing said against it."""
        own, title = self._own_day(), self.title_heading
        if own is None and title is not None and self._day_in_title is not None:
            return Told(self._day_in_title, "extracted", "title", title.line)
        if own is None and self._day_in_name is not None:
            return Told(self._day_in_name, "inferred", "file name")
        return own

    @property
    def _day_in_title(self) -> date | None:
        title = self.title_heading
        return day_in(title.text, self.record.options.order) if title else None

    @property
    def _day_in_name(self) -> date | None:
        return day_in_path(self.path, self.record.options.order)

    def _own_day(self) -> Told | None:
        """Return the day that the record itself gives, as the whole tool reads it."""
        known = self.alone.wants_year or day_of(self.alone) is not None
        day = day_of(self.document) if known else None
        if day is not None:
            moments = _moments(self.document.record)
            route = next((r for r, v in moments if str(v).startswith(str(day))), ("date",))
            told = self.from_record(route, day)
            if day_of(self.alone) is not None:
                return told
            return replace(told, how="inferred", note="its year from the file name")
        written = self.front.get("date")
        order = self.record.options.order
        stamp = read_stamp(written, order) if isinstance(written, str) else None
        found = stamp.on(None) if stamp else None
        return self.from_record(("date",), found) if found else None

    def from_record(self, route: Route, value: Any) -> Told:
        """Return a value that the document tells, with the line it stands on."""
        line = self.document.at(*route).line
        body_line, _ = self.document.source.position(self.document.body_start)
        return Told(value, "extracted", "front matter" if line < body_line else "", line)

    @property
    def day_in_prose(self) -> Fragment | None:
        """The first date with its year in the text, whatever is said of it."""
        source, order = self.document.source, self.record.options.order
        first, _ = source.position(self.document.body_start)
        for number, line in enumerate(source.lines[first - 1 :], start=first):
            if len(line) > MAX_LINE or day_in(line, order) is None:
                continue
            for match in re.finditer(r"(?<![\w/.-])\w", line):
                stamp = read_stamp(line[match.start() :], order)
                if stamp is not None and stamp.on(None) is not None:
                    written = line[match.start() : match.start() + stamp.end].rstrip()
                    return Fragment(written, number, match.start() + 1)
        return None

    @property
    def wants_day(self) -> bool:
        """Whether only what is written to the front matter can tell the day."""
        return day_of(self.alone) is None and "date" not in self.alone.record


def read_legacy(
    path: str, content: bytes, options: ReadOptions, known: Container[str], kind: Kind | None
) -> Legacy | str:
    """Return a file as the legacy document that it holds, or why there is nothing to do about it.

    Args:
        path: POSIX path relative to the root.
        content: the file's bytes.
        options: how it is read.
        known: the fields of records; a document with others is another tool's.
        kind: the record kind, where the caller knows it.

    Raises:
        NotAdoptedError: what the file holds is not certain enough, or can't be read.
    """
    options = replace(options, names_tell_days=False)  # the file may get another name
    name = stem(path).strip("_").lower()
    if name in NOT_RECORDS:
        return "introduces its folder"
    if not content.strip():
        return "is empty"
    source = decode(path, content)
    written = source
    if isinstance(source, SourceText) and _begins_with_rule(source):
        source = replace(source, text=f"***{source.text[3:]}")  # reads as the rule that it is
    read = source.raw.encode() if isinstance(source, SourceText) else content
    document = read_document(path, read, options, kind=kind)
    _check_readable(document, source)
    if isinstance(source, Finding) or isinstance(written, Finding):
        raise TypeError(path)  # `_check_readable` has refused it
    front = read_front_matter(source).data or {}
    if _is_record(front, known):
        return IS_RECORD
    first = next((b.text.text for b in document.blocks if isinstance(b, Heading)), "")
    if _TEMPLATE.search(name) or _FILLED_IN.search(first):
        return "is a template: add it to `exclude` in incident.yml"
    told = Told(kind, "given", "--kind") if kind else _told_kind(document, front)
    is_rule = written is not source
    legacy = _read(
        content, read, _with_front_matter(written, begins_with_rule=is_rule), options, told
    )
    _check_single(legacy.alone, options)
    return legacy


def _read(
    content: bytes, read: bytes, source: SourceText, options: ReadOptions, kind: Told
) -> Legacy:
    """Return a file as a document of a kind.

    Args:
        content: the file's bytes.
        read: these as they are read.
        source: its text with front matter to add to.
        options: how it is read.
        kind: what it is.
    """
    path = source.path
    day = day_in_path(path, options.order)
    alone = read_document(path, read, options, kind=kind.value)
    completed = read_document(path, read, options, kind=kind.value, day=day) if day else alone
    return Legacy(content, RecordText(source, options, kind.value), completed, alone, kind)


def _check_readable(document: Document, source: SourceText | Finding) -> None:
    """Refuse what gives no text, and front matter that is none of ours to complete."""
    if isinstance(source, SourceText):
        if _OTHER_FRONT.match(source.text):
            raise NotAdoptedError(
                Location(document.path),
                "Front matter is not YAML",
                "Write it as YAML between two lines of three dashes, and run the command again",
            )
        front = read_front_matter(source)
        written = source.text[: front.body_start] if front.present else ""
        filled = _FILLED_IN.search(written) if front.data is None or front.findings else None
        if filled is not None:
            raise NotAdoptedError(
                source.location(filled.start(), filled.end()),
                f"Front matter holds `{filled[0]}`: a template fills it in",
                "Adopt what the template makes, or write the front matter by hand",
            )
    for finding in document.findings:
        if finding.rule == "front-matter-missing":
            continue
        if not document.is_record and (
            isinstance(source, Finding) or document.source.text[:3] == "---"
        ):
            raise NotAdoptedError(finding.location, finding.message, finding.hint)
        if finding.rule in {"oversized-file", "duplicate-key"}:
            raise NotAdoptedError(finding.location, finding.message, finding.hint)


def _check_single(document: Document, options: ReadOptions) -> None:
    """Refuse a file that tells several incidents: each is a record of its own."""
    found = incidents_in(document, options)
    if not found:
        return
    title = f"Title names several incidents: `{clip(found[0].text)}`"
    names = joined([f"`{clip(heading.text)}` on line {heading.line}" for heading in found])
    raise NotAdoptedError(
        found[-1 if len(found) == 1 else 1].location(document.path),
        title if len(found) == 1 else f"File tells {len(found)} incidents: {names}",
        "Cut it into one file an incident; headings of one and the same incident begin with `##`",
    )


def _begins_with_rule(source: SourceText) -> bool:
    """Whether the three dashes of the first line are a horizontal rule: no keys follow them."""
    lines = [line.rstrip() for line in source.lines]
    if lines[0] != "---" or read_front_matter(source).data is not None:
        return False
    written = [line for line in lines[1:] if line]
    inside = written[: written.index("---")] if "---" in written else written[:1]
    return not any(map(_KEY.match, inside))


def _is_record(front: dict[str, Any], known: Container[str]) -> bool:
    """Whether front matter is one of ours: it names a kind, or an identity that only records have.

    An id such as ``PAY-112`` is one beside fields of records; beside a key of another tool it is a ticket.
    """
    if front.get("kind") in KINDS or "incidents" in front:
        return True
    own = [front[key] for key in ("id", "incident") if isinstance(front.get(key), str)]
    if any(ident.startswith(("RB-", "INC-")) for ident in own):
        return True
    return any(map(ID.search, own)) and all(
        str(key) in known or str(key)[:2] == "x-" for key in front
    )


def _told_kind(document: Document, front: dict[str, Any]) -> Told:
    if "kind" in front:
        raise NotAdoptedError(
            document.positions.keys.get(("kind",), document.top),
            f"`kind` in the front matter is not one of {', '.join(f'`{k}`' for k in KINDS)}",
            "Correct it, or take it out",
        )
    kind, what = kind_of(document, front)
    if not kind:
        raise NotAdoptedError(
            Location(document.path),
            "Neither name, folder nor headings tell which kind of record this is",
            "Name it: `--kind incident`, `postmortem`, `runbook` or `mitigation-plan`",
        )
    return Told(kind, "inferred", *what)


def _with_front_matter(source: SourceText, *, begins_with_rule: bool) -> SourceText:
    """Return the text with front matter to add to: two lines of dashes if it has none."""
    if not begins_with_rule and read_front_matter(source).present:
        return source
    first = re.search(r"\r\n|\r|\n", source.text)
    line_break = first[0] if first else "\n"
    apart = "" if source.text[:1] in "\r\n" else line_break
    return replace(source, text=f"---{line_break}---{line_break}{apart}{source.text}")


def _moments(value: dict[str, Any]) -> list[tuple[Route, Any]]:
    """Return the values that may have given the record's day, in the order of the record."""
    keys = [key for key in value if key == "date" or key.endswith("_at")]
    timeline = value.get("timeline")
    return [((key,), value[key]) for key in keys] + [
        (("timeline", i, "at"), entry.get("at"))
        for i, entry in enumerate(timeline if isinstance(timeline, list) else [])
        if isinstance(entry, dict)
    ]


def day_or_none(told: Told | None) -> date | None:
    """Return the day that was told."""
    return told.value if told else None
