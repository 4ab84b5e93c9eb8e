"""Alerts and runbooks: where the ``runbook_url`` of an alert leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote, urlsplit

import msgspec

from mkdocs_incident.corpus import NOT_RECORDS, Corpus
from mkdocs_incident.patterns import regex
from mkdocs_incident.records import Runbook
from mkdocs_incident.source.alert_rules import AlertRule, is_templated

_ID = regex(r"(?<![A-Za-z0-9])RB-\w[\w-]*")
_EXTENSION = regex(r"\.(?:md|markdown|html?)$", re.IGNORECASE)

_Parts = tuple[str, ...]


class RunbookLink(msgspec.Struct, frozen=True):
    """The ``runbook_url`` of an alert, and what it leads to; both are None where it leads elsewhere."""

    alert: AlertRule
    runbook: Runbook | None = None
    missing: str | None = None
    """Id or path of the runbook that it names and that is not there."""


def runbook_links(corpus: Corpus) -> Iterator[RunbookLink]:
    """Yield the link of each alert that has one; what is filled in later leads nobody knows where."""
    places = _Places(corpus)
    located = [
        (alert, _parts(alert.runbook_url))
        for alert in corpus.alert_rules
        if alert.runbook_url and not is_templated(alert.runbook_url)
    ]
    for _, parts in located:
        places.learn(parts)
    for alert, parts in located:
        yield places.link(alert, parts)


class _Places:
    """Where runbooks are published.

    Their host is nowhere written: a URL that leads to a runbook shows it. What lies beside that
    runbook is ours, too; the runbooks of other people, whose alerts are installed with links to
    their own site, are not.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._folders: dict[_Parts, str] = {}
        """Host and path below which runbooks are → their folder; a path alone has an empty host."""
        for source in corpus.policy.sources:
            if any(runbook.document.path.startswith(f"{source}/") for runbook in corpus.runbooks):
                parts = tuple(source.split("/"))
                self._folders |= {("", *parts): source, ("", parts[-1]): source}

    @cached_property
    def _runbook_by_ending(self) -> dict[_Parts, tuple[Runbook, int]]:
        """Runbooks by each ending of their path that has a folder, and how much is before it."""
        found: dict[_Parts, tuple[Runbook, int]] = {}
        for runbook in self._corpus.runbooks:
            parts = _names(runbook.document.path)
            for start in range(len(parts) - 1):
                found.setdefault(parts[start:], (runbook, start))
        return found

    def _ending(self, parts: _Parts) -> tuple[int, Runbook, int] | None:
        """Return where the longest ending begins that is a runbook's: in the URL and in its path."""
        for start in range(1, len(parts) - 1):
            found = self._runbook_by_ending.get(parts[start:])
            if found is not None:
                return start, *found
        return None

    def learn(self, parts: _Parts) -> None:
        """Take the folder of a URL that leads to a runbook for one where runbooks are published."""
        ending = self._ending(parts)
        if ending is None:
            return
        start, runbook, above = ending
        path = runbook.document.path
        source = next(s for s in self._corpus.policy.sources if path.startswith(f"{s}/"))
        depth = max(len(source.split("/")), above + 1)
        self._folders[parts[: start + depth - above]] = "/".join(path.split("/")[:depth])

    def link(self, alert: AlertRule, parts: _Parts) -> RunbookLink:
        """Return where the URL of an alert leads: by its path, else by an id in it."""
        ending = self._ending(parts)
        if ending is not None:
            return RunbookLink(alert, ending[1])
        named = _ID.search(unquote(alert.runbook_url or ""))
        if named is not None:
            runbook = self._corpus.runbook_by_id.get(named[0])
            is_unread = named[0] in self._corpus.unreadable_runbook_ids
            return RunbookLink(alert, runbook, None if runbook or is_unread else named[0])
        for end in range(len(parts) - 1, 0, -1):
            folder = self._folders.get(parts[:end])
            if folder is not None:
                return RunbookLink(alert, missing="/".join((folder, *parts[end:])))
        return RunbookLink(alert)


def _parts(url: str) -> _Parts:
    """Return a URL's host and the names in its path; only an empty host if it is none."""
    try:
        split = urlsplit(url)
    except ValueError:
        return ("",)
    return (split.netloc.lower(), *_names(unquote(split.path)))


def _names(path: str) -> _Parts:
    """Return the names in a path without what sites leave out: the extension and ``index``."""
    names = [name for name in _EXTENSION.sub("", path).split("/") if name not in {"", ".", ".."}]
    if names and names[-1].lower() in NOT_RECORDS:
        names.pop()
    return tuple(names)
