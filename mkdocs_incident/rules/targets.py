"""What a path that stands in a record leads to."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Literal

Target = Literal["something", "nothing", "outside"]
"""A file or folder of the repository; no such thing; or a place that is not in the repository."""


def target(root: Path, base: str, relative: str) -> Target:
    """Return what a path in the file `base` (relative to `root`) leads to."""
    found = inside(root, base, relative)
    if found is None:
        return "outside"
    try:
        return "something" if found.exists() else "nothing"
    except (OSError, ValueError):  # too long, or characters that no file name can hold
        return "nothing"


def inside(root: Path, base: str, relative: str) -> Path | None:
    """Return the file that a path in the file `base` means, None if it is outside of `root`."""
    path = joined(base, relative)
    if path is None:
        return None
    found = root / path
    try:
        within = found.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # a link to itself, a name no file can have
        return found
    return found if within else None


def joined(base: str, relative: str) -> str | None:
    """Return a path in the file `base` relative to the root, None if it leads out of it."""
    if posixpath.isabs(relative):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), relative))
    return None if path.startswith("..") else path
