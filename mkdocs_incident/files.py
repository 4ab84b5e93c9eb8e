"""Which files of a repository are records, and what is in them."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Literal

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.policy import Policy
from mkdocs_incident.source.alert_rules import AlertRuleFile, read_alert_rules
from mkdocs_incident.source.document import Document, read_document

Nature = Literal["file", "link", "folder", "dangling", "device", "unreadable", "outside"]


class Files:
    """What the files of a repository hold: what is on the disk.

    An editor's take the place of it where it knows better.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._root = os.path.join(policy.root, "")  # noqa: PTH118 - ends in a slash

    @cached_property
    def listed(self) -> tuple[tuple[str, Nature], ...]:
        """Path and nature of everything below the sources."""
        return tuple(walk(self.policy))

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths of files and folders below the sources."""
        natures = {"file", "link", "folder"}
        return frozenset(path for path, nature in self.listed if nature in natures)

    @property
    def unsaved(self) -> Sequence[str]:
        """Paths of records that may not be on the disk yet."""
        return ()

    def content(self, path: str) -> bytes:
        """Return a file's bytes.

        Raises:
            OSError: it can't be read.
        """
        # Not by pathlib: it takes as long as reading the file.
        with open(f"{self._root}{path}", "rb", buffering=0) as file:  # noqa: PTH123
            return file.read()

    def document(self, path: str, day: date | None = None) -> Document:
        """Return what a record's file says.

        Args:
            path: POSIX path relative to the root.
            day: the incident's day, for days without a year in a document that has no date itself.

        Raises:
            OSError: it can't be read.
        """
        return read_document(path, self.content(path), self.policy.read_options, day=day)

    def expect(self, paths: Sequence[str]) -> None:
        """Take note of all records that will be asked for, to read them in the best way there is."""

    def alert_rules(self, path: str) -> AlertRuleFile:
        """Return what a rule file says.

        Raises:
            OSError: it can't be read.
        """
        return read_alert_rules(path, self.content(path), self.policy.read_options)


def unreadable_path(
    path: str,
    why: str,
    hint: str = "Make it a readable file, or add it to `exclude` in incident.yml",
) -> Finding:
    """Return the finding of a file or folder that can't be read."""
    return Finding(
        Location(path),
        f"`{path}` can't be read: {why.lower()}",
        hint=hint,
        rule="unreadable-path",
    )


def is_markdown(name: str) -> bool:
    """Return whether a file's name says that it is Markdown."""
    return name.lower().endswith((".md", ".markdown"))


def is_excluded(policy: Policy, path: str) -> bool:
    """Return whether a path, or a folder above it, matches one of the policy's patterns."""
    parts = path.split("/")
    candidates = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(
        fnmatch.fnmatchcase(candidate, pattern.removesuffix("/**").rstrip("/"))
        or fnmatch.fnmatchcase(candidate, pattern)
        or (pattern.startswith("**/") and fnmatch.fnmatchcase(candidate, pattern[3:]))
        for pattern in policy.exclude
        for candidate in candidates
    )


def record_files(files: Files) -> Iterator[tuple[str, Finding | None]]:
    """Yield each Markdown file's path relative to the root, with what hinders reading it."""
    policy = files.policy
    links: list[str] = []
    own: set[str] = set()
    for path, entry in files.listed:
        if entry == "unreadable":
            yield path, unreadable_path(path, "the folder can't be listed")
        elif entry == "outside" and (is_markdown(path) or (policy.root / path).is_dir()):
            yield path, unreadable_path(path, "it is a link that leads out of the repository")
        elif entry == "device" and is_markdown(path):  # reading a pipe would wait for ever
            yield path, unreadable_path(path, "it is a pipe or a device")
        elif entry == "folder" and is_markdown(path):
            yield path, unreadable_path(path, "it is a folder named like a file")
        elif entry == "file" and is_markdown(path):
            own.add(path)
            yield path, None
        elif entry in {"link", "dangling"} and is_markdown(path):
            links.append(path)
    real = {os.path.realpath(policy.root / path) for path in own} if links else set()
    for path in links:
        if os.path.realpath(policy.root / path) not in real:
            yield path, None


def walk(policy: Policy) -> Iterator[tuple[str, Nature]]:
    """Yield path and nature of everything below the sources that is not excluded.

    Names that begin with a dot are passed over. Linked folders are followed, each real one once.
    """
    root = os.path.realpath(policy.root)
    seen: set[str] = set()
    # A folder as its records name it, and as the disk does; links that loop do not raise.
    pending = [(source, os.path.realpath(policy.root / source)) for source in policy.sources[::-1]]
    linked: list[tuple[str, str]] = []
    while pending or linked:
        # Links last: what lies in a source is known by its own path.
        folder, real = pending.pop() if pending else linked.pop()
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(real) as listed:
                entries = sorted(listed, key=attrgetter("name"))
        except (FileNotFoundError, NotADirectoryError):
            continue  # a source that is not there, or gone meanwhile
        except OSError:
            yield folder, "unreadable"
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.name.startswith(".") or (policy.exclude and is_excluded(policy, path)):
                continue
            if entry.is_symlink():
                nature = _nature_of_link(entry.path, root)
                if nature == "folder":
                    linked.append((path, os.path.realpath(entry.path)))
            elif entry.is_dir():
                nature = "folder"
                pending.append((path, entry.path))
            else:
                nature = "file" if entry.is_file() else "device"
            yield path, nature


def _nature_of_link(path: str, root: str) -> Nature:
    if not Path(os.path.realpath(path)).is_relative_to(root):
        return "outside"
    if os.path.isdir(path):  # noqa: PTH112 - never raises, as those below
        return "folder"
    if os.path.isfile(path):  # noqa: PTH113
        return "link"
    return "device" if os.path.exists(path) else "dangling"  # noqa: PTH110
