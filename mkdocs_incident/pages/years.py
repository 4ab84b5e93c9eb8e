"""Tables too long for one page: the index keeps what is open and the latest, each year has a page.

All rows of a table are in its page, so that it works without a script; that has a limit. Chromium on two
busy cores (``benchmarks/site.py``) opens 2,000 incidents, 1.8 MB, in 2.3 seconds, 5,000 in 4.8 and 10,000,
8.9 MB, in 9.9; filters answer within 0.15 seconds at all of them. So it is opening that sets the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mkdocs_incident.language import gettext
from mkdocs_incident.records import Incident

LONGEST_TABLE = 2000
"""Rows that a table has on one page: about 2 MB of HTML, what a reader on a slow line still waits for."""
LATEST_ROWS = 200
"""Rows beside the open ones that an index keeps when its years have pages: two pages of the script's."""
UNDATED = "undated"
"""Stands for the year of what has no date."""


def year_of(incidents: Iterable[Incident]) -> str:
    """Return the year in which the first of several incidents began."""
    years = [incident.began.year for incident in incidents if incident.began]
    return str(min(years)) if years else UNDATED


def counted_years(years: Iterable[str]) -> dict[str, int]:
    """Return how often each year is there, latest first, what has none last."""
    found = Counter(years)
    order = sorted(found, key=lambda year: (year != UNDATED, year), reverse=True)
    return {year: found[year] for year in order}


def year_words(year: str) -> str:
    """Return a year as a heading."""
    return gettext("Date not recorded") if year == UNDATED else year


def year_anchor(year: str) -> str:
    """Return the name of the place of a year on an index page."""
    return UNDATED if year == UNDATED else f"year-{year}"
