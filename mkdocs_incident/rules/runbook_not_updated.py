"""Rule runbook-not-updated."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.insights.runbook_updates import pending_updates
from mkdocs_incident.records import Postmortem
from mkdocs_incident.rules.rule import Context, rule


@rule("PM003", "runbook-not-updated", level=Level.WARNING, strict=Level.ERROR)
def runbook_not_updated(review: Postmortem, context: Context) -> Iterator[Finding]:
    """A postmortem is final while a runbook does not carry yet what it taught.

    ## Why it matters

    The next responder reads the runbook, not the postmortem. A review is done when the runbook says what was learned.

    ## Example

    ```markdown
    ---
    incidents: [INC-2025-0142]
    status: final
    runbook_updates:
      - runbook: RB-payments-api
        diagnosis: Compare the pool size with the last release
    ---
    ```

    and a runbook that says nothing of it.

    ## Use instead

    `mkdocs-incident runbook-updates --apply` writes the update into the runbook and names the incident in its `learned_from`. A suggestion that was decided against gets `status: rejected` and a `reason`.

    A lesson counts as learned where

    - the update's `status` is `applied` or `rejected`;
    - the runbook says each line of it, as an entry, a line, a paragraph or its sentences; not as a part of a longer sentence;
    - the runbook names all incidents that taught it in `learned_from`, and no other lesson of theirs is the reason. That is how a lesson counts that was reworded while it was written. If another lesson of an incident is `applied` or stands in the runbook word for word, the incident may be named for that one: set `status: applied` in the update that was reworded.

    The verdict of an incident that `learned_from` names is answered, too, as soon as its review has an update for the runbook that is `applied` or `rejected`; without a note, any update that is not rejected answers it.
    """
    if review.status != "final":
        return
    for suggestion in pending_updates(context.corpus, review):
        yield Finding(
            suggestion.location,
            suggestion.headline,
            hint=f"Run `mkdocs-incident runbook-updates --apply`, or {_otherwise(suggestion)}",
        )


def _otherwise(suggestion: Suggestion) -> str:
    """Return what to write down where the runbook says it in other words, or never will."""
    if suggestion.reason == "declared":
        return (
            "set its `status`: `applied` if the runbook says it in other words, `rejected` with a "
            "`reason` if it never will"
        )
    incident, runbook = suggestion.incident, suggestion.runbook
    if incident is not None and runbook is not None and incident.id in runbook.learned_from:
        return "set `status: applied` in an update of the review for this runbook"
    return "name the incident in the runbook's `learned_from`"
