"""What the policy asks of one incident: of its level, and of its category beyond that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.policy import Category, Policy
from mkdocs_incident.records import Incident, Postmortem
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.synonyms import normalised, synonyms

DATA_LOSS = "data-loss"
_NONE = ("no", "none", "false", "0", "nothing", "kein", "keine", "nein")


def categories_of(policy: Policy, incident: Incident) -> list[Category]:
    """Return the policy's categories that an incident falls under.

    A category is named in the incident's own words (``security breach`` is `security`); lost data
    make it one of data loss whatever it says.
    """
    words = normalised(text(incident.record, "category") or "").replace("-", " ").split()
    found = [
        category
        for name, category in policy.categories.items()
        if _contains(words, normalised(name).replace("-", " ").split())
    ]
    lost = policy.categories.get(DATA_LOSS)
    if lost is not None and lost not in found and _lost_data(incident.record.get("impact")):
        found.append(lost)
    return found


def _contains(words: list[str], wanted: list[str]) -> bool:
    starts = range(len(words) - len(wanted) + 1)
    return any(words[start : start + len(wanted)] == wanted for start in starts)


def _lost_data(impact: Any) -> bool:
    value = impact.get("data_loss") if isinstance(impact, dict) else None
    if isinstance(value, str) and not synonyms().is_missing(value):
        return not normalised(value).startswith(_NONE)
    return value is True


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


def states_unknown_cause(cause: str) -> bool:
    """Return whether a root cause says that it is not known, instead of naming it."""
    words = normalised(cause[:200].split(".", maxsplit=1)[0].split("\n", maxsplit=1)[0])
    return any(
        words == phrase or words.endswith((f" is {phrase}", f" was {phrase}", f" remains {phrase}"))
        for phrase in synonyms().words["unknown_cause"]
    ) or words.startswith(("the root cause is unknown", "root cause unknown", "unknown "))


def has_evidence(corpus: Corpus, incident: Incident) -> bool:
    """Return whether a record of the incident keeps evidence, or its timeline links some."""
    documents = corpus.records_about(incident)
    if any(mappings(document.record, "evidence") for document in documents):
        return True
    return any(event.link for event in corpus.timeline_holder(incident).timeline)
