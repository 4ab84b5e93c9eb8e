"""A new runbook, filled with what an incident says."""

from __future__ import annotations

import json
import os
from collections.abc import Collection

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.runbook_edits import listed_lines, one_line, rebased
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import mappings, text
from mkdocs_incident.wording import slug

_MOST = 1000
"""Runbooks of one name that are told apart by a number."""


class NewRunbooks:
    """Ids and files of runbooks that are still to be written: each its own, whatever its subject's slug."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._ids: dict[str, str] = {}
        self._paths: dict[str, str] = {}

    def of(self, subject: str) -> tuple[str, str]:
        """Return the id and the path of the new runbook for a service, an alert or a scenario."""
        if subject not in self._ids:
            base = f"RB-{slug(subject) or 'runbook'}"
            self._ids[subject] = next(
                ident
                for ident in (base, *(f"{base}-{n}" for n in range(2, _MOST)))
                if ident not in self._paths and ident not in self.corpus.runbook_by_id
            )
        return self.with_id(self._ids[subject])

    def with_id(self, ident: str) -> tuple[str, str]:
        """Return the id, and the path of the new runbook that has it."""
        if ident not in self._paths:
            taken = set(self._paths.values())
            self._paths[ident] = new_path(self.corpus, ident.removeprefix("RB-"), taken)
        return ident, self._paths[ident]


def draft_runbook(
    corpus: Corpus, subject: str, incident: Incident, as_name: tuple[str, str] | None = None
) -> str:
    """Return a new runbook for a service or an alert, filled with what the incident says.

    `as_name` is its id and its path.
    """
    record = incident.record
    reviews = corpus.postmortems_of(incident)
    ident, path = as_name or NewRunbooks(corpus).of(subject)
    here = incident.document.path
    learned = [incident.id] if incident.id else []
    summary = text(record, "impact", "summary") or ""
    mitigations = [
        " — ".join(part for part in (what, text(entry, "result")) if part)
        for _, entry in mappings(record, "mitigations")
        if (what := text(entry, "action") or text(entry, "strategy"))
    ]
    sections = {
        "symptoms": [
            *(f"Alert `{alert}` fires" for alert in incident.alerts),
            *(line for line in summary.split("\n") if line.strip()),
        ],
        "diagnosis": [
            rebased(review.root_cause, review.document.path, path)
            for review in reviews
            if review.root_cause
        ],
        "mitigation": [rebased(line, here, path) for line in mitigations],
        "escalation": [],
        "prevention": [
            rebased(item.title, item.document.path, path)
            for review in reviews
            for item in corpus.action_items_of(review)
            if item.is_preventive
        ],
    }
    parts = [front_matter(ident, subject, incident, learned)]
    for name, lines in sections.items():
        body = "\n".join(listed_lines(name, lines)) or "To be written."
        parts.append(f"## {name.capitalize()}\n\n{body}\n")
    return "\n".join(parts)


def front_matter(ident: str, title: str, incident: Incident | None, learned: list[str]) -> str:
    """Return front matter and title of a runbook draft."""
    lines = [
        "---",
        f"id: {ident}",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        "status: draft",
    ]
    if incident is not None and incident.services:
        services = [title] if title in incident.services else list(incident.services)
        lines.append(f"services: {json.dumps(services, ensure_ascii=False)}")
    if incident is not None and incident.alerts:
        lines.append(f"alerts: {json.dumps(list(incident.alerts), ensure_ascii=False)}")
    if learned:
        lines.append(f"learned_from: [{', '.join(learned)}]")
    return "\n".join([*lines, "---", "", f"# {one_line(title)}", ""])


def new_path(corpus: Corpus, subject: str, taken: Collection[str] = ()) -> str:
    """Return where a new runbook for `subject` would stand, a path that no file has nor gets."""
    sources = corpus.policy.sources
    folder = next((source for source in sources if "runbook" in source.lower()), "runbooks")
    names = (
        (slug(subject) or "runbook") + suffix
        for suffix in ("", *(f"-{n}" for n in range(2, _MOST)))
    )
    paths = (f"{folder}/{name}.md" for name in names)
    return next(
        path
        for path in paths
        if path not in taken and not os.path.lexists(corpus.policy.root / path)
    )
