"""``mkdocs-incident rules``: the list of all rules."""

from __future__ import annotations

import json

import click

from mkdocs_incident.cli.options import format_option
from mkdocs_incident.policy import PROFILES
from mkdocs_incident.rules import RULES


@click.command("rules")
@format_option("text", "json", what="the list is")
def command(output: str) -> None:
    """List all rules with code, level in each profile, and what decides them.

    The text decides what an edit mends, the clock what the passing of time does.
    """
    if output == "json":
        rules = [
            {"code": rule.code, "name": rule.name, "levels": rule.levels, "kind": rule.kind.value,
             "options": rule.options, "summary": rule.summary}
            for rule in RULES
        ]  # fmt: skip
        click.echo(json.dumps(rules, indent=2, ensure_ascii=False))
        return
    head = ("code", "name", *PROFILES, "judges", "finds")
    rows = [
        head,
        *((r.code, r.name, *r.levels.values(), r.kind.value, r.summary) for r in RULES),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]))
