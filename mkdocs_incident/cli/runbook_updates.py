"""``mkdocs-incident runbook-updates``: what runbooks lack, and the patch that adds it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from mkdocs_incident.cli.repository import config_option, explain_policy_errors, find_policy
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.insights.runbook_updates import patch, runbook_updates
from mkdocs_incident.reporters.text import visible


@click.command("runbook-updates")
@click.option(
    "--patch", "as_patch", is_flag=True, help="Print the edits as one diff that `git apply` takes."
)
@config_option
@explain_policy_errors
def command(as_patch: bool, config: Path | None) -> None:  # noqa: FBT001 - a flag
    """List what incidents taught that no runbook says yet."""
    suggestions = runbook_updates(load_corpus(find_policy(config)))
    if as_patch:
        # bytes: line ends of the runbooks must reach git as they are
        click.echo(patch(suggestions).encode("utf-8", "surrogateescape"), nl=False)
        return
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
        f"\n{len(suggestions)} update{'s' * (len(suggestions) != 1)} for {runbooks} "
        f"runbook{'s' * (runbooks != 1)}; `mkdocs-incident runbook-updates --patch | git apply` writes them"
    )
