"""A whole folder of legacy documents: which are adopted as what, with ids that never clash."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec.structs import replace

from mkdocs_incident.adopting.fields import (
    Field,
    further_fields,
    in_order,
    title_field,
    with_refusals,
)
from mkdocs_incident.adopting.legacy import (
    IS_RECORD,
    Legacy,
    NotAdoptedError,
    Told,
    day_or_none,
    read_legacy,
)
from mkdocs_incident.adopting.names import id_in_path, runbook_id, stem, year_in_path
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.editing.front_matter import set_value
from mkdocs_incident.editing.record_text import EditError
from mkdocs_incident.files import is_excluded, is_markdown
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Policy
from mkdocs_incident.records.values import texts
from mkdocs_incident.schema.bundling import field_order
from mkdocs_incident.source.title import KINDS, Kind
from mkdocs_incident.wording import clip, listed, slug

IDENTITY = {
    "incident": "id",
    "postmortem": "incidents",
    "runbook": "id",
    "mitigation-plan": "incident",
}
"""The field that says which incident, or which runbook, a record is about."""

_ENDINGS = regex(r"\.(?:md|markdown|mdown|mkd|mdwn|mdtext)(?:\.txt)?$", re.IGNORECASE)
_NUMBERED = regex(r"(?<![A-Za-z0-9])INC-(\d{4})-(\d{1,6})(?!\d)", re.IGNORECASE)
_PARTS = {"incident", "postmortem", "post-mortem", "pir", "review", "retrospective", "plan",
          "mitigation-plan"}  # fmt: skip
"""Names of files that tell one incident together, in a folder of its own."""


class Adopted(msgspec.Struct, frozen=True):
    """A document with its proposed front matter."""

    path: str
    kind: str
    ident: str
    old: bytes
    new: bytes
    fields: tuple[Field, ...]
    is_read: bool
    """Whether it lies below the policy's sources, where `check` reads it."""
    foreign_keys: tuple[str, ...]
    """Keys of another tool in its front matter, which neither schema nor policy knows."""


class PassedOver(msgspec.Struct, frozen=True):
    """A file that is none to adopt."""

    path: str
    why: str
    is_record: bool = False
    """Whether there is nothing left to do, because it is a record."""


class NotAdopted(msgspec.Struct, frozen=True):
    """A document that needs a person."""

    path: str
    location: Location
    message: str
    hint: str


Outcome = Adopted | PassedOver | NotAdopted


def adopt(corpus: Corpus, paths: Iterable[str], kind: Kind | None = None) -> list[Outcome]:
    """Return what becomes of each file, by path; nothing is written.

    Args:
        corpus: all that is known already, for ids that are taken.
        paths: files and folders, POSIX paths relative to the policy's root.
        kind: the record kind, where the caller knows it.
    """
    outcomes: list[Outcome] = []
    legacies: list[Legacy] = []
    for path, hindrance in _files(corpus.policy.root, paths):
        try:
            if hindrance is not None:
                raise hindrance
            found = _read(corpus, path, kind)
        except NotAdoptedError as error:
            outcomes.append(_failed(path, error))
            continue
        if isinstance(found, str):
            outcomes.append(PassedOver(path, found, is_record=found == IS_RECORD))
        else:
            legacies.append(found)
    outcomes += _Register(corpus, legacies).propose()
    return sorted(outcomes, key=lambda outcome: outcome.path)


def _failed(path: str, error: NotAdoptedError | EditError) -> NotAdopted:
    return NotAdopted(path, error.location, error.message, error.hint)


def _read(corpus: Corpus, path: str, kind: Kind | None) -> Legacy | str:
    policy = corpus.policy
    if is_excluded(policy, path):
        return "is excluded in incident.yml"
    try:
        content = (policy.root / path).read_bytes()
    except OSError as error:
        why = (error.strerror or "can't be opened").lower()
        raise NotAdoptedError(
            Location(path),
            f"File can't be read: {why}",
            "Make it readable, and run the command again",
        ) from None
    known = {name for kind in KINDS for name in _known(kind, policy)}
    found = read_legacy(path, content, policy.read_options, known, kind)
    if isinstance(found, Legacy) and not is_markdown(path):
        raise NotAdoptedError(
            Location(path),
            f"File is not named like Markdown: `{PurePosixPath(path).suffix}`",
            f"Rename it to `{stem(path)}.md`, and run the command again",
        )
    return found


def _files(root: Path, paths: Iterable[str]) -> Iterator[tuple[str, NotAdoptedError | None]]:
    """Yield each document once, with what hinders reading it."""
    real_root = Path(os.path.realpath(root))
    seen: set[Path] = set()
    for path, is_named in _listed(root, paths):
        real = Path(os.path.realpath(root / path))  # a link that loops does not raise
        if not real.is_relative_to(real_root):
            hint = "Adopt the file that it leads to, in its own repository"
            yield path, NotAdoptedError(Location(path), "Link leads out of the repository", hint)
        elif real in seen:
            continue
        elif not real.is_file():
            if is_named or real.exists():
                hint = "Name a Markdown file"
                yield path, NotAdoptedError(Location(path), "Not a regular file", hint)
        else:
            seen.add(real)
            yield path, None


def _listed(root: Path, paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield documents below folders, links last so that a file is known by its own path."""
    links: list[str] = []
    pending = [(path, True) for path in reversed(list(paths))]
    while pending:
        path, is_named = pending.pop()
        place = root / path
        if place.is_symlink() and not is_named:
            if _ENDINGS.search(path):
                links.append(path)
            continue  # a linked folder is somebody else's, or is met by its own path
        if not place.is_dir():
            if is_named or _ENDINGS.search(path):
                yield path, is_named
            continue
        try:
            names = sorted((entry.name for entry in place.iterdir()), reverse=True)
        except OSError:
            yield path, True
            continue
        prefix = "" if path == "." else f"{path}/"
        pending += [(f"{prefix}{name}", False) for name in names if not name.startswith(".")]
    yield from ((path, False) for path in links)


class _Register:
    """Who has which id, while documents are given theirs in the order of their dates."""

    def __init__(self, corpus: Corpus, legacies: Sequence[Legacy]) -> None:
        self.corpus = corpus
        self.legacies = legacies
        paths = {legacy.path for legacy in legacies}
        self.owners: dict[str, str] = {}
        """Id of each incident and runbook that is a record → the record's path."""
        self.last: dict[int, int] = {}
        """Year → the highest number that anybody wrote, in a record or in a name."""
        self.folders: dict[PurePosixPath, str] = {}
        """Folder of one incident's files → its id."""
        for document in corpus.documents:
            if document.path in paths:
                continue
            ident = document.record.get("id")
            if isinstance(ident, str):
                self.owners[ident] = document.path
                if document.kind == "incident" and stem(document.path).lower() in _PARTS:
                    self.folders[PurePosixPath(document.path).parent] = ident
            self._note(ident, *texts(document.record, "incidents"), document.path)
        for ident in corpus.unreadable_ids:
            self._note(ident)
        for legacy in legacies:
            self._note(legacy.path, *(str(v) for v in _own_ids(legacy)))

    def _note(self, *written: object) -> None:
        for text in written:
            for year, number in _NUMBERED.findall(str(text)):
                self.last[int(year)] = max(self.last.get(int(year), 0), int(number))

    def propose(self) -> Iterator[Outcome]:
        """Yield what becomes of each document: ids by date, incidents before what refers to them."""
        order = sorted(
            self.legacies,
            key=lambda legacy: (
                not (own := _own_ids(legacy)), _is_dependent(legacy) and bool(own or _is_part(legacy)), day_or_none(legacy.day) or date.max,
                legacy.path,
            ),
        )  # fmt: skip
        for legacy in order:
            try:
                yield self._adopted(legacy)
            except (NotAdoptedError, EditError) as error:
                yield _failed(legacy.path, error)

    def _adopted(self, legacy: Legacy) -> Adopted:
        kind = legacy.kind.value
        identity = self._identity(legacy)
        fields = [Field.of("kind", legacy.kind, write=True), identity]
        ident = identity.value if isinstance(identity.value, str) else ", ".join(identity.value)
        is_beside = kind == "postmortem" and ident in self.owners
        if kind == "postmortem" and not is_beside and len(identity.value) == 1:
            fields.append(_own_incident(legacy, identity))
        fields.append(title_field(legacy))
        if kind in {"incident", "postmortem"} and not is_beside:
            fields.append(_day_field(legacy, self.corpus.policy))
        fields += further_fields(legacy, self.corpus.policy, is_beside=is_beside)
        record = legacy.record
        order = field_order(kind)
        for field in sorted(fields, key=lambda field: order.index(field.name)):
            if field.to_write is not None:  # behind what another tool reads there
                at_end = bool(legacy.front)
                record = set_value(record, (field.name,), field.to_write, at_end=at_end)
        self._enter(legacy, ident)
        sources = [PurePosixPath(source) for source in self.corpus.policy.sources]
        is_read = any(PurePosixPath(legacy.path).is_relative_to(source) for source in sources)
        lines = _Lines(legacy.document.source.lines, record.source.lines)
        shown = with_refusals(map(lines.moved, fields), record.document, self.corpus.policy)
        return Adopted(
            legacy.path, kind, ident, legacy.content, record.content, shown, is_read,
            _foreign_keys(legacy, self.corpus.policy),
        )  # fmt: skip

    def _enter(self, legacy: Legacy, ident: str) -> None:
        if legacy.kind.value != "mitigation-plan":
            self.owners.setdefault(ident, legacy.path)
        if _is_part(legacy):
            self.folders.setdefault(PurePosixPath(legacy.path).parent, ident)

    def _identity(self, legacy: Legacy) -> Field:
        """Return the id, or the ids of the incidents: the document's own, else the next free one.

        Raises:
            NotAdoptedError: it is somebody else's, or what it needs is not known.
        """
        kind = legacy.kind.value
        name = IDENTITY[kind]
        told = self._told_identity(legacy)
        if told is not None:
            owner = self.owners.get(str(told.value))
            if owner is not None and kind in {"incident", "runbook"}:
                raise NotAdoptedError(
                    Location(legacy.path, told.line or 1),
                    f"Id `{told.value}` is already that of `{owner}`",
                    "Give one of them another id, or adopt this one as `--kind postmortem`",
                )
            is_there = name in legacy.document.record
            value = (
                told.value if name != "incidents" or isinstance(told.value, list) else [told.value]
            )
            return Field.of(name, Told(value, told.how, told.where, told.line), write=not is_there)
        if kind == "runbook":
            return Field.of(name, self._free_runbook_id(legacy), write=True)
        if kind == "mitigation-plan":
            raise NotAdoptedError(
                Location(legacy.path),
                "Plan names no incident",
                "Write `**Incident:** INC-…` below its title, and run the command again",
            )
        free = self._next_free(legacy)
        value = [free.value] if name == "incidents" else free.value
        return Field.of(name, Told(value, free.how, free.where), write=True)

    def _told_identity(self, legacy: Legacy) -> Told | None:
        """Return the identity that the document tells, or its name, or the record beside it."""
        name = IDENTITY[legacy.kind.value]
        value = legacy.document.record.get(name)
        in_path = None if legacy.kind.value == "runbook" else id_in_path(legacy.path)
        if value:
            told = legacy.from_record((name,), value)
            _check_agrees(legacy, told, in_path)
            return told
        if legacy.kind.value == "runbook":
            return None
        if in_path is not None:
            return Told(in_path, "extracted", "file name or folder")
        if not (_is_dependent(legacy) and _is_part(legacy)):
            return None
        beside = self.folders.get(PurePosixPath(legacy.path).parent)
        return Told(beside, "inferred", "incident in the same folder") if beside else None

    def _next_free(self, legacy: Legacy) -> Told:
        day = day_or_none(legacy.day)
        year = day.year if day else year_in_path(legacy.path)
        if year is None:
            raise _without_day(legacy)
        number = self.last[year] = self.last.get(year, 0) + 1
        return Told(f"INC-{year}-{number:04d}", "inferred", f"next free one of {year}")

    def _free_runbook_id(self, legacy: Legacy) -> Told:
        wanted = runbook_id(legacy.path)
        folder = PurePosixPath(legacy.path).parent.name
        candidates = [wanted, f"{wanted}-{slug(folder)}"]
        candidates += [f"{wanted}-{number}" for number in range(2, len(self.owners) + 3)]
        ident = next(candidate for candidate in candidates if candidate not in self.owners)
        return Told(ident, "inferred", "file name")


def _without_day(legacy: Legacy) -> NotAdoptedError:
    """Return why the day is not known, with what of the text may tell it."""
    record, path = legacy.document.record, legacy.path
    hint = "Write `**Date:** YYYY-MM-DD` below its title, and run the command again"
    if isinstance(record.get("date"), str):
        message = f"Date `{clip(record['date'])}` is no certain day, so the id is not known"
        return NotAdoptedError(legacy.document.at("date"), message, hint)
    place = legacy.day_in_prose
    if place is not None:
        message = "Neither title, labels nor name tell when this was, so its id is not known"
        hint = f"If it was on `{place.text}`, as line {place.line} says, w{hint[1:]}"
        return NotAdoptedError(place.location(path), message, hint)
    message = "Neither text nor name tell when this was, so its id is not known"
    return NotAdoptedError(Location(path), message, hint)


def _check_agrees(legacy: Legacy, told: Told, in_path: str | None) -> None:
    """Refuse a document that goes by another id than its file: everything else refers to it."""
    own = [str(ident) for ident in (told.value if isinstance(told.value, list) else [told.value])]
    if in_path is None or in_path.casefold() in map(str.casefold, own):
        return
    raise NotAdoptedError(
        Location(legacy.path, told.line or 1),
        f"Text says {listed(own)}, the name of file or folder `{in_path}`",
        "Correct the one that is wrong, and run the command again",
    )


def _is_dependent(legacy: Legacy) -> bool:
    """Whether the record is about an incident that another file may hold."""
    return legacy.kind.value in {"postmortem", "mitigation-plan"}


def _is_part(legacy: Legacy) -> bool:
    return stem(legacy.path).lower() in _PARTS


class _Lines:
    """Where lines of a document are once its front matter is there: each stays, some are before it."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.moves: list[int] = []
        added = len(new) - len(old)
        at = 0
        for line in old:
            while new[at] != line and at - len(self.moves) < added:
                at += 1
            self.moves.append(at + 1)
            at += 1

    def moved(self, field: Field) -> Field:
        """Return a field with its places in the new text."""
        if field.line is None:
            return field
        last = field.last_line
        return replace(
            field,
            line=self.moves[field.line - 1],
            last_line=None if last is None else self.moves[last - 1],
        )


def _foreign_keys(legacy: Legacy, policy: Policy) -> tuple[str, ...]:
    known = _known(legacy.kind.value, policy)
    return tuple(key for key in map(str, legacy.front) if key not in known and key[:2] != "x-")


def _known(kind: str, policy: Policy) -> set[str]:
    """Return the fields that a record of a kind may have."""
    return {*field_order(kind), *policy.fields.get(kind, {})}


def _own_ids(legacy: Legacy) -> list[Any]:
    """Return the ids that the document or its name tells."""
    value = legacy.document.record.get(IDENTITY[legacy.kind.value])
    own = value if isinstance(value, list) else [value]
    return [ident for ident in (*own, id_in_path(legacy.path)) if ident]


def _own_incident(legacy: Legacy, identity: Field) -> Field:
    """Return the id that makes a review without a record beside it the record of its incident, too."""
    ident = identity.value[0]
    if "id" in legacy.document.record:
        return Field.of("id", legacy.from_record(("id",), legacy.document.record["id"]))
    return replace(identity, name="id", value=ident, where="the incident has no other record",
                   how="inferred", line=None, to_write=ident)  # fmt: skip


def _day_field(legacy: Legacy, policy: Policy) -> Field:
    day = legacy.day
    if day is None:
        return Field("date", None, "missing")
    told = replace(day, value=day.value.isoformat())
    if legacy.other_day is not None:
        told = in_order(told, policy, legacy.other_day.isoformat())
    return Field.of("date", told, write=legacy.wants_day)
