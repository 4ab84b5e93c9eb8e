"""``mkdocs-incident rules``: the list of all rules."""

from __future__ import annotations

import json

import click

from mkdocs_incident.cli.repository import format_option
from mkdocs_incident.rules import RULES


@click.command("rules")
@format_option("text", "json", what="the list is")
def command(output: str) -> None:
    """List all rules with code, level and what decides them (the text or the clock)."""
    if output == "json":
        rules = [
            {"code": rule.code, "name": rule.name, "level": str(rule.level), "kind": rule.kind.value,
             "summary": rule.summary}
            for rule in RULES
        ]  # fmt: skip
        click.echo(json.dumps(rules, indent=2, ensure_ascii=False))
        return
    code = max(len(rule.code) for rule in RULES)
    name = max(len(rule.name) for rule in RULES)
    for rule in RULES:
        click.echo(
            f"{rule.code:<{code}}  {rule.name:<{name}}  {rule.level!s:<7}  {rule.kind.value:<5}  {rule.summary}"
        )
