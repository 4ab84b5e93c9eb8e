"""Texts for those who want to know how an incident stands, from what its record says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from mkdocs_incident.authoring.places import id_form
from mkdocs_incident.authoring.rendering import prompts_in, render
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.editing.yaml_text import Scalar
from mkdocs_incident.insights.cadence import has_ended
from mkdocs_incident.insights.channels import channel_of
from mkdocs_incident.insights.deadlines import postmortem_deadline
from mkdocs_incident.insights.root_cause import known_cause
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Incident
from mkdocs_incident.records.communications import speaks_of
from mkdocs_incident.records.values import LIVE, mappings, text, texts
from mkdocs_incident.source.times import later

AUDIENCES = ("team", "stakeholders", "status-page", "management", "executive", "customer", "resolution")  # fmt: skip
"""Who a text is for; ``resolution`` tells stakeholders that it is over."""
EXTERNAL = ("status-page", "customer")
"""Audiences outside of the company: nothing internal is told to them."""

_RECORDED = {"resolution": "stakeholders"}
_PUBLIC = {
    "detected": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "mitigating": "investigating",
    "monitoring": "monitoring",
}
"""What status pages call the states of a response; the others are ``resolved``. Who mitigates need not
know the cause: that is ``identified`` once the record says that it was found."""
_HANDLE = regex(r"(?<![\w.@])@[A-Za-z][\w.-]*")
_CHANNEL = regex(r"(?<![\w&/#])#[A-Za-z][\w-]+")
_RECORD_ID = regex(r"\b(?:RB-[\w-]*\w|AI-\d+)\b")
_CODE = regex(r"`[^`\n]+`")
_ADDRESS = regex(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_SENTENCE = regex(r"(?<=[.!?])\s+")
_LEAST_WORDS = 4
"""So many words of a cause are told again only on purpose; the number is ours."""


class Said(msgspec.Struct, frozen=True):
    """What a person says beside the record; None leaves it to the record."""

    happened: str | None = None
    impact: str | None = None
    done: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()
    eta: str | None = None
    needed: str | None = None
    next_update_at: datetime | None = None


class Text(msgspec.Struct, frozen=True):
    """An update before it is sent."""

    audience: str
    number: int
    at: datetime
    status: str
    """As the audience is told."""
    text: str
    next_update_at: datetime | None

    @property
    def prompts(self) -> list[str]:
        """What the record does not say, and somebody must."""
        return prompts_in(self.text)

    @property
    def entry(self) -> dict[str, Scalar]:
        """The update as `communications` records it."""
        entry: dict[str, Scalar] = {
            "at": self.at,
            "audience": _RECORDED.get(self.audience, self.audience),
            "status": self.status,
            "text": self.text.rstrip("\n"),
        }
        if self.next_update_at is not None:
            entry["next_update_at"] = self.next_update_at
        return entry


def update_text(
    corpus: Corpus, incident: Incident, audience: str, at: datetime, said: Said | None = None
) -> Text:
    """Return the text that an audience is sent at a moment, which is in UTC and to the minute.

    Raises:
        EditError: the project's own template is wrong.
    """
    facts = _facts(corpus, incident, audience, at, said or Said())
    return Text(
        audience=audience,
        number=facts["number"],
        at=at,
        status="resolved" if audience == "resolution" else facts["status"],
        text=render(corpus.policy, f"comms/{audience}.txt", facts),
        next_update_at=facts["next_update_at"],
    )


def _facts(
    corpus: Corpus, incident: Incident, audience: str, at: datetime, said: Said
) -> dict[str, Any]:
    """Return what templates may use; of the outside, only what may leave the company."""
    is_over = has_ended(incident, at)
    level = corpus.policy.level(incident.severity)
    every = level.update_every if level is not None else None
    planned = later(at, every) if every is not None else None
    began, ended = incident.first_known, incident.ended
    is_known = began is not None and began <= at
    facts: dict[str, Any] = {
        "number": len(incident.communications) + 1,
        "at": at,
        "is_over": is_over,
        "since_word": "began" if incident.start is not None else "was noticed",
        "began": began if is_known else None,
        "elapsed": at - began if began is not None and is_known and not is_over else None,
        "resolved_at": ended if is_over else None,
        "duration": ended - began if is_over and ended and began and began <= ended else None,
        "next_update_at": said.next_update_at or (None if is_over else planned),
    }
    if audience in EXTERNAL:
        return facts | _public_facts(corpus, incident, audience, at, said, is_over=is_over)
    return facts | _internal_facts(corpus, incident, said, is_over=is_over)


def _public_facts(  # noqa: PLR0913 - what one text is made of
    corpus: Corpus, incident: Incident, audience: str, at: datetime, said: Said, *, is_over: bool
) -> dict[str, Any]:
    # A title often names the cause; whom it hits is written for those whom it hits.
    summary = text(incident.record, "impact", "summary")
    is_fit = summary is not None and not exposed(corpus, incident, summary)
    status = "resolved" if is_over else _PUBLIC.get(incident.status, "investigating")
    is_found = known_cause(corpus, incident) is not None or incident.milestone("identified", at)
    if incident.status == "mitigating" and status == "investigating" and is_found:
        status = "identified"
    sent = [u for u in incident.communications if speaks_of(u.audience or "", audience)]
    return {
        "number": len(sent) + 1,
        "status": status,
        "is_working": incident.status in {"identified", "mitigating"},
        "happened": said.happened or (summary if is_fit else None),
        "impact": said.impact,
        "done": list(said.done),
        "doing": list(said.doing),
        "needed": said.needed,
    }


def _internal_facts(
    corpus: Corpus, incident: Incident, said: Said, *, is_over: bool
) -> dict[str, Any]:
    cause = known_cause(corpus, incident)
    deadline = postmortem_deadline(corpus, incident)
    done, doing = _steps(corpus, incident)
    etas = (
        text(p.record, "summary", "eta") for p in corpus.plans_of(incident) if p.status == "active"
    )
    status = "resolved" if is_over and incident.status in LIVE else incident.status
    return {
        "id": incident.id,
        "title": incident.title,
        "severity": incident.severity,
        "services": incident.services,
        "status": status,
        "happened": said.happened or text(incident.record, "summary") or incident.title,
        "impact": said.impact or _impact(incident),
        "cause": cause.words if cause is not None else None,
        "cause_in_short": _SENTENCE.split(cause.words.strip())[0] if cause is not None else None,
        "done": [*done, *said.done],
        "doing": [*said.doing, *([] if is_over else doing)],
        "needed": said.needed,
        "eta": said.eta or next((eta for eta in etas if eta is not None), None),
        "commander": incident.commander,
        "channel": channel_of(corpus, incident),
        "public_since": min(
            (at for at in incident.told_at("status page") if at is not None), default=None
        ),
        "postmortem_due_at": deadline.due_at if deadline is not None else None,
    }


def _impact(incident: Incident) -> str | None:
    """Return whom it hits, in words and numbers; None where nobody wrote that."""
    impact = incident.record.get("impact")
    parts = [text(impact, "summary")]
    users, percent, failed = (
        impact.get(name) if isinstance(impact, dict) else None
        for name in ("users_affected", "users_affected_percent", "requests_failed")
    )
    if _is_number(users):
        share = f" ({percent:g} %)" if _is_number(percent) else ""
        parts.append(f"{users:,} users affected{share}")
    elif _is_number(percent):
        parts.append(f"{percent:g} % of users affected")
    parts.append(f"{failed:,} requests failed" if _is_number(failed) else None)
    said = [" ".join(part.split()) for part in parts if part]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in said) or None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _steps(corpus: Corpus, incident: Incident) -> tuple[list[str], list[str]]:
    """Return what was done and what is being done: by mitigations, and by the active plan's boxes."""
    done = [
        " — ".join(part for part in (what, text(entry, "result")) if part)
        for _, entry in mappings(incident.record, "mitigations")
        if (what := text(entry, "action"))
    ]
    known = {_plain(text(e, "action") or "") for _, e in mappings(incident.record, "mitigations")}
    actions = [
        action
        for plan in corpus.plans_of(incident)
        if plan.status == "active"
        for action in plan.actions
        if action.title and action.horizon != "long-term" and _plain(action.title) not in known
    ]
    done += [action.title for action in actions if action.done]
    return done, [action.title for action in actions if not action.done]


# ---------------------------------------------------------------------------------------------
# What stays inside


def exposed(corpus: Corpus, incident: Incident, words: str) -> list[str]:
    """Return what a text tells that must not leave the company, each once, in its order.

    That is handles, channels, ids of records, names of levels, alerts, people and those services and
    systems that no ordinary word is (``payments-api``), addresses, code, and sentences of the cause.
    """
    found = [
        (match.start(), match[0])
        for pattern in (_HANDLE, _CHANNEL, _RECORD_ID, _CODE, _ADDRESS)
        for match in pattern.finditer(words)
    ]
    folded = words.casefold()
    for name in _names(corpus, incident):
        if name.casefold() not in folded:
            continue
        pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
        found += [(match.start(), match[0]) for match in pattern.finditer(words)]
    prefix = re.escape(id_form(corpus).prefix)
    ids = re.compile(rf"\b{prefix}(?:\d{{4}}-)?\d+", re.IGNORECASE)
    found += [(match.start(), match[0]) for match in ids.finditer(words)]
    told = f" {_plain(words)} "
    plans = (plan.document for plan in corpus.plans_of(incident))
    for document in (*corpus.records_about(incident), *plans):
        for sentence in _SENTENCE.split(text(document.record, "root_cause") or ""):
            plain = _plain(sentence)
            if len(plain.split()) >= _LEAST_WORDS and f" {plain} " in told:
                found.append((len(words), " ".join(sentence.split())))
    return list(dict.fromkeys(name for _, name in sorted(found)))


def _plain(words: str) -> str:
    """Return words as they are compared: without letter case, marks and line breaks."""
    return " ".join(re.findall(r"\w+", words.casefold()))


def _names(corpus: Corpus, incident: Incident) -> set[str]:
    policy, record = corpus.policy, incident.record
    names = {*incident.alerts, *_people(corpus, incident)}
    names |= {alert for service in policy.services for alert in service.alerts}
    names |= {alert.name for alert in corpus.alert_rules}
    names |= set(corpus.incident_by_id) | set(corpus.runbook_by_id)
    technical = {*incident.services, *texts(record, "affected_systems")}
    technical |= {service.name for service in policy.services}
    technical |= {level.name for level in policy.levels}
    return names | {name for name in technical if re.search(r"[^A-Za-z\s]", name)}


def _people(corpus: Corpus, incident: Incident) -> Iterator[str]:
    for person in corpus.policy.people:
        yield person.handle.removeprefix("@")
        if person.name:
            yield person.name
    yield from (team.removeprefix("@") for team in corpus.policy.teams)
    roles = incident.record.get("roles")
    named = [incident.commander, *texts(incident.record, "responders")]
    named += [text(roles, role) for role in roles] if isinstance(roles, dict) else []
    yield from (name.removeprefix("@") for name in named if name and len(name) > 2)
