"""Alerts of Prometheus rule files: their names, and the runbook that each links to."""

from __future__ import annotations

import glob
import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.document import ReadOptions, oversized
from mkdocs_incident.source.front_matter import Positions, Route, read_mapping
from mkdocs_incident.source.text import SourceText, decode

_TEMPLATED = regex(r"\{[{%]")
_TYPES: dict[type, str] = {
    str: "text",
    list: "a list",
    dict: "a mapping",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "empty",
}


class AlertRule(msgspec.Struct, frozen=True):
    """An alerting rule, as the rule file states it."""

    name: str
    location: Location
    """Where the name stands."""
    runbook_url: str | None = None
    url_location: Location | None = None
    """Where the URL stands; None without one."""


class AlertRuleFile(msgspec.Struct, frozen=True):
    """A rule file, as read."""

    source: SourceText
    alerts: tuple[AlertRule, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether `alerts` are all that the file defines, under the names that they will have."""
        return not self.findings and not any(is_templated(alert.name) for alert in self.alerts)


def is_templated(text: str) -> bool:
    """Return whether a text holds what Prometheus, Helm or Jinja fill in later."""
    return _TEMPLATED.search(text) is not None


def matching_files(root: Path, pattern: str) -> list[str]:
    """Return the files that a path or glob means, relative to `root`, sorted."""
    found = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207 - Path.glob raises on `**x`
    return sorted({posixpath.normpath(path) for path in found if os.path.isfile(root / path)})  # noqa: PTH113 - never raises


def read_alert_rules(path: str, content: bytes, options: ReadOptions) -> AlertRuleFile:
    """Read a rule file, or a Kubernetes `PrometheusRule` that holds one under `spec`.

    What can't be read is in `findings`, never raised. A file without `groups` has no alerts.
    """
    source = oversized(path, content, options, "Split the file") or decode(path, content)
    if isinstance(source, Finding):
        return AlertRuleFile(SourceText(path, ""), findings=(source,))
    data, positions, findings = read_mapping(source)
    if data is None:
        return AlertRuleFile(source, findings=tuple(findings))
    alerts = tuple(_Reader(positions, findings).alerts(data))
    return AlertRuleFile(source, alerts, tuple(findings))


class _Reader(msgspec.Struct):
    """Walks groups and rules; what has another type than Prometheus asks for is a finding."""

    positions: Positions
    findings: list[Finding]

    def alerts(self, data: dict[str, Any]) -> Iterator[AlertRule]:
        if "groups" in data:
            holder, route = data, Route()
        else:
            holder, route = self.value(data, "spec", (), dict) or {}, ("spec",)
        for group_route, group in self.mappings(holder, "groups", route):
            for rule_route, rule in self.mappings(group, "rules", group_route):
                alert = self.alert(rule, rule_route)
                if alert is not None:
                    yield alert

    def alert(self, rule: Mapping[str, Any], route: Route) -> AlertRule | None:
        name = self.value(rule, "alert", route, str)
        if name is None:
            return None
        annotations = self.value(rule, "annotations", route, dict) or {}
        here = (*route, "annotations")
        url = self.value(annotations, "runbook_url", here, str)
        places = self.positions.values
        return AlertRule(
            name, places[*route, "alert"], url, places[*here, "runbook_url"] if url else None
        )

    def mappings(
        self, holder: Mapping[str, Any], name: str, route: Route
    ) -> Iterator[tuple[Route, dict[str, Any]]]:
        for i, entry in enumerate(self.value(holder, name, route, list) or ()):
            here = (*route, name, i)
            if isinstance(entry, dict):
                yield here, entry
            else:
                self.report(here, f"An entry of `{name}`", entry, dict)

    def value(self, holder: Mapping[str, Any], name: str, route: Route, wanted: type) -> Any:
        """Return a value of the type that is wanted; None where it is absent, empty or another."""
        found = holder.get(name)
        if found is not None and not isinstance(found, wanted):
            self.report((*route, name), f"`{name}`", found, wanted)
            return None
        return found or None

    def report(self, route: Route, thing: str, found: object, wanted: type) -> None:
        self.findings.append(
            Finding(
                self.positions.values[route],
                f"{thing} is {_TYPES[type(found)]}, expected {_TYPES[wanted]}",
                "Write it as Prometheus reads it; `promtool check rules` tells all that it asks for",
                rule="wrong-type",
            )
        )
