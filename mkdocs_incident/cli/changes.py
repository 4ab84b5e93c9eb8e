"""What a branch changed, as git tells it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click


def changed_since(root: Path, ref: str) -> frozenset[str]:
    """Return the files that differ from where this branch left `ref`, committed or not.

    Returns:
        POSIX paths relative to `root`; a renamed file under its new name.

    Raises:
        click.UsageError: git is not there, this is no repository, or it knows no such ref.
    """
    # With an end-of-options mark a ref can't be taken for an option.
    base = _git(root, "merge-base", "--end-of-options", ref, "HEAD", asked=ref).strip()
    changed = _git(root, "diff", "--name-only", "--relative", "-z", base, asked=ref)
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z", asked=ref)
    return frozenset(filter(None, f"{changed}{untracked}".split("\0")))


def _git(root: Path, *arguments: str, asked: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a ref stands behind the end of options
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the git of whoever runs this
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise click.UsageError(
            f"`--since` asks git, which can't be run: {error.strerror}"
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = f": {said[0]}" if said else ", for it has no history in common"
        raise click.UsageError(f"git does not know what changed since `{asked}`{why}")
    return done.stdout.decode("utf-8", "surrogateescape")
