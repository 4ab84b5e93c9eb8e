"""``mkdocs-incident adopt``: legacy documents become records."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.adopting.adoption import Adopted, NotAdopted, Outcome, PassedOver, adopt
from mkdocs_incident.adopting.fields import Field
from mkdocs_incident.cli.options import config_option, format_option
from mkdocs_incident.cli.record_argument import dry_run_option, show_change
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy
from mkdocs_incident.corpus import load_corpus
from mkdocs_incident.editing.record_text import EditError
from mkdocs_incident.editing.writing import write_atomically
from mkdocs_incident.policy import Policy
from mkdocs_incident.reporters.json import dumps
from mkdocs_incident.reporters.text import visible, width
from mkdocs_incident.source.title import KINDS, Kind
from mkdocs_incident.wording import clip, counted, joined, listed


@click.command("adopt")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="What the documents are, where their names and headings do not tell it.",
)
@dry_run_option
@format_option("text", "json", what="proposals are")
@config_option
@explain_policy_errors
def command(
    paths: tuple[str, ...],
    kind: Kind | None,
    dry_run: bool,  # noqa: FBT001 - a flag
    output: str,
    config: Path | None,
) -> None:
    """Make records of legacy documents: put front matter in front, leave the body as it is.

    PATH is a Markdown file, or a folder with all that lies below. What the front matter gets is read
    from titles, bold lines, tables, headings, timelines and names, and printed field by field:
    extracted, inferred or missing. A `+` marks what is written; the rest stays in the body, where it
    is read as it is. Records and files that introduce a folder are passed over.

    Exit status: 0 all adopted, 1 a document needs a person, 2 wrong usage.
    """
    policy = find_policy(config)
    outcomes = adopt(load_corpus(policy), [_relative(policy, name) for name in paths], kind)
    if not dry_run:
        outcomes = [_written(policy, outcome) for outcome in outcomes]
    if output == "json":
        click.echo(dumps(_as_json(outcomes, dry_run=dry_run)), nl=False)
    elif dry_run:
        for outcome in outcomes:
            if isinstance(outcome, Adopted):
                show_change(outcome.path, _text(outcome.old), _text(outcome.new), dry_run=True)
        click.echo(_summary(outcomes, dry_run=True), err=True)
    else:
        for outcome in outcomes:
            if isinstance(outcome, Adopted):
                click.echo("\n".join(map(visible, _table(outcome))) + "\n")
        click.echo(_summary(outcomes, dry_run=False))
    if any(isinstance(outcome, NotAdopted) for outcome in outcomes):
        sys.exit(1)


def _relative(policy: Policy, name: str) -> str:
    """Return a path of the command line relative to the repository's root.

    Raises:
        click.UsageError: it does not exist, or lies outside.
    """
    if not os.path.lexists(name):
        raise click.UsageError(f"`{clip(name)}` does not exist")
    place = Path(os.path.abspath(name))  # noqa: PTH100 - links are judged later, by their own path
    for root in (policy.root, policy.root.resolve()):
        if place.is_relative_to(root):
            return place.relative_to(root).as_posix()
    raise click.UsageError(
        f"`{clip(name)}` lies outside of `{policy.root}`; run the command in its repository"
    )


def _written(policy: Policy, outcome: Outcome) -> Outcome:
    """Write a document; one that can't be written does not stop the others."""
    if not isinstance(outcome, Adopted):
        return outcome
    try:
        write_atomically(policy.root, outcome.path, outcome.old, outcome.new)
    except EditError as error:
        return NotAdopted(outcome.path, error.location, error.message, error.hint)
    return outcome


def _text(content: bytes) -> str:
    return content.decode("utf-8").removeprefix("\ufeff")


def _table(outcome: Adopted) -> Iterator[str]:
    yield f"{outcome.path}: {outcome.kind} {outcome.ident}"
    rows = [
        (_mark(field), field.name, _shown(field), field.how, field.place)
        for field in outcome.fields
    ]
    widths = [max(width(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        cells = [cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row[:4])]
        yield f"  {cells[0]} {cells[1]}  {cells[2]}  {cells[3]}  {row[4]}".rstrip()


def _mark(field: Field) -> str:
    return " " if field.to_write is None else "+"


def _shown(field: Field) -> str:
    if field.value is None:
        return "–"
    if isinstance(field.value, list):
        return clip(", ".join(map(str, field.value)))
    return clip(field.value)


def _summary(outcomes: Sequence[Outcome], *, dry_run: bool) -> str:
    adopted = [outcome for outcome in outcomes if isinstance(outcome, Adopted)]
    failed = [outcome for outcome in outcomes if isinstance(outcome, NotAdopted)]
    passed = [outcome for outcome in outcomes if isinstance(outcome, PassedOver)]
    records = sum(outcome.is_record for outcome in passed)
    lines = [f"passed over: {o.path} {o.why}" for o in passed if not o.is_record or records == 1]
    if records > 1:
        lines.append(f"passed over: {records} files that are records already")
    unread = sorted(
        {outcome.path.rpartition("/")[0] or "." for outcome in adopted if not outcome.is_read}
    )
    if unread:
        folders = joined([f"`{folder}`" for folder in unread])
        lines.append(f"`check` does not read {folders}: add it to `sources` in incident.yml")
    for kind in KINDS:
        keys = sorted({key for o in adopted if o.kind == kind for key in o.foreign_keys})
        if keys:
            they = "it" if len(keys) == 1 else "them"
            lines.append(
                f"{listed(keys)} in {kind}s: declare {they} in `fields` of incident.yml, or take {they} out"
            )
    count = len(adopted) + len(failed)
    done = "would be adopted" if dry_run else "adopted"
    said = f"{len(adopted)} of {counted(count, 'document')} {done}"
    if failed:
        said += f", {len(failed)} {'needs' if len(failed) == 1 else 'need'} you:"
    lines.append(said)
    for outcome, following in zip_longest(failed, failed[1:]):
        place = outcome.location
        lines.append(f"  {place.path}:{place.line}:{place.column}: {outcome.message}")
        if following is None or following.hint != outcome.hint:
            lines.append(f"    hint: {outcome.hint}")
    return "\n".join(map(visible, lines))


def _as_json(outcomes: Sequence[Outcome], *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "adopted": sum(isinstance(outcome, Adopted) for outcome in outcomes),
        "need_you": sum(isinstance(outcome, NotAdopted) for outcome in outcomes),
        "files": [_entry(outcome) for outcome in outcomes],
    }


def _entry(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case PassedOver():
            return {"path": outcome.path, "outcome": "passed-over", "why": outcome.why}
        case NotAdopted():
            place = outcome.location
            return {
                "path": outcome.path, "outcome": "needs-you", "line": place.line,
                "column": place.column, "message": outcome.message, "hint": outcome.hint,
            }  # fmt: skip
        case Adopted():
            return {
                "path": outcome.path,
                "outcome": "adopted",
                "kind": outcome.kind,
                "id": outcome.ident,
                "is_read": outcome.is_read,
                "foreign_keys": list(outcome.foreign_keys),
                "fields": [
                    {"name": f.name, "value": f.value, "how": f.how, "where": f.place or None,
                     "line": f.line, "written": f.to_write is not None}
                    for f in outcome.fields
                ],
            }  # fmt: skip
