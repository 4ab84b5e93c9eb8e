"""Rule superseded-without-successor."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import MitigationPlan
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.wording import clip

_IS_PATH = regex(r"\S+\.(?:md|markdown)", re.IGNORECASE)


@rule("PLAN003", "superseded-without-successor", level=Level.WARNING, strict=Level.ERROR)
def superseded_without_successor(plan: MitigationPlan, context: Context) -> Iterator[Finding]:
    """A superseded plan does not say which plan replaces it, or names a file that does not exist.

    ## Why it matters

    Whoever opens the old plan during the incident needs the one that holds now, and needs it at once.

    ## Example

    ```yaml
    kind: mitigation-plan
    incident: INC-2024-0001
    status: superseded
    ```

    ## Use instead

    ```yaml
    kind: mitigation-plan
    incident: INC-2024-0001
    status: superseded
    superseded_by: mitigation-plan-2.md
    ```

    A plan that was carried out is `executed`, whatever came after it.
    """
    if plan.status != "superseded":
        return
    successor = plan.record.get("superseded_by")
    if synonyms().is_missing(successor):
        yield Finding(
            plan.document.at("status"),
            "Mitigation plan is superseded and names no successor, expected the path of a plan",
            hint="Add `superseded_by: mitigation-plan-2.md`, or set `status: executed`",
        )
        return
    if not isinstance(successor, str) or not _IS_PATH.fullmatch(successor):
        return
    if context.target(plan.document.path, successor) != "something":
        yield Finding(
            plan.document.at("superseded_by"),
            f"Successor `{clip(successor)}` does not exist",
            hint="Name the file of the plan that holds now, relative to this one",
        )
