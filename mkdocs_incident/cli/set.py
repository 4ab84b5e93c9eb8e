"""``mkdocs-incident set``: one value of a record, changed in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.cli.moments import Day, meant
from mkdocs_incident.cli.options import config_option
from mkdocs_incident.cli.record_argument import (
    change,
    dry_run_option,
    find_document,
    known_id,
    refuse_unreadable,
)
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.cli.written import TextCommand, refuse_unwritable
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.editing.body_values import set_field
from mkdocs_incident.editing.timeline import timeline_zone
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.rules.references import references
from mkdocs_incident.source.canonical import level_meant
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import read_mapping
from mkdocs_incident.source.text import decode
from mkdocs_incident.source.times import parse_date, parse_instant
from mkdocs_incident.wording import clip


@click.command("set", cls=TextCommand)
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
    `1200`, `true`, `[payments-api, checkout]`. A value that stands behind a label in the body, such as
    `**Status:** resolved`, is changed there.
    """
    corpus = load_corpus(find_policy(config))
    document = find_document(corpus, record)
    wanted = _value(value)
    refuse_unwritable("FIELD", field)
    refuse_unwritable("VALUE", wanted)
    if isinstance(wanted, str):
        wanted = _meant(corpus, document, field, wanted)
    change(corpus, document.path, lambda text: set_field(text, field, wanted), dry_run=dry_run)
    was = document.record.get("id")
    if field == "id" and isinstance(was, str) and was != wanted:
        for place in _referring(corpus, document, was):
            click.echo(visible(f"note: {place} still names `{clip(was)}`"), err=True)


def _referring(corpus: Corpus, document: Document, ident: str) -> Iterator[str]:
    """Yield the place of each reference of other records to an id."""
    for other in corpus.records:
        for kind in ("incident", "runbook"):
            for route, named in references(other.record, kind):
                if named == ident and other is not document:
                    at = other.at(*route)
                    yield f"{at.path}:{at.line}:{at.column}"


def _meant(corpus: Corpus, document: Document, field: str, value: str) -> str:
    """Return a text as its field writes it: a level by its name, an instant in UTC.

    Raises:
        click.UsageError: it says nothing, or is an id that another record has.
    """
    if not value.strip():
        raise click.UsageError(
            f"VALUE is empty, which says nothing: take `{clip(field)}` out by hand"
        )
    if field == "severity":
        return level_meant(value, corpus.policy.read_options.levels) or value
    if field == "id":
        _refuse_taken(corpus, document, value)
    if field.endswith("_at") and parse_date(value) is None and parse_instant(value) is None:
        day: Day = "next" if field.startswith("next_") else "same"
        try:
            at = meant(value, datetime.now(UTC), timeline_zone(document), day)
        except ValueError:
            return value  # the field's own form says what is wrong
        return f"{at:%Y-%m-%dT%H:%MZ}"
    return value


def _refuse_taken(corpus: Corpus, document: Document, ident: str) -> None:
    """Refuse the id of another record.

    Raises:
        click.UsageError: with where that one is.
    """
    if ident == document.record.get("id"):
        return
    taken = {
        name: one.document.path
        for name, one in (*corpus.runbook_by_id.items(), *corpus.incident_by_id.items())
        if one.document is not document and name == one.document.record.get("id")
    }
    other = known_id(ident, taken)
    if other is not None:
        raise click.UsageError(f"`{clip(ident)}` is the id of `{taken[other]}` already")
    refuse_unreadable(corpus, ident)


def _value(text: str) -> Any:
    """Return what a value means in YAML; what is none is a text."""
    source = decode("", f"value: {text}\n".encode())
    if isinstance(source, Finding):
        return text
    data, _, findings = read_mapping(source)
    if data is None or findings or set(data) != {"value"} or data["value"] is None:
        return text
    return data["value"]
