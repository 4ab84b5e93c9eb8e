"""Rule missing-evidence."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.demands import has_evidence
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule


@rule(
    "INC007",
    "missing-evidence",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("levels.*.evidence",),
)
def missing_evidence(incident: Incident, context: Context) -> Iterator[Finding]:
    """A grave incident is over, and no log, chart or trace is kept with it.

    ## Why it matters

    Logs rotate and dashboards expire within weeks; what the review argues from is then a memory. Entries of `evidence`, in the incident or its postmortem, count, and so do links of timeline entries.

    ## Example

    ```yaml
    severity: SEV1
    status: resolved
    ```

    ## Use instead

    ```yaml
    severity: SEV1
    status: resolved
    evidence:
      - title: Pool usage during the incident
        url: https://grafana.parcels.example/d/pool?from=1750000000
    ```

    Better: save it as a file beside the record and name it with `path`.
    """
    level = context.policy.level(incident.severity)
    if incident.is_live or level is None or not level.evidence:
        return
    if not has_evidence(context.corpus, incident):
        yield Finding(
            incident.document.at("evidence"),
            f"Incident is a {level.name} and keeps no evidence, expected a log, a chart or a trace",
            hint="Put a file beside the record and list it under `evidence`: `{title: …, path: …}`",
        )
