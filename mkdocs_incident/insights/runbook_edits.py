"""Edits of a runbook's text: everything that is not added stays byte for byte."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Heading, List, Paragraph, scan
from mkdocs_incident.source.front_matter import RecordHandler, read_front_matter
from mkdocs_incident.source.links import destination, links_in
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import SourceText

LESSONS = "Learned from incidents"
"""Heading under which a learning stands that has no section of its own."""

_BOLD_LINE = regex(r"(\*\*|__)[^*_]+:?\1\s*:?")
_ELSEWHERE = regex(r"[A-Za-z][A-Za-z0-9+.-]*:|[/#?]")
"""What an address begins with that means the same wherever it stands, or the page itself."""
_MARKER = regex(r"\A\s*(?:[-*+]|\d+[.)])\s+")


def add_to_list(text: str, key: str, values: Iterable[str]) -> str:
    """Add `values` to the front matter's list `key`, in the style in which it is written.

    Front matter that can't be read, a key that holds no list, and a text that the edit would break
    (front matter in braces, for example) are left as they are.
    """
    edited = _with_values(text, key, values)
    front = read_front_matter(SourceText("", edited.removeprefix("\ufeff")))
    return text if front.data is None or front.findings else edited


def _with_values(text: str, key: str, values: Iterable[str]) -> str:
    source = SourceText("", text.removeprefix("\ufeff"))
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    front = read_front_matter(source)
    if front.data is None or front.findings:
        return text
    known = front.data.get(key)
    new = [value for value in values if not isinstance(known, list) or value not in known]
    if not new or (known is not None and not isinstance(known, list)):
        return text
    plain = source.text
    end = _newline(plain)
    written = [_yaml(value) for value in new]
    if (key,) not in front.positions.keys:
        bounds = RecordHandler().bounds(plain)
        at = bounds[1] if bounds else 0
        return bom + plain[:at] + f"{key}: [{', '.join(written)}]{end}" + plain[at:]
    place = front.positions.values[key,]
    start = _offset(plain, place.line, place.column)
    stop = _offset(plain, place.end_line, place.end_column)
    if not known:  # nothing, null or an empty list
        gap = "" if plain[:start].endswith(" ") else " "
        return bom + plain[:start] + f"{gap}[{', '.join(written)}]" + plain[stop:]
    last = front.positions.values[key, len(known) - 1]
    line_end = _offset(plain, last.end_line, last.end_column)
    if plain[start] == "[":  # right behind the last value: a comma or a comment may follow it
        return (
            bom + plain[:line_end] + "".join(f", {value}" for value in written) + plain[line_end:]
        )
    newline = plain.find("\n", line_end)
    at = len(plain) if newline < 0 else newline + 1
    indent = " " * (place.column - 1)
    return bom + plain[:at] + "".join(f"{indent}- {value}{end}" for value in written) + plain[at:]


def rebased(text: str, record: str, runbook: str) -> str:
    """Return `text` of the file `record` with its relative links as they must be in `runbook`."""
    written: list[str] = []
    at = 0
    for link in links_in(text):
        if not _ELSEWHERE.match(destination(link.written)):
            written += [text[at : link.start], _moved(link.written, record, runbook)]
            at = link.end
    return "".join([*written, text[at:]])


def _moved(target: str, record: str, runbook: str) -> str:
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(record), path))
    moved = posixpath.relpath(whole, posixpath.dirname(runbook) or ".")
    return moved + "/" * path.endswith("/") + target[len(path) :]


def append_scenario(
    text: str, scenario: str, incidents: Sequence[str], steps: Mapping[str, Sequence[str]]
) -> str:
    """Append a section for a scenario with its symptoms, diagnosis, mitigation and so on.

    Steps of the empty name have no label.
    """
    lines = [f"## {one_line(scenario)}", ""]
    if incidents:
        lines += [f"Learned from {', '.join(incidents)}.", ""]
    for name, entries in steps.items():
        lines += [f"**{name.capitalize()}**", ""] if name else []
        lines += [*listed_lines(name, entries), ""]
    return _append(text, lines[:-1])


def append_lesson(text: str, lesson: str) -> str:
    """Add an entry below the heading for learnings, which is made if it is not there."""
    found = _insert(text, LESSONS, ["- " + one_line(lesson)])
    return (
        found
        if found is not None
        else _append(text, [f"## {LESSONS}", "", f"- {one_line(lesson)}"])
    )


def insert_steps(text: str, steps: Mapping[str, Sequence[str]]) -> str:
    """Add steps at the end of the runbook's own sections; a section that lacks is appended."""
    for name, entries in steps.items():
        lines = listed_lines(name, entries)
        found = _insert(text, name, lines)
        text = (
            found if found is not None else _append(text, [f"## {name.capitalize()}", "", *lines])
        )
    return text


def listed_lines(name: str, entries: Sequence[str]) -> list[str]:
    """Return a section's entries as list lines: mitigation is numbered, the rest bulleted."""
    plain = [one_line(_MARKER.sub("", entry, count=1)) for entry in entries]
    if name == "mitigation":
        return [f"{number}. {entry}" for number, entry in enumerate(plain, start=1)]
    return [f"- {entry}" for entry in plain]


def _insert(text: str, name: str, lines: list[str]) -> str | None:
    """Insert `lines` below the last text of the section that `name` means; None without one.

    Text below the section's own parts, headings or bold lines before a list, belongs to them.
    """
    plain = text.removeprefix("\ufeff")
    source = SourceText("", plain)
    front = read_front_matter(source)
    first, _ = source.position(front.body_start)
    labels = synonyms().labels["runbook_update"]
    blocks = scan(source.lines[first - 1 :], first)
    for i, heading in enumerate(blocks):
        if not isinstance(heading, Heading):
            continue
        words = normalised(heading.text.text)
        if labels.get(words) != name and words != normalised(name):
            continue
        own, stop = _own_part(blocks[i + 1 :], len(source.lines))
        while stop > heading.text.line and not source.lines[stop - 1].strip():
            stop -= 1
        last = own[-1] if own else None
        gap = end = _newline(plain)
        if isinstance(last, List):
            lines = _continued(source.lines[last.items[-1].first - 1], lines)
        else:
            gap = end + end
        at = _offset(plain, stop, len(source.lines[stop - 1]) + 1)
        return text[: len(text) - len(plain)] + plain[:at] + gap + end.join(lines) + plain[at:]
    return None


def _own_part(blocks: Sequence[Block], last_line: int) -> tuple[list[Block], int]:
    """Return the blocks before a section's first part or end, and the last line before it."""
    for i, block in enumerate(blocks):
        if isinstance(block, Heading):
            return list(blocks[:i]), block.text.line - 1
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        if (
            isinstance(block, Paragraph)
            and isinstance(following, List)
            and _BOLD_LINE.fullmatch(block.lines[-1].text)
        ):
            return list(blocks[:i]), block.lines[0].line - 1
    return list(blocks), last_line


def _continued(entry: str, lines: list[str]) -> list[str]:
    """Return list lines with the marker of the list whose last entry begins with the line `entry`."""
    marker = re.match(r"(?P<indent>\s*)(?:(?P<bullet>[-*+•])|(?P<number>\d+)(?P<mark>[.)]))", entry)
    if marker is None:
        return lines
    plain = [_MARKER.sub("", line, count=1) for line in lines]
    if marker["bullet"]:
        return [f"{marker['indent']}{marker['bullet']} {line}" for line in plain]
    number = int(marker["number"])
    return [
        f"{marker['indent']}{number + i}{marker['mark']} {line}"
        for i, line in enumerate(plain, start=1)
    ]


def _append(text: str, lines: list[str]) -> str:
    end = _newline(text)
    body = text.rstrip("\r\n \t")
    return body + end + end + end.join(lines) + end


def _offset(text: str, line: int, column: int) -> int:
    """Return the offset of a line and column, both from 1."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    return starts[line - 1] + column - 1


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _yaml(value: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][\w./ -]*", value) and not value.endswith(" ")
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())
