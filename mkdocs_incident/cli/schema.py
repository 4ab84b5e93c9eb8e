"""``mkdocs-incident schema``: a schema for editors and other validators."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mkdocs_incident.cli.options import config_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.schema.bundling import SCHEMAS, bundled


@click.command("schema")
@click.argument("kind", type=click.Choice(SCHEMAS))
@config_option
@explain_policy_errors
def command(kind: str, config: Path | None) -> None:
    """Print the JSON Schema of KIND, complete in itself, with the policy's levels and fields."""
    policy = find_policy(config)
    levels = [level.name for level in policy.levels]
    schema = bundled(kind, levels, policy.fields.get(kind))
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
