"""By which names documents are asked for: what a name means can only change with what answers to it."""

from __future__ import annotations

from mkdocs_incident.records.entry import Entry
from mkdocs_incident.source.document import Document

ALL = "*"
"""Name that every document answers to; with a kind behind it, every document of that kind."""
IDS = "*ids"
"""Name of the set of all ids that records have or refer to."""
LIKENESS = "*likeness"
"""Name of all that incidents are compared by."""
UNREADABLE = "*unreadable"
ALERT_RULES = "*alert-rules"
STANDS_IN = "*stands-in"
"""Name of the postmortems that stand for an incident without a record."""


def of_kind(kind: str) -> str:
    """Return the name that all documents of a kind answer to."""
    return f"{ALL}{kind}"


def uses_of(runbook: str) -> str:
    """Return the name of the incidents that used a runbook."""
    return f"uses:{runbook}"


def linked(entry: Entry) -> frozenset[str]:
    """Return the ids that a record has or refers to."""
    found = (entry.id, entry.incident, entry.major_incident, *entry.incidents, *entry.named)
    return frozenset(name for name in found if name is not None)


def names_of(document: Document, entry: Entry | None) -> frozenset[str]:
    """Return all that a document answers to.

    Args:
        document: the document.
        entry: what links it; None where nothing of that has changed.
    """
    names = {document.path, ALL, of_kind(document.kind)}
    if not document.is_record:
        names |= {UNREADABLE, IDS}
    if entry is not None:
        names.update(linked(entry), map(uses_of, entry.runbooks))
        names |= {IDS, LIKENESS}
    return frozenset(names)
