"""``mkdocs-incident set``: one value of a record, changed in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mkdocs_incident.cli.record_argument import change, dry_run_option, find_document
from mkdocs_incident.cli.repository import config_option, explain_policy_errors, find_policy
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.editing.front_matter import set_value
from mkdocs_incident.source.front_matter import read_mapping
from mkdocs_incident.source.text import decode


@click.command("set")
@click.argument("record", metavar="FILE_OR_ID")
@click.argument("field")
@click.argument("value")
@dry_run_option
@config_option
@explain_policy_errors
def command(
    record: str,
    field: str,
    value: str,
    dry_run: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Change one FIELD of a record to VALUE; comments, order, quoting and line ends stay.

    FILE_OR_ID is the id of an incident or a runbook, or the file of any record. A field below
    another one is named by a path, and an entry of a list by its number or by a field of its own:
    `impact/users_affected`, `action_items[id=AI-2]/status`. VALUE is read as YAML: `mitigating`,
    `1200`, `true`, `[payments-api, checkout]`.
    """
    corpus = load_corpus(find_policy(config))
    document = find_document(corpus, record)
    wanted = _value(value)
    change(corpus, document.path, lambda text: set_value(text, field, wanted), dry_run=dry_run)


def _value(text: str) -> Any:
    """Return what a value means in YAML; what is none is a text."""
    source = decode("", f"value: {text}\n".encode())
    if isinstance(source, Finding):
        return text
    data, _, findings = read_mapping(source)
    if data is None or findings or set(data) != {"value"} or data["value"] is None:
        return text
    return data["value"]
