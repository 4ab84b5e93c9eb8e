"""What identifies a finding from run to run, for formats that compare one run with another."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs_incident.diagnostic import Diagnostic


_THINGS_AND_WORDS = re.compile(r"`[^`]*`|[^\W\d_]+")
_UNITS = frozenset(
    [
        "d",
        "h",
        "min",
        "s",
        "day",
        "days",
        "hour",
        "hours",
        "minute",
        "minutes",
        "week",
        "weeks",
        "less",
        "than",
        "an",
        "a",
    ]
)
"""Words of spans: an overdue finding is the same finding tomorrow."""


def _lasting(message: str) -> list[str]:
    """Return what a message says without its numbers, which time changes."""
    return [word for word in _THINGS_AND_WORDS.findall(message) if word not in _UNITS]


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return one fingerprint a finding: unique in the report, the same when lines move and days pass."""
    occurrences: Counter[str] = Counter()
    found = []
    for diagnostic in diagnostics:
        parts = [diagnostic.code, diagnostic.location.path, *_lasting(diagnostic.message)]
        identity = json.dumps(parts)  # keeps the parts apart and writes lone surrogates in ASCII
        occurrences[identity] += 1
        written = f"{identity}{occurrences[identity]}"
        found.append(hashlib.sha256(written.encode()).hexdigest())
    return found
