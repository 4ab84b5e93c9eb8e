"""Documents that were read earlier, fetched part by part when somebody asks for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar

from mkdocs_incident.cache.fingerprint import fingerprint
from mkdocs_incident.cache.pickles import dumps, loads
from mkdocs_incident.cache.rows import Rows
from mkdocs_incident.cache.store import Store
from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.files import Files
from mkdocs_incident.policy import Policy
from mkdocs_incident.records.entry import Entry
from mkdocs_incident.records.likeness import Likeness, likeness_of
from mkdocs_incident.source.alert_rules import AlertRuleFile, read_alert_rules
from mkdocs_incident.source.directives import InlineWaiver
from mkdocs_incident.source.document import Document, read_document
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.source.milestones import Milestone
from mkdocs_incident.source.phrases import Hit
from mkdocs_incident.source.prose import Passage
from mkdocs_incident.source.text import Fragment, SourceText, decode
from mkdocs_incident.source.title import Kind
from mkdocs_incident.workers import in_slices, pays

T = TypeVar("T")

_TELL_INCIDENTS = ("incident", "postmortem")
"""Kinds of the records that are compared."""
_PARTS = (b"", b"record", b"positions", b"likeness")


class _Light(NamedTuple):
    """What is at hand of a document."""

    kind: Kind
    findings: tuple[Finding, ...]
    is_record: bool
    wants_year: bool
    waivers: tuple[InlineWaiver, ...]
    entry: Entry
    source: SourceText | None
    """An empty one, or what can't be text."""


class _Facts(NamedTuple):
    """A record, and what is fetched together with it."""

    record: dict[str, Any]
    milestones: dict[str, Milestone]
    top: Location
    body_start: int
    links: tuple[Fragment, ...]
    judgements: tuple[tuple[Passage, Hit], ...]
    causes: str


class _Places(NamedTuple):
    """Positions without the path that all have: plain numbers are written and read much faster."""

    values: dict[Route, tuple[int, int, int, int]]
    keys: dict[Route, tuple[int, int, int, int]]

    @classmethod
    def of(cls, positions: Positions) -> _Places:
        return cls(
            {route: place[1:] for route, place in positions.values.items()},
            {route: place[1:] for route, place in positions.keys.items()},
        )

    def within(self, path: str) -> Positions:
        """Return them as those of a file."""
        return Positions(
            {route: Location(path, *place) for route, place in self.values.items()},
            {route: Location(path, *place) for route, place in self.keys.items()},
        )


_FETCHED = (*_Facts._fields, "positions", "likeness", "source")
"""Positions are kept apart: they take most of the time to fetch, and only findings need them. So is what
records are compared by: all are compared at once, and nothing else of them is needed."""


class FileChangedError(OSError):
    """A file was changed while the repository was being read."""


class _Fetched:
    """A part that a document would make of others, and that is kept itself."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, document: StoredDocument | None, owner: type | None = None) -> Any:
        return self if document is None else document.__getattr__(self._name)


class StoredDocument(Document):
    """A document of which only what links it is at hand; the rest is fetched when it is asked for."""

    entry: Entry
    likeness: Likeness
    links: Any = _Fetched()
    judgements: Any = _Fetched()
    causes: Any = _Fetched()

    def __init__(
        self, path: str, light: _Light, fetch: Callable[[str, str], Mapping[str, Any]]
    ) -> None:
        """Take what is at hand, and who knows a part that is not, by path and name."""
        known = self.__dict__
        (
            known["kind"],
            known["findings"],
            known["is_record"],
            known["wants_year"],
            known["waivers"],
            known["entry"],
            source,
        ) = light
        known["path"], known["_fetch"] = path, fetch
        if source is not None:
            known["source"] = source

    def __getattr__(self, name: str) -> Any:
        """Return a part, which is kept from then on."""
        if name not in _FETCHED:
            raise AttributeError(name)
        self.__dict__.update(self.__dict__["_fetch"](self.path, name))
        return self.__dict__[name]


class _Known(NamedTuple):
    """What is known of a file's document without opening it."""

    digest: bytes
    """Stands for the content."""
    day: str
    """Of the incident, where the document has no day itself."""
    key: bytes
    """Stands for all that the document was read from."""
    light: _Light


class RememberedFiles(Files):
    """Files of which those that have not changed are not parsed again."""

    def __init__(self, policy: Policy, store: Store, *, with_texts: bool = False) -> None:
        """Take the files of a policy, and a store that may know them.

        Args:
            policy: tells which files.
            store: keeps what was read.
            with_texts: keep the texts at hand, of which all will be wanted; else they are read again.
        """
        super().__init__(policy)
        self._with_texts = with_texts
        self._store = store
        self._salt = _digest(fingerprint(), repr(policy.read_options).encode())
        self._index = Rows(store, _digest(self._salt, b"index"), _Known)
        self._before = self._index.kept
        self._now: dict[str, _Known] = {}
        self._new: dict[bytes, bytes] = {}
        self._seen: dict[str, bytes] = {}
        self._rule_files: dict[str, bytes] = {}

    def digest(self, path: str) -> bytes | None:
        """Return what stands for the content of a rule file that was read."""
        return self._rule_files.get(path)

    def key(self, path: str) -> bytes | None:
        """Return what stands for a document and all that it was read from; None for one that can't be."""
        known = self._now.get(path)
        return known.key if known is not None else None

    def expect(self, paths: Sequence[str]) -> None:
        """Look which files changed; read what is new, in several processes where it is much."""
        for path in paths:
            if path in self._before:
                with suppress(OSError):  # told when it is asked for
                    self._seen[path] = _digest(self.content(path))
        new = [path for path in paths if self._changed(path, self._before.get(path))]
        for blobs in in_slices(self._read_all, new) if pays(new) else ():
            self._new.update(blobs)
            if self._store.put(self._new.items()):
                self._new.clear()

    def _changed(self, path: str, known: _Known | None) -> bool:
        return known is None or known.digest != self._seen.get(path)

    def _read_all(self, paths: Sequence[str]) -> dict[bytes, bytes]:
        """Return what to keep of records; what can't be read now is told when it is asked for."""
        for path in paths:
            with suppress(OSError):
                self.document(path)
        return self._new

    def document(self, path: str, day: date | None = None) -> Document:
        """Return what a record's file says, fetched from the cache if its content was read earlier."""
        known = self._before.get(path)
        # A text that is wanted has to be read in any case, and may be another by now.
        if self._with_texts or known is None or known.day != str(day) or self._changed(path, known):
            return self._read(path, day)
        self._now[path] = known
        return StoredDocument(path, known.light, self._part)

    def _read(self, path: str, day: date | None) -> Document:
        """Return a document by its file, or as it is kept from a time when it had that content."""
        content = self.content(path)
        digest = _digest(content)
        known, fresh = self._before.get(path), None
        if known is None or known.digest != digest or known.day != str(day):
            key = _digest(self._salt, digest, os.fsencode(f"{path}\0{day}"))
            light = self._kept(key, b"", _Light)
            if light is None:
                fresh = read_document(path, content, self.policy.read_options, day=day)
                light = self._keep(key, fresh)
            known = _Known(digest, str(day), key, light)
        self._now[path] = known
        document = StoredDocument(path, known.light, self._part)
        if fresh is not None:
            document.__dict__.update(fresh.__dict__)
        elif self._with_texts and known.light.source is None:
            document.__dict__["source"] = decode(path, content)
        return document

    def alert_rules(self, path: str) -> AlertRuleFile:
        """Return what a rule file says."""
        content = self.content(path)
        self._rule_files[path] = digest = _digest(content)
        key = self._rule_file_key(path, digest)
        kept: AlertRuleFile | None = loads(self._store.get(key), AlertRuleFile)
        if kept is not None:
            return kept
        found = read_alert_rules(path, content, self.policy.read_options)
        self._new[key] = dumps(found)
        return found

    def _rule_file_key(self, path: str, digest: bytes) -> bytes:
        return _digest(self._salt, digest, os.fsencode(f"{path}\0alert rules"))

    def save(self) -> bool:
        """Keep what was read; return whether there was anything new."""
        if not self._new and self._now == self._before:
            return False
        self._index.put(self._now, self._new.items())
        self._new.clear()
        self._before = self._now
        return True

    def in_use(self) -> set[bytes]:
        """Return under which keys there is what is known of the files as they are."""
        keys = [known.key for known in self._now.values()]
        rule_files = [self._rule_file_key(path, d) for path, d in self._rule_files.items()]
        parts = (_digest(key, part) for key in keys for part in _PARTS)
        return {*self._index.keys, *rule_files, *parts}

    def _keep(self, key: bytes, document: Document) -> _Light:
        light = _Light(
            document.kind,
            document.findings,
            document.is_record,
            document.wants_year,
            document.waivers,
            Entry.of(document),
            None if document.source.text else document.source,
        )
        parts = {
            b"": light,
            b"record": _Facts(*(getattr(document, name) for name in _Facts._fields)),
            b"positions": _Places.of(document.positions),
        }
        if document.kind in _TELL_INCIDENTS:
            parts[b"likeness"] = likeness_of(document)
        self._new.update((_digest(key, part), dumps(value)) for part, value in parts.items())
        return light

    def _part(self, path: str, name: str) -> Mapping[str, Any]:
        """Return a part of a document, and what is kept together with it."""
        known = self._now[path]
        if name == "source":
            return {name: decode(path, self._unchanged(path, known))}
        found = self._fetched(known.key, path, name)
        if found is not None:
            return found
        day = None if known.day == "None" else date.fromisoformat(known.day)
        content = self._unchanged(path, known)
        document = read_document(path, content, self.policy.read_options, day=day)
        parts = {part: getattr(document, part) for part in (*_Facts._fields, "positions", "source")}
        return {**parts, "likeness": likeness_of(document)}

    def _fetched(self, key: bytes, path: str, name: str) -> Mapping[str, Any] | None:
        """Return what is kept of a part; None for nothing."""
        if name == "positions":
            places = self._kept(key, b"positions", _Places)
            return {name: places.within(path)} if places is not None else None
        if name == "likeness":
            likeness = self._kept(key, b"likeness", Likeness)
            return {name: likeness} if likeness is not None else None
        facts = self._kept(key, b"record", _Facts)
        return facts._asdict() if facts is not None else None

    def _kept(self, key: bytes, part: bytes, kind: type[T]) -> T | None:
        """Return what is kept of a document, of a type; None for nothing, and for anything else."""
        where = _digest(key, part)
        found: T | None = loads(self._new.get(where) or self._store.get(where), kind)
        return found

    def _unchanged(self, path: str, known: _Known) -> bytes:
        content = self.content(path)
        if _digest(content) != known.digest:
            raise FileChangedError(0, "it was changed while the records were read", path)
        return content


def _digest(*parts: bytes) -> bytes:
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(part)
    return found.digest()
