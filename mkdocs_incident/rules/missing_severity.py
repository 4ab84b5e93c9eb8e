"""Rule missing-severity."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import listed


@rule("INC001", "missing-severity", essential=True)
def missing_severity(incident: Incident, context: Context) -> Iterator[Finding]:
    """An incident has no severity.

    ## Why it matters

    Severity decides who is woken, who is told and how fast. Without one, responders can't know which deadlines hold, and the incident is missing from every count. It is asked for at every status: a level that turns out wrong is corrected, a level that is missing is guessed. An empty value and `TBD` are missing.

    ## Example

    ```markdown
    ---
    id: INC-2025-0142
    title: Payments are failing
    severity: TBD
    ---
    ```

    ## Use instead

    ```markdown
    ---
    id: INC-2025-0142
    title: Payments are failing
    severity: SEV1
    ---
    ```

    A line `**Severity:** SEV1` below the title does as well. The levels come from `severity` in `incident.yml`.
    """
    if "severity" in incident.record:
        return
    levels = [level.name for level in context.policy.levels]
    what = "Postmortem stands for its incident and" if incident.is_postmortem else "Incident"
    yield Finding(
        incident.document.at("severity"),
        f"{what} has no severity, expected one of {listed(levels)}",
        hint=f"Add `severity: {levels[1]}` to the front matter, or `**Severity:** {levels[1]}` below the title",
    )
