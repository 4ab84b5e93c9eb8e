"""A file becomes a document: front matter and body merged into one record, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.diagnostic import Finding, Location, Repair
from mkdocs_incident.source.blocks import Block, code_lines, scan
from mkdocs_incident.source.body import read_body
from mkdocs_incident.source.canonical import Spelling
from mkdocs_incident.source.clock import day_in_name
from mkdocs_incident.source.directives import InlineWaiver, read_directives
from mkdocs_incident.source.draft import Draft, given_twice
from mkdocs_incident.source.front_matter import FrontMatter, Positions, Route, read_front_matter
from mkdocs_incident.source.links import links_in
from mkdocs_incident.source.milestones import Milestone, find_milestones
from mkdocs_incident.source.phrases import Hit, phrases
from mkdocs_incident.source.prose import Passage, prose_of_body, prose_of_values
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.text import Fragment, SourceText, decode
from mkdocs_incident.source.title import KINDS, Kind, infer_kind, kind_named
from mkdocs_incident.wording import clip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from mkdocs_incident.source.times import DateOrder

DEFAULT_MAX_SIZE = 5 * 1024 * 1024
"""Bytes; a larger file is reported and not read."""

_HEAD_FACTS = ("severity", "status", "incident_commander", "timeline", "incidents", "root_cause",
               "action_items", "five_whys", "horizons", "duration", "what_went_well", "impact",
               "what_went_poorly", "id")  # fmt: skip

_SPEAK_OF_PEOPLE = {"incident", "postmortem"}


@dataclass(frozen=True)  # no struct: a remembered one fills itself as it is asked
class Document:
    """A file as read: the merged record, where each value stands, and what is wrong with it."""

    source: SourceText
    kind: Kind
    record: dict[str, Any]
    positions: Positions
    findings: tuple[Finding, ...]
    top: Location
    """Where a field that is missing altogether is reported."""
    body_start: int
    """Offset of the body in the text."""
    is_record: bool
    """Whether there is a record to judge: not in a file that could not be read at all."""
    milestones: dict[str, Milestone] = field(default_factory=dict)
    wants_year: bool = False
    waivers: tuple[InlineWaiver, ...] = ()
    """Findings that the record itself waives."""

    @cached_property
    def path(self) -> str:
        """POSIX path relative to the root."""
        return self.source.path

    @property
    def body(self) -> str:
        """The Markdown behind the front matter."""
        return self.source.text[self.body_start :]

    def at(self, *route: str | int) -> Location:
        """Return where the value at `route` stands, else its nearest parent that has a place."""
        for end in range(len(route), 0, -1):
            found = self.positions.values.get(route[:end]) or self.positions.keys.get(route[:end])
            if found is not None:
                return found
        return self.top

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """What the authors say in sentences, front matter first; nothing is in it twice."""
        values = prose_of_values(self.source, self.record, self.positions, self.body_start)
        blocks = self.blocks if self.body.strip() else []
        body = prose_of_body(self.source, self.kind, self.positions, blocks)
        return (*values, *body)

    @cached_property
    def judgements(self) -> tuple[tuple[Passage, Hit], ...]:
        """The phrases in the prose that judge people, each with what it stands in.

        Incidents and their reviews have some; of a runbook or a plan nobody asks how it speaks of people.
        """
        if self.kind not in _SPEAK_OF_PEOPLE:
            return ()
        known = phrases()
        return tuple((passage, hit) for passage in self.prose for hit in known.find(passage.text))

    @cached_property
    def causes(self) -> str:
        """What the prose says of why it happened, where names are looked for; no runbook or plan says it."""
        if self.kind not in _SPEAK_OF_PEOPLE:
            return ""
        found = ((passage.text, *passage.cause) for passage in self.prose)
        return "\n".join(text[start:end] for text, start, end in found if start < end)

    @cached_property
    def views(self) -> dict[str, Any]:
        """What was made of this document alone, by the name of what made it: each is made once."""
        return {}

    @cached_property
    def links(self) -> tuple[Fragment, ...]:
        """Destinations of the body's links and pictures as they are written, outside of code."""
        found = []
        for link in links_in(self.body, self._code_lines()):
            line, column = self.source.position(self.body_start + link.start)
            found.append(Fragment(link.written, line, column))
        return tuple(found)

    def _code_lines(self) -> Iterator[range]:
        above = self.source.position(self.body_start)[0] - 1
        for lines in code_lines(self.blocks):
            yield range(lines.start - above, lines.stop - above)

    @cached_property
    def blocks(self) -> list[Block]:
        """The body as headings, paragraphs, lists, tables and so on."""
        body_line, _ = self.source.position(self.body_start)
        return scan(self.source.lines[body_line - 1 :], body_line)


class ReadOptions(msgspec.Struct, frozen=True):
    """What the policy decides about reading."""

    order: DateOrder = "month-first"
    max_size: int = DEFAULT_MAX_SIZE
    levels: tuple[str, ...] = ()
    """Severity levels in force, to know another spelling of one; empty knows SEV1 to P4."""
    names_tell_days: bool = True
    """Whether the day that an incident's file is named by is its day where it has no other."""


def read_document(
    path: str,
    content: bytes,
    options: ReadOptions | None = None,
    *,
    kind: Kind | None = None,
    day: date | None = None,
) -> Document:
    """Read one file.

    Args:
        path: POSIX path relative to the root, as diagnostics name it.
        content: the file's bytes.
        options: date order and size limit.
        kind: the record kind, where the caller knows better than the file.
        day: the incident's day, for days without a year in a document that has no date itself.
    """
    options = options or ReadOptions()
    too_large = oversized(path, content, options, "Move bulk data into an evidence file")
    source = too_large or decode(path, content)
    if isinstance(source, Finding):
        return unreadable(path, source, kind)
    return _read(source, options, kind, day)


def oversized(path: str, content: bytes, options: ReadOptions, remedy: str) -> Finding | None:
    """Return the finding of a file that is larger than the policy allows, None of one that isn't."""
    if len(content) <= options.max_size:
        return None
    return Finding(
        Location(path),
        f"File has {len(content):,} bytes, the limit is {options.max_size:,}",
        hint=f"{remedy}, or raise `max_file_size` in incident.yml",
        rule="oversized-file",
    )


def unreadable(path: str, finding: Finding, kind: Kind | None = None) -> Document:
    """Return the document of a file that gives no record, only the finding that says why."""
    return Document(
        SourceText(path, ""), kind or infer_kind(path, {}, ()), {}, Positions(), (finding,),
        finding.location, 0, is_record=False,
    )  # fmt: skip


def _read(
    source: SourceText, options: ReadOptions, kind: Kind | None, day: date | None
) -> Document:
    front = read_front_matter(source)
    first_line, _ = source.position(front.body_start)
    directives = read_directives(source, first_line, front.positions.scalars())
    body_lines = directives.lines[first_line - 1 :] if front.body_start < len(source.text) else ()
    blocks = scan(body_lines, first_line)
    data = front.data or {}
    findings = [*front.findings, *directives.findings]
    if kind is None:
        kind, about_kind = _kind(source.path, data, blocks, front)
        findings += about_kind
    if front.present and front.data is None:
        return Document(
            source, kind, {}, front.positions, tuple(findings), front.location, front.body_start,
            is_record=False,
        )  # fmt: skip
    if day is None and kind == "incident" and options.names_tell_days:
        day = day_in_name(source.path)
    draft = Draft(source, kind, options.order, data, day)
    findings += Spelling(
        kind, front.positions, front.location, options.order, options.levels, from_body=False
    ).apply(data)
    read_body(draft, blocks)
    findings += Spelling(
        kind, draft.positions, front.location, options.order, options.levels, from_body=True
    ).apply(draft.data)
    findings += draft.findings
    positions = Positions({**front.positions.values}, {**front.positions.keys})
    _Halves(positions, draft.positions, findings).merge(data, draft.data)
    is_record = front.present or any(name in data for name in _HEAD_FACTS)
    if not front.present:
        findings.insert(0, _front_matter_missing(front))
    milestones = find_milestones(data)
    for milestone in milestones.values():
        if milestone.told_by == "words":
            event = positions.values[*milestone.route, "event"]
            positions.values.setdefault((*milestone.route, "milestone"), event)
    document = Document(
        source, kind, data, positions, tuple(findings), front.location, front.body_start, is_record,
        milestones, draft.wants_year, directives.waivers,
    )  # fmt: skip
    if body_lines and directives.lines == tuple(source.lines):
        vars(document)["blocks"] = blocks  # the body has no comment to us: it is scanned already
    return document


def _front_matter_missing(front: FrontMatter) -> Finding:
    return Finding(
        front.location,
        "File has no front matter, expected `---` on the first line",
        hint="Start the file with front matter, name it README.md, or add it to `exclude`",
        rule="front-matter-missing",
    )


def _kind(
    path: str, data: dict[str, Any], blocks: list[Block], front: FrontMatter
) -> tuple[Kind, list[Finding]]:
    """Return the kind that the front matter names, else the one that the document shows."""
    written = data.get("kind")
    if not isinstance(written, str):
        return infer_kind(path, data, blocks), []
    if (named := kind_named(written)) is not None:
        return named, []
    place = front.positions.values["kind",]
    known = kind_named(synonyms().titles.get(written.strip().lower()))
    if known is not None:
        data["kind"] = known
        message, rule = f"Kind `{clip(written)}` is read as `{known}`", "non-canonical-value"
        repair = Repair(written, known)
        return known, [Finding(place, message, f"Write `{known}`", rule=rule, repair=repair)]
    del data["kind"]
    names = ", ".join(f"`{name}`" for name in KINDS)
    finding = Finding(
        place,
        f"Kind `{clip(written)}` is not one of {names}",
        "Use one of them, or leave `kind` out: the folder and file name tell it",
        rule="unknown-kind",
    )
    return infer_kind(path, data, blocks), [finding]


class _Halves(msgspec.Struct, dict=True):
    """Joins the body's values to the front matter's; a fact that both say differently is a finding."""

    positions: Positions
    body_positions: Positions
    findings: list[Finding]

    @cached_property
    def body_places(self) -> dict[str | int, list[tuple[Route, Location]]]:
        """Where the body's values stand, by the field that each is a part of."""
        found: dict[str | int, list[tuple[Route, Location]]] = {}
        for route, place in self.body_positions.values.items():
            found.setdefault(route[0], []).append((route, place))
        return found

    def merge(self, into: dict[str, Any], body: dict[str, Any], route: Route = ()) -> None:
        for key, value in body.items():
            here = (*route, key)
            if key not in into:
                into[key] = value
                for at, place in self.body_places.get(here[0], ()):
                    if at[: len(here)] == here:
                        self.positions.values[at] = place
            elif here == ("title",) or into[key] == value:
                continue  # a heading is no second title
            elif isinstance(into[key], dict) and isinstance(value, dict):
                self.merge(into[key], value, here)
            else:
                there, place = self.positions.values[here], self.body_positions.values[here]
                self.findings.append(given_twice(here, into[key], value, there, place))
