"""The contract of a rule: one decorated generator, its docstring is its documentation."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.policy import Policy
from mkdocs_incident.records import (
    ActionItem,
    Incident,
    MitigationPlan,
    Postmortem,
    Runbook,
)
from mkdocs_incident.source.document import Document


class Kind(Enum):
    """What decides a finding."""

    TEXT = "text"
    """What is written, and an edit mends it: gates a pull request."""
    CLOCK = "clock"
    """The passing of time or an edit elsewhere: a note, unless a run asks for more."""


@dataclass(frozen=True)
class Context:
    """What a rule may know beside the record it visits."""

    corpus: Corpus
    as_of: datetime
    """The moment that the run speaks of, in UTC; a rule reads no other clock."""

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.corpus.policy

    @property
    def today(self) -> date:
        """The day of `as_of`."""
        return self.as_of.date()


Subject = Document | Incident | Postmortem | ActionItem | MitigationPlan | Runbook | Corpus
Check = Callable[[Any, Context], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule: what it is called, how it weighs, what it visits."""

    code: str
    name: str
    kind: Kind
    level: Level
    documentation: str
    """Markdown: a sentence, then "Why it matters", "Example" and "Use instead"."""
    visits: type | None
    """Type of the records it is called with; None where a lower layer raises the finding."""
    check: Check | None

    @property
    def summary(self) -> str:
        """The documentation's first paragraph."""
        return " ".join(self.documentation.split("\n\n", 1)[0].split())

    def run(self, subject: Any, context: Context) -> Iterator[Finding]:
        """Yield what the rule finds in one subject."""
        if self.check is not None:
            yield from self.check(subject, context)


def rule(
    code: str, name: str, *, kind: Kind = Kind.TEXT, level: Level = Level.ERROR
) -> Callable[[Check], Rule]:
    """Make a rule of a generator; the type of its first parameter says what it visits."""

    def decorate(check: Check) -> Rule:
        hints = typing.get_type_hints(check)
        first = next(iter(inspect.signature(check).parameters))
        return Rule(code, name, kind, level, inspect.getdoc(check) or "", hints[first], check)

    return decorate


def documented(code: str, name: str, documentation: str, *, level: Level = Level.ERROR) -> Rule:
    """Make a rule whose findings the reading or the schema layer raises."""
    return Rule(code, name, Kind.TEXT, level, inspect.cleandoc(documentation), None, None)
