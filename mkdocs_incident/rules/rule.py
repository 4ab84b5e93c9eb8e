"""The contract of a rule: one decorated generator, its docstring is its documentation."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.policy import Policy
from mkdocs_incident.policy.presets import PROFILES, Profile
from mkdocs_incident.records import (
    ActionItem,
    Incident,
    MitigationPlan,
    Postmortem,
    Runbook,
)
from mkdocs_incident.rules.targets import Target, target
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.times import later


class Kind(Enum):
    """What decides a finding."""

    TEXT = "text"
    """What is written, and an edit mends it: gates a pull request."""
    CLOCK = "clock"
    """The passing of time or an edit elsewhere: a note, unless a run asks for more."""


class Context(msgspec.Struct, frozen=True):
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

    def is_over(self, day: date) -> bool:
        """Return whether a day has passed; asked like this, a finding holds until then."""
        following = later(day, timedelta(days=1))
        return following is not None and self.as_of >= datetime.combine(following, time(), UTC)

    def target(self, base: str, relative: str) -> Target:
        """Return what a path leads to that stands in the file `base`."""
        return target(self.policy.root, base, relative)


Subject = Document | Incident | Postmortem | ActionItem | MitigationPlan | Runbook | Corpus
Check = Callable[[Any, Context], Iterable[Finding]]


class Rule(msgspec.Struct, frozen=True):
    """A rule: what it is called, how it weighs, what it visits."""

    code: str
    name: str
    kind: Kind
    level: Level | None
    """In the profile `standard`; None is off."""
    strict: Level | None
    """In the profile `strict`."""
    is_essential: bool
    """Whether the profile `essential` has it, at its level in `standard`."""
    options: tuple[str, ...]
    """Where ``incident.yml`` sets what it asks for, such as ``levels.*.actions``."""
    documentation: str
    """Markdown: a sentence, then "Why it matters", "Example" and "Use instead"."""
    visits: type | None
    """Type of the records it is called with; None where a lower layer raises the finding."""
    check: Check | None

    @property
    def summary(self) -> str:
        """The documentation's first paragraph."""
        return " ".join(self.documentation.split("\n\n", 1)[0].split())

    def level_in(self, profile: Profile) -> Level | None:
        """Return the level that a profile gives the rule; None is off."""
        if profile == "strict":
            return self.strict
        return self.level if profile == "standard" or self.is_essential else None

    @property
    def levels(self) -> dict[Profile, str]:
        """The level in each profile, as people write it."""
        found = {profile: self.level_in(profile) for profile in PROFILES}
        return {profile: "off" if level is None else str(level) for profile, level in found.items()}

    def run(self, subject: Any, context: Context) -> Iterator[Finding]:
        """Yield what the rule finds in one subject."""
        if self.check is not None:
            yield from self.check(subject, context)


def rule(  # noqa: PLR0913 - one argument a fact of the rule
    code: str,
    name: str,
    *,
    kind: Kind = Kind.TEXT,
    level: Level | None = Level.ERROR,
    strict: Level | None = None,
    essential: bool = False,
    options: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a generator; the type of its first parameter says what it visits.

    Args:
        code: its code; the letters are its family.
        name: what people write in configuration: the defect.
        kind: what decides a finding.
        level: in the profile `standard`; None is off.
        strict: in the profile `strict`; None is as in `standard`.
        essential: whether the profile `essential` has it.
        options: where ``incident.yml`` sets what it asks for.
    """

    def decorate(check: Check) -> Rule:
        first = next(iter(check.__annotations__.values()))  # as written: a name of its module
        documentation = inspect.getdoc(check) or ""
        return Rule(code, name, kind, level, strict or level, essential, options, documentation,
                    check.__globals__[first], check)  # fmt: skip

    return decorate


def documented(
    code: str,
    name: str,
    documentation: str,
    *,
    kind: Kind = Kind.TEXT,
    level: Level = Level.ERROR,
) -> Rule:
    """Make a rule whose findings another layer raises; every profile has it."""
    text = inspect.cleandoc(documentation)
    return Rule(code, name, kind, level, level, True, (), text, None, None)
