"""``mkdocs-incident actions``: what was promised, by whom, until when; and that it is done."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.cli.options import Moment, config_option, format_option
from mkdocs_incident.cli.record_argument import change, dry_run_option
from mkdocs_incident.cli.repository import (
    explain_policy_errors,
    find_policy,
    find_repository,
    read_corpus,
)
from mkdocs_incident.cli.written import TextCommand
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.editing.action_items import STATES, actions_named, set_action_status
from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.insights.actions import TrackedAction, tracked_actions
from mkdocs_incident.insights.directory import handles
from mkdocs_incident.insights.markdown_text import inline, link
from mkdocs_incident.insights.markdown_text import table as markdown_table
from mkdocs_incident.policy.model import handle_key
from mkdocs_incident.records import ActionItem, PlanAction
from mkdocs_incident.reporters.json import dumps
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.wording import clip, counted, listed, words

_FORMATS = ("table", "json", "csv", "markdown", "ics")
_COLUMNS = ("id", "title", "owner", "due", "overdue_days", "status", "horizon", "type", "incidents", "services", "path", "line")  # fmt: skip
_WIDEST = 60


@click.group("actions", invoke_without_command=True)
@click.option("--owner", metavar="HANDLE", help="Only what HANDLE owns.")
@click.option("--service", metavar="NAME", help="Only what incidents of this service led to.")
@click.option("--incident", metavar="INC", help="Only what this incident led to.")
@click.option(
    "--status",
    "states",
    type=click.Choice([*STATES, "all"]),
    multiple=True,
    help="Only in this state, or `all`; default: those that are open.",
)
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option(
    "--due-before",
    type=Moment(),
    metavar="DAY",
    help="Only what is due before this day, or has no due date.",
)
@click.option("--as-of", type=Moment(), metavar="WHEN", help="The day to judge by; default: today.")
@format_option(*_FORMATS, what="actions are")
@config_option
@click.pass_context
@explain_policy_errors
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    context: click.Context,
    owner: str | None,
    service: str | None,
    incident: str | None,
    states: tuple[str, ...],
    overdue: bool,  # noqa: FBT001 - a flag
    due_before: datetime | None,
    as_of: datetime | None,
    output: str,
    config: Path | None,
) -> None:
    """List action items and long-term actions of plans, or mark one as done.

    Without a command it lists what is open, the most overdue first.
    """
    if context.invoked_subcommand is not None:
        return
    moment = as_of or datetime.now(UTC)
    before = due_before.date() if due_before is not None else None
    corpus = read_corpus(find_repository(config))
    found = [
        action
        for action in tracked_actions(corpus, moment.date())
        if _is_wanted(action, states, overdue=overdue, before=before)
        and (owner is None or handle_key(owner) in map(handle_key, handles(action.owner)))
        and (service is None or service in action.services)
        and (incident is None or incident in [one.id for one in action.incidents])
    ]
    click.echo(_PRINTED[output](found, moment), nl=False)


def _is_wanted(
    action: TrackedAction, states: Sequence[str], *, overdue: bool, before: date | None
) -> bool:
    is_asked = action.is_open if not states else "all" in states or action.status in states
    is_near = before is None or action.due is None or action.due < before
    return is_asked and is_near and (not overdue or action.overdue_days > 0)


def _row(action: TrackedAction) -> dict[str, Any]:
    return {
        "id": action.id,
        "title": action.title,
        "owner": action.owner,
        "due": action.due.isoformat() if action.due else None,
        "overdue_days": action.overdue_days,
        "status": action.status,
        "horizon": action.horizon,
        "type": action.type,
        "incidents": [incident.id for incident in action.incidents if incident.id],
        "services": list(action.services),
        "path": action.document.path,
        "line": action.location.line,
    }


def _as_table(actions: list[TrackedAction], moment: datetime) -> str:
    if not actions:
        return "No action items found\n"
    rows = [("DUE", "OWNER", "STATE", "ACTION", "WHERE")]
    for action in actions:
        named = [incident.id for incident in action.incidents if incident.id]
        rows.append(
            (
                f"{action.due or 'no due date'}{_late(action)}",
                action.owner or "nobody",
                words(action.status),
                clip(f"{action.id}: {action.title}" if action.id else action.title, _WIDEST),
                f"{', '.join(named) or action.document.path}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    late = sum(bool(action.overdue_days) for action in actions)
    summary = f"{counted(len(actions), 'action')}, {late or 'none'} overdue as of {moment:%Y-%m-%d}"
    return "\n".join([*map(visible, lines), "", summary]) + "\n"


def _late(action: TrackedAction) -> str:
    return f", {counted(action.overdue_days, 'day')} late" if action.overdue_days else ""


def _as_json(actions: list[TrackedAction], moment: datetime) -> str:
    return dumps({"as_of": moment.date().isoformat(), "actions": [_row(a) for a in actions]})


def _as_csv(actions: list[TrackedAction], _moment: datetime) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for action in actions:
        writer.writerow(map(_cell, _row(action).values()))
    return text.getvalue()


def _cell(value: Any) -> str:
    """Return a value as a spreadsheet may open it: what begins like a formula is text."""
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "\t", "\r")) else text


def _as_markdown(actions: list[TrackedAction], _moment: datetime) -> str:
    rows = [
        (
            link(action.document.path, action.id or action.title),
            inline(action.title) if action.id else "",
            action.owner or "nobody",
            f"{action.due or 'none'}{_late(action)}",
            words(action.status),
        )
        for action in actions
    ]
    lines = markdown_table(["Action", "Title", "Owner", "Due", "State"], rows)
    return "\n".join(lines or ["No action item."]) + "\n"


def _as_calendar(actions: list[TrackedAction], moment: datetime) -> str:
    # Imported here: no other format needs the library.
    from mkdocs_incident.ical import due_calendar  # noqa: PLC0415
    from mkdocs_incident.insights.due import due_actions  # noqa: PLC0415

    return due_calendar("Action items", due_actions(actions), moment)


_PRINTED: dict[str, Callable[[list[TrackedAction], datetime], str]] = {
    "table": _as_table,
    "json": _as_json,
    "csv": _as_csv,
    "markdown": _as_markdown,
    "ics": _as_calendar,
}


@command.command("done", cls=TextCommand)
@click.argument("name", metavar="ACTION")
@click.option(
    "--status",
    type=click.Choice(STATES),
    default="done",
    show_default=True,
    help="The state that it is in now.",
)
@click.option("--on", type=Moment(), metavar="DAY", help="When it was done; default: today.")
@dry_run_option
@config_option
@explain_policy_errors
def done(
    name: str,
    status: str,
    on: datetime | None,
    dry_run: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Mark ACTION as done where it is written: in its task box, table or front matter.

    ACTION is its id (`INC-2025-0142/AI-2`, or `AI-2` where no other has it), the start of its title, or its
    place (`incidents/INC-2025-0142.md:17`).
    """
    if on is not None and status != "done":
        raise click.UsageError("`--on` says when it was done, and goes with `--status done`")
    corpus = load_corpus(find_policy(config))
    action = _only(corpus, name)
    day = (on or datetime.now(UTC)).date()

    def edit(record: RecordText) -> RecordText:
        return set_action_status(record, action.route, status, day)

    record = change(corpus, action.document.path, edit, dry_run=dry_run)
    if on is not None and not _tells_day(record, action, day):
        click.echo(
            f"note: the day {day} is not written: here is no place for it. An entry in the front matter "
            "and a table with a column for it keep one",
            err=True,
        )


def _tells_day(record: RecordText, action: ActionItem | PlanAction, day: date) -> bool:
    """Return whether a record tells the day on which an action was done."""
    told: Any = record.document.record
    for step in action.route:
        told = told[step]
    return bool(told.get("done_on") == day.isoformat())


def _only(corpus: Corpus, name: str) -> ActionItem | PlanAction:
    found = actions_named(corpus, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.UsageError(
            f"`{clip(name)}` is neither the id of an action here nor the start of a title. "
            "`mkdocs-incident actions --status all` lists them"
        )
    raise click.UsageError(
        f"`{clip(name)}` means {counted(len(found), 'action')}: {listed([_said(a) for a in found], 4)}. "
        "Write more of the title, the incident's id before it (`INC-2025-0142/…`), or the place: "
        f"`mkdocs-incident actions done {found[0].document.path}:{found[0].location.line}`"
    )


def _said(action: ActionItem | PlanAction) -> str:
    return f"{action.title} ({action.document.path}:{action.location.line})"
