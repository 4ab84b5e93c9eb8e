"""Findings as the comment that a reviewer reads on a pull request, in GitHub's Markdown."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.diagnostic import Level
from mkdocs_incident.patterns import regex
from mkdocs_incident.reporters import text
from mkdocs_incident.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mkdocs_incident.diagnostic import Diagnostic
    from mkdocs_incident.reporters.report import Change, Lesson, Likeness, Owed, Report

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
_ACTIVE = regex(rf"[^{_STOPS}]{{0,200}}(?:@|\#|://|www\.|\bGH-)[^{_STOPS}]*", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "<span>$</span>"}
_PUNCTUATION = regex(r"[!-,.:-@\[-`{-~]")
_MARKS = regex(r"[\\`*_\[\]~&<>|$]")


def render(report: Report) -> str:
    """Return the verdict, the findings by what they ask of the author, and who owes what.

    Where a change is judged, what comes with it is told, and what was there before only if it blocks.
    """
    blocking = [d for d in report.diagnostics if d.level >= report.fail_on]
    others = [d for d in report.diagnostics if d.level < report.fail_on]
    blocking.sort(key=lambda diagnostic: -diagnostic.level)
    owed = sorted(report.owed, key=_urgency)
    if report.change is None:
        sections = _of_all(blocking, others, owed)
    else:
        sections = _of_change(report.change, blocking, others, owed)
    summary = f"{text.summary(report)}{_news(report)}"
    written = [f"## {_verdict(report, len(blocking))}\n\n{summary}\n"]
    sections = [section for section in sections if section.items]
    room = _LONGEST - len(written[0]) - _FRAME * len(sections)
    for section in sections:
        # Half of what is left, so that a long section leaves room to those that follow.
        part, used = section.render(room if section is sections[-1] else room // 2)
        written.append(part)
        room -= used
    return "\n".join(written)


def _of_all(
    blocking: Sequence[Diagnostic], others: Sequence[Diagnostic], owed: Sequence[Owed]
) -> list[_Section]:
    warnings, notes = _by_weight(others)
    return [
        _Section("Blocks the merge", blocking, _item, is_folded=False, command="check"),
        _section("Worth a look", warnings, _item, command="check"),
        _section("Who owes what by when", owed, _row, head=_TABLE),
        _Section(counted(len(notes), "note"), notes, _item, is_folded=True, command="check"),
    ]


def _of_change(
    change: Change,
    blocking: Sequence[Diagnostic],
    others: Sequence[Diagnostic],
    owed: Sequence[Owed],
) -> list[_Section]:
    new = [d for d in blocking if d in change.new]
    older = [d for d in blocking if d not in change.new]
    warnings, notes = _by_weight([d for d in others if d in change.new])
    count = counted(len(notes), "new note")
    return [
        _Section("New, and blocks the merge", new, _item, is_folded=False, command="check"),
        _section("Was there before, and blocks the merge", older, _item, command="check"),
        _section("New, and worth a look", warnings, _item, command="check"),
        _section("Similar incidents", change.likenesses, _likeness, command="similar"),
        _section("Comes with this change: who owes what by when", owed, _row, head=_TABLE),
        _section(
            "Comes with this change: what runbooks could say",
            change.lessons,
            _lesson,
            command="runbook-updates",
        ),
        _Section(count, notes, _item, is_folded=True, command="check"),
    ]


def _by_weight(
    diagnostics: Sequence[Diagnostic],
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return what is more than a note, and the notes."""
    notes = [diagnostic for diagnostic in diagnostics if diagnostic.level is Level.NOTE]
    return [d for d in diagnostics if d.level > Level.NOTE], notes


def _news(report: Report) -> str:
    if report.change is None or not report.diagnostics:
        return ""
    new = sum(diagnostic in report.change.new for diagnostic in report.diagnostics)
    return f"; {new:,} new with this change" if new else "; none new with this change"


class _Section(msgspec.Struct, frozen=True):
    """A heading with a line an item below it, as many as there is room for."""

    title: str
    items: Sequence[Any]
    line: Callable[[Any], str]
    is_folded: bool
    head: str = ""
    command: str = ""
    """The one that lists all, where there is one."""

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
            source = f", which `mkdocs-incident {self.command}` lists" if self.command else ""
            body += f"\nand {hidden:,} more{source}\n"
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
    title: str,
    items: Sequence[Any],
    line: Callable[[Any], str],
    *,
    head: str = "",
    command: str = "",
) -> _Section:
    """Return a section that is folded, and says how many there are, where there are many."""
    is_folded = len(items) > _UNFOLDED
    shown = f"{title} ({len(items):,})" if is_folded else title
    return _Section(shown, items, line, is_folded, head, command)


def _urgency(owed: Owed) -> tuple[bool, date, str]:
    return (not owed.is_late, owed.due or date.max, owed.path)


def _row(owed: Owed) -> str:
    who = _code(_short(owed.who)) if owed.who else "nobody"
    due = f"{owed.due}" if owed.due else "no date"
    when = f"**overdue** since {due}" if owed.is_late else due
    return f"| {who} | {_prose(_short(owed.what))} | {when} | {_code(owed.path)} |"


def _likeness(likeness: Likeness) -> str:
    lines = [f"- {_code(likeness.incident)} is like"]
    for name, why in likeness.earlier:
        lines.append(f"  - {_prose(_short(name))}: {_prose(_short(why))}")
    lines += [f"  - {_prose(_short(words))}" for words in likeness.missed]
    return "\n".join(lines)


def _lesson(lesson: Lesson) -> str:
    new = " (new)" if lesson.is_new else ""
    source = f"{lesson.location.path}:{lesson.location.line}"
    said = f"{_prose(lesson.headline)} ({_code(source)})"
    return f"- {_code(lesson.path)}{new}: {said}"


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
