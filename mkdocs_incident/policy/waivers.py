"""Findings that a team has decided to live with, why, and until when."""

from __future__ import annotations

from datetime import date

import msgspec

from mkdocs_incident.diagnostic import Location


class Waiver(msgspec.Struct, frozen=True):
    """Silences one rule for one record, or for one item of it, until a day."""

    rule: str
    record: str
    """The record's id, or its path."""
    item: str | None
    """An action item's id, or the text that the finding's line begins with or speaks of."""
    reason: str
    expires: date
    """The last day on which it holds."""
    location: Location
    """Where it is written: in ``incident.yml`` or in the record itself."""
    line: int | None = None
    """Of a waiver at the end of a record's line: that line. It covers nothing else."""
