"""What a monitoring system sends when something is wrong: webhooks of Alertmanager and PagerDuty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.patterns import regex
from mkdocs_incident.policy.presets import SUGGESTED_FROM
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.source.times import in_utc, parse_instant
from mkdocs_incident.wording import clip, joined, listed, slug

_URL = regex(r"https?://[^\s\"'<>\\^`{|}\x00-\x1f]+")
_RANKS = (
    ("critical", "page", "emergency", "disaster", "fatal"),
    ("error", "major", "high"),
    ("warning", "warn", "minor", "medium", "average"),
    ("info", "informational", "information", "notice", "low"),
)
"""Words of alert labels for the levels of a scheme of three or four, gravest first; the words are
those of Prometheus' and Zabbix' rule sets, the ranks ours."""
_LINKS = (
    ("dashboardURL", "Dashboard"), ("panelURL", "Panel"),  # Grafana's
    ("dashboard_url", "Dashboard"), ("dashboard", "Dashboard"),
)  # fmt: skip
_HIGHEST_YEAR = 9998


class PayloadError(Exception):
    """A payload that no incident can be read from."""


class Link(msgspec.Struct, frozen=True):
    """Where a monitoring system shows more."""

    title: str
    url: str


class Alerted(msgspec.Struct, frozen=True):
    """What a payload says of an incident; nothing else is known."""

    source: str
    """``Alertmanager`` or ``PagerDuty``."""
    title: str | None
    severity: str | None
    """A level of the policy."""
    severity_reason: str | None
    alerts: tuple[str, ...]
    services: tuple[str, ...]
    started_at: datetime
    """When the first alert fired; in UTC, to the minute."""
    events: tuple[tuple[datetime, str], ...]
    """What belongs into the timeline, in order of time."""
    links: tuple[Link, ...]
    runbook_links: tuple[Link, ...] = ()


def read_payload(content: str, corpus: Corpus) -> Alerted:
    """Return what a webhook's body says, in the words of the repository's policy.

    Raises:
        PayloadError: it is no JSON, comes from nobody known, or nothing fires in it.
    """
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"it is no JSON: {clip(error, 100)}") from None
    if isinstance(payload, dict):
        if isinstance(payload.get("alerts"), list) and "version" in payload:
            return _alertmanager(payload, corpus)
        if isinstance(payload.get("event"), dict):
            return _pagerduty(payload["event"], corpus)
        seen = f"has the keys {listed(list(payload))}" if payload else "is empty"
    else:
        seen = "is no mapping"
    raise PayloadError(
        f"it is neither a webhook of Alertmanager (version 4) nor one of PagerDuty (V3): it {seen}"
    )


# ---------------------------------------------------------------------------------------------
# Alertmanager, https://prometheus.io/docs/alerting/latest/configuration/#webhook_config


class _Alert(msgspec.Struct, frozen=True):
    name: str
    at: datetime
    labels: dict[str, Any]
    annotations: dict[str, Any]
    entry: dict[str, Any]

    @property
    def summary(self) -> str | None:
        return text(self.annotations, "summary") or text(self.annotations, "description")


def _alertmanager(payload: dict[str, Any], corpus: Corpus) -> Alerted:
    alerts = sorted(_firing(payload), key=lambda alert: (alert.at, alert.name))
    if not alerts:
        raise PayloadError("no alert with a name and a time fires in it")
    names = tuple(dict.fromkeys(alert.name for alert in alerts))
    labels = [alert.labels for alert in alerts]
    severity, label, word = _gravest(labels, corpus)
    reason = f"As the alert's label says: {label} is {word}" if severity else None
    links = [
        Link(title, url)
        for alert in alerts
        for title, written in (
            (f"Query of {alert.name}", alert.entry.get("generatorURL")),
            *((f"{title} of {alert.name}", alert.entry.get(key)) for key, title in _LINKS),
            *((f"{title} of {alert.name}", alert.annotations.get(key)) for key, title in _LINKS),
        )
        if (url := _safe_url(written)) is not None
    ]
    if (url := _safe_url(payload.get("externalURL"))) is not None:
        links.append(Link("Alertmanager", url))
    return Alerted(
        source="Alertmanager",
        title=_alert_title(payload, alerts, names),
        severity=severity,
        severity_reason=reason,
        alerts=names,
        services=_services(corpus, names, [text(one, "service") for one in labels]),
        started_at=alerts[0].at,
        events=tuple(dict.fromkeys((alert.at, _event(alert)) for alert in alerts)),
        links=_distinct(links),
        runbook_links=_distinct(
            Link(f"Runbook of {alert.name}", url)
            for alert in alerts
            if (url := _safe_url(alert.annotations.get("runbook_url"))) is not None
        ),
    )


def _firing(payload: dict[str, Any]) -> Iterator[_Alert]:
    for _, entry in mappings(payload, "alerts"):
        labels, annotations = entry.get("labels"), entry.get("annotations")
        at, name = _instant(entry.get("startsAt")), text(labels, "alertname")
        if entry.get("status") != "resolved" and at is not None and name is not None:
            annotations = annotations if isinstance(annotations, dict) else {}
            yield _Alert(" ".join(name.split()), at, labels or {}, annotations, entry)


def _alert_title(
    payload: dict[str, Any], alerts: list[_Alert], names: tuple[str, ...]
) -> str | None:
    common = text(payload, "commonAnnotations", "summary")
    summaries = {alert.summary for alert in alerts}
    told = common or (summaries.pop() if len(summaries) == 1 else None)
    if told is None:
        fires = "fires" if len(names) == 1 else "fire"
        told = f"{joined(names[:3])}{' and more' if len(names) > 3 else ''} {fires}"
    return " ".join(told.split())


def _event(alert: _Alert) -> str:
    summary = f": {alert.summary}" if alert.summary else ""
    return " ".join(f"Alert `{alert.name.replace('`', '')}` fires{summary}".split())


def _gravest(labels: Iterable[dict[str, Any]], corpus: Corpus) -> tuple[str | None, str, str]:
    """Return the gravest level that labels name, and which label names it in which word."""
    order = [level.name for level in corpus.policy.levels]
    found = [
        (level, label, word)
        for one in labels
        for label in ("severity", "priority")
        if (word := text(one, label)) and (level := _level(word, corpus))
    ]
    return min(found, key=lambda entry: order.index(entry[0]), default=(None, "", ""))


def _level(word: str, corpus: Corpus) -> str | None:
    """Return the level of the policy that a word means: its own name, else the rank of the word."""
    names = [level.name for level in corpus.policy.levels]
    bare = {_bare(name): name for name in names}
    if _bare(word) in bare:
        return bare[_bare(word)]
    if len(names) not in SUGGESTED_FROM:
        return None
    rank = next((i for i, words in enumerate(_RANKS) if word.strip().lower() in words), None)
    return names[min(rank, len(names) - 1)] if rank is not None else None


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()


# ---------------------------------------------------------------------------------------------
# PagerDuty, https://developer.pagerduty.com/docs/webhooks-overview (V3)


def _pagerduty(event: dict[str, Any], corpus: Corpus) -> Alerted:
    incident = event.get("data")
    kind = text(event, "event_type") or "no `event_type`"
    if not isinstance(incident, dict) or text(incident, "type") != "incident":
        raise PayloadError(f"PagerDuty's event is `{clip(kind)}`, expected one about an incident")
    if text(incident, "status") == "resolved":
        raise PayloadError("PagerDuty's incident is resolved already")
    at = _instant(incident.get("created_at")) or _instant(event.get("occurred_at"))
    if at is None:
        raise PayloadError("PagerDuty's event has no `created_at`")
    title = " ".join((text(incident, "title") or "").split())
    alerts = tuple(name for name in _known_alerts(corpus) if _names(title, name))
    priority = text(incident, "priority", "summary")
    severity = _level(priority, corpus) if priority else None
    page = _safe_url(incident.get("html_url"))
    number = incident.get("number")
    named = f"PagerDuty incident {number}" if isinstance(number, int) else "PagerDuty incident"
    return Alerted(
        source="PagerDuty",
        title=title or None,
        severity=severity,
        severity_reason=f"As PagerDuty's priority says: {priority}" if severity else None,
        alerts=alerts,
        services=_services(corpus, alerts, [text(incident, "service", "summary")]),
        started_at=at,
        events=((at, f"PagerDuty raises an incident{f': {title}' if title else ''}"),),
        links=(Link(named, page),) if page else (),
    )


def _known_alerts(corpus: Corpus) -> list[str]:
    names = [name for service in corpus.policy.services for name in service.alerts]
    return list(dict.fromkeys([*names, *(alert.name for alert in corpus.alert_rules)]))


def _names(title: str, alert: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(alert)}(?!\w)", title) is not None


# ---------------------------------------------------------------------------------------------
# Both


def _services(
    corpus: Corpus, alerts: Iterable[str], named: Iterable[str | None]
) -> tuple[str, ...]:
    """Return the services of alerts by the policy, then those that a payload names itself.

    Where the policy lists services, a name that is not among them is none.
    """
    listed_services = corpus.policy.services
    known = {slug(service.name): service.name for service in listed_services}
    fired = set(alerts)
    found = [one.name for one in listed_services if fired & set(one.alerts)]
    for name in named:
        if name is not None:
            service = known.get(slug(name)) if known else " ".join(name.split())
            found += [service] if service else []
    return tuple(dict.fromkeys(found))


def _instant(value: object) -> datetime | None:
    """Return an instant in UTC, to the minute; Alertmanager writes ``0001-01-01`` for none."""
    moment = parse_instant(value)
    if moment is None or not 1970 <= moment.year <= _HIGHEST_YEAR:
        return None
    return in_utc(moment).replace(second=0, microsecond=0)


def _safe_url(value: object) -> str | None:
    return value if isinstance(value, str) and _URL.fullmatch(value) else None


def _distinct(links: Iterable[Link]) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link.url, link)
    return tuple(found.values())
