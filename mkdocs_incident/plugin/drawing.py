"""Pages drawn ahead: MkDocs renders one after the other, templates need not wait for their turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mkdocs_incident.workers import ahead


class Drawings:
    """What templates make of pages, in the order in which MkDocs will ask."""

    def __init__(self, draw: Callable[[str], str], uris: Sequence[str]) -> None:
        """Take who draws the page at an address, and the addresses that will be asked for.

        An error of `draw` is raised where its page is asked for.
        """
        self._draw = draw
        self._expected = set(uris)
        self._coming: Iterator[tuple[str, str]] = zip(uris, ahead(draw, uris), strict=True)
        self._passed: dict[str, str] = {}

    def take(self, uri: str) -> str:
        """Return a page, which nobody will ask for again."""
        if uri not in self._expected:
            return self._draw(uri)
        self._expected.remove(uri)
        if uri in self._passed:
            return self._passed.pop(uri)
        for found, drawn in self._coming:
            if found == uri:
                return drawn
            self._passed[found] = drawn
        return self._draw(uri)
