"""Runbook updates: what incidents taught, which runbook lacks it, and the edit that adds it."""

from __future__ import annotations

from itertools import groupby

import msgspec

from mkdocs_incident.insights.runbook_patch import patch
from mkdocs_incident.insights.runbook_suggestion import Suggestion
from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.site import Site
from mkdocs_incident.records import Runbook

COMMAND = "mkdocs-incident runbook-updates --apply"
"""How all suggestions are taken at once."""


class Lacking(msgspec.Struct, frozen=True):
    """A runbook, existing or not, and what it does not say yet."""

    path: str
    runbook: Runbook | None
    suggestions: tuple[Suggestion, ...]
    diff: str

    @property
    def title(self) -> str:
        """The runbook's title, else the name that the new file would have."""
        return (
            self.runbook.title if self.runbook else self.path.rpartition("/")[2].removesuffix(".md")
        )

    @property
    def anchor(self) -> str:
        """The name of its place on the page."""
        return anchor(self.path)

    @property
    def added(self) -> int:
        """How many lines the edit adds."""
        return sum(line.startswith("+") for line in self.diff.splitlines()[2:])


def anchor(path: str) -> str:
    """Return the name of a runbook's place on the page."""
    return path.removesuffix(".md").replace("/", "-").lower()


def draw(site: Site, url: Url) -> str:
    """Return the page below its heading."""
    runbooks = [
        Lacking(path, found[0].runbook, tuple(found), patch(found))
        for path, group in groupby(site.suggestions, key=lambda suggestion: suggestion.path)
        if (found := list(group))
    ]
    return site.render(
        "runbook_updates.html",
        url,
        suggestions=site.suggestions,
        runbooks=runbooks,
        taught=sum(entry.reason != "uncovered" for entry in site.suggestions),
        uncovered=sum(entry.reason == "uncovered" for entry in site.suggestions),
        command=COMMAND,
        has_runbooks=bool(site.corpus.runbooks),
    )
