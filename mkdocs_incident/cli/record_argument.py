"""What commands that edit a record need: the record that a name means, and a careful way to change it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from pathlib import Path
from typing import NoReturn

import click

from mkdocs_incident.check import diagnose
from mkdocs_incident.cli.repository import told_without_records
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.diagnostic import Diagnostic, Level
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.editing.repairs import repaired
from mkdocs_incident.editing.writing import ChangedMeanwhile, write_atomically
from mkdocs_incident.reporters.text import headline, visible
from mkdocs_incident.rules.references import nearest, same_but_case
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip

Edit = Callable[[RecordText], RecordText]

_TRIES = 50
"""So often a file is edited that somebody else changes at the same time; the number is ours."""

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Print the change as a diff and write nothing."
)


def find_document(corpus: Corpus, name: str) -> Document:
    """Return the record of this repository that an id or a file means.

    Raises:
        click.UsageError: there is none, or its file can't be read as a record.
    """
    by_id = {
        **{ident: runbook.document for ident, runbook in corpus.runbook_by_id.items()},
        **{ident: incident.document for ident, incident in corpus.incident_by_id.items()},
    }
    meant = known_id(name, by_id)
    if meant is not None:
        return by_id[meant]
    real = _resolved(name)
    root = corpus.policy.root
    for document in corpus.documents:
        if real is not None and (root / document.path).resolve() == real:
            if document.is_record:
                return document
            raise _unreadable(document)
    refuse_unreadable(corpus, name)
    hint = nearest(name, [*corpus.incident_by_id, *corpus.runbook_by_id])
    raise click.UsageError(
        f"`{clip(name)}` is neither the id nor the file of a record here. {hint}"
    )


def _resolved(name: str) -> Path | None:
    try:
        return Path(name).resolve()
    except (OSError, ValueError):  # a name that no file can have
        return None


def known_id(name: str, known: Collection[str]) -> str | None:
    """Return the id that a name means: itself, else the only one that differs by letter case alone."""
    repair = same_but_case(name, known) if name not in known else None
    return name if name in known else repair.new if repair is not None else None


def refuse_unreadable(corpus: Corpus, ident: str) -> None:
    """Refuse an id that a file has which can't be read, and any where there are no records at all.

    Raises:
        click.UsageError: there is such a file, with what hinders reading it; or there are no records.
    """
    if said := told_without_records(corpus.policy):
        raise click.UsageError(said)
    for document in corpus.documents:
        if not document.is_record and _names(document, ident):
            raise _unreadable(document, f"`{clip(ident)}` is in ")


def _names(document: Document, ident: str) -> bool:
    """Return whether a path, or a line of front matter, has an id as a word of its own."""
    word = re.compile(rf"(?<![\w-]){re.escape(ident)}(?![\w-])", re.IGNORECASE)
    own = re.compile(rf"^id:\s*['\"]?{re.escape(ident)}['\"]?\s*$", re.IGNORECASE | re.MULTILINE)
    return bool(word.search(document.path) or own.search(document.source.text))


def _unreadable(document: Document, before: str = "") -> click.UsageError:
    found = next((f for f in document.findings if f.rule != "front-matter-missing"), None)
    found = found or next(iter(document.findings), None)
    why = "`mkdocs-incident check` says why"
    if found is not None:
        place = found.location
        why = f"{place.path}:{place.line}:{place.column}: {found.message}. {found.hint}"
    return click.UsageError(
        visible(f"{before}`{document.path}`, which can't be read as a record. {why}")
    )


def change(
    corpus: Corpus, path: str, edit: Edit, *, dry_run: bool, err: bool = False
) -> RecordText:
    """Edit a record's file, print the lines that changed, and return the record as it is then.

    What would be an error of the record by itself, such as a value that its field does not have, is
    refused; nothing is written then. Where somebody else changed the file meanwhile, their text is
    edited.

    Args:
        corpus: the records.
        path: which file.
        edit: what is done with its text; asked again where the text became another one.
        dry_run: write nothing.
        err: print to standard error, where standard output has something else to say.

    Raises:
        SystemExit: status 1; the edit was refused, and why is on standard error.
    """
    for _ in range(_TRIES - 1):
        try:
            return _change(corpus, path, edit, dry_run=dry_run, err=err)
        except ChangedMeanwhile:
            continue
    try:
        return _change(corpus, path, edit, dry_run=dry_run, err=err)
    except ChangedMeanwhile as error:
        refuse(error)


def _change(corpus: Corpus, path: str, edit: Edit, *, dry_run: bool, err: bool) -> RecordText:
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
    except ChangedMeanwhile:
        raise
    except EditError as error:
        refuse(error)
    show_change(path, before.source.text, after.source.text, dry_run=dry_run, err=err)
    return after


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


def refuse(error: EditError) -> NoReturn:
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


def show_change(path: str, before: str, after: str, *, dry_run: bool, err: bool = False) -> None:
    """Print what changes in a file: as a diff where nothing is written, else the changed lines alone."""
    old, new = before.splitlines(), after.splitlines()
    if before == after:
        click.echo(visible(f"{path}: nothing to change"), err=err)
        return
    if dry_run:
        lines = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
        click.echo("\n".join(map(visible, lines)), err=err)
        return
    click.echo(visible(path), err=err)
    # Behind the two lines that name the files each line begins with a sign of its own.
    for line in islice(difflib.unified_diff(old, new, n=0, lineterm=""), 2, None):
        if not line.startswith("@@"):
            click.echo(visible(f"  {line[0]} {line[1:]}"), err=err)
