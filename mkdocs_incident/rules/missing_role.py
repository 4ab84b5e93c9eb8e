"""Rule missing-role."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import joined


@rule(
    "INC010",
    "missing-role",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("levels.*.roles",),
)
def missing_role(incident: Incident, context: Context) -> Iterator[Finding]:
    """A role that the policy asks for at this severity is not filled.

    ## Why it matters

    In a grave incident one person can't lead, repair, tell customers and take notes at once. Which roles a level needs beside the incident commander is the team's decision: the presets ask for none. An incident that was only just detected is not asked yet.

    ## Example

    ```yaml title="incident.yml"
    levels:
      SEV1: { roles: [scribe] }
    ```

    ```yaml
    severity: SEV1
    ```

    ## Use instead

    ```yaml
    severity: SEV1
    roles:
      scribe: "@payments-oncall"
    ```
    """
    level = context.policy.level(incident.severity)
    if level is None or incident.status == "detected":
        return
    missing = [role for role in level.roles if text(incident.record, "roles", role) is None]
    if missing:
        words = joined([role.replace("_", " ") for role in missing])
        yield Finding(
            incident.document.at("roles"),
            f"Incident has no {words}, which {level.name} asks for",
            hint=f'Name who held it: `roles: {{ {missing[0]}: "@…" }}`',
        )
