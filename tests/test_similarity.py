"""Incidents that are alike, what repeats, and the prevention that was missed."""

import dataclasses
import json
import runpy
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.insights.recurrence import (
    missed_prevention,
    recurrence_of,
    repeated_incidents,
    undeclared_repeat,
)
from mkdocs_incident.insights.similarity import LOOKS_LIKE, THRESHOLD, Similarity
from mkdocs_incident.policy import Policy, load_policy
from mkdocs_incident.records.entry import NOT_COMPARED

HERE = Path(__file__).parent / "similarity"
REPOSITORY = HERE / "repository"
BENCHMARKS = HERE.parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))  # as a script finds what lies beside it
BENCHMARK = runpy.run_path(str(BENCHMARKS / "similarity.py"))
LABELS = BENCHMARK["labels"]()


def index(root):
    return Similarity(load_corpus(Policy(root=root)))


def ids(incidents):
    return [incident.id for incident in incidents]


def record(ident, title, day="2025-03-01", *, front="", body=""):
    return f"""\
---
id: {ident}
title: {title}
severity: SEV3
incident_commander: "@duty-lead"
{front}---

**Date:** {day}

{body}
"""


SLOT = "Replication slot retains WAL until the disk is full"
ON_DATABASE = "services: [warehouse-db]\n"


# The labelled set


@pytest.fixture(scope="module")
def labelled():
    return BENCHMARK["labelled"]("incidents")


def test_recall_on_the_labelled_set(labelled):
    asked = [ident for family in LABELS["families"].values() for ident in family]
    assert BENCHMARK["recall"](labelled, LABELS["families"], asked) >= 0.95


def test_recall_on_incidents_that_chose_no_weight():
    similarity = BENCHMARK["labelled"]("incidents", "held-out")
    held = [ident for ids in LABELS["held_out"]["families"].values() for ident in ids]
    assert BENCHMARK["recall"](similarity, BENCHMARK["merged"](LABELS), held) >= 0.95


@pytest.mark.parametrize("near_miss", LABELS["near_misses"], ids=lambda miss: miss["incident"])
def test_near_miss_matches_nothing(near_miss, labelled):
    ident = near_miss["incident"]
    assert BENCHMARK["answer"](labelled, ident) == []
    resembled = LABELS["families"][near_miss["resembles"]]
    assert all(ident not in BENCHMARK["answer"](labelled, other) for other in resembled)


def test_every_incident_of_the_set_has_a_label(labelled):
    known = {i for family in LABELS["families"].values() for i in family}
    known |= {near_miss["incident"] for near_miss in LABELS["near_misses"]}
    assert known == set(labelled.corpus.incident_by_id)


def test_what_looks_like_the_same_is_the_same(labelled):
    family = {i: name for name, members in LABELS["families"].items() for i in members}
    found = 0
    for incident in labelled.corpus.incidents:
        for match in labelled.lookalikes(incident):
            assert family[incident.id] == family[match.incident.id]
            assert match.score >= LOOKS_LIKE
            found += 1
    assert found > 40


def test_being_alike_is_mutual(labelled):
    scores = {
        (incident.id, match.incident.id): match.score
        for incident in labelled.corpus.incidents
        for match in labelled.similar(incident, None)
    }
    assert scores
    assert all(scores[other, one] == score for (one, other), score in scores.items())
    assert min(scores.values()) >= THRESHOLD


# The command


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("declared", ["INC-2025-0056"]),
        ("looks-like", ["incidents/INC-2025-0078.md"]),
        ("none", ["INC-2025-0070"]),
        ("draft", ["draft.md", "--limit", "2"]),
        ("one", ["INC-2025-0056", "--limit", "1"]),
        ("json", ["INC-2025-0056", "--format", "json", "--limit", "2"]),
        ("unknown-id", ["INC-2025-0065"]),
        ("no-incident", ["runbook.md"]),
        ("no-record", ["broken.md"]),
    ],
)
def test_command(name, arguments, run, update):
    result = run("similar", *arguments, folder=REPOSITORY)
    written = f"{result.output}exit {result.exit_code}\n"
    expected = HERE / "expected" / f"{name}.txt"
    if update:
        expected.write_text(written, "utf-8")
    assert written == expected.read_text("utf-8")


def test_guide_shows_what_is_printed(run):
    root = HERE.parents[1]
    block = (root / "docs/guide/similar.md").read_text("utf-8").partition("```console\n")[2]
    command, _, output = block.partition("```")[0].partition("\n")
    assert run(*command.split()[2:], folder=root).output == output


def test_json_says_that_it_has_nothing(run):
    result = run("similar", "INC-2025-0070", "--format", "json", folder=REPOSITORY)
    found = json.loads(result.output)
    assert (found["similar"], found["missed_prevention"]) == ([], [])


def test_postmortem_stands_for_its_incident(run, write):
    write(
        {
            "incidents/INC-2025-0001.md": record("INC-2025-0001", SLOT, front=ON_DATABASE),
            "incidents/INC-2025-0002.md": record("INC-2025-0002", SLOT, front=ON_DATABASE),
            "incidents/postmortem.md": "---\nkind: postmortem\nincidents: [INC-2025-0002]\ntitle: R\n---\n",
        }
    )
    assert "INC-2025-0001" in run("similar", "incidents/postmortem.md").output


# What is alike


def test_names_alone_are_never_enough(tmp_path, write):
    front = "services: [warehouse-db]\nalerts: [DbDown]\naffected_systems: [wh-db-1]\ncategory: availability\n"
    write(
        {
            "incidents/INC-2025-0001.md": record("INC-2025-0001", SLOT, front=front),
            "incidents/INC-2025-0002.md": record("INC-2025-0002", "Power feed lost", front=front),
        }
    )
    similarity = index(tmp_path)
    assert [similarity.similar(incident) for incident in similarity.corpus.incidents] == [[], []]


def test_ids_dates_numbers_and_handles_are_no_words(tmp_path, write):
    body = "See @dba-oncall, INC-2024-0007, CHG-1204, PAY-77, LBL-9, 2025-03-01, 14:23, v2.14.3, https://wiki.parcels.example/slot-retains-wal"
    first = record("INC-2025-0001", "Gateway", front=f'impact: {{ summary: "{body}" }}\n')
    second = record("INC-2025-0002", "Scanner", front=f'impact: {{ summary: "{body}" }}\n')
    write({"incidents/INC-2025-0001.md": first, "incidents/INC-2025-0002.md": second})
    similarity = index(tmp_path)
    assert similarity.similar(similarity.corpus.incidents[0]) == []


def test_identifier_is_known_by_its_parts(tmp_path, write):
    write(
        {
            "incidents/INC-2025-0001.md": record("INC-2025-0001", "ReplicationSlotRetained wal"),
            "incidents/INC-2025-0002.md": record(
                "INC-2025-0002", "Retained replication slots, WAL"
            ),
        }
    )
    similarity = index(tmp_path)
    [match] = similarity.similar(similarity.corpus.incidents[1])
    assert match.words == "both speak of replication, retained, slot, WAL"


def test_incidents_of_one_review_and_of_one_major_incident_are_declared(tmp_path, write):
    write(
        {
            "incidents/INC-2025-0001.md": record("INC-2025-0001", "Firewall lost"),
            "incidents/INC-2025-0002.md": record(
                "INC-2025-0002", "Uplink gone", front="major_incident: INC-2025-0001\n"
            ),
            "incidents/INC-2025-0003.md": record("INC-2025-0003", "Lanes dark"),
            "incidents/postmortem.md": "---\nincidents: [INC-2025-0002, INC-2025-0003]\ntitle: R\n---\n",
        }
    )
    similarity = index(tmp_path)
    found = similarity.similar(similarity.corpus.incident_by_id["INC-2025-0002"])
    assert [(match.incident.id, match.reasons[0].values) for match in found] == [
        ("INC-2025-0001", ("major_incident",)),
        ("INC-2025-0003", ("review",)),
    ]


def test_answers_do_not_depend_on_the_order_of_reading(tmp_path, write):
    names = ("a", "b", "c")
    write(
        {
            f"incidents/{name}/INC-2025-000{i}.md": record(
                f"INC-2025-000{i}", SLOT, front=ON_DATABASE
            )
            for i, name in enumerate(names)
        }
    )
    corpus = load_corpus(Policy(root=tmp_path))
    turned = type(corpus)(corpus.policy, corpus.documents[::-1])
    for ident in corpus.incident_by_id:
        answers = [
            [
                (match.incident.id, match.score, match.words)
                for match in Similarity(c).similar(c.incident_by_id[ident])
            ]
            for c in (corpus, turned)
        ]
        assert len(answers[0]) == 2
        assert answers[0] == answers[1]


def test_content_never_raises(tmp_path, write):
    front = """\
services: {a: 1}
alerts: [[x], 3, null, Down]
affected_systems: 7
category: [availability]
recurrence_of: [INC-2025-0002]
related: {INC-2025-0002: x}
major_incident: 4
tags: [1, {a: b}]
keywords: 5
impact: [summary]
root_cause: {a: b}
five_whys: [x, {why: [1]}]
contributing_factors: 3
timeline: [1, {event: [x]}]
action_items: [x, {title: 3}, {title: Drop it, done_on: [1], due: 5, status: [x], type: {}}]
"""
    twin = record("INC-2025-0001", SLOT, front=front)
    write(
        {
            "incidents/INC-2025-0001.md": twin,
            "incidents/again.md": twin,
            "incidents/no-id.md": twin.replace("id: INC-2025-0001\n", ""),
            "incidents/empty.md": "---\nkind: incident\n---\n",
        }
    )
    similarity = index(tmp_path)
    assert len(similarity.corpus.incidents) == 4
    for incident in similarity.corpus.incidents:
        similarity.similar(incident)
        missed_prevention(incident, similarity)
    repeated_incidents(similarity)


def test_two_records_under_one_id_are_not_two_incidents(tmp_path, write):
    twin = record("INC-2025-0001", SLOT, front=ON_DATABASE)
    write({"incidents/INC-2025-0001.md": twin, "incidents/again/INC-2025-0001.md": twin})
    similarity = index(tmp_path)
    assert [similarity.similar(incident) for incident in similarity.corpus.incidents] == [[], []]


# What repeats


def test_chain_names_all_earlier_incidents():
    similarity = index(REPOSITORY)
    known = similarity.corpus.incident_by_id
    found = recurrence_of(known["INC-2025-0056"], similarity)
    assert ids(found.earlier) == ["INC-2024-0034", "INC-2023-0012"]
    assert found.is_declared
    missed = missed_prevention(known["INC-2025-0056"], similarity)
    states = [(item.earlier.id, item.action.id, item.state, item.days_open) for item in missed]
    assert states == [
        ("INC-2024-0034", "AI-1", "open", 463),
        ("INC-2024-0034", "AI-2", "overdue", 463),  # done, but only after it had come back
        ("INC-2023-0012", "AI-1", "done", None),
        ("INC-2023-0012", "AI-2", "overdue", 762),
        ("INC-2023-0012", "AI-3", "dropped", None),
        ("INC-2023-0012", "AI-4", "done-undated", None),
    ]


def test_what_only_looks_like_it_is_marked():
    similarity = index(REPOSITORY)
    found = recurrence_of(similarity.corpus.incident_by_id["INC-2025-0078"], similarity)
    assert not found.is_declared
    assert "INC-2023-0012" in ids(found.earlier)
    assert "INC-2025-0078" not in ids(found.earlier)


def test_circle_of_recurrences_ends(tmp_path, write):
    write(
        {
            f"incidents/INC-2025-000{one}.md": record(
                f"INC-2025-000{one}", "Lanes dark", front=f"recurrence_of: INC-2025-000{other}\n"
            )
            for one, other in ((1, 2), (2, 3), (3, 1), (4, 1))
        }
    )
    similarity = index(tmp_path)
    chains = {
        incident.id[-1]: [ident[-1] for ident in ids(recurrence_of(incident, similarity).earlier)]
        for incident in similarity.corpus.incidents
    }
    assert chains == {"1": ["2", "3"], "2": ["3", "1"], "3": ["1", "2"], "4": ["1", "2", "3"]}


def test_days_that_nobody_recorded_stay_unknown(tmp_path, write):
    items = (
        "## Action items\n\n- [ ] Drop slots with their subscriber (@dba-team, due 2025-01-01)\n"
    )
    undated = record("INC-2025-0002", "Again", front="recurrence_of: INC-2025-0001\n")
    write(
        {
            "incidents/INC-2025-0001.md": record("INC-2025-0001", SLOT, body=items),
            "incidents/INC-2025-0002.md": undated.replace("**Date:** 2025-03-01", ""),
        }
    )
    similarity = index(tmp_path)
    [missed] = missed_prevention(similarity.corpus.incident_by_id["INC-2025-0002"], similarity)
    assert (missed.state, missed.days_open, missed.days_overdue) == ("open", None, 0)
    assert missed.words.endswith("was open when it came back")


def test_repeated_incidents_are_listed_largest_first(tmp_path, write):
    write(
        {
            "incidents/INC-2025-0001.md": record("INC-2025-0001", "Lanes dark", "2025-01-01"),
            "incidents/INC-2025-0002.md": record(
                "INC-2025-0002", "Lanes out", "2025-02-01", front="recurrence_of: INC-2025-0001\n"
            ),
            "incidents/INC-2025-0003.md": record("INC-2025-0003", "Mail late", "2025-03-01"),
            **{
                f"incidents/INC-2025-001{i}.md": record(
                    f"INC-2025-001{i}", SLOT, f"2025-0{i}-02", front=ON_DATABASE
                )
                for i in (3, 2, 1)
            },
        }
    )
    groups = repeated_incidents(index(tmp_path))
    assert [ids(group) for group in groups] == [
        ["INC-2025-0011", "INC-2025-0012", "INC-2025-0013"],
        ["INC-2025-0001", "INC-2025-0002"],
    ]


def told(corpus):
    """All that is said of which incidents are alike, and which one repeats another undeclared."""
    index = Similarity(corpus)
    return [
        (
            incident.id,
            [(match.incident.id, match.score, match.words) for match in index.similar(incident)],
            (repeat.incident.id, repeat.score, repeat.words)
            if (repeat := undeclared_repeat(incident, index)) is not None
            else None,
            incident.began,
        )
        for incident in corpus.incidents
    ]


@pytest.mark.parametrize("source", [("incidents", "held-out"), None], ids=["labelled", "sample"])
def test_what_is_not_compared_changes_no_answer(source):
    """What was compared earlier holds while only these fields change."""
    root = Path(__file__).parent.parent
    policy = (
        Policy(root=HERE, sources=source) if source else load_policy(root / "incident.yml", root)
    )
    corpus = load_corpus(policy)
    without = [
        dataclasses.replace(
            document, record={k: v for k, v in document.record.items() if k not in NOT_COMPARED}
        )
        for document in corpus.documents
    ]
    if source is None:
        assert any(a.record != b.record for a, b in zip(corpus.documents, without, strict=True))
    assert told(replace(corpus, documents=tuple(without))) == told(corpus)
