"""Rule dangling-runbook-url."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.alerts import runbook_links
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import clip


@rule(
    "REF014",
    "dangling-runbook-url",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("alert_rules",),
)
def dangling_runbook_url(corpus: Corpus, context: Context) -> Iterator[Finding]:
    """An alert's URL leads to a runbook that does not exist.

    ## Why it matters

    The link in the page that wakes somebody up ends at "not found". Judged is `annotations.runbook_url` of alerts, where the policy lists `alert_rules`.

    A URL leads to a runbook if its path ends like the runbook's, with or without `.md`, `.html` or a slash at the end, or if it holds an id such as `RB-payments-api`. Where runbooks are published is told by the URLs that lead to one: what lies beside it must be there, too. Links to other places, such as the runbooks that come with somebody else's alerts, and those that are filled in later (`{{ … }}`) are left alone.

    ## Example

    ```yaml title="monitoring/payments.yml"
    groups:
      - name: payments
        rules:
          - alert: PaymentsDown
            expr: up{job="payments-api"} == 0
            annotations:
              runbook_url: https://docs.parcels.example/kb/RB-payment-api/
    ```

    where the runbook has the id `RB-payments-api`.

    ## Use instead

    ```yaml
    runbook_url: https://docs.parcels.example/kb/RB-payments-api/
    ```
    """
    ids = list(corpus.runbook_by_id)
    paths = [runbook.document.path for runbook in corpus.runbooks]
    for link in runbook_links(corpus):
        place = link.alert.url_location
        if link.missing is None or place is None:
            continue
        ends = ("", ".md")
        if any(context.target("", link.missing + end) == "something" for end in ends):
            # A page of the runbooks that is no runbook itself
            continue
        yield Finding(
            place,
            f"Alert `{clip(link.alert.name)}` leads to the runbook `{clip(link.missing)}`, "
            "which does not exist",
            hint=nearest(link.missing, [*ids, *paths], "Write the runbook, or correct the URL"),
        )
