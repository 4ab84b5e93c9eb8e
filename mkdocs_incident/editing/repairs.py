"""Repairs of findings that have one right answer: another spelling of a value, the letter case of an id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from mkdocs_incident.diagnostic import Diagnostic
from mkdocs_incident.editing.record_text import RecordText


def repaired(
    record: RecordText, diagnostics: Iterable[Diagnostic]
) -> tuple[RecordText, list[Diagnostic]]:
    """Return the record with every repair that is certain, and the findings that it took away.

    A repair is made where the text stands that it replaces, and kept if the record then says the same
    as before, but for letter case. What can't be proved so is left to a person.

    Args:
        record: the file.
        diagnostics: findings of this file, as it is.
    """
    wanted = [found for found in diagnostics if found.repair is not None]
    done: list[Diagnostic] = []
    # From the end, so that places before it stay where they are.
    for found in sorted(wanted, key=lambda diagnostic: diagnostic.location, reverse=True):
        edited = _replaced(record, found)
        if edited is not None and _says_the_same(record, edited):
            record = edited
            done.append(found)
    return record, done[::-1]


def _replaced(record: RecordText, found: Diagnostic) -> RecordText | None:
    """Return the record with the text at a finding's place replaced, None if another text is there."""
    if found.repair is None:
        return None
    place = found.location
    text = record.source.text
    start = record.source.offset(place.line, place.column)
    if text[start : start + 1] in {'"', "'"}:
        start += 1
    end = start + len(found.repair.old)
    if text[start:end] != found.repair.old:
        return None
    return record.replaced(start, end, found.repair.new)


def _says_the_same(record: RecordText, edited: RecordText) -> bool:
    before, after = record.document, edited.document
    known = Counter((finding.rule, finding.message) for finding in before.findings)
    new = Counter((finding.rule, finding.message) for finding in after.findings) - known
    return after.is_record and not new and _alike(before.record, after.record)


def _alike(one: Any, other: Any) -> bool:
    """Return whether two values are the same, but for the letter case of texts."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other) and bool(one == other)
