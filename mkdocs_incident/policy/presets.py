"""Severity schemes with the numbers of their source documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SeverityLevel:
    """One level of a severity scheme and what it asks of a team."""

    name: str
    postmortem_due: timedelta | None
    """After resolution; None where no postmortem is required."""


_HOURS_24, _HOURS_48, _WEEK = timedelta(hours=24), timedelta(hours=48), timedelta(days=7)

SCHEMES: dict[str, tuple[SeverityLevel, ...]] = {
    "sev1-sev4": (
        SeverityLevel("SEV1", _HOURS_48),
        SeverityLevel("SEV2", _HOURS_48),
        SeverityLevel("SEV3", _WEEK),
        SeverityLevel("SEV4", None),
    ),
    # The review after a P2 is optional in the source document: not required here.
    "p0-p3": (
        SeverityLevel("P0", _HOURS_24),
        SeverityLevel("P1", _HOURS_48),
        SeverityLevel("P2", None),
        SeverityLevel("P3", None),
    ),
    # The source document names no deadlines; these are those of SEV1 to SEV4.
    "p1-p4": (
        SeverityLevel("P1", _HOURS_48),
        SeverityLevel("P2", _HOURS_48),
        SeverityLevel("P3", _WEEK),
        SeverityLevel("P4", None),
    ),
}
DEFAULT_SCHEME = "sev1-sev4"
