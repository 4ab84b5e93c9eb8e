"""``mkdocs-incident severity``: what the facts of a record suggest."""

import json
import re
from pathlib import Path

import pytest

from mkdocs_incident.policy.presets import USERS_PERCENT

RECORD = """\
---
id: INC-2025-0142
title: Payments are failing
severity: {severity}
status: resolved
incident_commander: "@payments-lead"
detected_at: 2025-06-15T14:23Z
{fields}
---
"""
PATH = "incidents/INC-2025-0142.md"


@pytest.fixture
def suggest(write, run):
    """Return the command's JSON for a record with the fields given."""

    def suggest(*fields, severity="TBD", policy="", **files):
        record = RECORD.format(severity=severity, fields="\n".join(fields))
        write({PATH: record, "incident.yml": policy, **files})
        result = run("severity", "INC-2025-0142", "--format", "json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return suggest


def impact(**facts):
    return f"impact: {json.dumps(facts)}"


@pytest.mark.parametrize(
    ("scheme", "fields", "level"),
    [
        ("sev1-sev4", impact(users_affected_percent=100), "SEV1"),
        ("sev1-sev4", impact(users_affected_percent=50.1), "SEV1"),
        ("sev1-sev4", impact(users_affected_percent=50), "SEV2"),
        ("sev1-sev4", impact(users_affected_percent=10.5), "SEV2"),
        ("sev1-sev4", impact(users_affected_percent=10), "SEV3"),
        ("sev1-sev4", impact(users_affected_percent=0.1), "SEV3"),
        ("sev1-sev4", impact(users_affected_percent=0), "SEV4"),
        ("p0-p3", impact(users_affected_percent=60), "P0"),
        ("p0-p3", impact(users_affected_percent=20), "P1"),
        ("p0-p3", impact(users_affected_percent=5), "P2"),
        ("p1-p4", impact(users_affected_percent=60), "P1"),
        ("p1-p4", impact(users_affected_percent=0), "P4"),
        ("sev1-sev4", impact(users_affected=4200), "SEV3"),
        ("sev1-sev4", impact(users_affected=0), "SEV4"),
        ("sev1-sev4", impact(users_affected=4200, users_affected_percent=12), "SEV2"),
        ("sev1-sev4", impact(users_affected_percent=2, data_loss=True), "SEV1"),
        ("sev1-sev4", impact(users_affected_percent=2, data_loss="14 photos"), "SEV1"),
        ("sev1-sev4", impact(users_affected_percent=2, data_loss=False), "SEV3"),
        ("sev1-sev4", impact(users_affected_percent=2, data_loss="none, replayed"), "SEV3"),
        ("sev1-sev4", "category: security breach", "SEV1"),
        ("sev1-sev4", "category: data loss", "SEV1"),
        ("sev1-sev4", impact(requests_failed=18350), "SEV3"),
        ("sev1-sev4", impact(revenue="about 21,000 EUR delayed"), "SEV3"),
        ("sev1-sev4", impact(revenue=21000), "SEV3"),
        ("p0-p3", impact(level="high", urgency="high"), "P0"),
        ("p0-p3", impact(level="low", urgency="medium"), "P3"),
        # words, and values of the wrong type, are no facts
        ("sev1-sev4", "category: availability", None),
        ("sev1-sev4", impact(summary="Critical: 100 % of all customers, all data lost"), None),
        ("sev1-sev4", impact(revenue="a lot"), None),
        ("sev1-sev4", impact(requests_failed=0), None),
        ("sev1-sev4", impact(users_affected_percent=True, users_affected="many"), None),
        ("sev1-sev4", impact(users_affected_percent=-3), None),
        ("sev1-sev4", "impact: [1, 2]", None),
        ("sev1-sev4", impact(level="high", urgency="high"), None),  # the scheme has no matrix
        ("sev1-sev4", impact(level=["high"], urgency={}), None),
        ("p0-p3", impact(level="high"), None),
    ],
)
def test_the_gravest_vote_wins(suggest, scheme, fields, level):
    assert suggest(fields, policy=f"severity: {scheme}\n")["suggested"] == level


@pytest.mark.parametrize(
    ("names", "share", "level"),
    [
        (["red", "amber", "green"], 60, "red"),
        (["red", "amber", "green"], 20, "amber"),
        (["red", "amber", "green"], 0, "green"),
        (["a", "b", "c", "d"], 5, "c"),
        (["a", "b", "c", "d"], 0, "d"),
        (["major", "minor"], 60, None),
        (["a", "b", "c", "d", "e"], 60, None),
    ],
)
def test_own_levels_go_by_position(suggest, names, share, level):
    policy = f"severity: [{', '.join(names)}]\n"
    told = suggest(impact(users_affected_percent=share), policy=policy)
    assert told["suggested"] == level
    if level is None:
        assert told["why"] == (
            f"No level can be suggested: the policy has {len(names)} levels of its own, "
            "expected 3 or 4"
        )


def test_what_would_help(suggest):
    told = suggest("category: availability")
    assert told["helpful"] == ["impact.users_affected_percent", "impact.data_loss"]
    assert told["why"] == (
        "Too few facts to suggest a level; what would help is the share of users affected or "
        "whether data was lost"
    )
    known = impact(users_affected_percent=4, data_loss=False)
    assert suggest("category: availability", known)["helpful"] == []
    assert suggest(impact(data_loss=True))["helpful"] == []  # nothing is graver


def test_facts_of_the_review_count(suggest):
    review = (
        "---\nincidents: [INC-2025-0142]\ntitle: Why\nimpact: { users_affected_percent: 60 }\n---\n"
    )
    assert suggest(**{"incidents/review/postmortem.md": review})["suggested"] == "SEV1"


def test_as_json(suggest):
    fields = impact(users_affected=1200, users_affected_percent=12.5, requests_failed=1)
    assert suggest(fields, severity="SEV3") == {
        "version": 1,
        "incident": "INC-2025-0142",
        "path": PATH,
        "declared": "SEV3",
        "suggested": "SEV2",
        "at_least": "SEV2",
        "agrees": False,
        "why": "The facts suggest SEV2: 12.5 % of users were affected, over 10 %",
        "votes": [
            {
                "field": "impact.users_affected_percent",
                "level": "SEV2",
                "why": "12.5 % of users were affected, over 10 %",
            },
            {"field": "impact.requests_failed", "level": "SEV3", "why": "1 request failed"},
        ],
        "helpful": ["impact.data_loss", "category"],
        "missing": [],
    }


KNOWN = {"users_affected_percent": 0, "data_loss": False, "requests_failed": 0, "revenue": "none"}


@pytest.mark.parametrize(
    ("declared", "facts", "missing"),
    [
        ("SEV1", {"users_affected": 1}, ["users_affected_percent", "data_loss"]),
        ("SEV2", {"users_affected": 1}, ["users_affected_percent", "data_loss"]),
        ("SEV3", {"users_affected": 1}, None),  # it is what the facts reach
        ("SEV1", {"users_affected_percent": 4}, ["data_loss"]),
        ("SEV1", {"users_affected_percent": 4, "data_loss": "under investigation"}, ["data_loss"]),
        ("SEV1", {"users_affected_percent": 4, "data_loss": "unknown"}, ["data_loss"]),
        ("SEV1", {"users_affected_percent": 4, "data_loss": "none, all replayed"}, []),
        ("SEV1", {"users_affected_percent": 4, "data_loss": "none"}, []),
        ("SEV2", {"users_affected_percent": 4, "data_loss": False}, []),
        ("SEV3", {"users_affected_percent": 0}, ["data_loss", "requests_failed", "revenue"]),
        ("SEV3", {"users_affected": 0}, ["data_loss", "requests_failed", "revenue"]),
        ("SEV3", {**KNOWN, "revenue": "not known yet"}, ["revenue"]),
        ("SEV3", {**KNOWN, "revenue": "small"}, ["revenue"]),
        ("SEV3", {**KNOWN, "revenue": "none, 140 second attempts"}, []),
        ("SEV3", {**KNOWN, "revenue": 0}, []),
        ("SEV3", KNOWN, []),
        ("SEV2", {"users_affected_percent": 12}, None),
        ("SEV3", {"users_affected_percent": 12}, None),  # a graver one needs one fact
    ],
)
def test_a_milder_level_needs_all_that_could_speak_for_the_declared_one(
    suggest, declared, facts, missing
):
    told = suggest("category: availability", impact(**facts), severity=declared)
    assert told["missing"] == [f"impact.{name}" for name in missing or ()]
    assert (told["suggested"] is None) == bool(missing)
    assert (told["agrees"] is None) == bool(missing)
    if missing is not None:
        assert told["at_least"] > declared
    if missing == []:
        assert told["suggested"] == told["at_least"]


@pytest.mark.parametrize("declared", ["SEV1", "SEV3"])
def test_the_category_is_one_of_the_facts(suggest, declared):
    assert suggest(impact(**KNOWN), severity=declared)["missing"] == ["category"]


def test_impact_and_urgency_weigh_the_whole(suggest):
    told = suggest(impact(level="low", urgency="low"), severity="P0", policy="severity: p0-p3\n")
    assert (told["suggested"], told["agrees"], told["missing"]) == ("P3", False, [])


def test_a_level_that_nobody_knows_is_no_measure(suggest):
    told = suggest(impact(users_affected=1), severity="urgent")
    assert (told["suggested"], told["missing"]) == ("SEV3", [])


@pytest.mark.parametrize(
    ("severity", "fields", "text"),
    [
        (
            "SEV3",
            [impact(users_affected_percent=100, data_loss=True)],
            (
                "INC-2025-0142 is declared SEV3\n"
                "The facts suggest SEV1: data was lost and 100 % of users were affected, over 50 %\n"
                "  SEV1: data was lost [impact.data_loss]\n"
                "  SEV1: 100 % of users were affected, over 50 % [impact.users_affected_percent]\n"
                "SEV3 is less grave than that, and `severity_reason` does not say why\n"
            ),
        ),
        (
            "SEV1",
            [impact(users_affected=1)],
            (
                "INC-2025-0142 is declared SEV1\n"
                "At least SEV3 by what is recorded: 1 user was affected, of an unknown share; not "
                "enough is recorded to call it milder than SEV1: what is missing is the share of "
                "users affected, whether data was lost and its category, such as `security`\n"
                "  SEV3: 1 user was affected, of an unknown share [impact.users_affected]\n"
            ),
        ),
        (
            "SEV1",
            [
                impact(users_affected_percent=2, data_loss=False),
                "category: availability",
                "severity_reason: It was the largest customer",
            ],
            (
                "INC-2025-0142 is declared SEV1\n"
                "The facts suggest SEV3: 2 % of users were affected\n"
                "  SEV3: 2 % of users were affected [impact.users_affected_percent]\n"
                "SEV1 is graver than that: It was the largest customer\n"
            ),
        ),
        (
            "TBD",
            [impact(users_affected_percent=0), "category: usability"],
            (
                "INC-2025-0142 is not classified yet\n"
                "The facts suggest SEV4: no user was affected\n"
                "  SEV4: no user was affected [impact.users_affected_percent]\n"
                "A graver one might follow from `impact.data_loss`\n"
            ),
        ),
    ],
)
def test_as_text(write, run, severity, fields, text):
    write({PATH: RECORD.format(severity=severity, fields="\n".join(fields))})
    assert run("severity", "INC-2025-0142").output == text


def test_nothing_is_written(write, run, tmp_path):
    record = RECORD.format(severity="SEV4", fields=impact(data_loss=True))
    write({PATH: record})
    run("severity", "INC-2025-0142")
    assert (tmp_path / PATH).read_text() == record


def test_an_unknown_incident(write, run):
    write({PATH: RECORD.format(severity="SEV4", fields="")})
    result = run("severity", "INC-2025-0124")
    assert result.exit_code == 2
    said = "`INC-2025-0124` is not the id of an incident here. Did you mean `INC-2025-0142`?"
    assert said in result.stderr
    assert run("severity", "x" * 500).exit_code == 2


@pytest.mark.parametrize("ident", ["INC-2025-0022", "INC-2024-0029"])
def test_the_guide_shows_what_the_command_prints(ident, run):
    root = Path(__file__).parents[1]
    guide = (root / "docs/guide/metrics.md").read_text("utf-8")
    shown = guide.partition(f"$ mkdocs-incident severity {ident}\n")[2].partition("```")[0]
    assert run("severity", ident, folder=root).output == shown


def test_the_guide_has_the_thresholds():
    guide = (Path(__file__).parents[1] / "docs/guide/metrics.md").read_text("utf-8")
    ranks = ("first", "second", "third", "fourth")
    rows = re.findall(
        r"^\| (?:`impact.users_affected_percent`|…) over (\d+) \| (\w+) level", guide, re.MULTILINE
    )
    assert rows == [(f"{over:g}", ranks[rank]) for over, rank in USERS_PERCENT]
