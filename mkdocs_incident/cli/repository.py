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
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.judging.memory import Memory
from mkdocs_incident.policy import Policy, PolicyError, find_config, load_policy
from mkdocs_incident.policy.model import DEFAULT_SOURCES
from mkdocs_incident.reporters.github import fenced
from mkdocs_incident.reporters.text import headline, visible

P = ParamSpec("P")
R = TypeVar("R")


def find_policy(config: Path | None) -> Policy:
    """Return the policy of the file given, else that of the repository that the current folder is in.

    That is the nearest folder with ``incident.yml`` or records at or above the current one, up to the top
    of its work tree; without one, and outside of any work tree of git, the current folder itself.
    """
    if config is not None:
        if not config.is_file():
            raise click.UsageError(f"`{config}` is not a file")
        config = config.resolve()
        return load_policy(config, config.parent)
    current = Path.cwd()
    for folder in _at_or_above(current):
        if (found := find_config(folder)) is not None:
            return load_policy(found, folder)
        if any((folder / name).is_dir() for name in DEFAULT_SOURCES):
            return load_policy(None, folder)
    return load_policy(None, current)


def _at_or_above(folder: Path) -> list[Path]:
    """Return a folder and those above it in its work tree."""
    folders = [folder, *folder.parents]
    top = next((i for i, each in enumerate(folders) if (each / ".git").exists()), 0)
    return folders[: top + 1]


def told_without_records(policy: Policy) -> str:
    """Return what to say where there is no folder of records; empty where there is one.

    Raises:
        click.UsageError: nothing says that the folder is a repository's, either: it is the wrong one.
    """
    root = policy.root
    if any((root / source).is_dir() for source in policy.sources):
        return ""
    folders = " or ".join(f"{source}/" for source in policy.sources)
    said = f"There is no {folders} in {root}"
    if policy.digest or (root / ".git").exists():
        return said
    raise click.UsageError(
        f"{said}, and no {CONFIG_NAME} in it or its repository. Go there, or name the policy with --config"
    )


def find_repository(config: Path | None) -> Policy:
    """Return the policy as `find_policy` does, for a command that asks all records, and say so where there are none.

    Raises:
        click.UsageError: the current folder is in no repository of records.
    """
    policy = find_policy(config)
    if said := told_without_records(policy):
        click.echo(said, err=True)
    return policy


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
