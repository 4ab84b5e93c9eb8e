"""``mkdocs-incident log``: a line more in an incident's timeline."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mkdocs_incident.cli.incident_argument import find_incident, incident_argument
from mkdocs_incident.cli.record_argument import change, dry_run_option
from mkdocs_incident.cli.repository import (
    Moment,
    config_option,
    explain_policy_errors,
    find_policy,
)
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.editing.timeline import add_event
from mkdocs_incident.source.milestones import MILESTONES


@click.command("log")
@incident_argument
@click.argument("text")
@click.option(
    "--at",
    type=Moment(),
    metavar="WHEN",
    help="When it happened, such as 2025-10-01T14:23Z; default: now.",
)
@click.option(
    "--milestone",
    type=click.Choice(["started", *MILESTONES]),
    help="The step of the response that it marks.",
)
@dry_run_option
@config_option
@explain_policy_errors
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    ident: str,
    text: str,
    at: datetime | None,
    milestone: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Add a line to the timeline of INC, in the shape that it has already.

    The entry goes where its time belongs, in the timeline's own time zone. Everything else in the
    file stays byte for byte.
    """
    corpus = load_corpus(find_policy(config))
    holder = corpus.timeline_holder(find_incident(corpus, ident))
    when = at or datetime.now(UTC)
    change(
        corpus,
        holder.document.path,
        lambda record: add_event(record, when, text, milestone=milestone),
        dry_run=dry_run,
    )
