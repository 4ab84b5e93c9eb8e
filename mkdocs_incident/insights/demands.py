"""What the policy asks of one incident: of its level, and of its category beyond that."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import Any

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Category, Policy
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.milestones import says, vocabulary
from mkdocs_incident.source.synonyms import synonyms

DATA_LOSS = "data-loss"
_PART = regex(r"[,;/&+|]|\b(?:and|but|und|aber)\b", re.IGNORECASE)
_CLAUSE = regex(r"[;:()—–!?]|[.,](?!\d)|\b(?:but|aber)\b", re.IGNORECASE)
_NOT_ALL = regex(r"\b(?:not|nicht) (?:all|every|only|just|alle|nur)\b", re.IGNORECASE)
_LONGEST = 1000
_ZERO = regex(r"(?<![\d.,])0(?![.,]?\d)")


def categories_of(policy: Policy, incident: Incident) -> list[Category]:
    """Return the policy's categories that an incident falls under.

    A category is named in the incident's own words (``security breach`` is `security`); lost data
    make it one of data loss whatever it says.
    """
    parts = _PART.split(text(incident.record, "category") or "")
    named = [_words(part) for part in parts if not says(part, "negation")]
    found = [
        category
        for name, category in policy.categories.items()
        if any(_contains(words, wanted) for words in named for wanted in _spellings(name))
    ]
    lost = policy.categories.get(DATA_LOSS)
    if lost is not None and lost not in found and _lost_data(incident.record.get("impact")):
        found.append(lost)
    return found


@cache
def _spellings(category: str) -> list[list[str]]:
    key = f"category_{'_'.join(_words(category))}"
    return [_words(name) for name in (category, *synonyms().words.get(key, ()))]


def _words(words: str) -> list[str]:
    return re.findall(r"[^\W_]+", words.casefold())


def _contains(words: list[str], wanted: list[str]) -> bool:
    starts = range(len(words) - len(wanted) + 1)
    return bool(wanted) and any(words[start : start + len(wanted)] == wanted for start in starts)


def _lost_data(impact: Any) -> bool:
    """Whether an impact says that data were lost; what is not known is no loss yet."""
    value = impact.get("data_loss") if isinstance(impact, dict) else None
    if isinstance(value, str) and not synonyms().is_missing(value):
        clauses = [clause for clause in _CLAUSE.split(value[:_LONGEST]) if clause.strip()]
        if any(_states_loss(clause) for clause in clauses):
            return True
        heading = len(clauses) > 1 and _CLAUSE.findall(value)[0] == ":" and _is_plain(clauses[0])
        return bool(clauses) and _is_plain(clauses[1 if heading else 0])
    return isinstance(value, int | float) and value > 0


def _states_loss(clause: str) -> bool:
    """Whether a clause says in so many words that something is gone: ``400 rows lost``."""
    if says(clause, "unsure"):
        return False
    partly = _NOT_ALL.search(clause) is not None
    for lost in vocabulary("lost").finditer(clause):
        following = clause[lost.end() :].split(maxsplit=1)[:1]
        if partly or not any(map(_is_negated, (clause[: lost.start()], *following))):
            return True
    is_mentioned = vocabulary("lost").search(clause) is not None
    return not is_mentioned and says(clause, "recovered") and (partly or _is_negated(clause))


def _is_plain(clause: str) -> bool:
    """Whether a clause neither denies nor leaves open what it speaks of."""
    return not _is_negated(clause) and not says(clause, "unsure")


def _is_negated(words: str) -> bool:
    return says(words, "negation") or _ZERO.search(words) is not None


def postmortem_due_after(policy: Policy, incident: Incident) -> timedelta | None:
    """Return how long after resolution the postmortem is due; None where none is required."""
    level = policy.level(incident.severity)
    spans = [category.postmortem_due for category in categories_of(policy, incident)]
    spans.append(level.postmortem_due if level is not None else None)
    return min((span for span in spans if span is not None), default=None)


def least_actions(corpus: Corpus, review: Postmortem) -> tuple[int, str]:
    """Return how many action items a review needs, and the level or category that asks for them."""
    asked = [(0, "")]
    for incident in corpus.incidents_of(review):
        level = corpus.policy.level(incident.severity)
        if level is not None:
            asked.append((level.actions, level.name))
        categories = categories_of(corpus.policy, incident)
        asked += [(category.actions, f"category {category.name}") for category in categories]
    return max(asked, key=lambda pair: pair[0])


def has_evidence(corpus: Corpus, incident: Incident) -> bool:
    """Return whether a record of the incident keeps evidence, or its timeline links some."""
    documents = corpus.records_about(incident)
    if any(mappings(document.record, "evidence") for document in documents):
        return True
    return any(event.link for event in corpus.timeline_holder(incident).timeline)
