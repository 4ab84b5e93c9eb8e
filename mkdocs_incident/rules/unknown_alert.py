"""Rule unknown-alert."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule(
    "REF013",
    "unknown-alert",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("alert_rules",),
)
def unknown_alert(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """A runbook names an alert that no rule file has.

    ## Why it matters

    An alert that was renamed no longer leads anybody to its runbook: who is paged searches for the new name and finds nothing. Judged where the policy lists `alert_rules`, of runbooks that are not `deprecated`, and only while every rule file can be read: an alert may stand in the other one.

    ## Example

    ```yaml title="monitoring/payments.yml"
    groups:
      - name: payments
        rules:
          - alert: PaymentsDown
            expr: up{job="payments-api"} == 0
    ```

    ```yaml title="runbooks/payments-api.md"
    alerts: [PaymentDown]
    ```

    ## Use instead

    ```yaml title="runbooks/payments-api.md"
    alerts: [PaymentsDown]
    ```
    """
    files = corpus.alert_rule_files
    if not files or not all(file.is_certain for file in files):
        return
    known = dict.fromkeys(alert.name for alert in corpus.alert_rules)
    for runbook in corpus.runbooks:
        written = runbook.record.get("alerts")
        if runbook.status == "deprecated" or not isinstance(written, list):
            continue
        for i, name in enumerate(written):
            if isinstance(name, str) and name not in known:
                yield Finding(
                    runbook.document.at("alerts", i),
                    f"Alert `{clip(name)}` is in no rule file",
                    hint=nearest(name, known, "Take it out, or correct it to the alert's name"),
                )
