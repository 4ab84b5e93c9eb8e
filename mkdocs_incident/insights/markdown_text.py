"""Text of records in Markdown that goes elsewhere: it keeps its own marks and becomes nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from mkdocs_incident.insights.runbook_edits import one_line
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.links import destination, links_in

_TAG = regex(r"<(?=[A-Za-z/!?])")
_BLOCK = regex(
    r"\d{1,9}(?=[.)](?:\s|$))|(?=(?:#{1,6}|[+*-])(?:\s|$)|>|~~~|(?:-{3,}|_{3,}|={2,})\s*$|\[[^\]]*\]:)"
)
"""Where a backslash keeps a line from beginning a list, a heading, a quotation and so on."""
_ITEM = regex(r"\s*(?:[-*+]|\d{1,9}[.)])\s+")
_PARTS = regex(rf"\n\s*\n|\n(?={_ITEM.pattern})")
"""Between a text's paragraphs and list items."""
_CODE = regex(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LONE = regex(r"(?<!\\)`")
_URL_SAFE = "/:?#@!$&'*+,;=%~"
"""What of an address needs no quoting in a link."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown; no line at all without a row."""
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    if not lines:
        return []
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]


def _cell(value: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", value)


def inline(value: str) -> str:
    """Return a record's text on one line: its own marks are kept, nothing in it becomes HTML."""
    line = _without_brackets(one_line(value).strip())
    written, end = [], 0
    for code in _CODE.finditer(line):
        written += [_harmless(line[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*written, _harmless(line[end:])])


def _without_brackets(line: str) -> str:
    """Return a line with the destinations of links in another form than ``<a b.png>``, which looks like HTML."""
    written: list[str] = []
    at = 0
    for link in links_in(line):
        if link.bracketed:
            quoted = quote(destination(link.written), safe=_URL_SAFE)
            written += [line[at : link.start - 1], quoted]
            at = link.end + 1
    return "".join([*written, line[at:]])


def _harmless(text: str) -> str:
    """Return text outside of code; a mark that nothing closes would reach into what follows."""
    return _LONE.sub(r"\`", _TAG.sub("&lt;", text))


def paragraphs(value: str) -> list[str]:
    """Return the lines of a text with several: its paragraphs, and its lists as such."""
    lines: list[str] = []
    for part in _PARTS.split(value.strip()):
        item = _ITEM.match(part)
        line = _as_block(inline(part[item.end() :] if item else part))
        if lines and not (item and lines[-1].startswith("- ")):
            lines.append("")
        lines.append(f"- {line}" if item else line)
    return lines


def _as_block(line: str) -> str:
    """Return a line that begins a paragraph, and neither a heading nor a list."""
    match = _BLOCK.match(line)
    return f"{line[: match.end()]}\\{line[match.end() :]}" if match is not None else line


def link(target: str, label: str | None = None) -> str:
    """Return a link to a path or an address, by default with itself as its text."""
    shown = re.sub(r"(?<!\\)([\[\]])", r"\\\1", inline(label or target))
    safe = _URL_SAFE if "://" in target else "/"
    return f"[{shown}]({quote(target, safe=safe)})"
