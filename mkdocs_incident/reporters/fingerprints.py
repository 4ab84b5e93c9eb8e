"""What identifies a finding from run to run, for formats that compare one run with another."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs_incident.diagnostic import Diagnostic


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return one fingerprint a finding: unique in the report, the same when lines move and days pass."""
    occurrences: Counter[str] = Counter()
    found = []
    for diagnostic in diagnostics:
        # JSON keeps the parts apart and writes lone surrogates in ASCII.
        said = json.dumps([diagnostic.code, diagnostic.location.path, *diagnostic.lasting_words])
        occurrences[said] += 1
        written = f"{said}{occurrences[said]}"
        found.append(hashlib.sha256(written.encode()).hexdigest())
    return found
