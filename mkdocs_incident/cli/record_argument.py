"""What commands that edit a record need: the record that a name means, and a careful way to change it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from mkdocs_incident.check import diagnose
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic, Level
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.editing.repairs import repaired
from mkdocs_incident.editing.writing import write_atomically
from mkdocs_incident.reporters.text import headline, visible
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip

Edit = Callable[[RecordText], RecordText]

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Print the change as a diff and write nothing."
)


def find_document(corpus: Corpus, name: str) -> Document:
    """Return the record of this repository that an id or a file means.

    Raises:
        click.UsageError: there is none, or its file can't be read as a record.
    """
    incident = corpus.incident_by_id.get(name)
    runbook = corpus.runbook_by_id.get(name)
    if incident is not None or runbook is not None:
        return incident.document if incident is not None else runbook.document  # type: ignore[union-attr]
    real = _resolved(name)
    root = corpus.policy.root
    for document in corpus.documents:
        if real is not None and (root / document.path).resolve() == real:
            if document.is_record:
                return document
            raise click.UsageError(
                f"`{document.path}` can't be read as a record; `mkdocs-incident check` says why"
            )
    hint = nearest(name, [*corpus.incident_by_id, *corpus.runbook_by_id])
    raise click.UsageError(
        f"`{clip(name)}` is neither the id nor the file of a record here. {hint}"
    )


def _resolved(name: str) -> Path | None:
    try:
        return Path(name).resolve()
    except (OSError, ValueError):  # a name that no file can have
        return None


def change(corpus: Corpus, path: str, edit: Edit, *, dry_run: bool) -> None:
    """Edit a record's file and print the lines that changed.

    What would be an error of the record by itself, such as a value that its field does not have, is
    refused; nothing is written then.

    Raises:
        SystemExit: status 1; the edit was refused, and why is on standard error.
    """
    policy = corpus.policy
    try:
        content = (policy.root / path).read_bytes()
        before = RecordText.of(corpus, path, content)
        after = edit(before)
        wrong = _new_errors(before, after, corpus)
        if wrong:
            for finding in wrong:
                click.echo(headline(finding), err=True)
                if finding.hint:
                    click.echo(visible(f"  hint: {finding.hint}"), err=True)
            raise SystemExit(1)
        if not dry_run and after.content != content:
            write_atomically(policy.root, path, content, after.content)
    except OSError as error:
        raise click.UsageError(f"`{path}` can't be read: {error.strerror}") from None
    except EditError as error:
        refuse(error)
    show_change(path, before.source.text, after.source.text, dry_run=dry_run)


def repair(corpus: Corpus, diagnostics: Iterable[Diagnostic], *, dry_run: bool) -> int:
    """Repair what has one right answer, say which lines changed, and return how many findings it was.

    What is said goes to standard error, for standard output belongs to the report; a dry run prints
    the diff instead, to standard output.
    """
    by_path: dict[str, list[Diagnostic]] = {}
    for found in diagnostics:
        if found.repair is not None:
            by_path.setdefault(found.location.path, []).append(found)
    count = 0
    for path, wanted in sorted(by_path.items()):
        try:
            content = (corpus.policy.root / path).read_bytes()
            before = RecordText.of(corpus, path, content)
            after, done = repaired(before, wanted)
            if done and not dry_run:
                write_atomically(corpus.policy.root, path, content, after.content)
        except (OSError, EditError) as error:
            click.echo(visible(f"{path}: not repaired: {error}"), err=True)
            continue
        count += len(done)
        if done and dry_run:
            show_change(path, before.source.text, after.source.text, dry_run=True)
        for found in done if not dry_run else ():
            click.echo(f"repaired {headline(found)}", err=True)
    return count


def refuse(error: EditError) -> None:
    """Say why an edit is refused.

    Raises:
        SystemExit: status 1.
    """
    place = error.location
    click.echo(visible(f"{place.path}:{place.line}:{place.column}: {error.message}"), err=True)
    click.echo(visible(f"  hint: {error.hint}"), err=True)
    raise SystemExit(1) from None


def _new_errors(before: RecordText, after: RecordText, corpus: Corpus) -> list[Diagnostic]:
    known = {(found.name, found.message) for found in diagnose(before.document, corpus.policy)}
    return [
        found
        for found in diagnose(after.document, corpus.policy)
        if found.level is Level.ERROR and (found.name, found.message) not in known
    ]


def show_change(path: str, before: str, after: str, *, dry_run: bool) -> None:
    """Print what changes in a file: as a diff where nothing is written, else the changed lines alone."""
    old, new = before.splitlines(), after.splitlines()
    if before == after:
        click.echo(visible(f"{path}: nothing to change"))
        return
    if dry_run:
        lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
        click.echo("\n".join(map(visible, lines)))
        return
    click.echo(visible(path))
    for line in difflib.unified_diff(old, new, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            click.echo(visible(f"  {line[0]} {line[1:]}"))
