"""Rule category-demand."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.demands import categories_of, has_evidence
from mkdocs_incident.policy import Category
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.wording import joined


@rule(
    "INC008",
    "category-demand",
    level=Level.WARNING,
    strict=Level.ERROR,
    options=("categories.*.notify", "categories.*.roles", "categories.*.evidence"),
)
def category_demand(incident: Incident, context: Context) -> Iterator[Finding]:
    """A security or data-loss incident lacks what the policy asks of its category.

    ## Why it matters

    After a breach or a loss of data, evidence must be kept before anything is repaired, legal counsel must know at once because of notification deadlines, and the review is stricter. Those who must be told appear as an `audience` of `communications` or in a timeline entry. More action items and a postmortem whatever the level are asked by the rules of their own. A category can be named in your words; lost data (`data_loss: true`) are enough for that category.

    ## Example

    ```yaml
    category: security
    evidence: [{ title: Access log, path: INC-2025-0142.md }]
    ```

    ## Use instead

    ```yaml
    category: security
    evidence: [{ title: Access log, path: INC-2025-0142.md }]
    communications:
      - { at: 2025-06-15T14:40Z, audience: legal, status: resolved, text: Two accounts were read }
      - { at: 2025-06-15T14:41Z, audience: executives, status: resolved, text: Two accounts were read }
    ```
    """
    if incident.status == "detected":
        return
    level = context.policy.level(incident.severity)
    asked_already = level is not None and level.evidence
    for category in categories_of(context.policy, incident):
        lacks = list(_lacks(category, incident, context, evidence_asked=asked_already))
        if lacks:
            where = "category" if text(incident.record, "category") else "impact"
            yield Finding(
                incident.document.at(where),
                f"Incident is of category `{category.name}` and lacks {joined(lacks)}",
                hint="Record it: who was told under `communications`, files under `evidence`, people under `roles`",
            )


def _lacks(
    category: Category, incident: Incident, context: Context, *, evidence_asked: bool
) -> Iterator[str]:
    told = context.corpus.timeline_holder(incident)
    for audience in category.notify:
        if not incident.has_told(audience) and not told.has_told(audience):
            yield f"word to {audience.replace('-', ' ')}"
    for role in category.roles:
        if text(incident.record, "roles", role) is None:
            yield f"a {role.replace('_', ' ')}"
    needs_evidence = category.evidence and not evidence_asked and not incident.is_live
    if needs_evidence and not has_evidence(context.corpus, incident):
        yield "evidence"
