"""Numbers as people say them: spans to the nearest minute, shares to the nearest per cent."""

from datetime import timedelta

import pytest

from mkdocs_incident.wording import in_minutes, percent, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (1, "under 1 min"),
        (59.9, "under 1 min"),
        (60, "1 min"),
        (89, "1 min"),
        (90, "2 min"),
        (270, "5 min"),  # 4.5 minutes
        (3569, "59 min"),
        (3570, "1 h"),  # 59.5 minutes
        (86370, "1 d"),
        (86400 + 3600 + 1800, "1 d 1 h"),
    ],
)
def test_a_span_is_told_to_the_nearest_minute(seconds, words):
    assert span(timedelta(seconds=seconds)) == words


def test_minutes_as_data_agree_with_the_words():
    assert [in_minutes(timedelta(seconds=s)) for s in (0, 29, 30, 269, 270)] == [0, 0, 1, 4, 5]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(1, 8, 13), (7, 8, 88), (1, 3, 33), (2, 3, 67), (0, 5, 0), (5, 5, 100), (1, 200, 1)],
)
def test_a_share_is_told_to_the_nearest_per_cent(part, whole, said):
    assert percent(part, whole) == said
