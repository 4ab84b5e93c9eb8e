"""``mkdocs-incident severity``: the level that an incident's facts suggest."""

from __future__ import annotations

from pathlib import Path

import click

from mkdocs_incident.cli.incident_argument import find_incident, incident_argument
from mkdocs_incident.cli.options import config_option, format_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy, read_corpus
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.severity import SeveritySuggestion, suggested_severity
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.reporters.json import dumps
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.wording import clip, listed


@click.command("severity")
@incident_argument
@format_option("text", "json", what="the suggestion is")
@config_option
@explain_policy_errors
def command(ident: str, output: str, config: Path | None) -> None:
    """Say which severity the facts in the record of INC suggest, and why.

    Facts are the share and number of users affected, lost data, security, failed requests, money,
    and impact with urgency. The gravest vote wins; a milder level than the declared one needs all
    that could speak for it. Nothing is changed: people decide.
    """
    corpus = read_corpus(find_policy(config))
    incident = find_incident(corpus, ident)
    ident = incident.id or ident
    suggestion = suggested_severity(corpus, incident)
    if output == "json":
        click.echo(dumps(_as_json(ident, incident.document.path, suggestion)), nl=False)
        return
    lines = [f"{ident} is {_declared(suggestion)}", suggestion.why]
    lines += [f"  {vote.level}: {vote.why} [{vote.field}]" for vote in suggestion.votes]
    if suggestion.suggested and suggestion.helpful:
        lines.append(f"A graver one might follow from {listed(list(suggestion.helpful))}")
    if suggestion.agrees is False:
        lines.append(_difference(corpus, incident, suggestion))
    click.echo("\n".join(map(visible, lines)))


def _declared(suggestion: SeveritySuggestion) -> str:
    return f"declared {suggestion.declared}" if suggestion.declared else "not classified yet"


def _difference(corpus: Corpus, incident: Incident, suggestion: SeveritySuggestion) -> str:
    declared, suggested = suggestion.declared or "", suggestion.suggested or ""
    graver = corpus.policy.graver(declared, than=suggested)
    reason = text(incident.record, "severity_reason")
    told = f": {clip(reason, 200)}" if reason else ", and `severity_reason` does not say why"
    return f"{declared} is {'graver' if graver else 'less grave'} than that{told}"


def _as_json(ident: str, path: str, suggestion: SeveritySuggestion) -> dict[str, object]:
    return {
        "version": 1,
        "incident": ident,
        "path": path,
        "declared": suggestion.declared,
        "suggested": suggestion.suggested,
        "at_least": suggestion.at_least,
        "agrees": suggestion.agrees,
        "why": suggestion.why,
        "votes": [
            {"field": vote.field, "level": vote.level, "why": vote.why} for vote in suggestion.votes
        ],
        "helpful": list(suggestion.helpful),
        "missing": list(suggestion.missing),
    }
