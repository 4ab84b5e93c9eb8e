"""Markup from records, made safe: text of a record is data on every page."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

import nh3
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.util import Registry
from markupsafe import Markup

from mkdocs_incident.language import gettext
from mkdocs_incident.patterns import regex

_SCHEMES = {"http", "https", "mailto", "tel"}

_PHRASING = {"code", "em", "strong", "del", "br"}

# What Markdown, its usual extensions and Material's icons write. Scripts, styles, frames, forms and
# event handlers are not in it, whatever a record's own HTML says.
_BODY_TAGS = _PHRASING | {
    "a", "abbr", "audio", "b", "bdi", "bdo", "blockquote", "button", "caption", "center", "cite",
    "col", "colgroup", "dd", "details", "dfn", "div", "dl", "dt", "figcaption", "figure", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "ins", "kbd", "label", "li", "mark", "ol", "p",
    "picture", "pre", "q", "s", "samp", "section", "small", "source", "span", "sub", "summary", "sup",
    "svg", "path", "g", "circle", "rect", "line", "title", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul", "var", "video", "wbr",
}  # fmt: skip
_DRAWING = {"viewBox", "xmlns", "width", "height", "fill", "stroke", "stroke-width", "transform"}
_BODY_ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir", "role", "align", "tabindex"},
    "a": {"href", "name", "rel", "target", "download"},
    "audio": {"src", "controls"},
    "circle": {"cx", "cy", "r", "fill"},
    "details": {"open"},
    "g": {"fill", "stroke", "transform"},
    "img": {"src", "alt", "width", "height", "loading"},
    "input": {"type", "checked", "disabled", "name", "value"},
    "label": {"for"},
    "li": {"value"},
    "line": {"x1", "x2", "y1", "y2", "stroke"},
    "ol": {"start", "type", "reversed"},
    "path": {"d", "fill", "stroke", "stroke-width", "fill-rule", "clip-rule"},
    "rect": {"x", "y", "width", "height", "rx", "fill"},
    "source": {"src", "srcset", "media", "type"},
    "svg": _DRAWING,
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "time": {"datetime"},
    "video": {"src", "controls", "width", "height", "poster"},
}


_TASK_BOX = regex(r"<input(?=[^>]* type=\"checkbox\")(?=[^>]* disabled)(?![^>]*aria-label)[^>]*>")
_TASK = regex(r"<li(?P<attributes>[^>]*)>(?P<before>\s*(?:<p>)?)\[(?P<state>[ xX])\](?=\s)")
"""A task as Python-Markdown leaves it without an extension for lists of tasks."""
_DEAD_LINK = regex(r"<a(?: title=\"[^\"]*\")?>(.*?)</a>")


def sanitised(html: str) -> str:
    """Return a rendered body without anything that runs, loads frames or submits; tasks have a box."""
    return _TASK_BOX.sub(_labelled, _TASK.sub(_boxed, _BODY.clean(html)))


def _boxed(task: re.Match[str]) -> str:
    """Draw the box of a task; the class is the one that themes know."""
    attributes = task["attributes"] or ' class="task-list-item"'
    checked = "" if task["state"] == " " else " checked"
    return f'<li{attributes}>{task["before"]}<input type="checkbox" disabled{checked}>'


def _labelled(box: re.Match[str]) -> str:
    """Say in words what a task's box shows: nothing else names it."""
    label = gettext("done") if " checked" in box[0] else gettext("to do")
    return f'{box[0].removesuffix(">")} aria-label="{escape(label)}">'


def _only_choices(tag: str, name: str, value: str) -> str | None:
    """Keep inputs that task lists and tabs are made of: nothing to type into."""
    if tag == "input" and name == "type" and value not in {"checkbox", "radio"}:
        return "checkbox"
    return value


_BODY = nh3.Cleaner(
    tags=_BODY_TAGS,
    attributes=_BODY_ATTRIBUTES,
    attribute_filter=_only_choices,
    generic_attribute_prefixes={"data-", "aria-"},
    url_schemes=_SCHEMES,
    filter_style_properties={"text-align"},
    link_rel=None,
)


@lru_cache(maxsize=4096)
def phrase(text: str) -> Markup:
    """Return one line of a record with its code and emphasis, without links: it may stand in one."""
    line = _one_line(text)
    if not _HAS_MARKUP.search(line):
        return _escaped(line)
    return Markup(nh3.clean(_rendered(line), tags=_PHRASING, attributes={}))  # noqa: S704 - cleaned


def plain(text: str) -> str:
    """Return a line of a record without its Markdown, as a picture can show it."""
    return str(phrase(text).striptags())


@lru_cache(maxsize=4096)
def prose(text: str) -> Markup:
    """Return one paragraph of a record with code, emphasis and links that lead out of the site."""
    line = _one_line(text)
    if not _HAS_MARKUP.search(line):
        return _escaped(line)
    cleaned = nh3.clean(
        _rendered(line),
        tags=_PHRASING | {"a"},
        attributes={"a": {"href", "title"}},
        attribute_filter=_only_absolute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return Markup(_DEAD_LINK.sub(r"\1", cleaned))  # noqa: S704 - cleaned


def _only_absolute(_tag: str, name: str, value: str) -> str | None:
    """Drop relative targets: the text stands on other pages than its record's."""
    return value if name != "href" or ":" in value.split("/", 1)[0] else None


_HAS_MARKUP = regex(r"[`*_\[<&\\\0]")
"""What begins Markdown within a line, or is no text of HTML; all else is as `nh3.clean` returns it once escaped."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(line: str) -> Markup:
    return Markup(escape(line, quote=False))  # noqa: S704 - escaped


def _rendered(line: str) -> str:
    """Render inline Markdown; HTML in it is text, and no line of it starts a block."""
    return _inline_markdown().reset().convert(line).removeprefix("<p>").removesuffix("</p>")


@lru_cache(maxsize=1)
def _inline_markdown() -> Markdown:
    markdown = Markdown()
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    blocks: Registry[BlockProcessor] = Registry()
    blocks.register(ParagraphProcessor(markdown.parser), "paragraph", 10)
    markdown.parser.blockprocessors = blocks
    return markdown
