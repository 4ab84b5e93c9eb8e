"""The gate: all records are judged, and what was found is reported."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import msgspec
from msgspec.structs import replace

from mkdocs_incident.baseline import load_baseline
from mkdocs_incident.cache.documents import FileChangedError
from mkdocs_incident.check import Outcome, Selection, check, unknown_words
from mkdocs_incident.cli.repository import explain_policy_errors, find_repository
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.diagnostic import Diagnostic, Level
from mkdocs_incident.judging.memory import Memory
from mkdocs_incident.policy import Policy, PolicyError
from mkdocs_incident.reporters import REPORTERS, TELLS_MORE
from mkdocs_incident.reporters.report import Change, Report, RuleInfo
from mkdocs_incident.rules import RULES


class Asked(msgspec.Struct, frozen=True):
    """The options of ``check``, by their names there."""

    paths: tuple[Path, ...]
    config: Path | None
    as_of: datetime | None
    fail_on: str
    clock: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fix: bool
    diff: bool
    since: str | None
    with_baseline: bool
    with_cache: bool
    files: tuple[tuple[str, Path], ...]


@explain_policy_errors
def run(asked: Asked, *, output: str) -> None:
    """Judge all records and print what was found in a format.

    Raises:
        SystemExit: with 1, where findings are grave enough to fail the gate, or `--diff` would edit.
        click.UsageError: there are no records, a path holds none, a rule or git's ref does not exist, a report can't be written.
    """
    policy = find_repository(asked.config)
    chosen = _paths(policy, asked.paths)
    selection = Selection(
        _words("--select", asked.select),
        _words("--ignore", asked.ignore),
        Level.parse(asked.clock) if asked.clock else None,
    )
    moment = asked.as_of or datetime.now(UTC)
    judge = partial(
        check,
        as_of=moment,
        selection=selection,
        baseline=load_baseline(policy.root) if asked.with_baseline else None,
        touched=frozenset() if asked.since is None else _touched(policy, asked.since),
    )
    if asked.fix or asked.diff:
        from mkdocs_incident.cli.record_argument import repair  # noqa: PLC0415 - for who edits

        # Without the cache, which fetches records when they are asked for: these are being edited.
        corpus = load_corpus(policy)
        count = repair(corpus, _narrowed_findings(judge(corpus), chosen), dry_run=asked.diff)
        if asked.diff:
            raise SystemExit(1 if count else 0)
    corpus, outcome = _remembered(policy, judge) if asked.with_cache else _anew(policy, judge)
    report = _report(outcome, corpus, chosen, asked)
    if TELLS_MORE.intersection([output, *(name for name, _ in asked.files)]):
        from mkdocs_incident.cli.comparison import compared, owed_in  # noqa: PLC0415 - for who compares

        change = None
        if asked.since is None:
            owed = owed_in(corpus, moment)
        else:
            change, owed = compared(corpus, asked.since, moment, selection, report.diagnostics)
            change = _narrowed(change, chosen)
        owed = [entry for entry in owed if _within(entry.path, chosen)]
        report = replace(report, owed=owed, change=change)
    for name, path in asked.files:
        _write(path, REPORTERS[name](replace(report, color=False)))
    click.echo(REPORTERS[output](report), nl=False, color=report.color)
    if any(diagnostic.level >= report.fail_on for diagnostic in report.diagnostics):
        raise SystemExit(1)


def _remembered(policy: Policy, judge: Callable[..., Outcome]) -> tuple[Corpus, Outcome]:
    """Return all records and what is wrong with them, with what earlier runs knew as far as that makes sense."""
    memory = Memory(policy)
    try:
        corpus = memory.corpus()
        return corpus, judge(corpus, memory=memory)
    except (PolicyError, FileChangedError):
        raise
    except Exception as error:  # noqa: BLE001 - an error of ours comes again without what was remembered
        found = _anew(policy, judge)
        memory.forget()
        why = f"What was remembered of the records made no sense ({type(error).__name__}): it is forgotten"
        click.echo(why, err=True)
        return found


def _anew(policy: Policy, judge: Callable[..., Outcome]) -> tuple[Corpus, Outcome]:
    corpus = load_corpus(policy)
    return corpus, judge(corpus)


def _touched(policy: Policy, since: str) -> frozenset[str]:
    from mkdocs_incident.cli.changes import changed_since  # noqa: PLC0415 - for who asks git

    return changed_since(policy.root, since)


def _report(outcome: Outcome, corpus: Corpus, chosen: tuple[str, ...], asked: Asked) -> Report:
    reported = tuple(d for d in outcome.diagnostics if _within(d.location.path, chosen))
    records = [d.path for d in corpus.documents if _within(d.path, chosen)]
    return Report(
        reported,
        len(records),
        _sources(corpus, reported),
        _rules(corpus.policy),
        color=sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        waived=sum(_within(entry.diagnostic.location.path, chosen) for entry in outcome.waived),
        known=sum(_within(found.location.path, chosen) for found in outcome.known),
        paths=records,
        fail_on=Level.parse(asked.fail_on),
    )


def _narrowed_findings(outcome: Outcome, chosen: tuple[str, ...]) -> list[Diagnostic]:
    found = (*outcome.diagnostics, *outcome.known)
    return [diagnostic for diagnostic in found if _within(diagnostic.location.path, chosen)]


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
