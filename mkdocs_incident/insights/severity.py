"""Which severity the facts of a record suggest; the declared one is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.demands import DATA_LOSS, categories_of
from mkdocs_incident.insights.moments import documents_of
from mkdocs_incident.policy import Policy
from mkdocs_incident.policy.presets import (
    CATEGORIES,
    DATA_LOSS_RANK,
    NO_USERS_RANK,
    SECURITY_RANK,
    SOME_HARM_RANK,
    SUGGESTED_FROM,
    USERS_PERCENT,
)
from mkdocs_incident.records import Incident
from mkdocs_incident.wording import clip, counted, joined

_HELPFUL = {
    "impact.users_affected_percent": "the share of users affected",
    "impact.data_loss": "whether data was lost",
    "category": "its category, such as `security`",
}
"""Facts that can suggest the gravest levels, by field, as a sentence names them."""


@dataclass(frozen=True)
class Vote:
    """What one fact suggests by itself."""

    field: str
    """Where the record says it, such as ``impact.users_affected_percent``."""
    level: str
    why: str


@dataclass(frozen=True)
class SeveritySuggestion:
    """The level that an incident's facts suggest: the gravest that one of them votes for."""

    declared: str | None
    suggested: str | None
    """None where the facts, or the team's levels, don't allow one."""
    votes: tuple[Vote, ...]
    """The gravest first."""
    helpful: tuple[str, ...]
    """Fields that are not filled and could suggest a graver level."""
    why: str
    """In one sentence, without a full stop."""

    @property
    def agrees(self) -> bool | None:
        """Whether the declared level is the suggested one; None where one of them is missing."""
        if self.declared is None or self.suggested is None:
            return None
        return self.declared == self.suggested


def suggested_severity(corpus: Corpus, incident: Incident) -> SeveritySuggestion:
    """Return what the facts of an incident's records suggest.

    Only numbers and marked facts count, never words such as "critical".
    """
    policy = corpus.policy
    names = [level.name for level in policy.levels]
    facts = _Facts.of(corpus, incident)
    votes = sorted(
        (vote for vote in facts.votes(policy) if vote.level in names),
        key=lambda vote: names.index(vote.level),
    )
    suggested = votes[0].level if votes else None
    helpful = () if suggested == names[0] else facts.missing()
    return SeveritySuggestion(
        declared=incident.severity,
        suggested=suggested,
        votes=tuple(votes),
        helpful=helpful,
        why=_why(policy, votes, helpful),
    )


def _why(policy: Policy, votes: list[Vote], helpful: tuple[str, ...]) -> str:
    if votes:
        gravest = [vote.why for vote in votes if vote.level == votes[0].level]
        return f"The facts suggest {votes[0].level}: {joined(gravest)}"
    if len(policy.levels) not in SUGGESTED_FROM:
        return (
            f"No level can be suggested: the policy has {counted(len(policy.levels), 'level')} of "
            f"its own, expected {joined([str(n) for n in SUGGESTED_FROM], 'or')}"
        )
    wanted = joined([_HELPFUL[name] for name in helpful], "or")
    return "Too few facts to suggest a level" + (f"; what would help is {wanted}" if wanted else "")


@dataclass(frozen=True)
class _Facts:
    """What an incident's records state as a fact; None where they do not."""

    category: Any
    impact: dict[str, Any]
    categories: frozenset[str]
    """``security`` and ``data-loss``, where it is one of these."""

    @classmethod
    def of(cls, corpus: Corpus, incident: Incident) -> _Facts:
        # Whatever categories a team has: these two are what the thresholds are about.
        policy = replace(corpus.policy, categories=CATEGORIES)
        told = [Incident(document, incident.id) for document in documents_of(corpus, incident)]
        impact: dict[str, Any] = {}
        for one in told:
            own = one.record.get("impact")
            impact = {**own, **impact} if isinstance(own, dict) else impact
        categories = {c.name for one in told for c in categories_of(policy, one)}
        category = next((one.record["category"] for one in told if "category" in one.record), None)
        return cls(category, impact, frozenset(categories))

    def missing(self) -> tuple[str, ...]:
        present = {
            "impact.users_affected_percent": _number(self.impact.get("users_affected_percent")),
            "impact.data_loss": self.impact.get("data_loss"),
            "category": self.category,
        }
        return tuple(name for name, value in present.items() if value is None)

    def votes(self, policy: Policy) -> Iterator[Vote]:
        if len(policy.levels) in SUGGESTED_FROM:
            for field, rank, why in self._ranked():
                yield Vote(field, policy.levels[min(rank, len(policy.levels) - 1)].name, why)
        level, urgency = self.impact.get("level"), self.impact.get("urgency")
        row = next((row for name, row in policy.matrix.items() if name == level), {})
        expected = next((name for degree, name in row.items() if degree == urgency), None)
        if expected is not None:
            yield Vote("impact.level", expected, f"{level} impact and {urgency} urgency")

    def _ranked(self) -> Iterator[tuple[str, int, str]]:
        if DATA_LOSS in self.categories:
            yield "impact.data_loss", DATA_LOSS_RANK, "data was lost"
        if "security" in self.categories:
            yield "category", SECURITY_RANK, "it is a security incident"
        yield from self._users()
        failed = _number(self.impact.get("requests_failed"))
        if failed:
            why = f"{counted(int(failed), 'request')} failed"
            yield "impact.requests_failed", SOME_HARM_RANK, why
        revenue = self.impact.get("revenue")
        if _is_amount(revenue):
            yield "impact.revenue", SOME_HARM_RANK, f"money was at stake ({clip(revenue)})"

    def _users(self) -> Iterator[tuple[str, int, str]]:
        share = _number(self.impact.get("users_affected_percent"))
        users = _number(self.impact.get("users_affected"))
        if share is not None:
            rank, over = next(
                ((rank, over) for over, rank in USERS_PERCENT if share > over),
                (NO_USERS_RANK, None),
            )
            limit = f", over {over:g} %" if over else ""
            why = f"{share:g} % of users were affected{limit}" if share else "no user was affected"
            yield "impact.users_affected_percent", rank, why
        elif users:
            were = "was" if users == 1 else "were"
            why = f"{counted(int(users), 'user')} {were} affected, of an unknown share"
            yield "impact.users_affected", SOME_HARM_RANK, why
        elif users is not None:
            yield "impact.users_affected", NO_USERS_RANK, "no user was affected"


def _number(value: Any) -> float | None:
    """Return a number that a record holds, None for anything else and for what can't be counted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < float("inf") else None


def _is_amount(value: Any) -> bool:
    """Return whether a value states money: words alone are no fact."""
    if isinstance(value, str):
        return re.search("[1-9]", value) is not None
    return bool(_number(value))
