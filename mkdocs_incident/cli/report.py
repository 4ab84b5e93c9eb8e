"""``mkdocs-incident report``: the closing report of one incident."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mkdocs_incident.cli.incident_argument import find_incident, incident_argument
from mkdocs_incident.cli.options import Moment, config_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy, read_corpus
from mkdocs_incident.insights.closing_report import closing_report
from mkdocs_incident.reporters.text import visible


@click.command("report")
@incident_argument
@click.option(
    "--as-of",
    type=Moment(),
    metavar="WHEN",
    help="Day (2025-10-01) or time (2025-10-01T12:00Z) that it tells of; default: now.",
)
@config_option
@explain_policy_errors
def command(ident: str, as_of: datetime | None, config: Path | None) -> None:
    """Print the closing report of INC in Markdown.

    It tells targets met and missed, how stakeholders were kept informed, the cause, mitigations and
    action items, where the records are, and what is still to be done. Of a live incident it tells
    how things stand.
    """
    corpus = read_corpus(find_policy(config))
    incident = find_incident(corpus, ident)
    lines = closing_report(corpus, incident, as_of or datetime.now(UTC))
    click.echo("\n".join(map(visible, lines)))
