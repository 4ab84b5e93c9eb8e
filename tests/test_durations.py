"""Durations as people write them, and what they leave open."""

from datetime import timedelta

import pytest

from mkdocs_incident.source.durations import exact_duration, parse_duration, read_written


def minutes(duration):
    """Low and high in minutes."""
    if duration is None:
        return None
    return duration.low.total_seconds() / 60, duration.high.total_seconds() / 60


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("84 minutes", 84, 84),
        ("84min.", 84, 84),
        ("1h 24m", 84, 84),
        ("1 h 24 min", 84, 84),
        ("1h24", 84, 84),
        ("1 hour and 24 minutes", 84, 84),
        ("1 hour, 24 minutes", 84, 84),
        ("1d 6h 40m", 1840, 1840),
        ("2:35", 155, 155),
        ("0:45:30", 45.5, 45.5),
        ("PT1H24M", 84, 84),
        ("1.5 h", 90, 90),
        ("1,5 Std.", 90, 90),
        ("2-3 hours", 120, 180),
        ("30 to 40 minutes", 30, 40),
        ("an hour", 60, 60),
        ("half an hour", 30, 30),
        ("two hours", 120, 120),
        ("a couple of hours", 120, 120),
        ("1½ hours", 90, 90),
        ("½ h", 30, 30),
        ("two hours and five minutes", 125, 125),
        ("more than 2 hours", 120, 240),
        (">2h", 120, 240),
        ("less than an hour", 0, 60),
        ("**84 minutes**", 84, 84),
        ("2 Stunden 10 Minuten", 130, 130),
        ("eine halbe Stunde", 30, 30),
        ("mehr als zwei Stunden", 120, 240),
        ("3 support hours", 180, 180),
        ("84", None, None),
        ("1:75", None, None),
        ("ongoing", None, None),
        ("all afternoon", None, None),
        ("3 h down, 1 d degraded", None, None),
        ("", None, None),
    ],
)
def test_parse_duration(text, low, high):
    assert minutes(parse_duration(text)) == (None if low is None else (low, high))


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        ("84 minutes", [83, 84, 85], [82, 86]),
        ("1h 24m", [83, 85], [81, 87]),
        ("85 minutes", [83, 87], [82, 88]),
        ("90 minutes", [85, 95], [84, 96]),
        ("2 h", [90, 150], [89, 151]),
        ("1.5 h", [87, 93], [86, 94]),
        ("about 90 minutes", [81, 99], [80, 100]),
        ("~ 10 h", [540, 660], [530, 670]),
        ("1 day", [720, 2160], [700, 2200]),
    ],
)
def test_how_exactly_it_is_meant(text, allowed, refused):
    duration = parse_duration(text)
    assert [m for m in allowed if not duration.allows(timedelta(minutes=m))] == []
    assert [m for m in refused if duration.allows(timedelta(minutes=m))] == []


def test_support_hours_are_marked():
    assert parse_duration("3 support hours").in_support_hours
    assert parse_duration("5 Std. Servicezeit").in_support_hours
    assert not parse_duration("3 hours").in_support_hours


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15 min", 15), ("7 days", 10080), ("2-3 h", None), ("more than 2 h", None), ("3 support hours", None)],
)  # fmt: skip
def test_exact_duration(text, expected):
    found = exact_duration(text)
    assert found == (None if expected is None else timedelta(minutes=expected))


# What stands beside the length


@pytest.mark.parametrize(
    ("text", "claim", "apart", "has_days"),
    [
        ("2025-06-15 14:23 UTC → 2025-06-15 15:47 UTC (84 minutes)", 84, 84, True),
        ("2025-06-15 14:23 UTC → 15:47 UTC (84 minutes)", 84, 84, True),
        ("2025-06-15 14:23 - 15:47 UTC, 84 min", 84, 84, True),
        ("2025-06-15 23:50 UTC to 00:20 UTC", None, 30, True),
        ("14:23–15:47 UTC (1h 24m)", 84, 84, False),
        ("84 minutes (14:23–15:47 UTC)", 84, 84, False),
        ("84 minutes (from 14:23 to 15:47)", 84, 84, False),
        ("2025-06-15 16:23 CEST → 2025-06-15 15:47 UTC", None, 84, True),
    ],
)
def test_stated_ends(text, claim, apart, has_days):
    found = read_written(text)
    assert minutes(found.claim) == (None if claim is None else (claim, claim))
    assert (found.end - found.begin, found.has_days) == (timedelta(minutes=apart), has_days)


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("1h 06m from detection to resolution", ("detected", "resolved")),
        ("1:24 (Detection → Resolution)", ("detected", "resolved")),
        ("19 min (first alert to mitigation)", ("detected", "mitigated")),
        ("84 min von Beginn bis Behebung", ("started", "resolved")),
        ("84 minutes in total", None),
        ("84 minutes of downtime", None),
        ("84 min (1 h 24 min)", None),
    ],
)
def test_named_ends(text, between):
    found = read_written(text)
    assert found.claim is not None
    assert found.between == between


@pytest.mark.parametrize(
    "text",
    ["2025-06-15 14:23 UTC → ongoing", "14:23 → 15:47 UTC (84 minutes of them degraded)", "unknown",
     "84 minutes (mostly)", "9999-12-31 23:59 → 9999-12-32 00:10", "5000 weeks", "-", "→", "()", "(" * 9000, "1 h " * 9000],
)  # fmt: skip
def test_what_is_not_certain_is_not_read(text):
    assert read_written(text) is None


def test_ends_on_the_last_day_there_is():
    assert read_written("9999-12-31 23:50 → 00:10") is not None
