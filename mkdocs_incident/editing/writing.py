"""Writing an edited file: all of it or nothing, and never over somebody else's edit."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mkdocs_incident.diagnostic import Location
from mkdocs_incident.editing.record_text import EditError


class ChangedMeanwhile(EditError):  # noqa: N818 - what happened, not what is wrong
    """An edit of a text that is not there any more: somebody else wrote the file since it was read."""


def write_atomically(root: Path, path: str, old: bytes, new: bytes) -> None:
    """Replace the content of a file of the repository.

    The new content is written beside the file, brought to the disk, and takes the file's place in one
    step: whatever happens before that step leaves the file as it was.

    Args:
        root: the repository's folder; a link that leads out of it is not followed.
        path: POSIX path relative to it.
        old: what was read, and edited.
        new: what the file is to hold.

    Raises:
        ChangedMeanwhile: the file no longer holds `old`.
        EditError: it lies outside of `root` or can't be written.
    """
    try:
        target = (root / path).resolve(strict=True)
        if not target.is_relative_to(root.resolve()):
            raise EditError(
                Location(path),
                f"`{path}` is a link that leads out of the repository",
                "Edit the file that it leads to",
            )
        _replace(target, path, old, new)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise EditError(
            Location(path),
            f"`{path}` can't be written: {why}",
            "Make the file and its folder writable, and run the command again",
        ) from error


def create_file(root: Path, path: str, content: bytes) -> None:
    """Write a new file of the repository, and the folders on the way to it.

    It appears whole or not at all, and never in place of another one, whoever makes that at the same
    time.

    Args:
        root: the repository's folder; a link that leads out of it is not followed.
        path: POSIX path relative to it.
        content: what the file is to hold.

    Raises:
        FileExistsError: there is a file already.
        EditError: the path leads out of `root`, or the file can't be written.
    """
    target = root / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.parent.resolve().is_relative_to(root.resolve()):
            raise EditError(
                Location(path),
                f"`{path}` leads out of the repository",
                "Choose a path below it",
            )
        descriptor, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".tmp", dir=target.parent
        )
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o666 & ~_umask())
            os.link(beside, target)  # unlike a renaming, it fails where there is a file
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(target.parent)
    except FileExistsError:
        raise
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise EditError(
            Location(path),
            f"`{path}` can't be written: {why}",
            "Make its folder writable, and run the command again",
        ) from error


def _umask() -> int:
    """Return which permissions new files are not given; the system tells it only by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _replace(target: Path, path: str, old: bytes, new: bytes) -> None:
    mode = stat.S_IMODE(target.stat().st_mode)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        with _alone(target.parent):
            _check_unchanged(target, path, old)  # as late as can be
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _check_unchanged(target: Path, path: str, old: bytes) -> None:
    if target.read_bytes() != old:
        raise ChangedMeanwhile(
            Location(path),
            f"`{path}` was changed by somebody else since it was read",
            "Run the command again",
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs of this tool out of a folder, where the system can."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
