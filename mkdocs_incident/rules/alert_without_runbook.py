"""Rule alert-without-runbook."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level, Related
from mkdocs_incident.insights.alerts import runbook_links
from mkdocs_incident.records import Runbook
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.alert_rules import is_templated
from mkdocs_incident.wording import clip


@rule(
    "RB005",
    "alert-without-runbook",
    level=Level.NOTE,
    strict=Level.WARNING,
    options=("alert_rules",),
)
def alert_without_runbook(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """An alert leads to no runbook: none names it, and its URL leads to none.

    ## Why it matters

    Whoever is paged by it starts from nothing. Judged where the policy lists `alert_rules`. A runbook counts if its `alerts` name the alert, or if its `annotations.runbook_url` leads to it; one that is `deprecated` does not. Several rules of one name are one alert.

    Left alone are URLs that are filled in later (`{{ … }}`), and those that [dangling-runbook-url](dangling-runbook-url.md) finds. Nothing is said while a runbook can't be read: it may be the one.

    ## Example

    ```yaml title="monitoring/payments.yml"
    groups:
      - name: payments
        rules:
          - alert: PaymentsDown
            expr: up{job="payments-api"} == 0
    ```

    and no runbook that names `PaymentsDown`.

    ## Use instead

    ```yaml title="runbooks/payments-api.md"
    alerts: [PaymentsDown]
    ```
    """
    if corpus.unreadable_runbook_ids:
        return
    retired: dict[str, Runbook] = {}
    answered: set[str] = set()
    leads = [(name, runbook) for runbook in corpus.runbooks for name in runbook.alerts]
    for link in runbook_links(corpus):
        if link.runbook is not None:
            leads.append((link.alert.name, link.runbook))
        elif link.missing is not None:
            answered.add(link.alert.name)
    for name, runbook in leads:
        if runbook.status == "deprecated":
            retired.setdefault(name, runbook)
        else:
            answered.add(name)
    answered |= {
        a.name for a in corpus.alert_rules if a.runbook_url and is_templated(a.runbook_url)
    }
    for alert in corpus.alert_rules:
        if alert.name in answered or is_templated(alert.name):
            continue
        answered.add(alert.name)
        old = retired.get(alert.name)
        what = "to no runbook here" if old is None else "only to a deprecated runbook"
        yield Finding(
            alert.location,
            f"Alert `{clip(alert.name)}` leads {what}, expected one that names it under `alerts`",
            hint="Add it to the `alerts` of a runbook, or let its `runbook_url` lead to one",
            related=() if old is None else (_deprecated(old),),
        )


def _deprecated(runbook: Runbook) -> Related:
    name = clip(runbook.id or runbook.title)
    return Related(runbook.document.at("status"), f"`{name}` is deprecated")
