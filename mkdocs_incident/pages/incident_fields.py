"""The fields of an incident as its page lists them, and as a postmortem's page lists those that it holds itself."""

from __future__ import annotations

from typing import Any

from mkdocs_incident.language import gettext, number
from mkdocs_incident.pages.site import Site
from mkdocs_incident.records import runbook_uses
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.times import in_utc, parse_instant
from mkdocs_incident.wording import words


def incident_fields(site: Site, record: dict[str, Any], *, has_sections: bool) -> dict[str, Any]:
    """Return what a record says of an incident, by the names that templates use.

    Args:
        site: The site, whose records ids are looked up in.
        record: An incident's record, or the part of a postmortem that is to be listed.
        has_sections: Whether the page tells in sections of their own what the incident repeats and is a part of.
    """
    incidents, runbooks = site.corpus.incident_by_id, site.corpus.runbook_by_id
    uses = [(use, runbooks.get(use.id)) for use in runbook_uses(record)]
    meeting = parse_instant(record.get("review_meeting_at"))
    own = text(record, "id")
    repeats = [(i, incidents.get(i)) for i in texts(record, "recurrence_of") if i != own]
    whole = [(ident, incidents.get(ident)) for ident in texts(record, "major_incident")]
    return {
        "impact": impact_of(record),
        "numbers": _numbers(record),
        "harm": _harm(record),
        "category": text(record, "category"),
        "systems": texts(record, "affected_systems"),
        "people": _people(record),
        "detection": {
            name: text(record, "detection", name) for name in ("method", "source", "reporter")
        },
        "alerts": texts(record, "alerts"),
        "evidence": [
            {name: text(entry, name) for name in ("title", "path", "url")}
            for _, entry in mappings(record, "evidence")
        ],
        "runbooks": [
            (gettext("Runbooks used"), [use for use in uses if use[0].was_used]),
            (gettext("Runbooks left alone"), [use for use in uses if not use[0].was_used]),
        ],
        "related": [
            (ident, incidents.get(ident))
            for ident in dict.fromkeys(texts(record, "related"))
            if ident != own
        ],
        "repeated": [ident for ident, earlier in repeats if earlier is not None],
        "other_incidents": [
            (gettext("Repeats"), [(i, o) for i, o in repeats if o is None or not has_sections]),
            (gettext("Part of"), [] if has_sections else whole),
        ],
        "severity_reason": text(record, "severity_reason"),
        "duration": text(record, "duration"),
        "own_services": texts(record, "services"),
        "own_authors": texts(record, "authors"),
        "keywords": texts(record, "keywords"),
        "meeting_at": in_utc(meeting) if meeting is not None else None,
    }


def impact_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return an incident's impact; one that is a sentence is its summary."""
    impact = record.get("impact")
    if isinstance(impact, str):
        return {"summary": impact}
    return impact if isinstance(impact, dict) else {}


def _numbers(record: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Return what can be counted of an impact: value, name, share of all."""
    impact = impact_of(record)

    def shown(name: str, *, as_written: bool = True) -> str | None:
        value = impact.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number(value)
        return value if as_written and isinstance(value, str) else None

    share = impact.get("users_affected_percent")
    percent = f"{share} %" if isinstance(share, int | float) else None
    users = shown("users_affected", as_written=False)
    found = [
        (users or percent, gettext("users affected"), percent if users else None),
        (shown("requests_failed", as_written=False), gettext("requests failed"), None),
        (shown("error_budget"), gettext("error budget"), None),
        (shown("slo"), gettext("SLO"), None),
        (shown("revenue"), gettext("revenue"), None),
    ]
    return [(value, name, part) for value, name, part in found if value is not None]


def _harm(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what an incident did beside failing: what is not recorded is left out."""
    impact = impact_of(record)
    named = {
        gettext("Impact"): _words(impact.get("level")),
        gettext("Urgency"): _words(impact.get("urgency")),
        gettext("Data loss"): impact.get("data_loss"),
        gettext("Compliance"): impact.get("compliance"),
        gettext("Reputation"): impact.get("reputation"),
    }
    said = {True: gettext("yes"), False: gettext("none")}
    return [
        (name, said[value] if isinstance(value, bool) else value)
        for name, value in named.items()
        if isinstance(value, bool | str)
    ]


def _words(value: object) -> str | None:
    return words(value) if isinstance(value, str) else None


def _people(record: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Return who did what, by role; roles that nobody had are left out."""
    roles = record.get("roles")
    named = {
        gettext("IC"): texts(record, "incident_commander"),
        gettext("Technical lead"): texts(roles, "technical_lead"),
        gettext("Communications"): texts(roles, "communications_lead"),
        gettext("Scribe"): texts(roles, "scribe"),
        gettext("Coordinator"): texts(roles, "coordinator"),
        gettext("Responders"): texts(record, "responders"),
    }
    return [(role, handles) for role, handles in named.items() if handles]
