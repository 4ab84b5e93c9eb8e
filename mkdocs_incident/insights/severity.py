"""Which severity the facts of a record suggest; the declared one is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.demands import DATA_LOSS, categories_of
from mkdocs_incident.language import gettext, marked, ngettext
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
from mkdocs_incident.source.milestones import says
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.wording import clip, joined, words

_GRAVEST = {
    "impact.users_affected_percent": USERS_PERCENT[0][1],
    "impact.data_loss": DATA_LOSS_RANK,
    "category": SECURITY_RANK,
    "impact.requests_failed": SOME_HARM_RANK,
    "impact.revenue": SOME_HARM_RANK,
}
"""The kinds of fact that can vote, by field, and the gravest rank that each can vote for."""

_NAMES = {
    "impact.users_affected_percent": marked("the share of users affected"),
    "impact.data_loss": marked("whether data was lost"),
    "category": marked("its category, such as `security`"),
    "impact.requests_failed": marked("how many requests failed"),
    "impact.revenue": marked("whether money was lost"),
}
"""The same, as a sentence names them."""


class Vote(msgspec.Struct, frozen=True):
    """What one fact suggests by itself."""

    field: str
    """Where the record says it, such as ``impact.users_affected_percent``."""
    level: str
    why: str


class SeveritySuggestion(msgspec.Struct, frozen=True):
    """The level that an incident's facts suggest: the gravest that one of them votes for."""

    declared: str | None
    suggested: str | None
    """None where the facts, or the team's levels, don't allow one."""
    at_least: str | None
    """The level that the facts reach, even where too few of them are known to suggest it."""
    votes: tuple[Vote, ...]
    """The gravest first."""
    helpful: tuple[str, ...]
    """Fields that are not filled and could suggest one of the gravest levels."""
    missing: tuple[str, ...]
    """Fields that would have to be filled before a milder level than the declared one is suggested."""
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
    declared = incident.severity
    reached = votes[0].level if votes else None
    helpful = () if reached == names[0] else facts.unknown(SECURITY_RANK)
    is_milder = declared is not None and reached is not None and policy.graver(declared, reached)
    missing = facts.not_enough(policy, names.index(declared)) if declared and is_milder else ()
    return SeveritySuggestion(
        declared=declared,
        suggested=None if missing else reached,
        at_least=reached,
        votes=tuple(votes),
        helpful=helpful,
        missing=missing,
        why=_why(policy, declared, votes, helpful, missing),
    )


def _why(
    policy: Policy,
    declared: str | None,
    votes: list[Vote],
    helpful: tuple[str, ...],
    missing: tuple[str, ...],
) -> str:
    if votes:
        gravest = joined([vote.why for vote in votes if vote.level == votes[0].level])
        if not missing:
            return gettext(
                "The facts suggest %(level)s: %(facts)s", level=votes[0].level, facts=gravest
            )
        return gettext(
            "At least %(level)s by what is recorded: %(facts)s; not enough is recorded to call it "
            "milder than %(declared)s: what is missing is %(missing)s",
            level=votes[0].level,
            facts=gravest,
            declared=declared,
            missing=joined([gettext(_NAMES[name]) for name in missing]),
        )
    if len(policy.levels) not in SUGGESTED_FROM:
        return ngettext(
            "No level can be suggested: the policy has %(num)s level of its own, expected %(counts)s",
            "No level can be suggested: the policy has %(num)s levels of its own, expected %(counts)s",
            len(policy.levels),
            counts=joined([str(n) for n in SUGGESTED_FROM], "or"),
        )
    if not helpful:
        return gettext("Too few facts to suggest a level")
    return gettext(
        "Too few facts to suggest a level; what would help is %(wanted)s",
        wanted=joined([gettext(_NAMES[name]) for name in helpful], "or"),
    )


class _Facts(msgspec.Struct, frozen=True):
    """What an incident's records state as a fact; None where they do not."""

    category: Any
    impact: dict[str, Any]
    categories: frozenset[str]
    """``security`` and ``data-loss``, where it is one of these."""

    @classmethod
    def of(cls, corpus: Corpus, incident: Incident) -> _Facts:
        # Whatever categories a team has: these two are what the thresholds are about.
        policy = replace(corpus.policy, categories=CATEGORIES)
        told = [Incident(document, incident.id) for document in incident.documents]
        impact: dict[str, Any] = {}
        for one in told:
            own = one.record.get("impact")
            impact = {**own, **impact} if isinstance(own, dict) else impact
        categories = {c.name for one in told for c in categories_of(policy, one)}
        category = next((one.record["category"] for one in told if "category" in one.record), None)
        return cls(category, impact, frozenset(categories))

    def unknown(self, rank: int) -> tuple[str, ...]:
        """Return the fields that say nothing and could vote for a rank or a graver one."""
        share, users = (
            _number(self.impact.get(f"users_affected{end}")) for end in ("_percent", "")
        )
        known = {
            "impact.users_affected_percent": share is not None or users == 0,
            "impact.data_loss": _is_answer(self.impact.get("data_loss")),
            "category": self.category is not None,
            "impact.requests_failed": _number(self.impact.get("requests_failed")) is not None,
            "impact.revenue": _is_amount(self.impact.get("revenue"))
            or _is_none(self.impact.get("revenue")),
        }
        return tuple(
            name for name, gravest in _GRAVEST.items() if gravest <= rank and not known[name]
        )

    def not_enough(self, policy: Policy, declared: int) -> tuple[str, ...]:
        """Return the fields without which nobody can say that the declared level is too grave.

        Whatever could vote for it or for a graver one has to be known. Impact and urgency weigh
        the whole, and so do levels that only they vote for.
        """
        if len(policy.levels) not in SUGGESTED_FROM or self._by_matrix(policy) is not None:
            return ()
        return self.unknown(declared)

    def _by_matrix(self, policy: Policy) -> str | None:
        """Return the level that the policy's matrix has for the impact and urgency recorded."""
        level, urgency = self.impact.get("level"), self.impact.get("urgency")
        row = next((row for name, row in policy.matrix.items() if name == level), {})
        return next((name for degree, name in row.items() if degree == urgency), None)

    def votes(self, policy: Policy) -> Iterator[Vote]:
        if len(policy.levels) in SUGGESTED_FROM:
            for field, rank, why in self._ranked():
                yield Vote(field, policy.levels[min(rank, len(policy.levels) - 1)].name, why)
        expected = self._by_matrix(policy)
        if expected is not None:
            level, urgency = self.impact["level"], self.impact["urgency"]
            yield Vote("impact.level", expected, _matrix_words(level, urgency))

    def _ranked(self) -> Iterator[tuple[str, int, str]]:
        if DATA_LOSS in self.categories:
            yield "impact.data_loss", DATA_LOSS_RANK, gettext("data was lost")
        if "security" in self.categories:
            yield "category", SECURITY_RANK, gettext("it is a security incident")
        yield from self._users()
        failed = _number(self.impact.get("requests_failed"))
        if failed:
            why = ngettext("%(num)s request failed", "%(num)s requests failed", int(failed))
            yield "impact.requests_failed", SOME_HARM_RANK, why
        revenue = self.impact.get("revenue")
        if _is_amount(revenue):
            why = gettext("money was at stake (%(amount)s)", amount=clip(revenue))
            yield "impact.revenue", SOME_HARM_RANK, why

    def _users(self) -> Iterator[tuple[str, int, str]]:
        share = _number(self.impact.get("users_affected_percent"))
        users = _number(self.impact.get("users_affected"))
        if share is not None:
            rank, over = next(
                ((rank, over) for over, rank in USERS_PERCENT if share > over),
                (NO_USERS_RANK, None),
            )
            part = f"{share:g}"
            if over:
                why = gettext(
                    "%(share)s %% of users were affected, over %(limit)s %%",
                    share=part,
                    limit=f"{over:g}",
                )
            elif share:
                why = gettext("%(share)s %% of users were affected", share=part)
            else:
                why = gettext("no user was affected")
            yield "impact.users_affected_percent", rank, why
        elif users:
            why = ngettext(
                "%(num)s user was affected, of an unknown share",
                "%(num)s users were affected, of an unknown share",
                int(users),
            )
            yield "impact.users_affected", SOME_HARM_RANK, why
        elif users is not None:
            yield "impact.users_affected", NO_USERS_RANK, gettext("no user was affected")


def _matrix_words(level: Any, urgency: Any) -> str:
    return gettext(
        "%(impact)s impact and %(urgency)s urgency",
        impact=words(str(level)),
        urgency=words(str(urgency)),
    )


def _number(value: Any) -> float | None:
    """Return a number that a record holds, None for anything else and for what can't be counted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < float("inf") else None


def _is_amount(value: Any) -> bool:
    """Return whether a value states money: words alone are no fact, ``none, about 140 calls`` no sum."""
    if isinstance(value, str):
        digit = re.search("[1-9]", value)
        return digit is not None and not says(value[: digit.start()], "negation")
    return bool(_number(value))


def _is_none(value: Any) -> bool:
    """Return whether a value says that nothing was lost; elsewhere `none` says that nothing is known."""
    if isinstance(value, str):
        return says(value, "negation") and not says(value, "unsure")
    return _number(value) == 0


def _is_answer(value: Any) -> bool:
    """Return whether a value says yes, no or what, and not that it is still to be found out."""
    if isinstance(value, str) and not _is_none(value):
        return not synonyms().is_missing(value) and not says(value, "unsure")
    return value is not None
