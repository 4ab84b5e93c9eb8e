"""Findings as the comment that a reviewer reads on a pull request, in GitHub's Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.reporters import text
from mkdocs_incident.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mkdocs_incident.diagnostic import Diagnostic
    from mkdocs_incident.reporters import Owed, Report

# GitHub refuses a comment of more than 65,536 characters.
_LONGEST = 65_000
_FRAME = 500
"""Room for what surrounds the lines of a section."""
_UNFOLDED = 10
_TITLE = 160
_TABLE = "| Owner | What | Due | Record |\n| --- | --- | --- | --- |\n"

# GitHub looks for these after Markdown has been read, so that a backslash doesn't stop it: mentions,
# addresses, issues and links. Only code is left alone.
_STOPS = r"\s()<>\[\]\"',;`"
_ACTIVE = re.compile(rf"[^{_STOPS}]{{0,200}}(?:@|\#|://|www\.|\bGH-)[^{_STOPS}]*", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "<span>$</span>"}
_PUNCTUATION = re.compile(r"[!-,.:-@\[-`{-~]")
_MARKS = re.compile(r"[\\`*_\[\]~&<>|$]")


def render(report: Report) -> str:
    """Return the verdict, the findings by what they ask of the author, and who owes what."""
    blocking = [d for d in report.diagnostics if d.level >= report.fail_on]
    others = [d for d in report.diagnostics if d.level < report.fail_on]
    warnings = [d for d in others if d.level > Level.NOTE]
    notes = [d for d in others if d.level is Level.NOTE]
    blocking.sort(key=lambda diagnostic: -diagnostic.level)
    sections = [
        _Section("Blocks the merge", blocking, _item, is_folded=False),
        _section("Worth a look", warnings, _item),
        _section("Who owes what by when", sorted(report.owed, key=_urgency), _row, _TABLE),
        _Section(counted(len(notes), "note"), notes, _item, is_folded=True),
    ]
    written = [f"## {_verdict(report, len(blocking))}\n\n{text.summary(report)}\n"]
    sections = [section for section in sections if section.items]
    room = _LONGEST - len(written[0]) - _FRAME * len(sections)
    for section in sections:
        part, used = section.render(room)
        written.append(part)
        room -= used
    return "\n".join(written)


@dataclass(frozen=True)
class _Section:
    """A heading with a line an item below it, as many as there is room for."""

    title: str
    items: Sequence[Any]
    line: Callable[[Any], str]
    is_folded: bool
    head: str = ""

    def render(self, room: int) -> tuple[str, int]:
        """Return the section, and how much of `room` its lines take."""
        body, used, shown = self.head, 0, 0
        for item in self.items:
            line = f"{self.line(item)}\n"
            if used + len(line) > room:
                break
            body += line
            used += len(line)
            shown += 1
        if hidden := len(self.items) - shown:
            body += f"\nand {hidden:,} more, which `mkdocs-incident check` lists\n"
        if not self.is_folded:
            return f"### {self.title}\n\n{body}", used
        return f"<details>\n<summary>{self.title}</summary>\n\n{body}\n</details>\n", used


def _verdict(report: Report, blocking: int) -> str:
    if not report.diagnostics:
        return "Incident records: no findings"
    if not blocking:
        return "Incident records: nothing blocks the merge"
    what = "error" if report.fail_on is Level.ERROR else "finding"
    return f"Incident records: {counted(blocking, what)} {'block' if blocking > 1 else 'blocks'} the merge"


def _item(diagnostic: Diagnostic) -> str:
    place = _code(f"{diagnostic.location.path}:{diagnostic.location.line}")
    hint = f"<br>{_prose(diagnostic.hint)}" if diagnostic.hint else ""
    return f"- {place} {_prose(diagnostic.message)} ({_code(diagnostic.name)}){hint}"


def _section(
    title: str, items: Sequence[Any], line: Callable[[Any], str], head: str = ""
) -> _Section:
    """Return a section that is folded, and says how many there are, where there are many."""
    is_folded = len(items) > _UNFOLDED
    return _Section(
        f"{title} ({len(items):,})" if is_folded else title, items, line, is_folded, head
    )


def _urgency(owed: Owed) -> tuple[bool, date, str]:
    return (not owed.is_late, owed.due or date.max, owed.path)


def _row(owed: Owed) -> str:
    who = _code(_short(owed.who)) if owed.who else "nobody"
    due = f"{owed.due}" if owed.due else "no date"
    when = f"**overdue** since {due}" if owed.is_late else due
    return f"| {who} | {_prose(_short(owed.what))} | {when} | {_code(owed.path)} |"


def _short(value: str) -> str:
    words = " ".join(value.split())
    return words if len(words) <= _TITLE else f"{words[: _TITLE - 1]}…"


def _prose(value: str) -> str:
    """Return `value` as one line that reads the same: its code spans are kept, nothing else acts."""
    parts = text.visible(value).split("`")
    closed = len(parts) - (len(parts) + 1) % 2  # a last backtick without a partner is text
    written = [_span(part) if i % 2 else _inert(part) for i, part in enumerate(parts[:closed])]
    return "".join([*written, *(_inert(f"`{part}") for part in parts[closed:])])


def _span(part: str) -> str:
    return _code(part) if part.strip() else _inert(f"`{part}`")


def _inert(value: str) -> str:
    written, end = [], 0
    for match in _ACTIVE.finditer(value):
        written += [_escaped(value[end : match.start()]), _code(match[0])]
        end = match.end()
    return "".join([*written, _escaped(value[end:])])


def _escaped(value: str) -> str:
    return _MARKS.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), value)


def _code(value: str) -> str:
    """Return `value` as code; a backtick would end a span, a bar the cell of a table."""
    shown = text.visible(value)
    if not re.search(r"[`|]", shown) and shown.strip():
        return f"`{shown}`"
    return f"<code>{_PUNCTUATION.sub(lambda match: f'&#{ord(match[0])};', shown)}</code>"
