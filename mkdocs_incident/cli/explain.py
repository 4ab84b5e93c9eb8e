"""``mkdocs-incident explain``: a rule's documentation."""

from __future__ import annotations

import click

from mkdocs_incident.check import unknown_words
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.rules import RULES


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Say what RULE (a name or a code) asks for, why, and how to mend it."""
    for known in RULES:
        if rule in {known.name, known.code} or rule.upper() == known.code:
            click.echo(f"{known.name} ({known.code}), judges the {known.kind.value}")
            levels = ", ".join(f"{profile}: {level}" for profile, level in known.levels.items())
            click.echo(f"Level by profile: {levels}")
            if known.options:
                click.echo(f"Set in {CONFIG_NAME}: {', '.join(known.options)}")
            click.echo(f"\n{known.documentation}")
            return
    near = next((near for _, near in unknown_words([rule]) if near), "")
    hint = f"; did you mean `{near}`?" if near else "; `mkdocs-incident rules` lists all rules"
    raise click.UsageError(f"`{rule}` names no rule{hint}")
