"""``mkdocs-incident plan``: from an incident to its mitigation plan, and the plan's status."""

from __future__ import annotations

import posixpath
from datetime import UTC, datetime
from pathlib import Path

import click

from mkdocs_incident.authoring.drafts import plan_draft, plan_path
from mkdocs_incident.authoring.places import relative
from mkdocs_incident.authoring.rendering import prompts_in
from mkdocs_incident.cli.incident_argument import find_incident
from mkdocs_incident.cli.new_file import (
    edit_option,
    known_handle,
    open_in_editor,
    refusals,
    write_new,
)
from mkdocs_incident.cli.options import Moment, config_option
from mkdocs_incident.cli.record_argument import change, dry_run_option, find_document, known_id
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.cli.written import WrittenText
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.editing.front_matter import set_value
from mkdocs_incident.editing.record_text import RecordText
from mkdocs_incident.records import MitigationPlan
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.wording import clip, counted, listed

at_option = click.option(
    "--at",
    type=Moment(),
    metavar="WHEN",
    help="When it is so, such as 2025-10-01T14:23Z; default: now.",
)
author_option = click.option(
    "--author", type=WrittenText(), metavar="HANDLE", help="Who writes the plan."
)
another_option = click.option(
    "--another", is_flag=True, help="Write a plan although one is active, to supersede it."
)


@click.command("plan")
@click.argument("name", metavar="INC_OR_FILE")
@click.option(
    "--status",
    type=click.Choice(["executed", "superseded"]),
    help="Move the active plan to this state instead of writing one.",
)
@click.option("--by", "successor", metavar="FILE", help="The plan that supersedes it.")
@another_option
@author_option
@at_option
@edit_option
@dry_run_option
@config_option
@explain_policy_errors
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    name: str,
    status: str | None,
    successor: str | None,
    another: bool,  # noqa: FBT001 - a flag
    author: str | None,
    at: datetime | None,
    edit: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    config: Path | None,
) -> None:
    """Write the mitigation plan of an incident, or say what became of it.

    The plan has three horizons, risks and the way back; it holds the facts of the record, and prompts
    where somebody must decide. With `--status` the incident's active plan is changed in place; where
    there are several, name its file.
    """
    corpus = load_corpus(find_policy(config))
    moment = (at or datetime.now(UTC)).replace(second=0, microsecond=0)
    if status is None:
        if successor is not None or dry_run:
            raise click.UsageError("`--by` and `--dry-run` go with `--status`")
        write_plan(corpus, name, moment, author, another=another, edit=edit)
        return
    if (status == "superseded") != (successor is not None):
        raise click.UsageError("`--status superseded` and `--by FILE` go together")
    replacing = find_document(corpus, successor).path if successor is not None else None
    plan = _active_plan(corpus, name, replacing)
    path = plan.document.path
    left = prompts_in(plan.document.source.text) if status == "executed" else []
    if left:
        click.echo(
            visible(f"`{path}` is not executed, {counted(len(left), 'place')} to be filled in:"),
            err=True,
        )
        for prompt in left:
            click.echo(visible(f"  {prompt}"), err=True)
        click.echo("  hint: fill them in, or take out what was not needed", err=True)
        raise SystemExit(1)

    def moved(record: RecordText) -> RecordText:
        record = set_value(record, "status", status)
        if replacing is not None:
            record = set_value(record, "superseded_by", relative(replacing, path))
        elif "executed_at" in record.data or "executed_at" not in record.document.record:
            record = set_value(record, "executed_at", moment)
        is_in_body = "updated_at" in record.document.record and "updated_at" not in record.data
        return record if is_in_body else set_value(record, "updated_at", moment)

    change(corpus, path, moved, dry_run=dry_run)


def write_plan(  # noqa: PLR0913 - one argument an option
    corpus: Corpus, ident: str, at: datetime, author: str | None, *, another: bool, edit: bool
) -> None:
    """Write the plan of an incident.

    Raises:
        click.UsageError: the incident has no severity, or a plan that is active.
        SystemExit: status 1; the file can't be written.
    """
    incident = find_incident(corpus, ident)
    ident = incident.id or ident
    if author is not None:
        known_handle(corpus, "--author", author)
    if incident.severity is None:
        raise click.UsageError(
            f"`{ident}` has no severity, and a plan needs one. Set it with "
            f"`mkdocs-incident set {ident} severity …`"
        )
    active = [plan for plan in corpus.plans_of(incident) if plan.status == "active"]
    if active and not another:
        raise click.UsageError(
            f"`{ident}` has an active plan, {active[0].document.path}. Edit it, close it with "
            "`--status executed`, or write its successor with `--another`"
        )
    path = plan_path(corpus, incident)
    then = f"fill in the prompts; when it is done, `mkdocs-incident plan {ident} --status executed`"
    if active:
        then = f"fill it in, then `mkdocs-incident plan {ident} --status superseded --by {path}`"
    with refusals():
        write_new(corpus, plan_draft(corpus, incident, path, at, author), then)
    open_in_editor(corpus, path, wanted=edit)


def _active_plan(corpus: Corpus, name: str, successor: str | None) -> MitigationPlan:
    """Return the active plan that an incident's id or a plan's file means.

    Raises:
        click.UsageError: there is none, or more than one.
    """
    if known_id(name, corpus.incident_by_id) is None and posixpath.splitext(name)[1]:
        path = find_document(corpus, name).path
        plans = [plan for plan in corpus.plans if plan.document.path == path]
        if not plans:
            raise click.UsageError(f"`{clip(path)}` is no mitigation plan")
    else:
        plans = corpus.plans_of(find_incident(corpus, name))
    active = [p for p in plans if p.status == "active" and p.document.path != successor]
    if len(active) == 1:
        return active[0]
    if active:
        paths = listed([plan.document.path for plan in active])
        raise click.UsageError(
            f"`{name}` has {counted(len(active), 'active plan')}: {paths}. Name one"
        )
    states = f": {listed([f'{p.document.path} is {p.status}' for p in plans])}" if plans else ""
    raise click.UsageError(f"`{clip(name)}` has no active plan to change{states}")
