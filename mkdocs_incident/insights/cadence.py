"""Updates to people outside of the response: which were sent, and which are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy import Policy, SeverityLevel
from mkdocs_incident.records import Incident, Update
from mkdocs_incident.records.communications import STAKEHOLDERS, speaks_of
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import in_utc

State = Literal["met", "missed", "pending", "unknown", "no-target"]
"""How a promise stands: kept, broken, still to be kept, not to be told, or never made."""

_NOT_STAKEHOLDERS = ("team", "legal", "executives", "management", "review-invite")
_AUDIENCES_BETWEEN = regex(r"\s*[,;/&+]\s*|\s+(?:and|und)\s+")
_CLOSE = timedelta(minutes=5)
"""Updates are written down in the minutes around their sending; the number is ours."""
_AUDIENCES = ("status_page", "management", "executives")
"""Fields of a level that give an audience a deadline of its own."""


def is_for_stakeholders(update: Update) -> bool:
    """Return whether an update goes to those who depend on the service: the cadence is theirs."""
    return update.audience is None or any(
        not any(speaks_of(part, audience) for audience in _NOT_STAKEHOLDERS)
        for part in _AUDIENCES_BETWEEN.split(update.audience)
    )


class Word(msgspec.Struct, frozen=True):
    """What stakeholders heard: an update, or what the timeline says that they were told."""

    at: datetime | None
    """In UTC."""
    location: Location
    update: Update | None


class OpenIncident(msgspec.Struct, frozen=True):
    """A live incident at a moment, with the level that decides its deadlines."""

    incident: Incident
    level: SeverityLevel
    detected: datetime
    as_of: datetime
    waited: timedelta
    """Since detection, as the level counts time."""
    heard: tuple[Word, ...]
    """What stakeholders heard until now, in order of time; words without a time first."""

    @property
    def last(self) -> Word | None:
        """The last word to stakeholders whose time is known."""
        return self.heard[-1] if self.heard and self.heard[-1].at is not None else None

    @property
    def is_silent(self) -> bool:
        """Whether nobody outside of the response was told until now, by update or as the timeline says."""
        told = (u.at is None or u.at <= self.as_of for u in self.incident.communications)
        audiences = ("management", "executives", "legal")
        return not (
            self.heard or any(told) or any(self.incident.has_told(a, self.as_of) for a in audiences)
        )


def has_ended(incident: Incident, as_of: datetime) -> bool:
    """Return whether the response was over at a moment: by its status, or by a mark in its records.

    A mark is ``resolved_at``, an entry's milestone or its label (``Resolved: …``). Other words end no
    live incident: ``DNS part resolved`` may well be said while checkout fails.
    """
    return not incident.is_live or any(
        in_utc(telling.at) <= as_of and (telling.told_by != "words" or _is_label(telling.text))
        for telling in incident.tellings.get("resolved", ())
    )


def _is_label(event: str) -> bool:
    """Return whether an entry says first, or alone, that the incident is resolved."""
    label = event.partition(":")[0].strip(" .!*_`")
    return synonyms().value("status_incident", label) in {"resolved", "closed"}


def open_incident(corpus: Corpus, incident: Incident, as_of: datetime) -> OpenIncident | None:
    """Return what deadlines are judged by; None where the incident is over or its times unknown."""
    level = corpus.policy.level(incident.severity)
    if has_ended(incident, as_of):
        return None
    detected = incident.milestone("detected") or incident.began
    if level is None or detected is None or detected > as_of:
        return None
    waited = corpus.policy.elapsed(level, detected, as_of)
    return OpenIncident(incident, level, detected, as_of, waited, _heard(incident, as_of))


def _heard(incident: Incident, as_of: datetime) -> tuple[Word, ...]:
    """Return what stakeholders heard; an entry close to an update tells of that update."""
    updates = [u for u in _for_stakeholders(incident) if u.at is None or u.at <= as_of]
    sent = [update.at for update in updates if update.at is not None]
    entries = [
        Word(at, event.location, None)
        for event in incident.timeline
        if ((at := event.in_utc) is None or at <= as_of)
        and event.tells(STAKEHOLDERS)
        and not any(at is not None and abs(at - other) <= _CLOSE for other in sent)
    ]
    words = [*(Word(update.at, update.location, update) for update in updates), *entries]
    earliest = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(words, key=lambda word: word.at or earliest))


def _for_stakeholders(incident: Incident) -> list[Update]:
    return [update for update in incident.communications if is_for_stakeholders(update)]


def first_words_due(state: OpenIncident) -> list[tuple[str, timedelta]]:
    """Return the audiences that nobody told yet although their time is over, each with that time."""
    due = []
    every = state.level.update_every
    if every is not None and not state.heard and state.waited > every:
        due.append((STAKEHOLDERS, every))
    for audience in _AUDIENCES:
        allowed: timedelta | None = getattr(state.level, audience)
        told = state.incident.has_told(audience.replace("_", " "), state.as_of)
        if allowed is not None and state.waited > allowed and not told:
            due.append((_spoken(audience), allowed))
    return due


def _spoken(audience: str) -> str:
    return "the status page" if audience == "status_page" else audience


class Gap(msgspec.Struct, frozen=True):
    """A silence towards stakeholders: from detection or an update to the next one or the end."""

    since: datetime
    until: datetime
    counted: timedelta
    """Its length, as the level counts time."""


class FirstWord(msgspec.Struct, frozen=True):
    """When an audience first heard of an incident, and by when its level asks for that."""

    audience: str
    """``the status page``, ``management`` or ``executives``."""
    allowed: timedelta
    """From detection."""
    waited: timedelta | None
    """From detection to the first word; None where none with a time is recorded."""
    state: State


class Cadence(msgspec.Struct, frozen=True):
    """How regularly people outside of the response heard of an incident."""

    every: timedelta | None
    """The longest silence that the level allows; None where it sets none."""
    heard: int
    """Words to stakeholders until the end: updates, and what the timeline says beside them."""
    undated: int
    """Those of them without a time: silences around them can't be told."""
    gaps: tuple[Gap, ...]
    """In order of time; empty where nothing can be told."""
    state: State
    first_words: tuple[FirstWord, ...]

    @property
    def longest(self) -> Gap | None:
        """The longest silence, the first of several."""
        return max(self.gaps, key=lambda gap: gap.counted, default=None)


def cadence(
    corpus: Corpus,
    incident: Incident,
    detected: datetime | None,
    until: datetime | None,
    *,
    is_over: bool,
) -> Cadence:
    """Return how an incident's audiences were kept informed.

    Args:
        corpus: the records, with the policy.
        incident: the incident whose `communications` count.
        detected: where the first silence begins, in UTC; None where it is not known.
        until: where the last one ends: at the resolution or, in a live incident, now.
        is_over: whether the response is; of a past one that has no update on record nothing is said.
    """
    level = corpus.policy.level(incident.severity)
    every = level.update_every if level is not None else None
    heard = _heard(incident, until) if until is not None else ()
    undated = sum(word.at is None for word in heard)
    # A timeline tells of some updates, the list of updates of all: without it nothing is known.
    is_told = not is_over or any(word.update is not None for word in heard)
    gaps: tuple[Gap, ...] = ()
    if detected is not None and until is not None and is_told:
        gaps = _gaps(corpus.policy, level, heard, detected, until)
    broken = every is not None and any(gap.counted > every for gap in gaps)
    state: State
    if every is None:
        state = "no-target"
    elif not gaps or (broken and undated):
        state = "unknown"
    else:
        state = "missed" if broken else "met" if is_over else "pending"
    words: tuple[FirstWord, ...] = ()
    if level is not None:
        now = None if is_over else until
        asked = [name for name in _AUDIENCES if getattr(level, name) is not None]
        words = tuple(
            _first_word(corpus.policy, level, incident, n, (detected, now)) for n in asked
        )
    return Cadence(every, len(heard), undated, gaps, state, words)


def _gaps(
    policy: Policy,
    level: SeverityLevel | None,
    heard: tuple[Word, ...],
    detected: datetime,
    until: datetime,
) -> tuple[Gap, ...]:
    if until < detected:
        return ()
    between = {word.at for word in heard if word.at is not None and detected < word.at < until}
    ends = [detected, *sorted(between), until]
    return tuple(
        Gap(one, other, policy.elapsed(level, one, other) if level else other - one)
        for one, other in pairwise(ends)
    )


def _first_word(
    policy: Policy,
    level: SeverityLevel,
    incident: Incident,
    audience: str,
    window: tuple[datetime | None, datetime | None],
) -> FirstWord:
    """Judge one audience; `window` is the detection and now, which is None in a past incident."""
    detected, now = window
    allowed: timedelta = getattr(level, audience)
    name = audience.replace("_", " ")
    told = [at for at in incident.told_at(name) if at is None or now is None or at <= now]
    at = min((at for at in told if at is not None), default=None) if None not in told else None
    waited: timedelta | None = None
    state: State = "unknown"
    if detected is not None and at is not None:
        waited = policy.elapsed(level, detected, max(detected, at))
        state = "met" if waited <= allowed else "missed"
    elif detected is not None and now is not None and not told:
        late = policy.elapsed(level, detected, max(detected, now)) > allowed
        state = "missed" if late else "pending"
    return FirstWord(_spoken(audience), allowed, waited, state)
