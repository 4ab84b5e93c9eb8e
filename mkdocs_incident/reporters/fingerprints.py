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
    """Return one fingerprint a finding: unique in the report, the same when lines around it move."""
    occurrences: Counter[tuple[str, str, str]] = Counter()
    found = []
    for diagnostic in diagnostics:
        identity = (diagnostic.code, diagnostic.location.path, diagnostic.message)
        occurrences[identity] += 1
        # JSON keeps the parts apart and writes lone surrogates in ASCII.
        written = json.dumps([*identity, occurrences[identity]])
        found.append(hashlib.sha256(written.encode()).hexdigest())
    return found
