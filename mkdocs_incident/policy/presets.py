"""What holds where ``incident.yml`` is silent: schemes and limits, with where each number is from.

The sources are five descriptions of how incident response is run: a mitigation plan (A), an
incident-response command (B) with P1 to P4, a skill (C) and a specialist's guide (E) with SEV1 to
SEV4, and an ITIL incident flow (D) with P0 to P3. Where they disagree, docs/guide/policy.md says
which number was taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

Profile = Literal["essential", "standard", "strict"]
PROFILES: tuple[Profile, ...] = ("essential", "standard", "strict")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class SeverityLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One level of a severity scheme and what it asks of a team; None asks nothing.

    Targets count from detection, `postmortem_due` and `review_meeting` from resolution.
    """

    name: str
    roles: tuple[str, ...] = ()
    """Roles to fill beside the incident commander, by their field names."""
    classify: timedelta | None = None
    acknowledge: timedelta | None = None
    engage: timedelta | None = None
    mitigate: timedelta | None = None
    resolve: timedelta | None = None
    update_every: timedelta | None = None
    """Longest silence towards stakeholders while the incident is live."""
    status_page: timedelta | None = None
    management: timedelta | None = None
    executives: timedelta | None = None
    postmortem_due: timedelta | None = None
    """None where no postmortem is required."""
    review_meeting: timedelta | None = None
    actions: int = 0
    """Action items that a postmortem has at least."""
    milestones: tuple[str, ...] = ()
    """Milestones that the timeline of a resolved incident tells."""
    evidence: bool = False
    """Whether logs, charts or traces must be kept with the record."""
    approve_forward_fix: bool = False
    """Whether a fix that goes forward instead of back needs somebody's approval."""
    support_hours: bool = False
    """Whether its targets count support hours only, where the policy has a calendar."""


TARGETS = ("classify", "acknowledge", "engage", "mitigate", "resolve", "update_every",
           "status_page", "management", "executives", "postmortem_due", "review_meeting")  # fmt: skip
"""Fields of `SeverityLevel` that hold a span of time."""

Degree = Literal["high", "medium", "low"]
Matrix = Mapping[Degree, Mapping[Degree, str]]
"""Impact → urgency → level."""


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told when an incident goes on."""

    name: str
    notify: tuple[str, ...] = ()
    """Handles or channels."""
    after: Mapping[str, timedelta]
    """Level → time since detection without mitigation; a level that is absent never gets here."""


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of incidents of a category beyond their level."""

    name: str
    roles: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    """Audiences that must have been told, such as ``legal``."""
    evidence: bool = False
    postmortem_due: timedelta | None = None
    actions: int = 0


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """A severity scheme: levels from the gravest on, and how impact and urgency choose one."""

    levels: tuple[SeverityLevel, ...]
    matrix: Matrix = msgspec.field(default_factory=dict)
    escalation: tuple[Tier, ...] = ()


_RESPONSE = ("detected", "ic_assigned", "identified", "mitigated", "resolved")
_ENDS = ("detected", "resolved")

SCHEMES: dict[str, Scheme] = {
    # C: response times, milestones, evidence, approval of forward fixes. E: classification, cadence,
    # status page, executives, deadlines, two action items. D: time to resolve, and the quarter of an
    # hour that C's "immediate" becomes.
    "sev1-sev4": Scheme(
        levels=(
            SeverityLevel(
                name="SEV1", classify=5 * MINUTE, engage=15 * MINUTE, resolve=2 * HOUR,
                update_every=15 * MINUTE, status_page=10 * MINUTE, executives=HOUR,
                postmortem_due=48 * HOUR, actions=2, milestones=_RESPONSE, evidence=True,
                approve_forward_fix=True,
            ),
            SeverityLevel(
                name="SEV2", classify=5 * MINUTE, engage=30 * MINUTE, resolve=4 * HOUR,
                update_every=30 * MINUTE, status_page=30 * MINUTE, postmortem_due=48 * HOUR,
                actions=2, milestones=_RESPONSE, evidence=True, approve_forward_fix=True,
            ),
            SeverityLevel(
                name="SEV3", classify=5 * MINUTE, engage=4 * HOUR, resolve=24 * HOUR,
                update_every=2 * HOUR, postmortem_due=7 * DAY, actions=1, milestones=_ENDS,
                support_hours=True,
            ),
            SeverityLevel(name="SEV4", actions=1),
        ),
        # E: engineering leadership when a SEV1 is not mitigated after a quarter of an hour.
        escalation=(
            Tier(name="engineering leadership", after={"SEV1": 15 * MINUTE}),
        ),
    ),
    # D names every number; the review after a P2 is optional there and so not required here.
    "p0-p3": Scheme(
        levels=(
            SeverityLevel(
                name="P0", acknowledge=5 * MINUTE, engage=15 * MINUTE, resolve=2 * HOUR,
                update_every=15 * MINUTE, status_page=30 * MINUTE, management=30 * MINUTE,
                executives=2 * HOUR, postmortem_due=48 * HOUR, review_meeting=24 * HOUR, actions=2,
                milestones=_RESPONSE, evidence=True, approve_forward_fix=True,
            ),
            SeverityLevel(
                name="P1", acknowledge=5 * MINUTE, engage=30 * MINUTE, resolve=4 * HOUR,
                update_every=30 * MINUTE, status_page=HOUR, management=2 * HOUR,
                postmortem_due=48 * HOUR, review_meeting=48 * HOUR, actions=2,
                milestones=_RESPONSE, evidence=True, approve_forward_fix=True,
            ),
            SeverityLevel(
                name="P2", acknowledge=30 * MINUTE, engage=4 * HOUR, resolve=24 * HOUR,
                update_every=DAY, actions=1, milestones=_ENDS,
            ),
            SeverityLevel(name="P3", acknowledge=DAY, actions=1, support_hours=True),
        ),
        matrix={
            "high": {"high": "P0", "medium": "P1", "low": "P2"},
            "medium": {"high": "P1", "medium": "P2", "low": "P3"},
            "low": {"high": "P2", "medium": "P3", "low": "P3"},
        },
        escalation=(
            Tier(name="component owner", after={"P0": 15 * MINUTE, "P1": 30 * MINUTE}),
            Tier(name="architecture", after={"P0": 30 * MINUTE, "P1": HOUR}),
        ),
    ),
    # B has levels and phases (assess by 5, find the cause by 15, restore by 30 minutes) and no
    # deadlines: what it does not say is as for SEV1 to SEV4.
    "p1-p4": Scheme(
        levels=(
            SeverityLevel(
                name="P1", classify=5 * MINUTE, engage=15 * MINUTE, mitigate=30 * MINUTE,
                resolve=2 * HOUR, update_every=15 * MINUTE, postmortem_due=48 * HOUR, actions=2,
                milestones=_ENDS, evidence=True, approve_forward_fix=True,
            ),
            SeverityLevel(
                name="P2", classify=5 * MINUTE, engage=30 * MINUTE, resolve=4 * HOUR,
                update_every=30 * MINUTE, postmortem_due=48 * HOUR, actions=2, milestones=_ENDS,
                evidence=True, approve_forward_fix=True,
            ),
            SeverityLevel(
                name="P3", classify=5 * MINUTE, engage=4 * HOUR, resolve=24 * HOUR,
                update_every=2 * HOUR, postmortem_due=7 * DAY, actions=1, milestones=_ENDS,
                support_hours=True,
            ),
            SeverityLevel(name="P4", actions=1),
        ),
    ),
}  # fmt: skip
DEFAULT_SCHEME = "sev1-sev4"

SUGGESTED_FROM = 3, 4
"""Schemes with so many levels can be suggested from: their ranks mean what those of A to E mean."""

# Share of all users in percent over which a rank (0 is the gravest) is right. 50: D, where C and E
# speak of an outage for all or most. 10: D and E. Any: D, for under 10 %.
USERS_PERCENT: tuple[tuple[float, int], ...] = ((50.0, 0), (10.0, 1), (0.0, 2))
NO_USERS_RANK = 3
"""Where no user noticed: B, and E for what is cosmetic or internal."""
DATA_LOSS_RANK = 0
"""C and E; D takes it for a high impact."""
SECURITY_RANK = 0
"""E; D escalates it at once."""
SOME_HARM_RANK = 2
"""Where harm is counted and its share of the whole is not: a minor impact at least, as B calls it."""

# D: evidence kept, legal and executives told at once, a stricter review.
CATEGORIES: dict[str, Category] = {
    name: Category(name=name, notify=("legal", "executives"), evidence=True,
                   postmortem_due=48 * HOUR, actions=2)
    for name in ("security", "data-loss")
}  # fmt: skip

# D: a week, a month, three months.
HORIZONS: dict[str, timedelta] = {
    "immediate": 7 * DAY,
    "short-term": 31 * DAY,
    "long-term": 92 * DAY,
}

# A: the incident's channel is named after its date and title.
CHANNEL = "#incident-{date}-{title}"

LIMITS: dict[str, timedelta] = {
    "unknown_cause_follow_up": 48 * HOUR,  # C
    "timeline_gap": HOUR,
    "runbook_review": 365 * DAY,
    "runbook_unused": 365 * DAY,
    "plan_left_active": 30 * DAY,
}
"""Where a comment names no source, the number is ours."""
