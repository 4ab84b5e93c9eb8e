"""Rule unknown-runbook."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.rules.references import nearest, references, same_but_case
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip


@rule("REF003", "unknown-runbook", essential=True)
def unknown_runbook(document: Document, context: Context) -> Iterator[Finding]:
    """A record refers to a runbook that does not exist.

    ## Why it matters

    Responders follow that name in the middle of the night. Looked at are an incident's `runbooks` and a postmortem's `runbook_updates`.

    ## Example

    ```yaml
    runbooks:
      - id: RB-payment-api
        verdict: helped
    ```

    ## Use instead

    ```yaml
    runbooks:
      - id: RB-payments-api
        verdict: helped
    ```

    A runbook that is still to be written is asked for with an entry of `runbook_updates` that has a `scenario` and no `runbook`.
    """
    corpus = context.corpus
    for route, ident in references(document.record, "runbook"):
        if ident in corpus.runbook_by_id or ident in corpus.unreadable_runbook_ids:
            continue
        known = [*corpus.runbook_by_id, *sorted(corpus.unreadable_runbook_ids)]
        yield Finding(
            document.at(*route),
            f"Runbook `{clip(ident)}` does not exist",
            hint=nearest(ident, known),
            repair=same_but_case(ident, known),
        )
