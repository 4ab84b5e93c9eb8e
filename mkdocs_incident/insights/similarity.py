"""Which incidents of a corpus are alike, and why a person would say so.

What two incidents have in common is told by the words of their records: TF-IDF, a word weighing
more the fewer incidents use it, normalised by length. Shared services, alerts and systems add to
that, but are never enough alone, since one service fails for many reasons. All weights were chosen
on the labelled set in ``tests/similarity/``; ``benchmarks/similarity.py`` measures what they give.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate, chain, islice
from operator import mul
from sys import intern
from typing import Any, Literal

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.terms import Use, terms_of, uses_in
from mkdocs_incident.language import gettext, marked
from mkdocs_incident.records import Incident
from mkdocs_incident.records.likeness import Likeness, spellings
from mkdocs_incident.wording import clip, enumerated

LIMIT = 5
"""How many similar incidents are told where nobody asks for more; further ones help nobody."""

THRESHOLD = 0.20
"""Below this score two incidents are not alike: in the labelled set the nearest miss stands at 0.19."""

LOOKS_LIKE = 0.30
"""From this score on, two incidents that share a service or an alert look like one and the same. In the
labelled set 56 % of the true repeats do, and nothing else: a false alarm is worse than silence."""

_SHARED_WEIGHT = 0.03
"""Added for shared services, for shared alerts and for shared systems; all three stay below `THRESHOLD`."""
_MOST_SHARED = 3 * _SHARED_WEIGHT
_BREADTH = (0.0, 0.5, 0.75, 1.0)
"""What text counts with no, one, two, three or more words shared: one word can be chance."""
_OTHER_CATEGORY = 0.5
"""What text counts where both have a category, and not the same: words of another meaning."""

_SMALLEST = 200
_SMOOTHING = 10
"""Frequencies are counted as if there were at least 200 incidents, and 10 more with each word: in a
small corpus, a word that two incidents use is not yet rare."""
_KEY_TERMS = 40
"""An incident is compared by its most telling terms, so a long timeline adds no noise and no time."""
_ALWAYS_TELLING = 25
_NEVER_TELLING = 500
"""A term says nothing if more than one incident in twenty uses it, counted from 25 up to 500 at
most. That bounds the pairs which are compared: no incident meets more than 40 × 500 others."""
_UPWARDS = 1 + 1e-9
"""Makes a bound larger, so that no rounding makes it too small."""
_VALUES = 4
"""How many phrases a reason names."""

Kind = Literal["declared", "service", "alert", "cause", "system", "terms", "category"]

_DECLARED = {
    "recurrence_of": marked("this one is declared a recurrence of it"),
    "recurred_as": marked("declared a recurrence of this one"),
    "related": marked("declared as related"),
    "major_incident": marked("part of the same major incident"),
    "review": marked("covered by the same review"),
}
_WORDS: dict[Kind, str] = {
    "service": marked("same service %(names)s"),
    "alert": marked("same alert %(names)s"),
    "cause": marked("both causes speak of %(names)s"),
    "system": marked("same system %(names)s"),
    "terms": marked("both speak of %(names)s"),
    "category": marked("same category %(names)s"),
}


class Reason(msgspec.Struct, frozen=True):
    """One thing that two incidents have in common."""

    kind: Kind
    values: tuple[str, ...]
    """Names or phrases; of ``declared`` the relation: the other is what this one is a
    ``recurrence_of``, or ``recurred_as``, is ``related``, or shares a ``major_incident`` or ``review``."""

    @property
    def words(self) -> str:
        """The reason as a person would say it: ``same service payments-api``."""
        if self.kind == "declared":
            return enumerated([gettext(_DECLARED[relation]) for relation in self.values])
        names = enumerated([clip(value) for value in self.values])
        return gettext(_WORDS[self.kind], names=names)


class Similar(msgspec.Struct, frozen=True):
    """Another incident that is like the one that was asked about."""

    incident: Incident
    score: float
    """What words and names have in common; 0 where only a record declares it. Compares matches of
    one incident, and is no probability."""
    reasons: tuple[Reason, ...]
    """Declared ones first, then from names to words."""

    @property
    def is_declared(self) -> bool:
        """Whether a record says so itself."""
        return self.reasons[0].kind == "declared"

    @property
    def looks_like(self) -> bool:
        """Whether it is likely the same thing again: a service or an alert is shared, and the words."""
        kinds = {reason.kind for reason in self.reasons}
        return self.score >= LOOKS_LIKE and bool(kinds & {"service", "alert"})

    @property
    def words(self) -> str:
        """The reasons as a person would say them; a shared category says too little to be among them."""
        return enumerated([reason.words for reason in self.reasons if reason.kind != "category"])


class _Profile(msgspec.Struct, frozen=True):
    """What an incident is compared by."""

    incident: Incident
    names: Likeness
    """What its own record names."""
    weights: Mapping[str, float]
    """Key terms, each with what it says about this incident."""
    uses: tuple[Use, ...]
    """How it uses each of them, in their order."""
    length: float
    """Of the vector of all its terms."""

    @property
    def subjects(self) -> set[str]:
        """Single words, without those that its services and alerts give away."""
        uses = zip(self.weights, self.uses, strict=True)
        return {term for term, use in uses if use.is_new and term.isalpha()}

    @property
    def causes(self) -> set[str]:
        """Terms that tell why it happened."""
        return {term for term, use in zip(self.weights, self.uses, strict=True) if use.is_cause}


class Similarity(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The index of a corpus: built when it is first asked, so make one for a run and hand it on."""

    corpus: Corpus

    def similar(self, incident: Incident, limit: int | None = LIMIT) -> list[Similar]:
        """Return the incidents most like one of the corpus: declared ones first, then by score.

        Equal scores are in the order of paths. None as `limit` returns all.
        """
        own = self._number[incident.document.path]
        declared = self._declared(incident)
        scores = dict.fromkeys(declared, 0.0) | self._scores(own)
        ranked = sorted(
            scores,
            key=lambda i: (i not in declared, -scores[i], self._profiles[i].incident.document.path),
        )
        return self._matches(own, {i: scores[i] for i in ranked[:limit]}, declared)

    def lookalikes(self, incident: Incident) -> list[Similar]:
        """Return what an incident looks like a repeat of, or is repeated by, best first.

        Those that a record declares are among them: somebody has judged them already.
        """
        own = self._number[incident.document.path]
        scores = {i: score for i, score in self._scores(own).items() if score >= LOOKS_LIKE}
        found = self._matches(own, scores, self._declared(incident) if scores else {})
        return sorted(
            (match for match in found if match.looks_like),
            key=lambda match: (-match.score, match.incident.document.path),
        )

    def _matches(
        self, own: int, scores: Mapping[int, float], declared: Mapping[int, tuple[str, ...]]
    ) -> list[Similar]:
        profiles = self._profiles
        records = self.corpus.records_about(profiles[own].incident) if scores else ()
        spelled = {word: spelling for d in records for word, spelling in spellings(d).items()}
        return [
            Similar(
                profiles[other].incident,
                round(score, 4),
                _reasons(
                    profiles[own],
                    profiles[other],
                    declared.get(other, ()),
                    _shared_terms(profiles[own], profiles[other]) if score else (),
                    spelled,
                ),
            )
            for other, score in scores.items()
        ]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {incident.document.path: i for i, incident in enumerate(self.corpus.incidents)}

    @cached_property
    def _profiles(self) -> tuple[_Profile, ...]:
        incidents = self.corpus.incidents
        frequency = Counter(chain.from_iterable(terms_of(self.corpus, i) for i in incidents))
        common = max(_ALWAYS_TELLING, min(len(incidents) // 20, _NEVER_TELLING))
        size = max(len(incidents), _SMALLEST)
        rarity = [math.log(1 + size / (count + _SMOOTHING)) for count in range(common + 1)]
        found = []
        for incident in incidents:
            uses = uses_in(self.corpus, incident)
            weights = {
                term: use.share * rarity[count]
                for term, use in uses.items()
                if (count := frequency[term]) <= common
            }
            shared = ((weight, term) for term, weight in weights.items() if frequency[term] > 1)
            keys = {
                intern(term): weight for weight, term in sorted(shared, reverse=True)[:_KEY_TERMS]
            }
            found.append(
                _Profile(
                    incident,
                    self.corpus.likeness(incident.document),
                    keys,
                    tuple(uses[term] for term in keys),
                    math.sqrt(math.fsum(map(mul, weights.values(), weights.values()))),
                )
            )
        return tuple(found)

    @cached_property
    def _mean_length(self) -> float:
        return sum(profile.length for profile in self._profiles) / len(self._profiles)

    @cached_property
    def _roots(self) -> array[float]:
        """The root of each incident's length."""
        return array("d", (math.sqrt(profile.length) for profile in self._profiles))

    @cached_property
    def _postings(self) -> dict[str, array[int]]:
        """Term → the incidents that have it."""
        found: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, profile in enumerate(self._profiles):
            for term in profile.weights:
                found[term].append(number)
        return dict(found)

    @cached_property
    def _heaviest(self) -> dict[str, float]:
        """Term → what it weighs at most in an incident."""
        found: dict[str, float] = {}
        for profile in self._profiles:
            for term, weight in profile.weights.items():
                if weight > found.get(term, 0.0):
                    found[term] = weight
        return found

    @cached_property
    def _answers(self) -> dict[int, dict[int, float]]:
        """Scores that were asked for: pages ask for likeness, recurrence and groups one by one."""
        return {}

    def _scores(self, own: int) -> dict[int, float]:
        """Return the score of each incident that reaches the threshold, without the incident itself."""
        if own not in self._answers:
            self._answers[own] = self._scored(own)
        return self._answers[own]

    def _scored(self, own: int) -> dict[int, float]:
        profile = self._profiles[own]
        weights = profile.weights
        counts = Counter(chain.from_iterable(map(self._postings.__getitem__, weights)))
        # What so many shared terms can give at most: nearly all others share too few to be alike.
        worth = sorted((w * self._heaviest[term] for term, w in weights.items()), reverse=True)
        most = list(accumulate(worth, initial=0.0))
        # Halfway between a cosine and none: short records are not alike because they are short.
        roots = self._roots
        unit = roots[own] * self._mean_length
        least = (THRESHOLD - _MOST_SHARED) * unit
        found = {}
        for other, count in counts.items():
            if most[count] * _UPWARDS < least * roots[other]:
                continue
            candidate = self._profiles[other]
            product = _product(weights, candidate.weights)
            if product < least * roots[other]:
                continue
            score = _score(profile, candidate, product / (unit * roots[other]))
            if score >= THRESHOLD and not _is_same(profile.incident, candidate.incident):
                found[other] = score
        return found

    def _declared(self, incident: Incident) -> dict[int, tuple[str, ...]]:
        """Return what records declare about an incident and others: number → relations."""
        found: dict[int, list[str]] = defaultdict(list)
        for relation, other in self._relations.get(incident.id or "", ()):
            number = self._number[self.corpus.incident_by_id[other].document.path]
            if other != incident.id and relation not in found[number]:
                found[number].append(relation)
        return {
            number: tuple(sorted(relations, key=list(_DECLARED).index))
            for number, relations in found.items()
            if relations
        }

    @cached_property
    def _relations(self) -> dict[str, list[tuple[str, str]]]:
        """Id → relation and id of the other, both ways, among incidents that are known."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        known = self.corpus.incident_by_id
        parts: dict[str, list[str]] = defaultdict(list)

        def add(one: str, relation: str, other: str, back: str) -> None:
            if one != other and one in known and other in known:
                found[one].append((relation, other))
                found[other].append((back, one))

        for ident, incident in known.items():
            for document in self.corpus.records_about(incident):
                declared = self.corpus.likeness(document)
                for other in declared.recurrence_of:
                    add(ident, "recurrence_of", other, "recurred_as")
                for other in declared.related:
                    add(ident, "related", other, "related")
                for other in declared.major_incident:
                    parts[other].append(ident)
        for leading, ids in parts.items():
            _chain([leading, *ids], "major_incident", add)
        for review in self.corpus.postmortems:
            _chain(list(review.incident_ids), "review", add)
        return found


def _shared_terms(one: _Profile, two: _Profile) -> tuple[str, ...]:
    """Return what both speak of, the most telling first; a phrase counts with its words."""
    subjects = one.subjects & two.subjects
    weights = {
        term: one.weights[term] * two.weights[term]
        for term in one.weights.keys() & two.weights.keys()
        if " " in term or term in subjects
    }
    parts = {term: dict.fromkeys([term, *term.split()]) for term in weights}
    worth = {term: sum(weights.get(part, 0) for part in parts[term]) for term in weights}
    return tuple(sorted(weights, key=lambda term: (-worth[term], term)))


def _reasons(
    one: _Profile,
    two: _Profile,
    declared: tuple[str, ...],
    terms: tuple[str, ...],
    spelled: Mapping[str, str],
) -> tuple[Reason, ...]:
    in_both = one.causes & two.causes
    causes = [term for term in terms if term in in_both]
    others = [term for term in terms if term not in causes]
    mine, theirs = one.names, two.names
    values: dict[Kind, Iterable[str]] = {
        "declared": declared,
        "service": _common(mine.services, theirs.services),
        "alert": _common(mine.alerts, theirs.alerts),
        "cause": _phrases(causes, (), spelled),
        "system": _common(mine.systems, theirs.systems),
        "terms": _phrases(others, causes, spelled),
        "category": [mine.category] if mine.category and mine.category == theirs.category else (),
    }
    return tuple(Reason(kind, found) for kind, v in values.items() if (found := tuple(v)))


def _chain(ids: list[str], relation: str, add: Any) -> None:
    for i, one in enumerate(ids):
        for other in ids[i + 1 :]:
            add(one, relation, other, relation)


def _is_same(one: Incident, other: Incident) -> bool:
    """Whether two records tell one incident: the very same, or another under its id."""
    return one.document is other.document or (one.id is not None and one.id == other.id)


def _product(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    product = 0.0
    for term, weight in mine.items():
        if term in theirs:
            product += weight * theirs[term]
    return product


def _score(one: _Profile, two: _Profile, like: float) -> float:
    words = len(one.subjects & two.subjects)
    like *= _BREADTH[min(words, len(_BREADTH) - 1)]
    mine, theirs = one.names, two.names
    if mine.category and theirs.category and mine.category != theirs.category:
        like *= _OTHER_CATEGORY
    pairs = (
        (mine.services, theirs.services),
        (mine.alerts, theirs.alerts),
        (mine.systems, theirs.systems),
    )
    return like + _SHARED_WEIGHT * sum(not set(a).isdisjoint(b) for a, b in pairs)


def _common(mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[str]:
    return [name for name in dict.fromkeys(mine) if name in theirs]


def _phrases(terms: list[str], told: Iterable[str], spelled: Mapping[str, str]) -> tuple[str, ...]:
    """Return the terms worth naming: none that is part of a longer one, as the record spells them."""
    spoken = {word for term in told for word in term.split()}
    inside = {word for term in terms if " " in term for word in term.split()}
    new = (t for t in terms if t not in inside and not spoken.issuperset(t.split()))
    return tuple(
        " ".join(spelled.get(word, word) for word in term.split()) for term in islice(new, _VALUES)
    )
