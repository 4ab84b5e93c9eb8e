"""The options below ``incident`` in mkdocs.yml."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal, cast

from mkdocs.config import config_options as c
from mkdocs.config.base import BaseConfigOption, Config, ValidationError

from mkdocs_incident.files import is_markdown
from mkdocs_incident.pages.index_pages import INDEX_PAGES
from mkdocs_incident.source.times import parse_as_of


class _Moment(BaseConfigOption[datetime]):
    """A date, or a date and time; UTC where no zone is given."""

    def run_validation(self, value: object) -> datetime:
        try:
            return parse_as_of(value.isoformat() if isinstance(value, date) else str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class _PagePath(BaseConfigOption[str | Literal[False] | None]):
    """Path of a page as if it stood in the docs folder, or false; none for its usual place."""

    def run_validation(self, value: object) -> str | Literal[False] | None:
        if value is False or value is None:
            return value
        if not isinstance(value, str) or not is_markdown(value):
            raise ValidationError(f"`{value}` is neither a path that ends in `.md` nor `false`")
        path = posixpath.normpath(value)
        if path.startswith(("/", "../")):
            raise ValidationError(f"`{value}` leads out of the site")
        return path


class _Folder(BaseConfigOption[str]):
    """Path of a folder as if it stood in the docs folder, which is ``.`` itself."""

    def __init__(self, default: str) -> None:
        super().__init__()
        self.default = default

    def run_validation(self, value: object) -> str:
        path = posixpath.normpath(value) if isinstance(value, str) else ""
        if not isinstance(value, str) or path.startswith(("/", "..")):
            raise ValidationError(f"`{value}` is no folder of the site")
        return path


def _by_page(name: str, option: Callable[[], BaseConfigOption[Any]]) -> type[Config]:
    """Return a group of options that has one for each index page."""
    options = {page.name: option() for page in INDEX_PAGES}
    return cast("type[Config]", type(name, (Config,), options))


class IncidentConfig(Config):  # type: ignore[no-untyped-call]
    """Options below ``incident`` in mkdocs.yml; what a team decides about records is in incident.yml."""

    config = c.Optional(c.File(exists=True))
    """Path of incident.yml; without it the one beside mkdocs.yml, where there is one."""
    on_findings = c.Choice(("fail", "warn", "ignore"), default="fail")
    """What errors in records do to a build: end it, be logged as warnings, or nothing."""
    as_of = c.Optional(_Moment())
    """The moment that the site speaks of, for builds that can be repeated; default now."""
    language = c.Optional(c.Type(str))
    """What the pages speak; default what the catalogue or else the theme speaks."""
    catalogue = c.Optional(c.File(exists=True))
    """A gettext `.po` file with texts of the project's own."""
    folder = _Folder(default="knowledge-base")
    """Where the index pages are."""
    pages = c.SubConfig(_by_page("PagesConfig", _PagePath))
    """Paths of single index pages that shall not be in the folder; false leaves one out."""
    titles = c.SubConfig(_by_page("TitlesConfig", lambda: c.Optional(c.Type(str))))
    """Titles of single index pages."""
    tags = c.Type(bool, default=True)
    """Whether records are tagged with severity, status and services, beside their own tags."""
    pagefind = c.Type(bool, default=False)
    """Whether the site has a page that searches it with Pagefind, for large knowledge bases."""
    cache = c.Type(bool, default=True)
    """Whether what was read and found in an earlier build, or by the gate, is remembered."""
    feeds = c.Type(bool, default=True)
    """Whether feeds, a calendar and all incidents as JSON are published beside the index pages."""
    nav = c.Type(bool, default=True)
    """Whether the index pages are added to a `nav` that lists none of them."""
