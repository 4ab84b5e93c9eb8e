"""Rule escalation-due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.cadence import open_incident
from mkdocs_incident.policy import Policy, SeverityLevel, Tier
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.source.times import in_utc
from mkdocs_incident.wording import joined, span

# The steps of a response that have a target, in order, and the states that show them passed.
_STEPS = (
    ("acknowledged", "acknowledge", ("investigating", "identified", "mitigating", "monitoring")),
    ("engaged", "engage", ("identified", "mitigating", "monitoring")),
    ("mitigated", "mitigate", ("monitoring",)),
    ("resolved", "resolve", ()),
)


@rule(
    "INC011",
    "escalation-due",
    kind=Kind.CLOCK,
    level=Level.NOTE,
    options=(
        "levels.*.acknowledge",
        "levels.*.engage",
        "levels.*.mitigate",
        "levels.*.resolve",
        "escalation",
    ),
)
def escalation_due(incident: Incident, context: Context) -> Iterator[Finding]:
    """An open incident has outlasted a target of its level, or a tier of the escalation path is due.

    ## Why it matters

    People who are deep in a problem are the last to ask for help. The policy asks for them: who is told after how long, and that a response which outlasts its window is raised by one level. Judged on open incidents only, from their detection to the moment of the run. An entry in the timeline that says that it was escalated, or who was told, answers it.

    ## Example

    ```markdown
    ---
    severity: SEV1
    status: investigating
    ---
    ## Timeline (UTC)

    - 14:23 — Alert fires
    ```

    and it is 15:00.

    ## Use instead

    Tell the next tier, or raise the severity, and note it:

    ```markdown
    ---
    severity: SEV1
    status: investigating
    ---
    ## Timeline (UTC)

    - 14:23 — Alert fires
    - 14:50 — Escalated to engineering leadership
    ```
    """
    state = open_incident(context.corpus, incident, context.as_of)
    if state is None:
        return
    level, detected, waited = state.level, state.detected, state.waited
    late = _late_step(incident, level, waited)
    due = _due_tiers(context.policy, incident, level, detected, waited)
    if late is None and not due:
        return
    if late is not None:
        step, allowed = late
        seen = (
            f"is not {step} {span(waited)} after its detection, {level.name} allows {span(allowed)}"
        )
    else:
        seen = f"is not mitigated {span(waited)} after its detection"
    if late is not None and not due and _escalated_since(incident, detected + late[1]):
        return
    names = [
        f"{tier.name} ({', '.join(tier.notify)})" if tier.notify else tier.name for tier in due
    ]
    tell = f"tell {joined(names)}" if names else ""
    raised = (
        _next_level(context.policy, level) if late is not None and late[0] == "resolved" else ""
    )
    hint = joined([words for words in (tell, raised) if words], "or") or "ask for help"
    yield Finding(
        incident.document.at("status"),
        f"Incident {seen}"
        + (f": {joined([tier.name for tier in due])} should know" if due else ""),
        hint=f"{hint[0].upper()}{hint[1:]}, and note it in the timeline",
    )


def _late_step(
    incident: Incident, level: SeverityLevel, waited: timedelta
) -> tuple[str, timedelta] | None:
    """Return the first step that is not passed although its target is over, with the target."""
    for position, (step, target, _) in enumerate(_STEPS):
        allowed: timedelta | None = getattr(level, target)
        later_steps = _STEPS[position:]
        passed = any(
            incident.milestone(name) is not None or incident.status in states
            for name, _, states in later_steps
        )
        if allowed is not None and not passed and waited > allowed:
            return step, allowed
    return None


def _due_tiers(
    policy: Policy, incident: Incident, level: SeverityLevel, detected: datetime, waited: timedelta
) -> list[Tier]:
    if incident.milestone("mitigated") is not None or incident.status == "monitoring":
        return []
    return [
        tier
        for tier in policy.escalation
        if (after := tier.after.get(level.name)) is not None
        and waited > after
        and not any(incident.has_told(who) for who in (tier.name, *tier.notify))
        and not _escalated_since(incident, detected)
    ]


def _escalated_since(incident: Incident, moment: datetime) -> bool:
    return any(
        "escalat" in event.event.casefold() or "eskal" in event.event.casefold()
        for event in incident.timeline
        if event.at is not None and in_utc(event.at) >= moment
    )


def _next_level(policy: Policy, level: SeverityLevel) -> str:
    names = [known.name for known in policy.levels]
    position = names.index(level.name)
    return f"raise the severity to {names[position - 1]}" if position else ""
