"""Documents that were read earlier, fetched part by part when somebody asks for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

from mkdocs_incident.cache.fingerprint import fingerprint
from mkdocs_incident.cache.pickles import dumps, loads
from mkdocs_incident.cache.rows import Row, Rows
from mkdocs_incident.cache.shapes import all_fit, fits, fits_within
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
from mkdocs_incident.workers import in_slices, pays

_TELL_INCIDENTS = ("incident", "postmortem")
"""Kinds of the records that are compared."""
_TIMES = 3
"""So many times as many documents are kept as there are: those of other branches, and of yesterday."""
_SPARE = 1000
_PARTS = (b"", b"record", b"positions", b"likeness")

Light = dict[str, Any]


class _Light(TypedDict):
    """What is at hand of a document."""

    kind: Literal["incident", "postmortem", "runbook", "mitigation-plan"]
    findings: tuple[Finding, ...]
    is_record: bool
    wants_year: bool
    waivers: tuple[InlineWaiver, ...]
    entry: Entry
    source: NotRequired[SourceText]


class _Facts(TypedDict):
    """What is fetched together with a record."""

    milestones: dict[str, Milestone]
    top: Location
    body_start: int
    links: tuple[Fragment, ...]
    judgements: tuple[tuple[Passage, Hit], ...]
    causes: str


_Places = dict[tuple[str | int, ...], tuple[int, int, int, int]]

_AT_HAND = tuple(name for name in _Light.__annotations__ if name not in {"entry", "source"})
_LIGHT = {*_AT_HAND, "entry"}
_WITH_RECORD = ("record", *_Facts.__annotations__)
_FETCHED = (*_WITH_RECORD, "positions", "likeness", "source")
"""Positions are kept apart: they take most of the time to fetch, and only findings need them. So is what
records are compared by: all are compared at once, and nothing else of them is needed."""


class FileChangedError(OSError):
    """A file was changed while the repository was being read."""


class _Fetched:
    """A part that a document would make of others, and that is kept itself."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, document: StoredDocument, owner: type | None = None) -> Any:
        return document.__getattr__(self._name)


class StoredDocument(Document):
    """A document of which only what links it is at hand; the rest is fetched when it is asked for."""

    entry: Entry
    likeness: Likeness
    links: Any = _Fetched()
    judgements: Any = _Fetched()
    causes: Any = _Fetched()

    def __init__(
        self, path: str, light: Light, fetch: Callable[[str, str], Mapping[str, Any]]
    ) -> None:
        """Take what is at hand, and who knows a part that is not, by path and name."""
        self.__dict__.update(light, path=path, _fetch=fetch)

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
    light: Light


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
        self._index = Rows(store, _digest(self._salt, b"index"), _are_known)
        self._before = self._index.kept
        self._now: dict[str, Row] = {}
        self._new: dict[bytes, bytes] = {}
        self._rule_files: dict[str, bytes] = {}

    def digest(self, path: str) -> bytes | None:
        """Return what stands for the content of a rule file that was read."""
        return self._rule_files.get(path)

    def key(self, path: str) -> bytes | None:
        """Return what stands for a document and all that it was read from; None for one that can't be."""
        known = self._now.get(path)
        return _Known(*known).key if known is not None else None

    def expect(self, paths: Sequence[str]) -> None:
        """Read what is new, in several processes where it is much."""
        new = [path for path in paths if path not in self._before]
        for blobs in in_slices(self._read_all, new) if pays(new) else ():
            self._new.update(blobs)
            if self._store.put(self._new.items()):
                self._new.clear()

    def _read_all(self, paths: Sequence[str]) -> dict[bytes, bytes]:
        """Return what to keep of records; what can't be read now is told when it is asked for."""
        for path in paths:
            with suppress(OSError):
                self.document(path)
        return self._new

    def document(self, path: str, day: date | None = None) -> Document:
        """Return what a record's file says, fetched from the cache if its content was read earlier."""
        content = self.content(path)
        digest, of_day = blake2b(content, digest_size=16).digest(), str(day)
        known, fresh = self._before.get(path), None
        if known is None or known[0] != digest or known[1] != of_day:
            key = _digest(self._salt, digest, os.fsencode(f"{path}\0{day}"))
            light = self._kept(_digest(key, b""), _LIGHT, {"source"})
            if light is None or not _are_light([light]):
                fresh = read_document(path, content, self.policy.read_options, day=day)
                light = self._keep(key, fresh)
            known = (digest, of_day, key, light)
        self._now[path] = known
        document = StoredDocument(path, known[3], self._part)
        if fresh is not None:
            document.__dict__.update(fresh.__dict__)
        elif self._with_texts and "source" not in known[3]:
            document.__dict__["source"] = decode(path, content)
        return document

    def alert_rules(self, path: str) -> AlertRuleFile:
        """Return what a rule file says."""
        content = self.content(path)
        self._rule_files[path] = digest = _digest(content)
        key = _digest(self._salt, digest, os.fsencode(f"{path}\0alert rules"))
        found = loads(self._store.get(key))
        if not isinstance(found, AlertRuleFile) or not fits_within(found, AlertRuleFile):
            found = read_alert_rules(path, content, self.policy.read_options)
            self._new[key] = dumps(found)
        return found

    def save(self) -> None:
        """Keep what was read; what belongs to no file any more goes once it is much."""
        if not self._new and self._now == self._before:
            return
        index = self._index.blobs(self._now)
        self._store.put([*self._new.items(), *index])
        if self._store.count() > _TIMES * len(_PARTS) * len(self._now) + _SPARE:
            keys = (_Known(*known).key for known in self._now.values())
            parts = (_digest(key, part) for key in keys for part in _PARTS)
            self._store.keep({*self._index.keys, *self._new, *parts})
        self._new.clear()
        self._before = self._now

    def _keep(self, key: bytes, document: Document) -> Light:
        light = {name: getattr(document, name) for name in _AT_HAND}
        light["entry"] = Entry.of(document)
        if not document.source.text:  # empty, or what can't be text
            light["source"] = document.source
        record = {name: getattr(document, name) for name in _WITH_RECORD}
        positions = {"positions": _packed(document.positions)}
        parts = {b"": light, b"record": record, b"positions": positions}
        if document.kind in _TELL_INCIDENTS:
            parts[b"likeness"] = {"likeness": likeness_of(document)}
        self._new.update((_digest(key, part), dumps(value)) for part, value in parts.items())
        return light

    def _part(self, path: str, name: str) -> Mapping[str, Any]:
        """Return a part of a document, and what is kept together with it."""
        known = _Known(*self._now[path])
        if name == "source":
            return {name: decode(path, self._unchanged(path, known))}
        part, names = ("record", _WITH_RECORD) if name in _WITH_RECORD else (name, (name,))
        found = self._kept(_digest(known.key, part.encode()), names)
        if found is not None and _are_parts(found):
            return {name: _unpacked(path, found[name])} if name == "positions" else found
        day = None if known.day == "None" else date.fromisoformat(known.day)
        content = self._unchanged(path, known)
        document = read_document(path, content, self.policy.read_options, day=day)
        parts = {part: getattr(document, part) for part in (*_WITH_RECORD, "positions", "source")}
        return {**parts, "likeness": likeness_of(document)}

    def _kept(
        self, key: bytes, names: Collection[str], also: Collection[str] = ()
    ) -> dict[str, Any] | None:
        """Return what is kept by these names, and maybe others; None for nothing, and for anything else."""
        found = loads(self._new.get(key) or self._store.get(key))
        if not isinstance(found, dict) or found.keys() - also != set(names):
            return None
        return found

    def _unchanged(self, path: str, known: _Known) -> bytes:
        content = self.content(path)
        if _digest(content) != known.digest:
            raise FileChangedError(0, "it was changed while the records were read", path)
        return content


def _are_known(rows: dict[str, Row]) -> bool:
    known = list(rows.values())
    if not fits(known, list[tuple[bytes, str, bytes, dict[str, Any]]]):
        return False
    return _are_light([light for _, _, _, light in known])


def _are_light(lights: list[Light]) -> bool:
    if not fits(lights, list[_Light]) or not all_fit([one["entry"] for one in lights], Entry):
        return False
    # Few have any of these.
    other = [one for one in lights if one["findings"] or one["waivers"] or "source" in one]
    return not other or fits_within(other, list[_Light])


def _are_parts(found: dict[str, Any]) -> bool:
    if "positions" in found:
        return fits(found["positions"], tuple[_Places, _Places])
    if "likeness" in found:
        return fits_within(found["likeness"], Likeness)
    facts = {name: value for name, value in found.items() if name != "record"}
    return isinstance(found["record"], dict) and fits_within(facts, _Facts)


def _packed(positions: Positions) -> tuple[dict[Route, tuple[int, ...]], ...]:
    """Return positions without the path that all have: plain numbers are written and read much faster."""
    places = (positions.values, positions.keys)
    return tuple({route: place[1:] for route, place in found.items()} for found in places)


def _unpacked(path: str, packed: Iterable[Mapping[Route, tuple[int, ...]]]) -> Positions:
    places = ({route: Location(path, *place) for route, place in p.items()} for p in packed)
    return Positions(*places)


def _digest(*parts: bytes) -> bytes:
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(part)
    return found.digest()
