"""Rows that many pages list: drawn once a site, with the links of the page that lists them."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from mkdocs_incident.pages.environment import Url
from mkdocs_incident.pages.own_templates import NotGivenError, macro_call_error, macro_of
from mkdocs_incident.patterns import regex

if TYPE_CHECKING:
    from jinja2.runtime import Macro

    from mkdocs_incident.pages.site import Site

_MARK = token_hex(16)
_LINK = regex(rf"{_MARK}:(\d+);")
"""Where a link stands in a row; it leads to another address from each page. No record can hold it."""


class SharedRows:
    """The rows of tables, each drawn by the macro ``row`` of its table's template when it is first listed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._tables: dict[str, Macro] = {}
        self._rows: dict[tuple[str, int], tuple[object, list[str]]] = {}  # with what holds the id
        self._paths: list[str] = []
        self._numbers: dict[str, int] = {}  # by path

    def row(self, table: str, thing: object, url: Url) -> Markup:
        """Return a thing's row for the page that `url` counts from.

        Args:
            table: name of the template, whose macro is given the thing, the site and an `url`.
            thing: what the row is about; the site keeps it as long as it is there itself.
            url: tells the same of every page, but for where a link begins.
        """
        if (table, id(thing)) not in self._rows:
            if table not in self._tables:
                self._tables[table] = self._drawing(table, url)
            texts = _LINK.split(self._drawn(table, thing))
            texts[1::2] = [self._paths[int(number)] for number in texts[1::2]]
            self._rows[table, id(thing)] = thing, texts
        _, texts = self._rows[table, id(thing)]
        parts = texts.copy()
        parts[1::2] = [escape(url(path)) for path in texts[1::2]]
        return Markup("".join(parts))  # noqa: S704 - templates escaped it

    def _drawn(self, table: str, thing: object) -> str:
        macro = self._tables[table]
        try:
            return macro(thing)
        except (TypeError, NotGivenError) as error:
            mistake = macro_call_error(error, macro, (thing,), {})
            if mistake is None:
                raise
            raise mistake from error

    def _drawing(self, table: str, url: Url) -> Macro:
        """Return a template's macro whose links are places; what is published nowhere has none."""

        def place(path: str) -> str | None:
            if url(path) is None:
                return None
            if path not in self._numbers:
                self._numbers[path] = len(self._paths)
                self._paths.append(path)
            return f"{_MARK}:{self._numbers[path]};"

        given = {"site": self._site, "url": place}
        templates = self._site.templates
        look = templates.get_template("incident/look.html").make_module(given)
        rows = templates.get_template(f"incident/{table}.html").make_module({**given, "look": look})
        return macro_of(rows, "row")
