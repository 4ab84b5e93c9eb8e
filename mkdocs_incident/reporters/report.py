"""What a report tells, whatever its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.diagnostic import Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from mkdocs_incident.diagnostic import Diagnostic, Location


class RuleInfo(msgspec.Struct, frozen=True):
    """What a report says about a rule beyond its findings."""

    code: str
    name: str
    level: Level | None
    """In the profile of the run; None is off."""
    summary: str
    """One sentence of plain text."""
    description: str
    """The rule's documentation, in Markdown."""
    help_uri: str = ""


class Owed(msgspec.Struct, frozen=True):
    """Something that the checked records promise: an open action, or a postmortem."""

    who: str | None
    """A handle, or several with commas; None where nobody is named."""
    what: str
    due: date | None
    path: str
    """The record that says so."""
    is_late: bool


class Likeness(msgspec.Struct, frozen=True):
    """An incident that a change tells, and the earlier ones that it is like."""

    path: str
    incident: str
    """Its id, else its path."""
    earlier: tuple[tuple[str, str], ...]
    """Of each the id (else the path) with its title, and why they are alike."""
    missed: tuple[str, ...]
    """What became of the actions that were to prevent it."""


class Lesson(msgspec.Struct, frozen=True):
    """Something that a runbook should say."""

    path: str
    """The runbook's file."""
    is_new: bool
    """Whether the file is still to be written."""
    headline: str
    location: Location
    """Where the record says so."""


class Change(msgspec.Struct, frozen=True):
    """What a branch brings, compared with where it began."""

    new: frozenset[Diagnostic]
    """Those of the report's findings that were not there before."""
    likenesses: Sequence[Likeness]
    lessons: Sequence[Lesson]


class Report(msgspec.Struct, frozen=True):
    """Everything a reporter may tell; reporters read no files and no clock."""

    diagnostics: tuple[Diagnostic, ...]
    """In the order in which they are printed."""
    records: int
    """How many records were checked."""
    sources: Mapping[str, str]
    """Text of the files by path, to quote from; a path may be missing."""
    rules: Sequence[RuleInfo]
    color: bool = False
    """Whether the text form may use ANSI colours."""
    waived: int = 0
    """How many findings are left out because a waiver covers them."""
    known: int = 0
    """How many findings are left out because the baseline holds them."""
    paths: Sequence[str] = ()
    """Paths of the records that were checked, with and without findings."""
    owed: Sequence[Owed] = ()
    """Only where a format is one of `TELLS_MORE`; with a `change`, only what comes with it."""
    fail_on: Level = Level.ERROR
    """Findings from this level on fail the run."""
    change: Change | None = None
    """None where nothing is compared, or no format is one of `TELLS_MORE`."""

    def count(self, level: Level) -> int:
        """Return how many findings have `level`."""
        return sum(diagnostic.level is level for diagnostic in self.diagnostics)
