"""Rule milestone-missing."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.root_cause import states_unknown_cause
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.durations import read_written
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.wording import joined

_WHEN = {
    "detected": "the incident was detected",
    "declared": "the incident was declared",
    "classified": "the severity was set",
    "ic_assigned": "the incident commander was assigned",
    "acknowledged": "the page was acknowledged",
    "engaged": "the responders were engaged",
    "identified": "the cause was found",
    "mitigated": "the incident was mitigated",
    "resolved": "the incident was resolved",
}
_WORDS = {
    "detected": "alert fires",
    "declared": "incident declared",
    "classified": "classified as SEV2",
    "ic_assigned": "@sre-lead assigned as incident commander",
    "acknowledged": "on-call acknowledges",
    "engaged": "responders engaged",
    "identified": "cause found: …",
    "mitigated": "mitigated: …",
    "resolved": "resolved",
}


@rule(
    "TIM004",
    "milestone-missing",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("levels.*.milestones",),
)
def milestone_missing(incident: Incident, context: Context) -> Iterator[Finding]:
    """A resolved incident's record does not tell a milestone that its level asks for.

    ## Why it matters

    How long detection, engagement and mitigation took is the difference between two milestones. Without one there is nothing to compare with the targets of the level, and nobody remembers the minute a month later. A milestone counts as told by its field (`ic_assigned_at`, `identified_at`, `mitigated_at` …), by a timeline entry that is marked with it or by an entry's own words ("cause found", "rollback complete"); in the incident's record or in its postmortem. While the response runs, nothing is asked; when the cause was found is not asked where the root cause is stated as unknown.

    ## Example

    ```markdown
    ---
    severity: SEV3
    ---
    ## Timeline (UTC)

    - 14:23 — alert on payment errors fires
    - 14:38 — rollback starts
    ```

    ## Use instead

    ```markdown
    ---
    severity: SEV3
    ---
    ## Timeline (UTC)

    - 14:23 — alert on payment errors fires
    - 14:38 — rollback starts
    - 15:47 — resolved
    ```

    Which milestones a level asks for stands in `levels` in `incident.yml`.
    """
    level = context.policy.level(incident.severity)
    corpus = context.corpus
    holder = corpus.timeline_holder(incident)
    if incident.is_live or level is None or not holder.timeline:
        return
    documents = corpus.records_about(incident)
    told = {name for document in documents for name in document.milestones}
    if any(_states_end(document, context) for document in documents):
        told.add("resolved")
    if any(_is_unknown(document) for document in documents):
        told.add("identified")
    missing = [name for name in MILESTONES if name in level.milestones and name not in told]
    if not missing:
        return
    yield Finding(
        holder.document.at("timeline"),
        f"Timeline does not tell {joined([f'when {_WHEN[name]}' for name in missing])}",
        hint=f"Say it in an entry's words, such as `14:30 — {_WORDS[missing[0]]}`, or give `{missing[0]}_at:` in the front matter",
    )


def _is_unknown(document: Document) -> bool:
    cause = document.record.get("root_cause")
    return isinstance(cause, str) and states_unknown_cause(cause)


def _states_end(document: Document, context: Context) -> bool:
    """Whether the duration says when the incident ended."""
    text = document.record.get("duration")
    written = (
        read_written(text, context.policy.read_options.order) if isinstance(text, str) else None
    )
    return written is not None and written.end is not None
