"""A record's file as it is edited: its text, and what is read from it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.records.entry import day_of
from mkdocs_incident.records.values import texts
from mkdocs_incident.source.document import Document, ReadOptions, read_document
from mkdocs_incident.source.front_matter import FrontMatter, read_front_matter
from mkdocs_incident.source.layout import Layout, read_layout
from mkdocs_incident.source.text import SourceText, decode
from mkdocs_incident.source.title import Kind

_LINE_END = regex(r"\r\n|\r|\n")


class EditError(Exception):
    """An edit that is refused, because its outcome would not be certain.

    Attributes:
        location: what hinders it.
        message: one line, the thing first; no full stop.
        hint: what a person can do instead.
    """

    def __init__(self, location: Location, message: str, hint: str) -> None:
        super().__init__(f"{location.path}:{location.line}:{location.column}: {message}")
        self.location = location
        self.message = message
        self.hint = hint


class RecordText(msgspec.Struct, frozen=True, dict=True):
    """A record's whole text, and how it is read."""

    source: SourceText
    options: ReadOptions = msgspec.field(default_factory=ReadOptions)
    kind: Kind | None = None
    """The record kind, where the caller knows better than the file."""
    day: date | None = None
    """The incident's day, for days without a year."""

    @classmethod
    def read(
        cls,
        path: str,
        content: bytes,
        options: ReadOptions | None = None,
        *,
        kind: Kind | None = None,
        day: date | None = None,
    ) -> RecordText:
        """Return the record that a file's bytes hold, with the arguments of `read_document`.

        Raises:
            EditError: the file gives no record.
        """
        options = options or ReadOptions()
        document = read_document(path, content, options, kind=kind, day=day)
        source = decode(path, content)
        if isinstance(source, Finding):
            raise _unreadable(source)
        if not document.is_record:
            finding = next((f for f in document.findings if f.rule != "front-matter-missing"), None)
            raise _unreadable(finding or document.findings[0])
        record = cls(source, options, kind, day)
        record.__dict__["document"] = document  # as the cached property would read it again
        return record

    @classmethod
    def of(cls, corpus: Corpus, path: str, content: bytes) -> RecordText:
        """Return a record of a corpus, read as the corpus reads it.

        Raises:
            EditError: the file gives no record.
        """
        record = cls.read(path, content, corpus.policy.read_options)
        if not record.document.wants_year:
            return record
        own = record.document.record
        ids = [*texts(own, "incidents"), *texts(own, "incident")]
        incidents = (corpus.incident_by_id.get(ident) for ident in ids)
        days = (day_of(incident.document) for incident in incidents if incident is not None)
        return replace(record, day=min((day for day in days if day is not None), default=None))

    @property
    def text(self) -> str:
        """The whole text, byte order mark included."""
        return self.source.raw

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode()

    @property
    def path(self) -> str:
        """POSIX path relative to the root."""
        return self.source.path

    @cached_property
    def document(self) -> Document:
        """What is read from the text."""
        return read_document(self.path, self.content, self.options, kind=self.kind, day=self.day)

    @cached_property
    def front(self) -> FrontMatter:
        """The front matter alone, its values in their own spelling."""
        return read_front_matter(self.source)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The front matter's values.

        Raises:
            EditError: there is none, or it can't be read.
        """
        if self.front.present and self.front.data is not None:
            return self.front.data
        place = self.front.location
        for finding in self.front.findings:
            raise _unreadable(finding)
        raise EditError(
            place,
            "File has no front matter to edit",
            "Start the file with a line of three dashes, the fields, and another such line",
        )

    @cached_property
    def layout(self) -> Layout:
        """How the front matter is written."""
        return read_layout(self.source)

    def with_text(self, text: str) -> RecordText:
        """Return the record with another text, its byte order mark as before."""
        return replace(self, source=replace(self.source, text=text))

    def replaced(self, start: int, end: int, new: str) -> RecordText:
        """Return the record with ``[start:end]`` of the text replaced."""
        text = self.source.text
        return self.with_text(text[:start] + new + text[end:])

    def line_end(self, offset: int) -> int:
        """Return the offset of the end of the line on which `offset` is, before its line break."""
        found = _LINE_END.search(self.source.text, offset)
        return found.start() if found else len(self.source.text)

    def line_break(self, offset: int) -> str:
        """Return the line break that ends the line of `offset`, else the one before it, else LF."""
        text = self.source.text
        found = _LINE_END.search(text, offset)
        if found is None:
            before = _LINE_END.findall(text, 0, offset)
            return before[-1] if before else "\n"
        return found[0]

    def line_start(self, offset: int) -> int:
        """Return the offset of the first character of the line on which `offset` is."""
        line, _ = self.source.position(offset)
        return self.source.offset(line, 1)


def _unreadable(finding: Finding) -> EditError:
    return EditError(finding.location, finding.message, finding.hint)


def same(one: Any, other: Any) -> bool:
    """Return whether two values of a record are the same, their types, too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
