"""``mkdocs-incident runbook-updates``: what runbooks lack, the patch that adds it, and adding it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from mkdocs_incident.cli.incident_argument import find_incident, incident_argument
from mkdocs_incident.cli.options import config_option
from mkdocs_incident.cli.record_argument import refuse
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy, find_repository
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.editing.record_text import EditError
from mkdocs_incident.editing.writing import create_file, write_atomically
from mkdocs_incident.insights.runbook_drafts import draft_runbook, new_path
from mkdocs_incident.insights.runbook_patch import edited_runbooks, patch
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.insights.runbook_updates import runbook_updates
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.wording import counted, listed, slug


@click.group("runbook-updates", invoke_without_command=True)
@click.option(
    "--patch",
    "as_patch",
    is_flag=True,
    help="Print the edits as one diff, which `git apply` takes in the repository's folder.",
)
@click.option("--apply", "applied", is_flag=True, help="Write the edits into the runbooks.")
@config_option
@click.pass_context
@explain_policy_errors
def command(
    context: click.Context,
    as_patch: bool,  # noqa: FBT001 - a flag
    applied: bool,  # noqa: FBT001
    config: Path | None,
) -> None:
    """List what incidents taught that no runbook says yet."""
    if context.invoked_subcommand is not None:
        return
    corpus = load_corpus(find_repository(config))
    suggestions = runbook_updates(corpus)
    if as_patch:
        # bytes: line ends of the runbooks must reach git as they are
        click.echo(patch(suggestions).encode("utf-8", "surrogateescape"), nl=False)
    elif applied:
        _apply(corpus, suggestions)
    else:
        _list(suggestions)


def _list(suggestions: list[Suggestion]) -> None:
    if not suggestions:
        click.echo("Every runbook says what the incidents taught")
        return
    for path, group in groupby(suggestions, key=lambda suggestion: suggestion.path):
        entries = list(group)
        click.echo(visible(path) + ("" if entries[0].runbook else " (new)"))
        for entry in entries:
            place = entry.location
            click.echo(visible(f"  {entry.headline}"))
            click.echo(visible(f"    {place.path}:{place.line}:{place.column}"))
            for line in entry.taught:
                click.echo(visible(f"    - {' '.join(line.split())}"))
    runbooks = len({suggestion.path for suggestion in suggestions})
    click.echo(
        f"\n{counted(len(suggestions), 'update')} for {counted(runbooks, 'runbook')}; "
        "`mkdocs-incident runbook-updates --apply` writes them, `--patch` shows them first"
    )


def _apply(corpus: Corpus, suggestions: list[Suggestion]) -> None:
    """Write each runbook by itself: one that can't be written keeps no other from being so."""
    failed = 0
    for path, (old, new) in edited_runbooks(suggestions).items():
        before, after = (text.encode("utf-8", "surrogateescape") for text in (old, new))
        try:
            if old:
                write_atomically(corpus.policy.root, path, before, after)
            else:
                create_file(corpus.policy.root, path, after)
        except FileExistsError:
            failed += 1
            click.echo(visible(f"{path}: somebody else wrote it meanwhile"), err=True)
        except EditError as error:
            failed += 1
            click.echo(visible(f"{path}: {error.message}"), err=True)
            click.echo(visible(f"  hint: {error.hint}"), err=True)
        else:
            click.echo(visible(f"{path}: {'updated' if old else 'written'}"))
    if not suggestions:
        click.echo("Every runbook says what the incidents taught")
    if failed:
        raise SystemExit(1)
    if suggestions:
        click.echo("\nRead the changes, correct what is not true, and commit them")


@command.command("draft")
@incident_argument
@click.option(
    "--for",
    "subject",
    metavar="NAME",
    help="The service or alert that it is for; default: the incident's only service.",
)
@config_option
@explain_policy_errors
def draft(ident: str, subject: str | None, config: Path | None) -> None:
    """Write a new runbook from what INC says: its alerts, cause, mitigations and prevention."""
    corpus = load_corpus(find_policy(config))
    incident = find_incident(corpus, ident)
    known = [*incident.services, *incident.alerts]
    if subject is None:
        if len(incident.services) != 1:
            raise click.UsageError(
                f"`{ident}` has {counted(len(incident.services), 'service')}; say with `--for` what "
                f"the runbook is for{f', such as {listed(known)}' if known else ''}"
            )
        subject = incident.services[0]
    known_as = corpus.runbook_by_id.get(f"RB-{slug(subject)}")
    if known_as is not None:
        raise click.UsageError(
            f"`{known_as.id}` exists, in {known_as.document.path}; `runbook-updates --apply` writes "
            "into it, and `--for` names another service or alert"
        )
    path = new_path(corpus, subject)
    try:
        create_file(corpus.policy.root, path, draft_runbook(corpus, subject, incident).encode())
    except FileExistsError:
        raise click.UsageError(f"`{path}` exists. Edit that file, or move it first") from None
    except EditError as error:
        refuse(error)
    click.echo(visible(f"{path}: written; correct what is not true, and name its `owner`"))
