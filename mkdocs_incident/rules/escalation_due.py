"""Rule escalation-due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.insights.cadence import OpenIncident, open_incident
from mkdocs_incident.policy import Policy, SeverityLevel, Tier
from mkdocs_incident.records import Incident, TimelineEvent
from mkdocs_incident.rules.rule import Context, Kind, rule
from mkdocs_incident.source.milestones import states
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

    People who are deep in a problem are the last to ask for help. The policy asks for them: who is told after how long, and that a response which outlasts its window is raised by one level. Judged on open incidents only, from their detection to the moment of the run. An entry in the timeline that says who was told answers for them; one that only says that it was escalated answers for the tiers that were due by then, and for a target that was over.

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
    level, waited = state.level, state.waited
    late = _late_step(state)
    due = _due_tiers(context.policy, state)
    if late is None and not due:
        return
    if late is not None:
        step, allowed = late
        seen = (
            f"is not {step} {span(waited)} after its detection, {level.name} allows {span(allowed)}"
        )
    else:
        seen = f"is not mitigated {span(waited)} after its detection"
    if late is not None and not due and _asked_for_help(context.policy, state, late[1]):
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


def _late_step(state: OpenIncident) -> tuple[str, timedelta] | None:
    """Return the first step that is not passed although its target is over, with the target."""
    for position, (step, target, _) in enumerate(_STEPS):
        allowed: timedelta | None = getattr(state.level, target)
        later_steps = _STEPS[position:]
        passed = any(
            state.incident.milestone(name, state.as_of) is not None
            or state.incident.status in states_after
            for name, _, states_after in later_steps
        )
        if allowed is not None and not passed and state.waited > allowed:
            return step, allowed
    return None


def _due_tiers(policy: Policy, state: OpenIncident) -> list[Tier]:
    incident = state.incident
    if incident.milestone("mitigated", state.as_of) or incident.status == "monitoring":
        return []
    return [
        tier
        for tier in policy.escalation
        if (after := tier.after.get(state.level.name)) is not None
        and state.waited > after
        and not any(incident.has_told(who, state.as_of) for who in (tier.name, *tier.notify))
        and not any(_is_since(policy, state, event, after) for event in _escalations(state))
    ]


def _escalations(state: OpenIncident) -> list[TimelineEvent]:
    return [event for event in state.incident.timeline if states(event.words, "escalation")]


def _asked_for_help(policy: Policy, state: OpenIncident, target: timedelta) -> bool:
    """Whether it was escalated, or a tier of the path was told, once a target was over."""
    path = [tier.name for tier in policy.escalation]
    told = [e for e in state.incident.timeline if any(e.tells(tier) for tier in path)]
    return any(_is_since(policy, state, e, target) for e in (*_escalations(state), *told))


def _is_since(policy: Policy, state: OpenIncident, event: TimelineEvent, target: timedelta) -> bool:
    """Whether an entry was made after a target was over, as the level counts time, and until now.

    One whose time is not known gets the benefit of the doubt.
    """
    at = event.in_utc
    if at is None:
        return True
    return at <= state.as_of and policy.elapsed(state.level, state.detected, at) >= target


def _next_level(policy: Policy, level: SeverityLevel) -> str:
    names = [known.name for known in policy.levels]
    position = names.index(level.name)
    return f"raise the severity to {names[position - 1]}" if position else ""
