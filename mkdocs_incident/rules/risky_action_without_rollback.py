"""Rule risky-action-without-rollback."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import MitigationPlan, PlanAction
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.wording import clip

_RISKY = (
    *("medium", "med", "moderate", "high", "very high", "critical", "severe"),
    *("mittel", "mittleres", "hoch", "hohes", "sehr hoch", "kritisch", "erheblich"),
)
"""How a risk begins that asks for a way back, in English and German."""
_NO_WAY_BACK = {"no", "no rollback", "not applicable", "keiner", "keine", "kein", "entfällt"}
"""What stands for a rollback and is none, beside placeholders such as N/A."""
_LEVEL = regex(rf"[\W_]*({'|'.join(map(re.escape, _RISKY))})\b", re.IGNORECASE)
_REASON = regex(r"\s*\([^()]*\)\s*$")


@rule("PLAN001", "risky-action-without-rollback", level=Level.WARNING, strict=Level.ERROR)
def risky_action_without_rollback(plan: MitigationPlan, context: Context) -> Iterator[Finding]:
    """A plan's action of medium or higher risk says nothing about how to undo it.

    ## Why it matters

    A mitigation that goes wrong is a second incident, and nobody thinks clearly about the way back in the middle of it. An action whose risk begins with medium, high or critical names its rollback before it is run; `N/A` and `none` are no rollback. Where an action doesn't state its risk, the row of `risks` that names it does.

    Actions that are done are not asked, and neither are plans that are `executed` or `superseded`: a rollback that was never written can't be invented afterwards.

    ## Example

    ```yaml
    kind: mitigation-plan
    status: active
    incident: INC-2024-0001
    horizons:
      immediate:
        actions:
          - title: Deploy the hotfix
            risk: Medium (not tested under load)
            rollback: N/A
    ```

    ## Use instead

    ```yaml
    kind: mitigation-plan
    status: active
    incident: INC-2024-0001
    horizons:
      immediate:
        actions:
          - title: Deploy the hotfix
            risk: Medium (not tested under load)
            rollback: Deploy release 3.41 again, two minutes
    ```
    """
    if plan.status != "active":
        return
    for action in plan.actions:
        level = _risk(plan, action)
        if level is None or action.done or not action.title or _has_rollback(action):
            continue
        yield Finding(
            action.location,
            f"Action `{clip(action.title)}` has the risk `{level}` and no rollback, expected how to undo it",
            hint="Add `Rollback:` with the steps below the action, or lower its risk and say why",
        )


def _risk(plan: MitigationPlan, action: PlanAction) -> str | None:
    """Return the level of an action's risk where it asks for a rollback."""
    written = action.facts.get("risk")
    if written is None:
        title = normalised(action.title)
        rows = [row for _, row in mappings(plan.record, "risks")]
        written = next((text(row, "risk") for row in rows if _names(row, title)), None)
    match = _LEVEL.match(written or "")
    return match[1].lower() if match else None


def _names(row: dict[str, object], title: str) -> bool:
    """Whether a row of the risks is about the action: by its title or the first words of it."""
    named = normalised(text(row, "action") or "")
    return bool(named) and (title == named or (" " in named and title.startswith(f"{named} ")))


def _has_rollback(action: PlanAction) -> bool:
    written = action.facts.get("rollback")
    if written is None:
        value = action.document.record["horizons"][action.route[1]]["actions"][action.route[3]]
        given = value.get("rollback")
        return given not in (None, [], {}) and not isinstance(given, str)  # the schema's matter
    plain = _REASON.sub("", written)
    return not synonyms().is_missing(plain) and normalised(plain) not in _NO_WAY_BACK
