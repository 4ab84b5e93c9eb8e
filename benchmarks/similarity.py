"""How well and how fast similar incidents are found: ``.venv/bin/python benchmarks/similarity.py``.

Prints the recall at 5 on the labelled set of ``tests/similarity/``, then the time and the memory that
the index of 10,000 generated incidents takes. The incidents are the same in every run.
"""
# ruff: noqa: INP001, T201 - a script that prints

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from repository import Words, alert

from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.insights.recurrence import repeated_incidents
from mkdocs_incident.insights.similarity import LIMIT, Similarity
from mkdocs_incident.policy import Policy
from mkdocs_incident.source.document import read_document

LABELLED = Path(__file__).parent.parent / "tests" / "similarity"


def labels() -> dict[str, Any]:
    """Return what people say is alike."""
    found: dict[str, Any] = yaml.safe_load((LABELLED / "labels.yml").read_text("utf-8"))
    return found


def labelled(*sources: str) -> Similarity:
    """Return the index of a part of the labelled set: ``incidents``, ``held-out`` or both."""
    return Similarity(load_corpus(Policy(root=LABELLED, sources=sources)))


def answer(similarity: Similarity, ident: str) -> list[str]:
    """Return the ids of the five incidents most like one."""
    incident = similarity.corpus.incident_by_id[ident]
    return [match.incident.id or "" for match in similarity.similar(incident, LIMIT)]


def recall(
    similarity: Similarity, families: Mapping[str, Iterable[str]], asked: Iterable[str]
) -> float:
    """Return the mean share of an incident's family that is among its first five answers."""
    family = {ident: set(ids) for ids in families.values() for ident in ids}
    shares = []
    for ident in asked:
        wanted = family[ident] - {ident}
        shares.append(len(wanted & set(answer(similarity, ident))) / min(LIMIT, len(wanted)))
    return sum(shares) / len(shares)


def merged(labels: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the families with the incidents that were held out."""
    held = labels["held_out"]["families"]
    return {
        name: [*labels["families"].get(name, ()), *held.get(name, ())]
        for name in {**labels["families"], **held}
    }


def mistaken(similarity: Similarity, near_misses: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the near misses that have an answer; being alike is mutual, so they are in none, too."""
    return [n["incident"] for n in near_misses if answer(similarity, n["incident"])]


def generated(count: int) -> Corpus:
    """Return incidents in words of a language with natural frequencies; every fourth repeats another."""
    words = Words()
    services = words.services()
    causes: list[tuple[str, str]] = []
    documents = []
    for number in range(count):
        service, cause = words.chance.choice(services), words.text(30)
        if causes and words.chance.random() < 0.25:
            service, cause = words.chance.choice(causes)
            cause = " ".join(cause.split()[:20]) + " " + words.text(10)
        causes.append((service, cause))
        lines = _record(number, service, cause, words)
        path = f"incidents/INC-2025-{number:05}.md"
        documents.append(read_document(path, "\n".join(lines).encode()))
    return Corpus(Policy(), tuple(documents))


def _record(number: int, service: str, cause: str, words: Words) -> Iterator[str]:
    text = words.text
    yield "---"
    yield f"id: INC-2025-{number:05}"
    yield f"title: {text(8)}"
    yield "severity: SEV3"
    yield 'incident_commander: "@duty-lead"'
    yield f"services: [{service}]"
    yield f"alerts: [{alert(service)}]"
    yield f"impact: {{ summary: {text(12)} }}"
    yield f"root_cause: {cause}"
    yield "contributing_factors:"
    yield from (f"  - factor: {text(10)}" for _ in range(3))
    yield "---\n"
    yield f"**Date:** 2025-{number % 12 + 1:02}-{number % 28 + 1:02}\n\n## Timeline (UTC)\n"
    yield from (f"- {9 + i // 6:02}:{i % 6}0 — {text(8)}" for i in range(12))


def main(count: int) -> None:
    """Print everything."""
    told = labels()
    similarity = labelled("incidents")
    ids = [ident for family in told["families"].values() for ident in family]
    print(f"recall at 5: {recall(similarity, told['families'], ids):.3f} of {len(ids)}, ", end="")
    wrong = mistaken(similarity, told["near_misses"])
    print(f"{len(wrong)} of {len(told['near_misses'])} near misses matched")
    held = told["held_out"]
    similarity = labelled("incidents", "held-out")
    ids = [ident for family in held["families"].values() for ident in family]
    print(f"held out:    {recall(similarity, merged(told), ids):.3f} of {len(ids)}, ", end="")
    wrong = mistaken(similarity, held["near_misses"])
    print(f"{len(wrong)} of {len(held['near_misses'])} near misses matched: {', '.join(wrong)}")

    corpus = generated(count)
    assert corpus.postmortems  # noqa: S101 - what the corpus links itself is not the index's time
    similarity = Similarity(corpus)
    start = time.process_time()
    similarity.similar(corpus.incidents[0])
    built = time.process_time()
    answers = [similarity.similar(incident) for incident in corpus.incidents]
    answered = time.process_time()
    groups = repeated_incidents(similarity)
    grouped = time.process_time()
    print(
        f"{count:,} incidents: index {built - start:.1f} s, all answers {answered - built:.1f} s, ",
        end="",
    )
    print(f"then repeated incidents {grouped - answered:.1f} s")
    print(f"{sum(map(bool, answers)):,} have an answer, {len(groups):,} groups repeat")
    del similarity, answers, groups
    tracemalloc.start()
    similarity = Similarity(corpus)
    similarity.similar(corpus.incidents[0])
    kept, peak = (size / 2**20 for size in tracemalloc.get_traced_memory())
    print(f"memory beyond the records: peak {peak:.0f} MiB, kept {kept:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
