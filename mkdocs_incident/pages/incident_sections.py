"""What an incident's page says beside the record's own text: how the response went, why, what it resembles.

A record's body is shown as it was written, so that nothing in it is told again: a list is drawn here
only if it stands in front matter or in another record. Where a list begins decides, and the
picture of the timeline is the one exception: a picture to scale says what no list does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mkdocs_incident.insights.cadence import State, open_incident
from mkdocs_incident.insights.closing_report import took
from mkdocs_incident.insights.metrics import Obstacle, Response, Step
from mkdocs_incident.insights.moments import event_words
from mkdocs_incident.insights.recurrence import missed_prevention, recurrence_of
from mkdocs_incident.insights.severity import suggested_severity
from mkdocs_incident.language import gettext
from mkdocs_incident.pages.fishbone import Fishbone, fishbone
from mkdocs_incident.pages.front_matter import is_in_body, passages
from mkdocs_incident.pages.response_timeline import milestone_name, timeline
from mkdocs_incident.pages.sent_updates import SentUpdate, sent_updates
from mkdocs_incident.pages.site import Site
from mkdocs_incident.pages.spans import span
from mkdocs_incident.records import ActionItem, Incident, Postmortem
from mkdocs_incident.records.postmortem import Why
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.times import later
from mkdocs_incident.wording import capitalised, joined

REACHED = {
    "detect": "detected",
    "classify": "classified",
    "assign": "ic_assigned",
    "acknowledge": "acknowledged",
    "engage": "engaged",
    "mitigate": "mitigated",
    "resolve": "resolved",
}
"""Step → the milestone that it leads to."""
_BEGIN = {"detect": ("started",)}
"""Steps that do not begin with the detection."""


class Measure(msgspec.Struct, frozen=True):
    """One promise of a response: what it took, and how that stands against its target."""

    name: str
    value: str | None
    """None where it is not recorded."""
    state: State
    verdict: str
    """In words; empty where there is no target."""
    why: str | None
    """What is missing, where that is something else than the measure's own moment."""


def measures(measured: Response) -> list[Measure]:
    """Return the steps of a response, then how its audiences were told; what nobody asks for is left out."""
    found = [
        _measure(
            milestone_name(REACHED[step.name]),
            None if step.state == "unknown" else took(step, span),
            step.state,
            (step.target, step.beyond),
            _obstacle(step),
        )
        for step in measured.steps
        if step.span is not None or step.target is not None
    ]
    kept = measured.cadence
    if kept.every is not None:
        longest = kept.longest
        found.append(
            _measure(
                gettext("Longest silence"),
                span(longest.counted) if longest is not None else None,
                kept.state,
                (kept.every, longest.counted - kept.every if longest is not None else None),
                gettext("no update with a time"),
            )
        )
    for word in kept.first_words:
        waited = span(word.waited) if word.waited is not None else None
        found.append(
            _measure(
                _told(word.audience),
                waited or (None if word.state == "unknown" else gettext("not yet")),
                word.state,
                (word.allowed, word.waited - word.allowed if word.waited is not None else None),
                gettext("no word to them with a time"),
            )
        )
    return found


def _measure(
    name: str,
    value: str | None,
    state: State,
    target: tuple[timedelta | None, timedelta | None],
    why: str | None,
) -> Measure:
    """Say how a target stands; `target` is what is allowed, and by how much it was overrun."""
    allowed, beyond = target
    verdict = gettext("%(span)s allowed", span=span(allowed)) if allowed is not None else ""
    if state == "met" and allowed is not None:
        verdict = gettext("within %(span)s", span=span(allowed))
    elif state == "missed" and beyond:
        verdict = f"+{span(beyond)}, {verdict}"
    elif state == "pending" and beyond is not None and beyond < timedelta(0):
        verdict = gettext("%(allowed)s, %(span)s left", allowed=verdict, span=span(-beyond))
    return Measure(name, value, state, verdict, why if state == "unknown" else None)


def _obstacle(step: Step) -> str | None:
    """Return what is in the way; nothing where only the measure's own moment is missing."""
    is_own = step.obstacle == Obstacle("missing", (REACHED[step.name],))
    return step.obstacle.words if step.obstacle is not None and not is_own else None


def _told(audience: str) -> str:
    """Return the name of the measure of when an audience was told first."""
    names = {
        "stakeholders": gettext("Stakeholders told"),
        "the status page": gettext("Status page told"),
        "management": gettext("Management told"),
        "executives": gettext("Executives told"),
    }
    return names[audience]


def unmeasured(measured: Response) -> str | None:
    """Return what is missing to measure steps without a target, as a sentence; None if nothing is."""
    if not measured.moments:
        return gettext(
            "No milestone is recorded: the timeline has none and no *_at field stands for one"
        )
    if "detected" not in measured.moments:
        return gettext("The detection is not recorded, from which all steps are measured")
    unknown = [s for s in measured.steps if s.target is None and s.state == "unknown"]
    needed = [name for s in unknown for name in (*_BEGIN.get(s.name, ()), REACHED[s.name])]
    missing = [event_words(name) for name in needed if name not in measured.moments]
    said = [gettext("Not recorded: %(moments)s", moments=joined(missing))] if missing else []
    other = [
        capitalised(step.obstacle.words)
        for step in unknown
        if step.obstacle is not None and step.obstacle.kind != "missing"
    ]
    return ". ".join([*said, *other]) or None


class Causes(msgspec.Struct, frozen=True):
    """Why it happened, as far as the page's own text does not tell."""

    review: Postmortem
    whys: tuple[Why, ...]
    bone: Fishbone | None


def causes_of(page: Document, review: Postmortem, effect: str) -> Causes | None:
    """Return a review's whys and factors for a page; None where its body holds them, or nobody does."""

    def is_shown(field: str) -> bool:
        return page is review.document and is_in_body(page, field)

    whys = () if is_shown("five_whys") else review.five_whys
    factors = [
        (text(entry, "category"), words)
        for _, entry in mappings(review.record, "contributing_factors")
        if (words := text(entry, "factor"))
    ]
    bone = None if is_shown("contributing_factors") else fishbone(effect, factors)
    whys = tuple(why for why in whys if why.why or why.because)
    return Causes(review, whys, bone) if whys or bone is not None else None


class EscalationStep(msgspec.Struct, frozen=True):
    """A tier of the escalation path of a live incident."""

    name: str
    notify: tuple[str, ...]
    after: timedelta
    due_at: datetime | None
    """In UTC; None where the level counts support hours."""
    is_told: bool
    is_due: bool


class Article(msgspec.Struct, frozen=True):
    """What somebody with the same problem wants to know, from the incident and its review."""

    review: Postmortem
    keywords: tuple[str, ...]
    problem: str
    cause: str | None
    resolution: str | None
    prevention: tuple[ActionItem, ...]


def response_facts(site: Site, incident: Incident) -> dict[str, Any]:
    """Return what stands above the body: measures, the timeline to scale, what is asked of a live one."""
    measured = site.response_by_path[incident.document.path]
    told = site.corpus.timeline_holder(incident)
    suggested = suggested_severity(site.corpus, incident)
    return {
        "measured": measured,
        "measures": measures(measured),
        "unmeasured": unmeasured(measured),
        "timeline": timeline(measured, told, site.as_of),
        "timeline_told": told.document is not incident.document,
        "mitigated_blind": _mitigated_blind(measured),
        "escalation": list(_escalation(site, incident)),
        "suggested": suggested if suggested.agrees is False else None,
    }


def _mitigated_blind(measured: Response) -> bool:
    """Whether harm was ended while the cause was not known yet."""
    known = measured.moments.get("identified")
    ended = measured.moments.get("mitigated")
    before = known is None or (ended is not None and known.at != ended.at)
    return measured.mitigated_first is True and before


def _escalation(site: Site, incident: Incident) -> Iterator[EscalationStep]:
    state = open_incident(site.corpus, incident, site.as_of)
    if (
        state is None
        or incident.status == "monitoring"
        or incident.milestone("mitigated", site.as_of)
    ):
        return
    for tier in site.corpus.policy.escalation:
        after = tier.after.get(state.level.name)
        if after is not None:
            yield EscalationStep(
                tier.name,
                tier.notify,
                after,
                None if state.level.support_hours else later(state.detected, after),
                any(incident.has_told(who, site.as_of) for who in (tier.name, *tier.notify)),
                state.waited > after,
            )


def section_facts(site: Site, incident: Incident) -> dict[str, Any]:
    """Return what stands below the body of the record that tells an incident."""
    page = incident.document
    reviews = site.corpus.postmortems_of(incident)
    own = Postmortem(page, ())  # a live incident is no review yet, and may tell causes
    found = (causes_of(page, review, incident.title) for review in (*reviews, own))
    whole = text(incident.record, "major_incident")
    leading = site.corpus.incident_by_id.get(whole or "")
    return {
        "causes": next((causes for causes in found if causes is not None), None),
        "mitigations": list(_mitigations(page, incident.documents)),
        "updates": _sent_updates(site, incident),
        **_own_words(page),
        "whole": leading,
        "unknown_whole": whole if whole and leading is None else None,
        "siblings": [i for i in site.parts_of.get(whole or "", ()) if i.document is not page],
        "parts": [i for i in site.parts_of.get(incident.id or "", ()) if i.document is not page],
        "coordinator": text((leading or incident).record, "roles", "coordinator"),
        "recurrence": recurrence_of(incident, site.similarity),
        "missed": missed_prevention(incident, site.similarity),
        "similar": site.similarity.similar(incident),
        "article": _article(site, incident, reviews),
    }


def review_facts(review: Postmortem, effect: str) -> dict[str, Any]:
    """Return what stands below the body of a review whose incident has a record of its own."""
    page = review.document
    told = Incident(page, None)
    updates = () if is_in_body(page, "communications") else told.communications
    return {
        "causes": causes_of(page, review, effect),
        "mitigations": list(_mitigations(page, (page,))),
        "updates": sent_updates(updates),
        **_own_words(page),
    }


_FIRST = ("summary", "root_cause")
_LAST = ("resolution", "what_went_well", "what_went_poorly", "where_we_got_lucky", "lessons")


def _own_words(page: Document) -> dict[str, Any]:
    """Return what a record's front matter tells in sentences and lists of its own."""
    review = Postmortem(page, ())
    return {
        "opening": passages(page, *_FIRST),
        "learned": passages(page, *_LAST),
        "events": () if is_in_body(page, "timeline") else Incident(page, None).timeline,
        "taught": () if is_in_body(page, "runbook_updates") else review.runbook_updates,
    }


def _mitigations(
    page: Document, documents: Sequence[Document]
) -> Iterator[Mapping[str, str | None]]:
    names = ("action", "strategy", "rationale", "result", "approved_by", "rollback", "validation")
    for document in documents:
        if document is page and is_in_body(document, "mitigations"):
            continue
        for _, entry in mappings(document.record, "mitigations"):
            found = {name: text(entry, name) for name in names}
            if found["action"] or found["strategy"]:
                yield found


def _sent_updates(site: Site, incident: Incident) -> list[SentUpdate]:
    if not incident.communications or is_in_body(incident.document, "communications"):
        return []
    kept = site.response_by_path[incident.document.path].cadence
    late = {gap.until for gap in kept.gaps if kept.every is not None and gap.counted > kept.every}
    return sent_updates(incident.communications, late)


def _article(site: Site, incident: Incident, reviews: list[Postmortem]) -> Article | None:
    """Return the article of a closed incident; None where its own record, which its page shows, says all of it."""
    if incident.status != "closed":
        return None
    for review in reviews:
        cause, resolution = review.root_cause, text(review.record, "resolution")
        keywords = texts(review.record, "keywords")
        if review.document is not incident.document and (cause or resolution or keywords):
            items = site.corpus.action_items_of(review)
            return Article(
                review,
                keywords,
                text(incident.record, "impact", "summary")
                or text(incident.record, "impact")
                or incident.title,
                _first_paragraph(cause),
                _first_paragraph(resolution),
                tuple(item for item in items if item.is_preventive),
            )
    return None


def _first_paragraph(value: str | None) -> str | None:
    return value.strip().split("\n\n", 1)[0] if value else None
