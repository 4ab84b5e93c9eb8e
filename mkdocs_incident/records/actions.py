"""Action items of reviews, and the actions of mitigation plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.records.record import kept
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.times import parse_date


class ActionItem(msgspec.Struct, frozen=True):
    """One thing to do so that an incident does not happen again, or ends sooner."""

    document: Document
    route: Route
    title: str
    id: str | None
    type: str | None
    """None counts as preventive: that is how people write action items."""
    horizon: str | None
    priority: str | None
    owner: str | None
    due: date | None
    status: str
    ticket: str | None
    reason: str | None
    done_on: date | None
    tags: tuple[str, ...]

    @property
    def location(self) -> Location:
        """Where the item begins."""
        return self.document.at(*self.route)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status not in {"done", "wont-do"}

    @property
    def is_preventive(self) -> bool:
        """Whether it counts as the preventive action that every postmortem needs."""
        return self.type in {None, "preventive"} and self.status != "wont-do"

    def lacks(self, field: str) -> bool:
        """Return whether an open item says nothing under `field`; a live incident's is not asked."""
        record = self.document.record
        live = self.document.kind == "incident" and record.get("status") in LIVE
        written = record["action_items"][self.route[1]].get(field)
        return self.is_open and not live and written is None

    def overdue_days(self, today: date) -> int:
        """Return by how many days it is late on `today`; 0 if it is not."""
        if self.due is None or not self.is_open:
            return 0
        return max(0, (today - self.due).days)


@kept
def action_items(document: Document) -> tuple[ActionItem, ...]:
    """Return a record's action items; one without a title is left to the schema."""
    return tuple(
        ActionItem(
            document=document,
            route=("action_items", i),
            title=text(item, "title") or "",
            id=text(item, "id"),
            type=text(item, "type"),
            horizon=text(item, "horizon"),
            priority=text(item, "priority"),
            owner=text(item, "owner"),
            due=parse_date(item.get("due")),
            status=text(item, "status") or "open",
            ticket=text(item, "ticket"),
            reason=text(item, "reason"),
            done_on=parse_date(item.get("done_on")),
            tags=texts(item, "tags"),
        )
        for i, item in mappings(document.record, "action_items")
        if text(item, "title")
    )


class PlanAction(msgspec.Struct, frozen=True):
    """One action of a mitigation plan."""

    document: Document
    route: Route
    horizon: str
    """``immediate``, ``short-term`` or ``long-term``."""
    title: str
    facts: dict[str, str]
    """what, how, impact, risk, rollback, eta: as written, where given."""
    owner: str | None
    priority: str | None
    due: date | None
    done: bool
    id: None = None
    """Actions of plans have none."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return not self.done

    @property
    def location(self) -> Location:
        """Where the action begins."""
        return self.document.at(*self.route)


def plan_actions(document: Document) -> tuple[PlanAction, ...]:
    """Return a plan's actions, horizon by horizon."""
    horizons = document.record.get("horizons")
    found: list[PlanAction] = []
    for name in ("immediate", "short_term", "long_term"):
        horizon: Any = horizons.get(name) if isinstance(horizons, dict) else None
        for i, action in mappings(horizon, "actions"):
            facts = {key: value for key in ("what", "how", "impact", "risk", "rollback", "eta")
                     if (value := text(action, key)) is not None}  # fmt: skip
            found.append(
                PlanAction(
                    document=document,
                    route=("horizons", name, "actions", i),
                    horizon=name.replace("_", "-"),
                    title=text(action, "title") or "",
                    facts=facts,
                    owner=text(action, "owner"),
                    priority=text(action, "priority"),
                    due=parse_date(action.get("due")),
                    done=action.get("done") is True,
                )
            )
    return tuple(found)
