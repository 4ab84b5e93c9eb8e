"""Ids and paths of new records: as the repository has them, and never one that another run takes."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.editing.writing import create_file
from mkdocs_incident.files import walk
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Incident
from mkdocs_incident.wording import slug

_ID = regex(r"(?P<prefix>[A-Za-z][A-Za-z0-9]*-)(?:(?P<year>\d{4})-)?(?P<number>\d{1,6})")
_LONGEST_NAME = 60
"""Characters of a title in a file's name; the number is ours."""


class IdForm(msgspec.Struct, frozen=True):
    """How a repository writes the ids of its incidents."""

    prefix: str = "INC-"
    has_year: bool = True
    width: int = 4

    def of(self, year: int, number: int) -> str:
        """Return the id with a number, ``INC-2025-0142``."""
        middle = f"{year:04d}-" if self.has_year else ""
        return f"{self.prefix}{middle}{number:0{self.width}d}"


def id_form(corpus: Corpus) -> IdForm:
    """Return the form that most ids of the repository have; without any, ``INC-2025-0142``."""
    forms = Counter(
        IdForm(match["prefix"], match["year"] is not None, len(match["number"]))
        for match in map(_ID.fullmatch, corpus.incident_by_id)
        if match is not None
    )
    return forms.most_common(1)[0][0] if forms else IdForm()


def _next_number(ids: Iterable[str], form: IdForm, year: int) -> int:
    """Return the number after the highest one that ids of a year have."""
    matches = (_ID.fullmatch(ident) for ident in ids)
    numbers = [
        int(match["number"])
        for match in matches
        if match is not None
        and match["prefix"].upper() == form.prefix.upper()
        and (match["year"] or None) == (f"{year:04d}" if form.has_year else None)
    ]
    return max(numbers, default=0) + 1


def path_form(corpus: Corpus) -> str:
    """Return where incidents stand, as most records of the repository do.

    The parts in braces are the id, the year, the month and the title: ``incidents/{year}/{id}/incident.md``.
    """
    forms = Counter(
        form
        for incident in corpus.incidents
        if not incident.is_postmortem and (form := _form_of(incident)) is not None
    )
    if forms:
        return forms.most_common(1)[0][0]
    sources = corpus.policy.sources
    folder = next((source for source in sources if "incident" in source.lower()), sources[0])
    return f"{folder}/{{id}}/incident.md"


def _form_of(incident: Incident) -> str | None:
    path, ident = incident.document.path, incident.id or ""
    match = _ID.fullmatch(ident)
    if match is None or "{" in path or "}" in path:
        return None
    year = match["year"] or (f"{incident.began:%Y}" if incident.began is not None else "")
    parts: list[str] = []
    named = 0
    for part in path.split("/"):
        before, found = _parted(part, ident)
        if found:
            named += 1
            stem, suffix = posixpath.splitext(part)
            word = "{id}" if found == ident else "{lower_id}"
            title = "-{title}" if stem[len(before + found) :] else ""
            parts.append(before + word + title + suffix)
        elif year and part == year:
            parts.append("{year}")
        elif parts[-1:] == ["{year}"] and incident.began and part == f"{incident.began:%m}":
            parts.append("{month}")
        else:
            parts.append(part)
    return "/".join(parts) if named else None


def _parted(name: str, ident: str) -> tuple[str, str]:
    """Return what stands before an id in a name, and the id as it is written there."""
    start = name.lower().find(ident.lower())
    end = start + len(ident)
    if start < 0 or name[:start][-1:].isalnum() or name[end : end + 1].isdigit():
        return name, ""
    return name[:start], name[start:end]


def path_of(form: str, ident: str, began: datetime, title: str) -> str:
    """Return the path of an incident in a form of `path_form`."""
    name = slug(title)[:_LONGEST_NAME].rstrip("-") or "incident"
    return form.format(
        id=ident, lower_id=ident.lower(), year=f"{began:%Y}", month=f"{began:%m}", title=name
    )


@contextmanager
def claimed_id(corpus: Corpus, year: int) -> Iterator[str]:
    """Hold the next free id of a year while its record is written.

    A hidden file that only one run can create holds the id, whatever its record will be called. Who
    gets it looks again: a path may name the id without a record, or with one that another run wrote
    since the repository was read. A run
    that is killed leaves its hidden file behind, and with it a number that is passed over.

    Raises:
        EditError: the folder of the incidents can't be written.
    """
    policy, form = corpus.policy, id_form(corpus)
    folder = path_form(corpus).partition("/")[0]
    known = [*corpus.incident_by_id, *corpus.unreadable_ids]
    number = _next_number(known, form, year)
    while True:
        ident = form.of(year, number)
        claim = f"{folder}/.{ident}.new"
        try:
            create_file(policy.root, claim, b"")
        except FileExistsError:
            number += 1
            continue
        try:
            paths = [match[0] for path, _ in walk(policy) for match in _ID.finditer(path)]
            free = _next_number([*known, *paths], form, year)
            if free <= number:
                yield ident
                return
            number = free
        finally:
            (policy.root / claim).unlink(missing_ok=True)


def beside(incident: Incident, name: str) -> str:
    """Return where another record of an incident stands: in its folder, else beside its file.

    Args:
        incident: whose record it is.
        name: ``postmortem`` or ``mitigation-plan``.
    """
    folder, _, file = incident.document.path.rpartition("/")
    ident = incident.id or ""
    if ident and ident.casefold() in folder.rpartition("/")[2].casefold():
        return f"{folder}/{name}.md"
    stem = posixpath.splitext(file)[0]
    return f"{folder}/{stem}-{name}.md" if folder else f"{stem}-{name}.md"


def relative(target: str, start: str) -> str:
    """Return the path of a record as another one links it."""
    return posixpath.relpath(target, posixpath.dirname(start) or ".")
