"""Rule severity-off-matrix."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule


@rule("INC003", "severity-off-matrix", level=Level.WARNING, strict=Level.ERROR, options=("matrix",))
def severity_off_matrix(incident: Incident, context: Context) -> Iterator[Finding]:
    """The declared severity is not the one that impact and urgency lead to.

    ## Why it matters

    Impact and urgency are judged apart so that the severity does not depend on who is on call. Where the three disagree, one of them is wrong, or there is a reason that the next reader should know. Judged only where the policy has a `matrix` (the preset `p0-p3` has one) and the record gives both degrees.

    ## Example

    ```yaml title="incident.yml"
    severity: p0-p3
    ```

    ```yaml
    severity: P2
    impact: { level: high, urgency: high }
    ```

    ## Use instead

    ```yaml
    severity: P0
    impact: { level: high, urgency: high }
    ```

    or leave it and say why: `severity_reason: One customer only, and with a workaround`.
    """
    impact = text(incident.record, "impact", "level")
    urgency = text(incident.record, "impact", "urgency")
    row = next((row for name, row in context.policy.matrix.items() if name == impact), {})
    expected = next((level for name, level in row.items() if name == urgency), None)
    if expected is None or incident.severity in {None, expected}:
        return
    if context.policy.level(incident.severity) is None or text(incident.record, "severity_reason"):
        return
    yield Finding(
        incident.document.at("severity"),
        f"Severity is `{incident.severity}`, but {impact} impact and {urgency} urgency lead to `{expected}`",
        hint="Correct the one that is wrong, or say why with `severity_reason`",
        related=(Related(incident.document.at("impact", "level"), f"the impact, {impact}"),),
    )
