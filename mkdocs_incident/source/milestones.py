"""When an incident was detected, acknowledged, mitigated … as the record tells it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.synonyms import synonyms

MILESTONES = ("detected", "declared", "classified", "ic_assigned", "acknowledged", "engaged",
              "identified", "mitigated", "resolved")  # fmt: skip
"""In the order in which a response passes them."""

MARKS = {
    "detected": "Detected",
    "declared": "Incident declared",
    "classified": "Severity classified",
    "ic_assigned": "IC assigned",
    "acknowledged": "Acknowledged",
    "engaged": "Responders engaged",
    "identified": "Root cause identified",
    "mitigated": "Mitigated",
    "resolved": "Resolved",
}
"""Words before a colon with which an entry marks this milestone, whatever else it says."""

_MARKED = {words.lower(): name for name, words in MARKS.items()}

DENIED_WITHIN = 25
"""So many characters before words are looked at for their denial."""

_CLAUSE = regex(r"[.,;:!?()—–]")
_IF_LAST = "resolved_if_last"
"""Words such as ``All good``, which tell the end where nothing comes after them."""
_LAST = {"resolved"}
"""Told several times, the last one counts; of all others the first."""


class Milestone(msgspec.Struct, frozen=True):
    """A moment of the response and what told it."""

    at: str
    told_by: Literal["field", "milestone", "words"]
    """A ``*_at`` field, a timeline entry's ``milestone``, or an entry's words."""
    route: Route
    others: tuple[Milestone, ...] = ()
    """What else tells the same milestone: marked entries, then worded ones."""


def find_milestones(record: dict[str, Any]) -> dict[str, Milestone]:
    """Return the milestones of a merged record, in order; an entry's words are the last resort.

    Timeline entries whose words told a milestone get it as their ``milestone``.
    """
    timeline = record.get("timeline")
    entries = [e for e in timeline if isinstance(e, dict)] if isinstance(timeline, list) else []
    numbered = list(enumerate(entries)) if entries and len(entries) == len(timeline or ()) else []
    words = _by_words(numbered)
    found: dict[str, Milestone] = {}
    for name in MILESTONES:
        tellings: list[Milestone] = []
        at = record.get(f"{name}_at")
        if isinstance(at, str):
            tellings.append(Milestone(at, "field", (f"{name}_at",)))
        marked = [i for i, entry in numbered if entry.get("milestone") == name]
        for i in _best_first(name, marked):
            at = str(entries[i].get("at", ""))
            tellings.append(Milestone(at, "milestone", ("timeline", i)))
        for i in _best_first(name, words.get(name, [])):
            at = str(entries[i].get("at", ""))
            tellings.append(Milestone(at, "words", ("timeline", i)))
        if tellings:
            best, *others = tellings
            found[name] = Milestone(best.at, best.told_by, best.route, tuple(others))
    for name in ("resolved", *MILESTONES[:-1]):
        for i in _best_first(name, words.get(name, []))[:1]:
            entries[i].setdefault("milestone", name)
    return found


def _best_first(name: str, indices: list[int]) -> list[int]:
    return indices[::-1] if name in _LAST else indices


def _by_words(numbered: list[tuple[int, dict[str, Any]]]) -> dict[str, list[int]]:
    """Return, by milestone, the entries whose words tell it."""
    found: dict[str, list[int]] = {}
    for i, entry in numbered:
        event = entry.get("event")
        if not isinstance(event, str) or "milestone" in entry:
            continue
        marked = _MARKED.get(event.partition(":")[0].strip().lower())
        for name, pattern in synonyms().milestones:
            if name == _IF_LAST and i != numbered[-1][0]:
                continue
            if marked not in {None, name}:
                continue
            if any(not is_denied(match) for match in pattern.finditer(event[:400])):
                told = found.setdefault("resolved" if name == _IF_LAST else name, [])
                told += [i] if told[-1:] != [i] else []
    return found


def is_denied(match: re.Match[str]) -> bool:
    """Return whether a text says that a match is not so, or not yet: ``root cause not found``."""
    before = match.string[max(0, match.start() - DENIED_WITHIN) : match.start()]
    clause = _CLAUSE.split(before)[-1]
    return says(f"{clause}{match[0]}", "denied") or says(clause, "denied_before")


def says(text: str, name: str) -> bool:
    """Return whether one of a vocabulary's words stands in a text as a word of its own."""
    return vocabulary(name).search(text) is not None


def states(text: str, name: str) -> bool:
    """Return whether one of a vocabulary's words stands in a text and is not denied there."""
    return any(not is_denied(match) for match in vocabulary(name).finditer(text))


@lru_cache(maxsize=32)
def vocabulary(name: str) -> re.Pattern[str]:
    """Return the pattern of a vocabulary's words, each as a word of its own."""
    words = sorted(synonyms().words[name], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
