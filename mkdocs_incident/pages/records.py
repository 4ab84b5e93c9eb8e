"""Record pages: facts above the body, actions and backlinks below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from secrets import token_hex
from typing import Any

import msgspec
from markupsafe import Markup

from mkdocs_incident.diagnostic import Diagnostic
from mkdocs_incident.insights.channels import channel_of
from mkdocs_incident.insights.deadlines import PostmortemDeadline, postmortem_deadline
from mkdocs_incident.insights.directory import CATEGORIES
from mkdocs_incident.insights.recurrence import declared_earlier
from mkdocs_incident.insights.runbooks import RunbookState
from mkdocs_incident.language import marked
from mkdocs_incident.pages.backlinks import Backlink
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.front_matter import (
    Step,
    front_matter_of,
    is_in_body,
    passages,
    steps_of,
)
from mkdocs_incident.pages.incident_fields import impact_of, incident_fields
from mkdocs_incident.pages.incident_sections import (
    response_facts,
    review_facts,
    section_facts,
)
from mkdocs_incident.pages.markup import phrase, sanitised
from mkdocs_incident.pages.postmortems import waiting_for
from mkdocs_incident.pages.runbook_updates import anchor
from mkdocs_incident.pages.site import Site, gravest
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Incident, MitigationPlan, PlanAction, Postmortem
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.times import in_utc, parse_instant
from mkdocs_incident.source.title import KINDS
from mkdocs_incident.waiving import Waived

PAGE_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "hide": list,
    "search": dict,
    "icon": str,
    "subtitle": str,
    "description": str,
    "social": dict,
    "comments": bool,
    "image": str,
    "revision_date": (str, date),
    "tags": list,
}
"""Keys of front matter that themes read, with the type they rely on."""

_AFTER_ID = regex(r"\s*[:\u2013\u2014-]\s*")
_HEADING = regex(r"\s*<h1\b(?P<attributes>[^>]*)>(?P<content>.*?)</h1>", re.DOTALL)


_PLAN_SECTIONS = ("risks", "risk_of_inaction", "verification", "rollback")
"""What a plan's page tells below the body, unless the body does."""

RISKS = (marked("critical"), marked("high"), marked("medium"), marked("low"))
"""Levels of risk, the gravest first."""


class Horizon(msgspec.Struct, frozen=True):
    """What a plan wants to reach now, soon or for good."""

    name: str
    goal: str | None
    actions: tuple[PlanAction, ...]
    criteria: tuple[str, ...]
    """By what success is known."""

    @property
    def done(self) -> int:
        """How many actions are done."""
        return sum(action.done for action in self.actions)


class RecordPage(msgspec.Struct, frozen=True):
    """A record with what stands around its body."""

    document: Document
    findings: Sequence[Diagnostic] = ()
    """To show on the page; empty where the site shows none."""
    waived: Sequence[Waived] = ()
    """Findings that the team lives with: shown always."""
    backlinks: Sequence[Backlink] = msgspec.field(default_factory=tuple)


def page_title(document: Document) -> str:
    """Return the title for tabs, search and lists, as plain text."""
    title = text(document.record, "title") or document.path.rpartition("/")[2]
    ident = text(document.record, "id")
    if document.kind == "incident" and ident and ident not in title:
        return f"{ident}: {title}"
    return title


def page_meta(document: Document, tags: Sequence[str] | None = None) -> dict[str, Any]:
    """Return what the site generator may know of a record's front matter.

    Themes put these values into pages unescaped and rely on their types; everything else that a
    record says (``template``, for one) is none of their business.

    Args:
        document: The record.
        tags: What it is listed under instead of its own tags. They are not shown by the theme, since
            the page says these facts itself.
    """
    meta = {
        key: _escaped(document.record[key])
        for key, kind in PAGE_KEYS.items()
        if isinstance(document.record.get(key), kind)
    }
    for key in ("hide", "tags"):
        if key in meta and not all(isinstance(entry, str) for entry in meta[key]):
            del meta[key]
    if tags is not None:
        meta["tags"] = [escape(tag) for tag in tags]
        meta["hide"] = [*meta.get("hide", []), "tags"]
    return {**meta, "title": escape(page_title(document))}


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, list):
        return [_escaped(entry) for entry in value]
    if isinstance(value, dict):
        return {_escaped(key): _escaped(entry) for key, entry in value.items()}
    return value


TEMPLATE = "incident/record.html"
"""What a record's page is drawn with."""
PARTS = tuple(f"incident/{kind}{end}.html" for kind in KINDS for end in ("", "_chips"))
"""What it includes by the kind of the record."""

# Nobody who writes a record can know them, and so put a second body into an attribute.
_HEADING_PLACE, _BODY_PLACE = (
    Markup(f"[{token_hex(16)}]"),  # noqa: S704 - of digits and letters
    Markup(f"[{token_hex(16)}]"),  # noqa: S704 - likewise
)


def draw_around(site: Site, url: Url, page: RecordPage) -> str:
    """Return a record's page without its body: facts, actions, what links here.

    The body may not be rendered yet; `with_body` puts it in where a template prints it, as ours do. A template of
    the project's own may do anything else with it, and needs `draw_with_body`.
    """
    return _draw(site, url, page, _HEADING_PLACE, _BODY_PLACE)


def with_body(drawn: str, body: str, document: Document) -> str:
    """Return a page that `draw_around` drew with the record's rendered body, made safe, in it."""
    heading, rest = _split_heading(sanitised(body), document)
    return drawn.replace(_HEADING_PLACE, heading).replace(_BODY_PLACE, rest)


def draw_with_body(site: Site, url: Url, page: RecordPage, body: str) -> str:
    """Return a record's page with its rendered body, made safe."""
    heading, rest = _split_heading(sanitised(body), page.document)
    return _draw(site, url, page, Markup(heading), Markup(rest))  # noqa: S704 - sanitised


def _draw(site: Site, url: Url, page: RecordPage, heading: Markup, body: Markup) -> str:
    document = page.document
    return site.render(
        "record.html",
        url,
        document=document,
        kind=document.kind if document.is_record else "unreadable",
        heading=heading,
        body=body,
        actions=site.actions_of(*_promising(site, document)) if document.is_record else [],
        findings=sorted(page.findings, key=lambda finding: (-finding.level, finding.sort_key)),
        waived=page.waived,
        backlinks=page.backlinks,
        cause_categories=[c for c in site.causes_of(document) if c in CATEGORIES],
        tags=texts(document.record, "tags"),
        **_facts(site, document),
    )


def _promising(site: Site, document: Document) -> list[Document]:
    """Return the records whose actions a page lists: its own and, of an incident, all that tell what follows."""
    incident = site.corpus.incident_by_path.get(document.path)
    others: list[Postmortem | MitigationPlan] = []
    if incident is not None:
        others = [*site.corpus.postmortems_of(incident), *site.corpus.plans_of(incident)]
    found = [document, *(record.document for record in others)]
    return list({one.path: one for one in found}.values())


def _split_heading(html: str, document: Document) -> tuple[str, str]:
    """Take the first heading off a body, so that the facts can stand around it.

    The id stands beside it, so it is not repeated in it.
    """
    match = _HEADING.match(html)
    ident = text(document.record, "id")
    if match is None:
        title = text(document.record, "title") or document.path.rpartition("/")[2]
        return f"<h1>{phrase(title)}</h1>", html
    content = match["content"]
    if ident and content.lstrip().startswith(ident):
        rest = content.lstrip().removeprefix(ident)
        after = _AFTER_ID.match(rest)
        content = (rest[after.end() :] if after is not None else "") or content
    return f"<h1{match['attributes']}>{content}</h1>", html[match.end() :]


def _facts(site: Site, document: Document) -> dict[str, Any]:
    if not document.is_record:
        return {}
    find = {
        "incident": _incident_facts,
        "postmortem": _postmortem_facts,
        "mitigation-plan": _plan_facts,
        "runbook": _runbook_facts,
    }
    return find[document.kind](site, document)


def _incident_facts(site: Site, document: Document) -> dict[str, Any]:
    incident = site.corpus.incident_by_path[document.path]
    deadline = postmortem_deadline(site.corpus, incident)
    reviews = site.corpus.postmortems_of(incident)
    return {
        "incident": incident,
        "lasted": incident.lasted,
        **incident_fields(site, document.record, has_sections=True),
        "repeated": [earlier.id for earlier in declared_earlier(site.corpus, incident)],
        "channel": channel_of(site.corpus, incident) if incident.is_live else None,
        "plans": site.corpus.plans_of(incident),
        "reviews": reviews,
        "deadline": deadline,
        "waiting": waiting_for(site, deadline) if deadline and not deadline.is_met else None,
        **response_facts(site, incident),
        **section_facts(site, incident),
    }


def _postmortem_facts(site: Site, document: Document) -> dict[str, Any]:
    unlinked = Postmortem(document, texts(document.record, "incidents"))
    review = site.corpus.review_by_path.get(document.path, unlinked)
    incidents = tuple(site.corpus.incidents_of(review))
    ids = {incident.id for incident in incidents}
    pending = site.suggestions_by_review.get(document.path, [])
    deadlines = [d for i in incidents if (d := postmortem_deadline(site.corpus, i)) is not None]
    spans = [i.lasted for i in incidents if i.lasted is not None]
    known = [(d.due_at, d) for d in deadlines if d.due_at is not None and _answers(review, d)]
    _, due = min(known, key=lambda pair: pair[0], default=(None, None))
    return {
        "review": review,
        "incidents": incidents,
        "unknown_incidents": [ident for ident in review.incident_ids if ident not in ids],
        "severity": gravest(site, incidents),
        "began": min((i.began for i in incidents if i.began), default=None),
        "lasted": max(spans, default=None),
        "authors": texts(document.record, "authors"),
        "waiting": waiting_for(site, due) if due is not None else None,
        "pending": pending,
        "anchor": anchor,
        **_told_by(site, review, incidents),
    }


def _answers(review: Postmortem, deadline: PostmortemDeadline) -> bool:
    """Whether a review has a deadline to keep: none is left where another is final."""
    return not deadline.is_met or review.status == "final"


def _told_by(site: Site, review: Postmortem, incidents: Sequence[Incident]) -> dict[str, Any]:
    """Return what a review's page shows: all of the incident that it stands for, else what it tells itself."""
    own = site.corpus.incident_by_path.get(review.document.path)
    told = front_matter_of(review.document)
    fields = incident_fields(site, told, has_sections=own is not None)
    if own is not None:
        return {
            **fields,
            **response_facts(site, own),
            **section_facts(site, own),
            "impact": impact_of(own.record),
        }
    effect = incidents[0].title if len(incidents) == 1 else review.title
    return {**fields, **review_facts(review, effect)}


def _plan_facts(site: Site, document: Document) -> dict[str, Any]:
    unlinked = MitigationPlan(document, text(document.record, "incident"))
    plan = site.corpus.plan_by_path.get(document.path, unlinked)
    incident = site.corpus.incident_by_id.get(plan.incident_id or "")
    return {
        "plan": plan,
        "incident": incident,
        "severity": plan.severity or (incident.severity if incident else None),
        "horizons": list(_horizons(plan)),
        "risks": _risk_levels(plan),
        "told_below": [name for name in _PLAN_SECTIONS if not is_in_body(document, name)],
        "successor": site.corpus.plan_by_path.get(plan.successor or ""),
        "author": text(document.record, "author"),
        "dates": [
            (name, at)
            for name in (marked("created"), marked("updated"), marked("executed"))
            if (at := _instant(document.record.get(f"{name}_at"))) is not None
        ],
        "risk_level": risk_level,
        "instant": _instant,
        "steps_of": _steps,
        "risk_in_words": _risk_in_words,
        "front": front_matter_of(document),
        "passages": passages(document, "root_cause"),
    }


def _instant(written: object) -> datetime | None:
    """Return the moment that a text is, in UTC; None of one in words."""
    at = parse_instant(written)
    return in_utc(at) if at is not None else None


def _steps(action: PlanAction) -> list[Step]:
    """Return what an action says beside its title, if the body does not, and the line below the title neither."""
    facts = dict(action.facts)
    if action.due is None and not action.done:
        facts.pop("eta", None)
    return list(steps_of(action.document, action.route, facts))


def _risk_in_words(action: PlanAction) -> str | None:
    """Return the risk of an action, unless the body says it, or it is no more than its level, which has a mark."""
    written = action.facts.get("risk")
    is_level = (written or "").casefold() in RISKS
    return None if is_level or is_in_body(action.document, *action.route) else written


def _horizons(plan: MitigationPlan) -> Iterator[Horizon]:
    """Yield the horizons that a plan says something about."""
    for name in ("immediate", "short-term", "long-term"):
        horizons = plan.record.get("horizons")
        written = horizons.get(name.replace("-", "_")) if isinstance(horizons, dict) else None
        actions = tuple(action for action in plan.actions if action.horizon == name)
        goal, criteria = text(written, "goal"), texts(written, "success_criteria")
        if actions or goal or criteria:
            yield Horizon(name, goal, actions, criteria)


def _risk_levels(plan: MitigationPlan) -> list[tuple[str, int]]:
    """Return how many risks of each level a plan names, the gravest first; None where it names none."""
    named = [text(entry, "risk") for _, entry in mappings(plan.record, "risks")]
    levels = [risk_level(named_risk) for named_risk in named if named_risk]
    return [(level, levels.count(level)) for level in RISKS if level in levels]


def risk_level(written: str | None) -> str | None:
    """Return the level that a risk begins with, such as ``medium`` of ``Medium (may page twice)``."""
    first = re.match(r"\w+", written or "")
    level = first[0].casefold() if first is not None else None
    return level if level in RISKS else None


def _runbook_facts(site: Site, document: Document) -> dict[str, Any]:
    state = site.runbooks[document.path]
    incidents = site.corpus.incident_by_id
    return {
        "state": state,
        "runbook": state.runbook,
        "learned": [(ident, incidents.get(ident)) for ident in state.runbook.learned_from],
        "anchor": anchor(document.path),
        "verdicts": _verdicts(state),
        "telling": {incident.document.path for incident, _ in state.recorded},
        "passages": passages(document, "escalation"),
    }


def _verdicts(state: RunbookState) -> list[tuple[str, int]]:
    """Return how often those who used a runbook came to each verdict, the most frequent first."""
    return Counter(
        use.verdict or marked("verdict not recorded") for _, use in state.uses
    ).most_common()
