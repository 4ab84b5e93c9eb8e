"""What records say of people: the judgements in their prose, and who may be meant by a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, NamedTuple

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy.individuals import Said, folded, plain
from mkdocs_incident.policy.model import handle_key
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.rules.rule import Context
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.phrases import is_role
from mkdocs_incident.wording import clip

_HANDLE = regex(r"@([\w-]+(?:\.[\w-]+)*)")
_NAME = regex(r"(?:[^\W\d_][\w'’.-]*\s+){1,3}[^\W\d_][\w'’-]*")
_PARTS = regex(r"[^\W_]+")


def judgements(document: Document, rule: str, message: str) -> Iterator[Finding]:
    """Yield what a record's prose holds of a rule's phrases; `message` follows the phrase."""
    for passage, hit in document.judgements:
        if hit.phrase.rule == rule:
            phrase = passage.text[hit.start : hit.end].replace("*", "")
            yield Finding(
                passage.location(hit.start, hit.end),
                f"`{clip(phrase)}` {message}",
                hint=hit.phrase.hint,
                level=lowered(document),
            )


def lowered(document: Document) -> Level | None:
    """Return the level of a finding in a live incident: its words were typed in haste."""
    is_live = document.kind == "incident" and text(document.record, "status") in LIVE
    return Level.NOTE if is_live else None


class People(NamedTuple):
    """Whom a record's causes must not name."""

    handles: Collection[str]
    """As `handle_key` compares them."""
    names: Collection[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds them in a text.

        A single word counts only with its ``@``, or where the policy gives it as a name and it does not
        begin a sentence.
        """
        # A key is case-folded, which a pattern knows of letters, and not of what becomes two of them.
        handles = [(handle, re.escape(handle).replace("ss", "(?:ss|ß)")) for handle in self.handles]
        options = [rf"(?<![\w./@-])@(?i:{escaped})(?![\w-]|\.\w)" for _, escaped in handles]
        options += [
            rf"(?<![\w./@-])(?i:{escaped})(?![\w/@-]|\.\w)"
            for handle, escaped in handles
            if len(_PARTS.findall(handle)) > 1
        ]
        for name in self.names:
            words = [re.escape(word).replace("'", "['’]") for word in plain(name).split()]
            midway = "" if len(words) > 1 else r"(?<=[\w,)] )"
            options.append(rf"{midway}(?<![\w@-])" + r"\s+".join(words) + r"(?![\w-])")
        return re.compile("|".join(sorted(options, key=lambda o: (-len(o), o))))


def people_in(text: str, document: Document, context: Context) -> People:
    """Return whom a text of a record may name: people of it, of its incidents and reviews, and of the policy.

    Teams, roles and services are no people.
    """
    handles: set[str] = set()
    names: set[str] = set()
    for record in _records(document, context.corpus):
        for written in _written_people(record):
            handles.update(handle_key(handle) for handle in _HANDLE.findall(written))
            if (full := _full_name(written)) is not None:
                names.add(full)
        for written in _actors(record):
            handles.update(handle_key(handle) for handle in _HANDLE.findall(written))
    said = Said.of(text)
    known_handles, known_names = context.policy.individuals.within(said)
    services = {folded(service) for service in texts(document.record, "services")}
    others = context.policy.groups | services
    handles = {handle for handle in handles - others if not is_role(handle)}
    names = {name for name in names if folded(name) not in others}
    known_names = {name for name in known_names if folded(name) not in services}
    return People(
        said.handles_among(handles) | (known_handles - services),
        said.names_among(names) | known_names,
    )


def _records(document: Document, corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Yield a document's record and those of the incidents and reviews that belong to it."""
    yield document.record
    for ident in texts(document.record, "incidents") or texts(document.record, "id"):
        incident = corpus.incident_by_id.get(ident)
        if incident is None:
            continue
        yield incident.record
        for review in corpus.postmortems_of(incident):
            yield review.record


def _written_people(record: dict[str, Any]) -> Iterator[str]:
    """Yield the fields that say who led, responded or wrote."""
    roles = record.get("roles")
    yield from texts(record, "incident_commander")
    for name in roles if isinstance(roles, dict) else ():
        yield from texts(roles, name)
    for name in ("responders", "authors"):
        yield from texts(record, name)
        for _, entry in mappings(record, name):
            yield from chain(texts(entry, "handle"), texts(entry, "name"))


def _actors(record: dict[str, Any]) -> Iterator[str]:
    """Yield the fields that may name a machine as well: only handles are taken from them."""
    yield from texts(record.get("detection"), "reporter")
    for _, entry in mappings(record, "timeline"):
        yield from texts(entry, "actor")


def _full_name(written: str) -> str | None:
    """Return the name in ``Jane Doe (@jane-doe)`` or ``Jane Doe, SRE``; one word is none."""
    name = re.split(r"[@(,;:/|<\[–—]", written, maxsplit=1)[0].strip("*_ ")
    words = name.split()
    capital = all(word[:1].isupper() for word in words)
    return name if capital and _NAME.fullmatch(name) and not is_role(name) else None
