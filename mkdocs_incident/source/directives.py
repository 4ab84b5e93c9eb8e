"""Comments in a record that speak to this tool: waivers, for the whole record or for one line."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import code_lines, scan
from mkdocs_incident.source.times import parse_date
from mkdocs_incident.wording import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_incident.source.text import SourceText

_WAIVE = regex(r"waive\s+(?P<rule>[\w-]+)\s+until\s+(?P<until>\S+?):\s+(?P<reason>\S.*)")
_IN_FRONT_MATTER = regex(r"(?:^|(?<=\s))#\s*mkdocs-incident:\s*(?P<words>.*)$")
_IN_BODY = regex(r"(?<!`)<!--\s*mkdocs-incident:\s*(?P<words>(?:(?!-->).)*)-->")
_MEANT = regex(
    r"(?:<!--|(?:^|(?<=\s))#)\s*mkdocs-incident\s*(?P<words>:.*|waive\b.*)", re.IGNORECASE
)
"""What was certainly meant as a waiver, whatever is wrong with how it is written."""
_BULLETS = " \t-*+•"
_FORM = "waive RULE until 2025-12-31: reason"


class InlineWaiver(msgspec.Struct, frozen=True):
    """A waiver that stands in the record itself."""

    rule: str
    """As written; whether there is such a rule is not known here."""
    until: date
    reason: str
    location: Location
    line: int | None
    """The line whose findings it waives; None, where it has a line of its own, waives all."""


class Directives(msgspec.Struct, frozen=True):
    """What a file's comments say, and the file's lines without those of the body."""

    waivers: tuple[InlineWaiver, ...]
    findings: tuple[Finding, ...]
    lines: tuple[str, ...]


def read_directives(
    source: SourceText, body_line: int, values: Iterable[Location] = ()
) -> Directives:
    """Read the comments of a file whose body begins at line `body_line`.

    What stands within one of the front matter's `values` is text, not a comment.
    In the returned lines blanks stand for the body's comments, so that they are no part of an
    item's text and every column stays what it was.
    """
    lines = list(source.lines)
    if "mkdocs-incident" not in source.text.lower():
        return Directives((), (), tuple(lines))
    waivers: list[InlineWaiver] = []
    findings: list[Finding] = []
    code = _code_lines(lines, body_line)
    texts = list(values)
    for number, line in enumerate(lines, start=1):
        if number in code:
            continue
        in_body = number >= body_line
        for read in _comments(source.path, number, line, in_body=in_body):
            place = read.location
            if not in_body and any(_within(text, place) for text in texts):
                continue
            if isinstance(read, Finding):
                findings.append(read)
            else:
                waivers.append(read)
        if in_body:
            lines[number - 1] = _IN_BODY.sub(lambda match: " " * len(match[0]), line)
    return Directives(tuple(waivers), tuple(findings), tuple(lines))


def _comments(
    path: str, number: int, line: str, *, in_body: bool
) -> Iterator[InlineWaiver | Finding]:
    """Yield what the comments of one line say."""
    matches = list((_IN_BODY if in_body else _IN_FRONT_MATTER).finditer(line))
    rest = line
    for match in reversed(matches):
        rest = rest[: match.start()] + rest[match.end() :]
    for match in matches:
        here = Location(path, number, match.start() + 1, number, match.end() + 1)
        alone = not rest.strip(_BULLETS)
        yield from _directive(match["words"].strip(), here, None if alone else number)
    meant = None if matches else _MEANT.search(line)
    if meant is None or in_body != meant[0].startswith("<") or "`" in line[: meant.start()]:
        return
    here = Location(path, number, meant.start() + 1, number, meant.end() + 1)
    yield _unreadable(here, meant["words"])


def _within(text: Location, place: Location) -> bool:
    return (text.line, text.column) <= (place.line, place.column) < (text.end_line, text.end_column)


def _code_lines(lines: list[str], body_line: int) -> set[int]:
    """Return the body's lines that stand in code: they show, and do not say."""
    return {
        line
        for block in code_lines(scan(lines[body_line - 1 :], body_line))
        if not lines[block.start - 1].lstrip().startswith("<!--")
        for line in block
    }


def _unreadable(here: Location, words: str) -> Finding:
    return Finding(
        here,
        f"Comment `mkdocs-incident: {clip(words.lstrip(': '))}` can't be read, expected `{_FORM}`",
        "Name one rule, the last day and why, on one line",
        rule="invalid-waiver",
    )


def _directive(words: str, here: Location, line: int | None) -> Iterator[InlineWaiver | Finding]:
    match = _WAIVE.fullmatch(words)
    if match is None:
        yield _unreadable(here, words)
        return
    until = parse_date(match["until"])
    if until is None:
        yield Finding(
            here,
            f"Waiver of `{match['rule']}` ends on `{clip(match['until'])}`, expected a date such as"
            " `2025-12-31`",
            "Give the last day on which it holds",
            rule="invalid-waiver",
        )
        return
    yield InlineWaiver(match["rule"], until, match["reason"].strip(), here, line)
