"""The index of a large site by Pagefind: in pieces, of which a search loads those that it needs.

Pagefind reads the pages as they are published. What it is to know of one stands in the page's attributes
``data-pagefind-…``, so that its own command line indexes the site alike.
"""

from __future__ import annotations

import asyncio
import re
from html import escape, unescape
from pathlib import Path

from mkdocs_incident.language import gettext
from mkdocs_incident.pages.labels import Labels
from mkdocs_incident.patterns import regex

FOLDER = "assets/pagefind"
"""Where the index is published: beside the script, which finds it there."""

_CHROME = (".headerlink", ".md-tags", ".md-content__button", ".md-source-file", ".md-feedback")
"""What themes put between a page's own words."""
_MAIN = (
    regex(r'<(?:article|div|main|section)\b(?=[^>]*(?:\bmd-content__inner\b|\brole="main"))'),
    regex(r"<main\b"),
)
"""Where the content of a page begins: in Material and the themes of MkDocs; in others."""


class NotInstalledError(Exception):
    """Pagefind, or the program that its package runs, is not there."""


_TRIES = 5


def require() -> None:
    """Raise `NotInstalledError` where a site can't be indexed."""
    try:
        from pagefind.service import get_executable  # noqa: PLC0415 - an extra, loaded where used
    except ImportError:
        raise NotInstalledError from None
    if get_executable() is None:
        raise NotInstalledError


def index(site_dir: Path) -> None:
    """Write the index of a built site into its `FOLDER`.

    Raises:
        OSError: files of the index stay empty. The package ends its program once that has answered, which
            on a busy machine can be before its last file is on the disk; then it is asked again.
    """
    for _ in range(_TRIES):
        asyncio.run(_index(site_dir))
        if all(path.stat().st_size for path in (site_dir / FOLDER).rglob("*") if path.is_file()):
            return
    raise OSError(f"Pagefind wrote empty files into {FOLDER}")


async def _index(site_dir: Path) -> None:
    from pagefind.index import IndexConfig, PagefindIndex  # noqa: PLC0415 - as above

    config = IndexConfig(output_path=str(site_dir / FOLDER), exclude_selectors=_CHROME)
    async with PagefindIndex(config=config) as pagefind:
        # One call for all: the package takes a tenth of a second for each.
        await pagefind.add_directory(str(site_dir))


def marked_page(html: str, title: str, labels: Labels | None) -> str:
    """Return a page as it is published, with what Pagefind is to know of it.

    Args:
        html: The page, with the theme around it.
        title: What results call it, as text or as HTML.
        labels: What a record is filtered by; other pages are filtered by being none.
    """
    for pattern in _MAIN:
        html, found = pattern.subn(lambda match: f"{match[0]} data-pagefind-body", html, count=1)
        if found:
            break
    filters = "".join(
        f'<meta data-pagefind-filter="{escape(name)}[content]" content="{escape(value)}">'
        for name, values in _filters(labels).items()
        for value in values
    )
    meta = (
        f'<meta data-pagefind-meta="title[content]" content="{escape(unescape(title))}">{filters}'
    )
    return html.replace("</head>", f"{meta}</head>", 1)


def _filters(labels: Labels | None) -> dict[str, list[str]]:
    if labels is None:
        return {gettext("Kind"): [gettext("page")]}
    return {
        gettext("Kind"): [labels.kind],
        gettext("Severity"): [labels.severity] if labels.severity else [],
        gettext("Status"): [labels.status],
        gettext("Service"): list(labels.services),
        gettext("Year"): [labels.year] if labels.year else [],
    }


def ignored(html: str) -> str:
    """Return an element that Pagefind does not read."""
    return re.sub(r"^<[\w-]+", r"\g<0> data-pagefind-ignore", html)
