"""``mkdocs-incident baseline``: what is found today is known from now on."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from mkdocs_incident.baseline import (
    Counts,
    counts_of,
    followed,
    load_baseline,
    written,
)
from mkdocs_incident.check import check
from mkdocs_incident.cli.changes import renamed_since_commit_of
from mkdocs_incident.cli.options import Moment, config_option
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.editing.record_text import EditError
from mkdocs_incident.editing.writing import create_file, write_atomically
from mkdocs_incident.file_names import BASELINE_NAME
from mkdocs_incident.wording import counted


@click.command("baseline")
@click.option("--accept-new", is_flag=True, help="Add what is new to a baseline that is there.")
@click.option("--as-of", type=Moment(), metavar="WHEN", help="The day to judge by; default: today.")
@config_option
@explain_policy_errors
def command(
    accept_new: bool,  # noqa: FBT001 - a flag
    as_of: datetime | None,
    config: Path | None,
) -> None:
    """Write today's findings to a file that is committed; `check` then fails on new ones only.

    Where there is a baseline already, what is mended is taken out and nothing is added, so that the
    debt only shrinks. Entries of a file that git knows as renamed since the baseline was committed go with it. Findings that the passing of time makes and ends are never in it.
    """
    policy = find_policy(config)
    # A file that can't be read is written anew only where somebody says so.
    old = None if accept_new else load_baseline(policy.root)
    found = counts_of(check(load_corpus(policy), as_of or datetime.now(UTC)).diagnostics)
    known = old.counts if old is not None else None
    if known is not None and any(not (policy.root / path).exists() for path in known):
        known = followed(known, renamed_since_commit_of(policy.root, BASELINE_NAME))
    counts = found if known is None else _still_there(known, found)
    _write(policy.root, counts)
    click.echo(_told(old.counts if old is not None else None, known, counts))


def _write(root: Path, counts: Counts) -> None:
    """Put the entries in the place of those that are there; without any the file goes.

    Raises:
        click.UsageError: something else is there, or another run was faster.
    """
    path = root / BASELINE_NAME
    try:
        before = path.read_bytes() if os.path.lexists(path) else None
        if before is None and counts:
            create_file(root, BASELINE_NAME, written(counts).encode())
        elif before is not None and counts:
            write_atomically(root, BASELINE_NAME, before, written(counts).encode())
        elif before is not None:
            path.unlink()
    except FileExistsError:
        raise click.UsageError(
            f"{BASELINE_NAME} was written by somebody else meanwhile. Run the command again"
        ) from None
    except OSError as error:
        raise click.UsageError(f"{BASELINE_NAME} can't be written: {error.strerror}") from None
    except EditError as error:
        raise click.UsageError(f"{error.message}. {error.hint}") from None


def _still_there(old: Counts, found: Counts) -> Counts:
    kept = {path: entries & found.get(path, Counter()) for path, entries in old.items()}
    return {path: entries for path, entries in kept.items() if entries}


def _told(old: Counts | None, known: Counts | None, counts: Counts) -> str:
    left = sum(map(Counter.total, counts.values()))
    records = counted(len(counts), "record")
    if not counts:
        return f"No finding is left: there is no {BASELINE_NAME}"
    if old is None or known is None:
        return f"{BASELINE_NAME}: {counted(left, 'finding')} in {records}; commit the file"
    gone = sum(map(Counter.total, old.values())) - left
    moved = len(known.keys() - old.keys())
    followed_too = f"{counted(moved, 'renamed file')} followed, " if moved else ""
    return (
        f"{BASELINE_NAME}: {followed_too}{gone or 'none'} taken out, "
        f"{counted(left, 'finding')} left in {records}"
    )
