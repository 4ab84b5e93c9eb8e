"""What links to a record, told from sources: a build may skip pages, the sources are all there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.language import marked
from mkdocs_incident.pages.record_links import ID
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import runbook_uses
from mkdocs_incident.records.values import text
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.links import destination, links_in, without_code

_ID = regex(ID)

# Where a record names another one outside of its prose, as words for "Linked from".
_FIELDS = {
    "incidents": marked("its postmortem"),
    "incident": marked("its mitigation plan"),
    "related": marked("related"),
    "recurrence_of": marked("recurrence"),
    "runbooks": marked("used this runbook"),
    "runbook_updates": marked("runbook update"),
    "learned_from": marked("learned from it"),
    "superseded_by": marked("superseded by it"),
}


class TextPage(msgspec.Struct, frozen=True):
    """A page of the site that is no record: where it is, what it is called, what it says."""

    uri: str
    title: str
    text: str


class Backlink(msgspec.Struct, frozen=True):
    """A page that links to a record, and how."""

    path: str
    ident: str | None
    """An incident's or a runbook's id; other pages have none of their own."""
    title: str
    kind: str
    reasons: tuple[str, ...]


def backlinks(
    corpus: Corpus, uris: Mapping[str, str], pages: Iterable[TextPage] = ()
) -> dict[str, list[Backlink]]:
    """Return for each record's path what links to it: records first, then pages.

    Args:
        corpus: all records.
        uris: path of each record → the address it is published at, which links are relative to.
        pages: the other pages of the site.
    """
    ids = {ident: incident.document.path for ident, incident in corpus.incident_by_id.items()}
    ids |= {ident: runbook.document.path for ident, runbook in corpus.runbook_by_id.items()}
    paths = {uri: path for path, uri in uris.items()}
    found: dict[str, list[Backlink]] = {}
    for document in corpus.documents:
        here = uris.get(document.path)
        if here is None:
            continue
        reasons = _reasons(document, here, ids, paths)
        for target, said in reasons.items():
            if target != document.path:
                link = Backlink(
                    document.path, text(document.record, "id"), _title(document), document.kind,
                    tuple(said),
                )  # fmt: skip
                found.setdefault(target, []).append(link)
    for page in pages:
        targets = dict.fromkeys(_mentions(page.text, page.uri, ids, paths))
        for target in targets:
            found.setdefault(target, []).append(
                Backlink(page.uri, None, page.title, marked("page"), ())
            )
    return found


def _title(document: Document) -> str:
    return text(document.record, "title") or document.path


def _reasons(
    document: Document, here: str, ids: Mapping[str, str], paths: Mapping[str, str]
) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    left_alone = {use.id for use in runbook_uses(document.record) if not use.was_used}
    for name, value in document.record.items():
        if name == "id":
            continue
        for said in _texts(value):
            for match in _ID.finditer(said):
                if match[0] in ids:
                    words = _FIELDS.get(name, marked("mentioned"))
                    if name == "runbooks" and match[0] in left_alone:
                        words = marked("left this runbook alone")
                    found.setdefault(ids[match[0]], {})[words] = None
    for target in _mentions(document.body, here, ids, paths):
        found.setdefault(target, {}).setdefault("mentioned", None)
    for reasons in found.values():
        if len(reasons) > 1:
            reasons.pop("mentioned", None)
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _mentions(
    markdown: str, here: str, ids: Mapping[str, str], paths: Mapping[str, str]
) -> Iterator[str]:
    """Yield the records that Markdown links to, or names, outside of code."""
    named = _ID.finditer(without_code(markdown))
    yield from (ids[match[0]] for match in named if match[0] in ids)
    for link in links_in(markdown):
        target = unquote(destination(link.written).split("#")[0].split("?")[0])
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(here), target))
        if joined in paths:
            yield paths[joined]
