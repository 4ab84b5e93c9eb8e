"""``mkdocs-incident check``: the gate."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.baseline import BASELINE_NAME, load_baseline
from mkdocs_incident.cache.store import FOLDER as CACHE_FOLDER
from mkdocs_incident.check import Selection, check, unknown_words
from mkdocs_incident.cli.changes import changed_since
from mkdocs_incident.cli.comparison import compared, owed_in
from mkdocs_incident.cli.record_argument import repair
from mkdocs_incident.cli.repository import (
    Moment,
    config_option,
    explain_policy_errors,
    find_policy,
    format_option,
)
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.diagnostic import Diagnostic, Level
from mkdocs_incident.judging.memory import Memory
from mkdocs_incident.policy import Policy
from mkdocs_incident.reporters import REPORTERS, TELLS_MORE, Change, Owed, Report, RuleInfo
from mkdocs_incident.rules import RULES
from mkdocs_incident.wording import joined

LEVELS = click.Choice(["note", "warning", "error"])


class ReportFile(click.ParamType[Any]):
    """A format and the file that gets it, as ``junit=junit.xml``."""

    name = "report"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the format's name and the path."""
        output, _, path = value.partition("=")
        if output not in REPORTERS or not path:
            self.fail(f"`{value}` is not FORMAT=FILE with {joined([*REPORTERS], 'or')}", param, ctx)
        return output, Path(path)


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@config_option
@format_option(*REPORTERS, what="findings are")
@click.option(
    "--as-of",
    type=Moment(),
    metavar="WHEN",
    help="Day (2025-10-01) or time (2025-10-01T12:00Z) that deadlines are judged at; default: now.",
)
@click.option(
    "--fail-on",
    type=LEVELS,
    default="error",
    show_default=True,
    help="Exit with 1 when a finding is at least this grave.",
)
@click.option(
    "--clock",
    type=LEVELS,
    help="Level of findings that the passing of time decides; default: note.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Only these rules: names, codes or beginnings of codes.",
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules.")
@click.option(
    "--fix",
    is_flag=True,
    help="Repair first what has one right answer, such as `Sev-1` for `SEV1`.",
)
@click.option("--diff", is_flag=True, help="Print what `--fix` would change, and write nothing.")
@click.option(
    "--since",
    metavar="REF",
    help="Count what the baseline holds, too, in records changed since REF, such as origin/main; "
    "in the format markdown, tell what the change brings.",
)
@click.option(
    "--baseline/--no-baseline",
    "with_baseline",
    default=True,
    help=f"Leave out what {BASELINE_NAME} holds, where there is one; default: yes.",
)
@click.option(
    "--cache/--no-cache",
    "with_cache",
    default=True,
    help=f"Judge only what may have changed since the last run, as {CACHE_FOLDER}/ remembers it; "
    "default: yes.",
)
@click.option(
    "--report",
    "files",
    type=ReportFile(),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write the findings to a file, too; may be given again.",
)
@explain_policy_errors
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: tuple[Path, ...],
    config: Path | None,
    output: str,
    as_of: datetime | None,
    fail_on: str,
    clock: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,  # noqa: FBT001 - a flag
    diff: bool,  # noqa: FBT001
    since: str | None,
    with_baseline: bool,  # noqa: FBT001
    with_cache: bool,  # noqa: FBT001
    files: tuple[tuple[str, Path], ...],
) -> None:
    """Check all records; PATH narrows what is reported, never what is read.

    Records are the Markdown files in incidents/ and runbooks/, or in the folders that
    incident.yml names under `sources`.
    """
    policy = find_policy(config)
    chosen = _paths(policy, paths)
    selection = Selection(
        _words("--select", select),
        _words("--ignore", ignore),
        Level.parse(clock) if clock else None,
    )
    moment = as_of or datetime.now(UTC)
    baseline = load_baseline(policy.root) if with_baseline else None
    touched = changed_since(policy.root, since) if since is not None else frozenset()
    if fix or diff:
        corpus = load_corpus(policy)
        outcome = check(corpus, moment, selection, baseline, touched)
        found = [
            d for d in (*outcome.diagnostics, *outcome.known) if _within(d.location.path, chosen)
        ]
        count = repair(corpus, found, dry_run=diff)
        if diff:
            raise SystemExit(1 if count else 0)
    memory = Memory(policy) if with_cache else None
    corpus = memory.corpus() if memory is not None else load_corpus(policy)
    outcome = check(corpus, moment, selection, baseline, touched, memory=memory)
    reported = tuple(d for d in outcome.diagnostics if _within(d.location.path, chosen))
    waived = sum(_within(entry.diagnostic.location.path, chosen) for entry in outcome.waived)
    known = sum(_within(found.location.path, chosen) for found in outcome.known)
    if not any((policy.root / source).is_dir() for source in policy.sources):
        folders = " and ".join(f"{source}/" for source in policy.sources)
        click.echo(f"There is no {folders} in {policy.root}: nothing was checked", err=True)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    records = [d.path for d in corpus.documents if _within(d.path, chosen)]
    owed: list[Owed] = []
    change = None
    if TELLS_MORE.intersection([output, *(name for name, _ in files)]):
        if since is None:
            owed = owed_in(corpus, moment)
        else:
            change, owed = compared(corpus, since, moment, selection, reported)
            change = _narrowed(change, chosen)
    report = Report(
        reported,
        len(records),
        _sources(corpus, reported),
        _rules(policy),
        color,
        waived,
        known,
        records,
        [entry for entry in owed if _within(entry.path, chosen)],
        Level.parse(fail_on),
        change,
    )
    for name, path in files:
        _write(path, REPORTERS[name](replace(report, color=False)))
    click.echo(REPORTERS[output](report), nl=False, color=color)
    if any(diagnostic.level >= report.fail_on for diagnostic in reported):
        raise SystemExit(1)


def _paths(policy: Policy, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the paths relative to the root; one that no source holds would check nothing."""
    chosen = []
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100 - links are named, not followed
        if not os.path.lexists(absolute):
            raise click.UsageError(f"`{path}` does not exist")
        root = Path(os.path.abspath(policy.root))  # noqa: PTH100
        relative = absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else ""
        if relative == ".":
            return ()
        sources = [source.rstrip("/") for source in policy.sources]
        if relative and any(
            f"{source}/".startswith(f"{relative}/") or relative.startswith(f"{source}/")
            for source in sources
        ):
            chosen.append(relative)
        else:
            folders = ", ".join(f"{source}/" for source in sources)
            raise click.UsageError(f"`{path}` is not in a folder of records ({folders})")
    return tuple(chosen)


def _within(path: str, chosen: tuple[str, ...]) -> bool:
    return not chosen or any(path == c or path.startswith(f"{c}/") for c in chosen)


def _words(option: str, values: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(word.strip() for value in values for word in value.split(",") if word.strip())
    for word, near in unknown_words(words):
        hint = f"; did you mean `{near}`?" if near else "; `mkdocs-incident rules` lists all"
        raise click.UsageError(f"{option}: `{word}` names no rule{hint}")
    return words


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise click.UsageError(f"`{path}` can't be written: {error.strerror}") from None


def _narrowed(change: Change, chosen: tuple[str, ...]) -> Change:
    return replace(
        change,
        likenesses=[entry for entry in change.likenesses if _within(entry.path, chosen)],
        lessons=[entry for entry in change.lessons if _within(entry.location.path, chosen)],
    )


def _sources(corpus: Corpus, reported: Iterable[Diagnostic]) -> dict[str, str]:
    paths = {diagnostic.location.path for diagnostic in reported}
    sources = ((path, corpus.source(path)) for path in sorted(paths))
    return {path: source.text for path, source in sources if source is not None and source.text}


def _rules(policy: Policy) -> list[RuleInfo]:
    return [
        RuleInfo(
            rule.code, rule.name, rule.level_in(policy.profile), rule.summary, rule.documentation
        )
        for rule in RULES
    ]
