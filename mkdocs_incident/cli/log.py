"""``mkdocs-incident log``: a line more in an incident's timeline."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from mkdocs_incident.cli.incident_argument import find_incident, incident_argument
from mkdocs_incident.cli.moments import TypedMoment, moment_at, names_only_a_clock, refuse_future
from mkdocs_incident.cli.options import config_option
from mkdocs_incident.cli.record_argument import change, dry_run_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.cli.written import TextCommand, WrittenText
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.editing.timeline import add_event, timeline_zone
from mkdocs_incident.records import Incident
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.source.milestones import MILESTONES
from mkdocs_incident.source.times import in_utc, parse_instant
from mkdocs_incident.wording import clip

_LATER = timedelta(hours=12)
"""So long after the last entry of what is over a clock means another day than today; the number is ours."""


@click.command("log", cls=TextCommand)
@incident_argument
@click.argument("text", type=WrittenText())
@click.option(
    "--at",
    type=TypedMoment(),
    metavar="WHEN",
    help="When it happened: 14:05, 22:05 CET or 2025-10-01T14:23Z; without a zone in the timeline's own, "
    "else in UTC; default: now.",
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
    at: str | None,
    milestone: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Add a line to the timeline of INC, in the shape that it has already.

    The entry goes where its time belongs, in the timeline's own time zone. Everything else in the
    file stays byte for byte.
    """
    corpus = load_corpus(find_policy(config))
    incident = find_incident(corpus, ident)
    holder = corpus.timeline_holder(incident)
    now = datetime.now(UTC)
    when = moment_at("--at", at or "now", now, timeline_zone(holder.document), "past")
    refuse_future("--at", when, now)
    if at is not None and names_only_a_clock(at):
        _refuse_another_day(incident, at, when)
    told: list[str] = []

    def add(record: RecordText) -> RecordText:
        edited = add_event(record, when, text, milestone=milestone)
        told[:] = [name for name in _told_by_words(record, edited) if name != milestone]
        return edited

    written = change(corpus, holder.document.path, add, dry_run=dry_run)
    for name in told:
        click.echo(f"  read as: {name.replace('_', ' ')}")
    counting = written.document.milestones.get(milestone or "")
    if counting is not None and not _is_at(counting.at, when):
        teller = "another entry" if counting.told_by != "field" else f"`{counting.route[0]}`"
        click.echo(
            visible(f"note: {milestone} counts at {counting.at}, as {teller} says"), err=True
        )
    if "resolved" in told and incident.is_live:
        click.echo(
            visible(
                f"note: {incident.id} is still {incident.status}; when it is over, "
                f"`mkdocs-incident set {incident.id} {_status_field(incident)} resolved` says so"
            ),
            err=True,
        )


def _refuse_another_day(incident: Incident, clock: str, when: datetime) -> None:
    """Refuse to take a clock of an incident that is long over for one of today.

    Raises:
        click.UsageError: with the day that was meant, most likely.
    """
    fields = (parse_instant(incident.record.get(f"{name}_at")) for name in ("started", *MILESTONES))
    moments = [in_utc(at) for at in fields if at is not None]
    moments += [event.in_utc for event in incident.timeline if event.in_utc is not None]
    if incident.is_live or not moments or when - max(moments) <= _LATER:
        return
    day = f"{max(moments):%Y-%m-%d}"
    raise click.UsageError(
        f"`--at` names no day, and the last that is known of {incident.id} is of {day}: "
        f'write it, such as `--at "{day} {clip(clock)}"`'
    )


def _is_at(written: str, when: datetime) -> bool:
    """Whether an entry's time is that of the new one; entries may be written without seconds."""
    at = parse_instant(written)
    moment = when.replace(microsecond=0)
    return at is not None and in_utc(at) in {moment, moment.replace(second=0)}


def _status_field(incident: Incident) -> str:
    return "incident_status" if incident.is_postmortem else "status"


def _told_by_words(before: RecordText, after: RecordText) -> list[str]:
    """Return the milestones that more entries tell by their words than before."""

    def tellings(record: RecordText) -> Counter[str]:
        return Counter(
            name
            for name, first in record.document.milestones.items()
            for telling in (first, *first.others)
            if telling.told_by == "words"
        )

    return list(tellings(after) - tellings(before))
