"""What commands that begin a record need: who may be named, and a careful way to write a new file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from mkdocs_incident.authoring.drafts import Draft
from mkdocs_incident.authoring.rendering import OWN_TEMPLATES
from mkdocs_incident.check import diagnose
from mkdocs_incident.cli.record_argument import refuse
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Level, Location
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.editing.writing import create_file
from mkdocs_incident.reporters.text import headline, visible
from mkdocs_incident.rules.people import is_known, nearest_handle
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.wording import clip

edit_option = click.option("--edit", is_flag=True, help="Open the new file in $EDITOR.")


def write_new(corpus: Corpus, draft: Draft, then: str, ident: str | None = None) -> None:
    """Write a record that is not there yet, and say where it is and what comes next.

    Args:
        corpus: the records.
        draft: the file.
        then: what comes next.
        ident: the id that it was given; None where it has none.

    Raises:
        EditError: there is a file already, it can't be written, or its text gives no record, or one with
            another id.
        SystemExit: status 1; the text would be an error of the record by itself.
    """
    content = draft.text.encode()
    record = RecordText.of(corpus, draft.path, content)
    own = record.document.record.get("id")
    if ident is not None and own != ident:
        raise EditError(
            record.document.at("id"),
            f"Template gives the record the id `{clip(own)}`, expected `{ident}`",
            f"Write `id: {{{{ id }}}}` in the template in `{OWN_TEMPLATES}`",
        )
    wrong = [
        found for found in diagnose(record.document, corpus.policy) if found.level is Level.ERROR
    ]
    if wrong:
        for found in wrong:
            click.echo(headline(found), err=True)
        click.echo(
            f"Nothing is written. Correct the template in `{OWN_TEMPLATES}`, or what was given",
            err=True,
        )
        raise SystemExit(1)
    try:
        create_file(corpus.policy.root, draft.path, content)
    except FileExistsError:
        place = Location(draft.path)
        why = f"`{draft.path}` exists already"
        raise EditError(place, why, "Edit it, or move it first") from None
    click.echo(visible(draft.path))
    click.echo(visible(f"  next: {then}"))


def open_in_editor(corpus: Corpus, path: str, *, wanted: bool) -> None:
    """Open a file of the repository in the editor that $EDITOR names."""
    if wanted:
        click.edit(filename=str(corpus.policy.root / path))


@contextmanager
def refusals() -> Iterator[None]:
    """Say why something is refused where an edit is.

    Raises:
        SystemExit: status 1.
    """
    try:
        yield
    except EditError as error:
        refuse(error)


def known_handle(corpus: Corpus, option: str, handle: str) -> str:
    """Return a handle as it was given.

    Raises:
        click.UsageError: the policy lists people, and nobody of that name.
    """
    if not is_known(corpus.policy, handle):
        raise click.UsageError(
            f"`{option} {clip(handle)}` is not among the policy's people and teams. "
            f"{nearest_handle(corpus.policy, handle)}"
        )
    return handle


def known_service(corpus: Corpus, option: str, name: str) -> str:
    """Return a service's name as it was given.

    Raises:
        click.UsageError: the policy lists services, and none of that name.
    """
    names = [service.name for service in corpus.policy.services]
    if names and name not in names:
        hint = nearest(name, names, "Correct it, or add it to `services` in incident.yml")
        raise click.UsageError(
            f"`{option} {clip(name)}` is not among the policy's services. {hint}"
        )
    return name
