"""What a branch changed, and what was there where it began, as git tells it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from msgspec.structs import replace

from mkdocs_incident.check import refuse_unknown_rules
from mkdocs_incident.corpus import Corpus, load_corpus
from mkdocs_incident.file_names import CONFIG_NAME
from mkdocs_incident.policy import Policy, PolicyError, load_policy


def changed_since(root: Path, ref: str) -> frozenset[str]:
    """Return the files that differ from where this branch left `ref`, committed or not.

    Returns:
        POSIX paths relative to `root`; a renamed file under its new name, if it says anything else now.

    Raises:
        click.UsageError: git is not there, this is no repository, or it knows no such ref.
    """
    base = _merge_base(root, ref)
    changed = _git(root, "diff", "--name-only", "--relative", "-z", base, asked=ref)
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z", asked=ref)
    moved = _renames(root, base, "--find-renames=100%", asked=ref)
    return frozenset(_names(changed, untracked)) - set(moved.values())


def renamed_since(root: Path, ref: str) -> dict[str, str]:
    """Return the new path of each file that moved since this branch left `ref`, by its old one.

    Raises:
        click.UsageError: as `changed_since`.
    """
    return _renames(root, _merge_base(root, ref), "--find-renames", asked=ref)


def _renames(
    root: Path, base: str, how: str, *, asked: str, environment: dict[str, str] | None = None
) -> dict[str, str]:
    options = ("--name-status", how, "--diff-filter=R", "--relative", "-z")
    told = _names(_git(root, "diff", *options, base, asked=asked, environment=environment))
    return dict(zip(told[1::3], told[2::3], strict=True))


def renamed_since_commit_of(root: Path, path: str) -> dict[str, str]:
    """Return the new path of each file that moved since a file was last committed, by its old one.

    Files that git does not track yet count, too. Empty where git can't tell.
    """
    try:
        base = _git(root, "log", "-1", "--format=%H", "--", path, asked=path).strip()
        if not base:
            return {}
        with TemporaryDirectory(prefix="mkdocs-incident-") as folder:
            # An index of its own, in which new files are to be added: the repository's stays as it is.
            own = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            _git(root, "read-tree", "HEAD", asked=path, environment=own)
            _git(root, "add", "--intent-to-add", "--", ".", asked=path, environment=own)
            return _renames(root, base, "--find-renames", asked=path, environment=own)
    except click.UsageError:
        return {}


@contextmanager
def corpus_before(policy: Policy, ref: str) -> Iterator[Corpus]:
    """Yield all records as they were where this branch left `ref`, under the policy of then.

    They lie in a temporary folder, so that links and evidence are judged by the files of then, too.
    A policy that could not be used then is the present one.

    Raises:
        click.UsageError: as `changed_since`.
    """
    base = _merge_base(policy.root, ref)
    with TemporaryDirectory(prefix="mkdocs-incident-") as name:
        folder = Path(name)
        files = _Files(policy.root, base, folder, ref)
        then = _policy_before(policy, files)
        files.write(
            *(f":(literal){source}" for source in then.sources),
            *(f":(glob){pattern}" for pattern in then.alert_rules),
        )
        yield load_corpus(then)


class _Files:
    """The files of a commit, written into a folder as they are asked for."""

    def __init__(self, root: Path, commit: str, folder: Path, asked: str) -> None:
        self._repository = root
        self._folder = folder
        self._asked = asked
        # An index of its own: the repository's stays as it is. Pictures in LFS need not be fetched.
        self._environment = {
            "GIT_INDEX_FILE": str(folder / "index"),
            "GIT_LFS_SKIP_SMUDGE": "1",
        }
        self._ask("read-tree", commit)
        prefix = self._ask("rev-parse", "--show-prefix").rstrip("\n")
        self.root = folder / "tree" / prefix
        """Where the files of the repository's `root` lie."""
        self.root.mkdir(parents=True)
        # What changed or went may be what a record links to, wherever it lies.
        lost = ("--name-only", "--no-renames", "--diff-filter=DMT", "--relative", "-z")
        self._write(_git(root, "diff", *lost, commit, asked=asked))

    def write(self, *patterns: str) -> None:
        """Write the files that git's patterns match, which may be none."""
        self._write(self._ask("ls-files", "-z", "--", *patterns))

    def _write(self, names: str) -> None:
        prefix = f"--prefix={self._folder / 'tree'}/"
        self._ask("checkout-index", "--quiet", "--force", prefix, "-z", "--stdin", given=names)

    def _ask(self, *arguments: str, given: str = "") -> str:
        return _git(
            self._repository,
            *arguments,
            asked=self._asked,
            given=given,
            environment=self._environment,
        )


def _policy_before(policy: Policy, files: _Files) -> Policy:
    name = policy.config_name or CONFIG_NAME
    files.write(f":(literal){name}")
    config = files.root / name
    try:
        then = load_policy(config if config.is_file() else None, files.root)
        refuse_unknown_rules(then)
    except PolicyError:
        return replace(policy, root=files.root)
    return then


def _merge_base(root: Path, ref: str) -> str:
    # With an end-of-options mark a ref can't be taken for an option.
    return _git(root, "merge-base", "--end-of-options", ref, "HEAD", asked=ref).strip()


def _names(*outputs: str) -> list[str]:
    return [name for output in outputs for name in output.split("\0") if name]


def _git(
    root: Path,
    *arguments: str,
    asked: str,
    given: str = "",
    environment: dict[str, str] | None = None,
) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a ref stands behind the end of options
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the git of whoever runs this
            capture_output=True,
            check=False,
            input=given.encode("utf-8", "surrogateescape"),
            env={**os.environ, **(environment or {})},
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
