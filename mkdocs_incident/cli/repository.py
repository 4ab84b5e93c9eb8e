"""What every command needs: the policy, the corpus, and errors for the person who typed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from mkdocs_incident.cache.documents import FileChangedError
from mkdocs_incident.check import policy_diagnostics
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.judging.memory import Memory
from mkdocs_incident.policy import Policy, PolicyError, find_config, load_policy
from mkdocs_incident.reporters.github import fenced
from mkdocs_incident.reporters.text import headline, visible

P = ParamSpec("P")
R = TypeVar("R")


def find_policy(config: Path | None) -> Policy:
    """Return the policy of the file given, else of the current folder."""
    root = Path.cwd()
    if config is not None and not config.is_file():
        raise click.UsageError(f"`{config}` is not a file")
    return load_policy(config.resolve() if config else find_config(root), root)


def read_corpus(policy: Policy) -> Corpus:
    """Return all records; what has not changed since an earlier command is not parsed again.

    For commands that edit no record: parts of one are fetched from the cache when they are asked for.
    """
    return Memory(policy).corpus()


def explain_policy_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a policy that can't be used into its findings on standard error and exit status 2."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PolicyError as error:
            lines = []
            for found in policy_diagnostics(error):
                lines.append(headline(found))
                lines += [visible(f"  hint: {found.hint}")] if found.hint else []
            said = "\n".join(lines)
            click.echo(fenced(said) if kwargs.get("output") == "github" else said, err=True)
            raise SystemExit(2) from None
        except FileChangedError as error:
            click.echo(
                visible(f"`{error.filename}`: {error.strerror}; run the command again"), err=True
            )
            raise SystemExit(2) from None

    return run
