"""What a check found, as text for people and as the formats that other tools read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs_incident.reporters import github, json, sarif, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mkdocs_incident.diagnostic import Diagnostic, Level


@dataclass(frozen=True, slots=True)
class RuleInfo:
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


@dataclass(frozen=True, slots=True)
class Report:
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

    def count(self, level: Level) -> int:
        """Return how many findings have `level`."""
        return sum(diagnostic.level is level for diagnostic in self.diagnostics)


Reporter = Callable[[Report], str]

REPORTERS: dict[str, Reporter] = {
    "text": text.render,
    "json": json.render,
    "github": github.render,
    "sarif": sarif.render,
}
