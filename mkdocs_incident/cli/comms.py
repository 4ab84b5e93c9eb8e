"""``mkdocs-incident comms``: texts for those who want to know, and who should have been told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import click

from mkdocs_incident.authoring.rendering import prompts_in
from mkdocs_incident.authoring.reviews import INVITED, review_of
from mkdocs_incident.authoring.silence import not_judged, words_due
from mkdocs_incident.authoring.updates import (
    AUDIENCES,
    EXTERNAL,
    Said,
    Text,
    exposed,
    update_text,
)
from mkdocs_incident.cli.incident_argument import find_incident
from mkdocs_incident.cli.moments import TypedMoment, moment_at, refuse_past
from mkdocs_incident.cli.new_file import refusals
from mkdocs_incident.cli.options import Moment, config_option
from mkdocs_incident.cli.record_argument import change, dry_run_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_repository
from mkdocs_incident.cli.written import WrittenText, refuse_unwritable
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.editing.front_matter import append_entry
from mkdocs_incident.editing.timeline import timeline_zone
from mkdocs_incident.editing.yaml_text import Scalar
from mkdocs_incident.insights.cadence import has_ended
from mkdocs_incident.records import Incident
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.source.durations import exact_duration
from mkdocs_incident.wording import clip, counted, listed, moment


class _Span(click.ParamType[timedelta]):
    """A span of time given on the command line."""

    name = "span"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the span, which is longer than nothing."""
        if isinstance(value, timedelta):
            return value
        found = exact_duration(str(value))
        if not found:
            self.fail(f"`{clip(value)}` is no span of time such as 45 min", param, ctx)
        return found


@click.command("comms")
@click.argument("ident", metavar="[INC]", required=False)
@click.option(
    "--audience",
    type=click.Choice([*AUDIENCES, INVITED]),
    default="stakeholders",
    show_default=True,
    help="Who it is for.",
)
@click.option(
    "--at",
    type=Moment(),
    metavar="WHEN",
    help="When it is sent, default: now; of the review, when people meet.",
)
@click.option(
    "--happened",
    type=WrittenText(),
    metavar="TEXT",
    help="What happened, in other words than the record's.",
)
@click.option(
    "--impact",
    type=WrittenText(),
    metavar="TEXT",
    help="Whom it hits, in other words than the record's.",
)
@click.option(
    "--done",
    type=WrittenText(),
    metavar="TEXT",
    multiple=True,
    help="What was done, beside the record's.",
)
@click.option(
    "--doing", type=WrittenText(), metavar="TEXT", multiple=True, help="What is being done now."
)
@click.option("--eta", type=WrittenText(), metavar="TEXT", help="When service is expected back.")
@click.option("--needed", type=WrittenText(), metavar="TEXT", help="What management is asked for.")
@click.option(
    "--next-update",
    "next_update",
    type=TypedMoment(),
    metavar="WHEN",
    help="When the next one comes: 15:30, 22:05 CET or 2025-10-01T14:23Z; without a zone in the timeline's own, else in UTC; "
    "default: as the level asks for.",
)
@click.option(
    "--text",
    "source",
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="FILE",
    help="The text as it is sent, in place of the template's; `-` reads standard input.",
)
@click.option("--record", is_flag=True, help="Add it to `communications` of the record.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it there instead of printing it.",
)
@click.option(
    "--duration", type=_Span(), default="60 min", show_default=True, help="Of the review."
)
@click.option(
    "--mail-domain",
    metavar="NAME",
    help="Where each handle has a mailbox of its name, for the invitation.",
)
@click.option("--due", is_flag=True, help="List who should have been told by now.")
@click.option(
    "--as-of", type=Moment(), metavar="WHEN", help="The moment to judge by; default: now."
)
@dry_run_option
@config_option
@explain_policy_errors
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    ident: str | None,
    audience: str,
    at: datetime | None,
    happened: str | None,
    impact: str | None,
    done: tuple[str, ...],
    doing: tuple[str, ...],
    eta: str | None,
    needed: str | None,
    next_update: str | None,
    source: TextIO | None,
    record: bool,  # noqa: FBT001 - a flag
    output: Path | None,
    duration: timedelta,
    mail_domain: str | None,
    due: bool,  # noqa: FBT001
    as_of: datetime | None,
    dry_run: bool,  # noqa: FBT001
    config: Path | None,
) -> None:
    """Write an update on INC, or the invitation to its review.

    What its record does not say is marked `[… so]`, and is said by an option. The status page and
    customers are told nothing internal. With `--due`, exit status 1 if somebody should have been told.
    """
    corpus = load_corpus(find_repository(config))
    now = as_of or datetime.now(UTC)
    if due:
        if ident is not None:
            raise click.UsageError("`--due` speaks of all open incidents; name none")
        _list_due(corpus, now)
        return
    if ident is None:
        raise click.UsageError("Name an incident, or ask who should have been told with `--due`")
    if dry_run and not record:
        raise click.UsageError("`--dry-run` goes with `--record`")
    incident = find_incident(corpus, ident)
    entry: Mapping[str, Scalar]
    with refusals():
        if audience == INVITED:
            begins = at.replace(second=0, microsecond=0) if at is not None else None
            written, entry = _invitation(corpus, incident, begins, duration, mail_domain, now)
        else:
            sent_at = (at or now).replace(second=0, microsecond=0)
            next_update_at = None
            if next_update is not None:
                zone = timeline_zone(corpus.timeline_holder(incident).document)
                next_update_at = moment_at("--next-update", next_update, sent_at, zone, "next")
                refuse_past("--next-update", next_update_at, sent_at)
            said = Said(happened, impact, done, doing, eta, needed, next_update_at)
            update = update_text(corpus, incident, audience, sent_at, said)
            if source is not None:
                update = _replaced(update, source.read().removeprefix("\ufeff"))
            _check(corpus, incident, update, record=record)
            written, entry = update.text, update.entry
    _give(written, output)
    if record:
        click.echo(err=True)
        path = incident.document.path
        change(
            corpus,
            path,
            lambda text: append_entry(text, "communications", entry),
            dry_run=dry_run,
            err=True,
        )


def _replaced(update: Text, written: str) -> Text:
    if not written.strip():
        raise click.UsageError("`--text` is empty: nothing was told")
    refuse_unwritable("--text", written)
    text = written.strip("\r\n") + "\n"
    return Text(
        update.audience, update.number, update.at, update.status, text, update.next_update_at
    )


def _check(corpus: Corpus, incident: Incident, update: Text, *, record: bool) -> None:
    """Refuse a text that must not be sent, and to record one that nobody has finished.

    Raises:
        SystemExit: status 1.
    """
    if update.audience == "resolution" and not has_ended(incident, update.at):
        click.echo(
            visible(
                f"{incident.id} is {incident.status}, a resolution is told when it is resolved"
            ),
            err=True,
        )
        raise SystemExit(1)
    told = exposed(corpus, incident, update.text) if update.audience in EXTERNAL else []
    if told:
        click.echo(
            visible(f"The text for `{update.audience}` tells what is internal: {listed(told)}"),
            err=True,
        )
        click.echo(
            "  hint: say it in other words with `--happened`, `--impact` and the like", err=True
        )
        raise SystemExit(1)
    left = prompts_in(update.text)
    if record and left:
        click.echo(
            visible(f"Nothing is recorded, {counted(len(left), 'place')} to be filled in:"),
            err=True,
        )
        for prompt in left:
            click.echo(visible(f"  {prompt}"), err=True)
        click.echo(
            "  hint: say it with `--impact`, `--done`, `--doing`, `--eta`, or give the text sent with `--text`",
            err=True,
        )
        raise SystemExit(1)


def _invitation(  # noqa: PLR0913, PLR0917 - what an invitation is made of
    corpus: Corpus,
    incident: Incident,
    at: datetime | None,
    lasts: timedelta,
    mail_domain: str | None,
    now: datetime,
) -> tuple[str, Mapping[str, Scalar]]:
    """Return the invitation to the review, and what is recorded of it.

    Raises:
        click.UsageError: nobody says when people meet.
    """
    # Imported here: no other text needs the library.
    from mkdocs_incident.ical import Meeting, invitation  # noqa: PLC0415

    review = review_of(corpus, incident)
    begins = at or review.begins
    if begins is None:
        raise click.UsageError(
            "No record says when the review is: give `--at`, or set `review_meeting_at` in the postmortem"
        )
    meeting = Meeting(
        identity=review.identity,
        sequence=review.sent,
        title=review.title,
        text=review.text,
        begins=begins,
        lasts=lasts,
        organizer=review.organizer,
        attendees=review.people,
        mail_domain=mail_domain,
    )
    sent_at = now.replace(second=0, microsecond=0)
    text = f"{review.title}, on {moment(begins)}"
    return invitation(meeting, now), {
        "at": sent_at,
        "audience": INVITED,
        "status": incident.status,
        "text": text,
    }


def _give(written: str, output: Path | None) -> None:
    """Print a text, or write it to a file; line ends are the text's own."""
    if output is None:
        # bytes: a calendar's line ends are CRLF everywhere
        click.echo("".join(map(_shown, written.splitlines(keepends=True))).encode(), nl=False)
        return
    try:
        # A file that is there may be a record; what is no file, such as /dev/stdout, holds nothing.
        with output.open("xb" if not output.exists() or output.is_file() else "wb") as file:
            file.write(written.encode())
    except FileExistsError:
        raise click.UsageError(
            f"`{output}` is there already, and nothing is written over: remove it, or name another"
        ) from None
    except OSError as error:
        raise click.UsageError(f"`{output}` can't be written: {error.strerror}") from None
    click.echo(visible(f"{output}: written"))


def _shown(line: str) -> str:
    text = line.rstrip("\r\n")
    return visible(text) + line[len(text) :]


def _list_due(corpus: Corpus, as_of: datetime) -> None:
    """List who should have been told.

    Raises:
        SystemExit: status 1; somebody should have been.
    """
    for incident in not_judged(corpus, as_of):
        name = incident.id or incident.document.path
        click.echo(visible(f"note: {name} tells no level or no time of detection"), err=True)
    found = words_due(corpus, as_of)
    for due in found:
        name = due.incident.id or due.incident.document.path
        click.echo(visible(f"{name} {due.audience}: {due.why}"))
    if found:
        raise SystemExit(1)
    click.echo(f"Everybody was told as of {moment(as_of)}")
