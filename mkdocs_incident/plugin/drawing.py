"""Pages drawn ahead: MkDocs renders one after the other, templates need not wait for their turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mkdocs_incident.workers import ahead


class Drawings:
    """What templates make of pages, in the order in which MkDocs will ask."""

    def __init__(self, draw: Callable[[str], str], uris: Sequence[str]) -> None:
        """Take who draws the page at an address, and the addresses that will be asked for.

        An error of `draw` is raised where its page is asked for.
        """
        self._draw = draw
        self._uris = frozenset(uris)
        self._expected = [*reversed(uris)]
        self._coming = ahead(self._tried, uris)
        self._drawn: dict[str, str | None] = {}

    def _tried(self, uri: str) -> str | None:
        try:
            return self._draw(uri)
        except Exception:  # noqa: BLE001 - it is drawn again, and raised, by who asks for it
            return None

    def take(self, uri: str) -> str:
        """Return a page, which nobody will ask for again."""
        while uri in self._uris and self._expected and uri not in self._drawn:
            self._drawn[self._expected.pop()] = next(self._coming)
        drawn = self._drawn.pop(uri, None)
        return drawn if drawn is not None else self._draw(uri)

    def close(self) -> None:
        """End the processes that draw what nobody will ask for."""
        self._expected.clear()
        self._coming.close()
