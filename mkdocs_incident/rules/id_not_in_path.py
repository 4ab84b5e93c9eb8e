"""Rule id-not-in-path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule("REF006", "id-not-in-path", level=Level.WARNING, strict=Level.ERROR, essential=True)
def id_not_in_path(incident: Incident, context: Context) -> Iterator[Finding]:
    """An incident's id is not part of its path.

    ## Why it matters

    Two people who declare incidents at the same time take the same next id. With the id in the path git reports the collision at the merge; without it both land.

    ## Example

    `incidents/2025/payments-down.md` with `id: INC-2025-0142`.

    ## Use instead

    `incidents/2025/INC-2025-0142/incident.md` or `incidents/2025/INC-2025-0142-payments-down.md`.
    """
    ident = incident.record.get("id")
    if not isinstance(ident, str) or ident != incident.id:
        return
    if not _stands_in(ident, incident.document.path):
        yield Finding(
            incident.document.at("id"),
            f"Id `{clip(ident)}` is not in the path `{clip(incident.document.path, 120)}`",
            hint=f"Name the file or its folder `{clip(ident)}…`",
        )


def _stands_in(ident: str, path: str) -> bool:
    before, found, after = path.partition(ident)
    if found and not before[-1:].isalnum() and not after[:1].isalnum():
        return True  # as it is nearly always: no pattern has to be compiled
    pattern = rf"(?<![A-Za-z0-9]){re.escape(ident)}(?![A-Za-z0-9])"
    return re.search(pattern, path, re.IGNORECASE) is not None
