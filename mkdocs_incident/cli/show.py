"""``mkdocs-incident show``: records as they were read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.check import diagnose
from mkdocs_incident.cli.options import config_option, format_option
from mkdocs_incident.cli.record_argument import known_id, refuse_unreadable
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy, read_corpus
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.policy import Policy
from mkdocs_incident.reporters.json import dumps, entry
from mkdocs_incident.reporters.text import headline, visible
from mkdocs_incident.source.document import Document, read_document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.title import KINDS, Kind


@click.command("show")
@click.argument("records", nargs=-1, required=True, metavar="FILE_OR_ID...")
@click.option(
    "--kind", type=click.Choice(KINDS), help="Read files as this kind, whatever they say."
)
@format_option("text", "json", what="records are")
@config_option
@explain_policy_errors
def command(records: tuple[str, ...], kind: Kind | None, output: str, config: Path | None) -> None:
    """Print records as they are read: front matter and body merged, every value with its place.

    FILE_OR_ID is a Markdown file, anywhere, or the id of a record of this repository. Severity
    levels of every scheme are accepted here.
    """
    policy = find_policy(config).with_all_levels()
    corpus = read_corpus(policy)
    documents = [d for name in records for d in _documents(corpus, policy, name, kind)]
    if output == "json":
        shown = [_as_json(document, policy) for document in documents]
        click.echo(dumps(shown), nl=False)
        return
    click.echo("\n\n".join(_as_text(document, policy) for document in documents))


def _documents(corpus: Corpus, policy: Policy, name: str, kind: Kind | None) -> Iterator[Document]:
    path = Path(name)
    if not os.path.exists(name):  # noqa: PTH110 - a name that can't be a file is no error here
        ids = [ident for d in corpus.records if isinstance(ident := d.record.get("id"), str)]
        meant = known_id(name, dict.fromkeys([*ids, *corpus.incident_by_id]))
        found = [d for d in corpus.records if d.record.get("id") == meant is not None]
        stand_in = corpus.incident_by_id.get(meant or name)
        if not found and stand_in is not None:
            found = [stand_in.document]
        if not found:
            refuse_unreadable(corpus, name)
            raise click.UsageError(f"`{name}` is neither a file nor the id of a record here")
        yield from found
        return
    if kind is None:
        real = path.resolve()
        known = [d for d in corpus.documents if (policy.root / d.path).resolve() == real]
        if known:
            yield known[0]
            return
    try:
        content = path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"`{name}` can't be read: {error.strerror}") from None
    yield read_document(name, content, policy.read_options, kind=kind)


def _as_json(document: Document, policy: Policy) -> dict[str, Any]:
    return {
        "path": document.path,
        "kind": document.kind,
        "record": document.record,
        "positions": {
            _pointer(route): [place.line, place.column]
            for route, place in document.positions.values.items()
            if _holds(document.record, route)
        },
        "milestones": {
            name: {"at": milestone.at, "told_by": milestone.told_by}
            for name, milestone in document.milestones.items()
        },
        "diagnostics": [entry(found) for found in diagnose(document, policy)],
    }


def _pointer(route: Route) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in route)


def _holds(value: Any, route: Route) -> bool:
    for part in route:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _as_text(document: Document, policy: Policy) -> str:
    lines = [f"{document.path}  {document.kind}"]
    lines += _fields(document, document.record, (), "  ")
    for name, milestone in document.milestones.items():
        source = {
            "field": "its field",
            "milestone": "the timeline",
            "words": "the timeline's words",
        }
        lines.append(
            f"  {name.replace('_', ' ')}: {milestone.at} (from {source[milestone.told_by]})"
        )
    lines += [f"  {headline(found)}" for found in diagnose(document, policy)]
    return "\n".join(map(visible, lines))


def _fields(document: Document, value: Any, route: Route, indent: str) -> Iterator[str]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in pairs:
        here = (*route, key)
        label = f"{key}:" if isinstance(key, str) else "-"
        place = document.positions.values.get(here)
        at = f"  [{place.line}:{place.column}]" if place is not None else ""
        if isinstance(child, dict | list) and child:
            yield f"{indent}{label}{at}"
            yield from _fields(document, child, here, indent + "  ")
        else:
            text = " ".join(str(child).split()) if isinstance(child, str) else json.dumps(child)
            yield f"{indent}{label} {text}{at}"
