"""The records of a repository, as a program sees them that knows front matter only."""
# ruff: noqa: INP001 - a script's neighbour

from __future__ import annotations

import os
from collections.abc import Iterator

KINDS = ("incident", "postmortem", "runbook", "mitigation-plan")


def paths(folder: str) -> Iterator[str]:
    """Yield the paths of all Markdown files below a folder, in order."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (f"{place}/{name}" for name in sorted(names) if name.endswith(".md"))


def front_matter(content: bytes) -> bytes:
    """Return what stands between the first two lines of dashes."""
    return content[4 : content.index(b"\n---\n", 3) + 1]
