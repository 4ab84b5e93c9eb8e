"""Where in YAML somebody types, told from its lines alone: half a line is seldom YAML."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.front_matter import Route

_KEY = regex(
    r"""(?P<key>"[^"]*"|'[^']*'|(?:-(?=\S)|[^\s"'#\[\]{},&*!|>%@`:-])[^\s:#]*+(?:\s++[^\s:#]++)*+)"""
    r"\s*+:(?:\s+|$)"
)
_DASH = regex(r"-(?:\s+|$)")
_BLOCK = regex(r"[|>][0-9+-]*\s*(?:#.*)?$")
_COMMENT = regex(r"(?:^|\s)#")
_FENCE = regex(r"(?:---|\.\.\.)[ \t]*$")


class TypingPlace(msgspec.Struct, frozen=True):
    """What is being typed: a value, a key of a mapping, or the begin of either."""

    route: Route
    """Of the value; of a key the mapping that it will be in."""
    start: int
    """Character of the line, from 0, with which it begins."""
    may_be_key: bool
    may_be_value: bool
    quote: str
    """The quote that is open; empty without one."""
    keys: frozenset[str] = frozenset()
    """The keys that the mapping has already."""


class _Level(msgspec.Struct):
    """A mapping or list that is open, and what of it was met last."""

    indent: int
    route: Route
    is_list: bool
    last: str | int = ""

    @property
    def inner(self) -> Route:
        return (*self.route, self.last)


class _Lines(msgspec.Struct):
    """The mappings and lists that are open behind the lines read so far."""

    levels: list[_Level] = msgspec.field(default_factory=list)
    keys: dict[Route, set[str]] = msgspec.field(default_factory=dict)
    block: int | None = None
    """Indent of the key whose value is a block of text that is still going on."""
    flow: tuple[Route, str] | None = None
    """A value in brackets that is not closed yet: whose it is, and its text so far."""

    def read(self, line: str) -> None:
        """Take in a whole line."""
        if self._goes_on(line):
            return
        at, value = self._nested(line)
        match = _KEY.match(line, at)
        if match is not None:
            level = self._mapping(at)
            level.last = _bare(match["key"])
            self.keys.setdefault(level.route, set()).add(level.last)
            value, at = level.inner, match.end()
            if _BLOCK.match(line, at):
                self.block = level.indent
        if line[at : at + 1] in {"[", "{"} and not _closes(line[at:]):
            self.flow = value, line[at:]

    def _goes_on(self, line: str) -> bool:
        """Whether a line is empty, a comment, or more of the value above."""
        stripped = line.strip()
        if self.block is not None:
            if not stripped or _indent(line) > self.block:
                return True
            self.block = None
        if self.flow is not None:
            route, text = self.flow
            text = f"{text}\n{line}"
            self.flow = None if _closes(text) else (route, text)
            return True
        return not stripped or stripped.startswith("#")

    def _nested(self, line: str) -> tuple[int, Route]:
        """Open what the dashes of a line open; return where its text begins and whose value it is."""
        at = _indent(line)
        while (dash := _DASH.match(line, at)) is not None:
            self._close(at, keep_list=True)
            top = self.levels[-1] if self.levels else None
            if top is not None and top.is_list and top.indent == at:
                top.last = int(top.last) + 1
            else:
                self.levels.append(_Level(at, top.inner if top else (), is_list=True, last=0))
            at = dash.end()
        return at, self.levels[-1].inner if self.levels else ()

    def _mapping(self, indent: int) -> _Level:
        """Return the mapping whose keys stand at `indent`, opened if need be."""
        self._close(indent, keep_list=False)
        top = self.levels[-1] if self.levels else None
        if top is None or top.indent < indent:
            self.levels.append(_Level(indent, top.inner if top else (), is_list=False))
        return self.levels[-1]

    def _close(self, indent: int, *, keep_list: bool) -> None:
        while self.levels and (
            self.levels[-1].indent > indent
            or (self.levels[-1].indent == indent and self.levels[-1].is_list and not keep_list)
        ):
            self.levels.pop()

    def place(self, typed: str) -> TypingPlace | None:
        """Return what the begin of the next line types; None in text, comments and closed values."""
        if self.block is not None and (not typed.strip() or _indent(typed) > self.block):
            return None
        if self.flow is not None:
            route, text = self.flow
            return _in_flow(route, f"{text}\n{typed}", typed)
        at, value = self._nested(typed)
        match = _KEY.match(typed, at)
        if match is None:
            return self._begin(typed, at, value)
        level = self._mapping(at)
        level.last = _bare(match["key"])
        has_space = typed[match.end() - 1].isspace()  # right behind the colon no value can begin
        return _value(typed, match.end(), level.inner) if has_space else None

    def _begin(self, typed: str, at: int, value: Route) -> TypingPlace | None:
        """Return the place of a word that may become a key, or be a value already."""
        found = _value(typed, at, value)
        if found is None or typed[at : at + 1] in {"[", "{"}:
            return found
        if at > _indent(typed):  # behind a dash
            return replace(found, may_be_key=True)
        self._close(at, keep_list=False)
        top = self.levels[-1] if self.levels else None
        if top is not None and top.indent < at:
            return replace(found, route=top.inner, may_be_key=True)
        route = top.route if top is not None else ()
        return replace(found, route=route, may_be_key=True, may_be_value=False)


def front_matter(lines: Sequence[str]) -> range | None:
    """Return the lines, from 0, between the dashes, or all behind the first that nothing closes."""
    if not lines or lines[0].rstrip() != "---":
        return None
    end = next((i for i, line in enumerate(lines[1:], 1) if _FENCE.match(line)), len(lines))
    return range(1, end)


def typing_place(
    lines: Sequence[str], within: range, line: int, character: int
) -> TypingPlace | None:
    """Return what is being typed at a place of a YAML text, None where nothing can be proposed.

    Args:
        lines: the file's lines.
        within: those that are YAML.
        line: the line, from 0.
        character: the characters before the cursor.
    """
    read = _Lines()
    found: TypingPlace | None = None
    for number in within:
        if number == line:
            found = read.place(lines[number][:character])
            if found is None:
                return None
        else:
            read.read(lines[number])
    if found is None or found.keys:
        return found
    return replace(found, keys=frozenset(read.keys.get(found.route, ())))


def _value(typed: str, at: int, route: Route) -> TypingPlace | None:
    """Return the place of a plain or quoted value, or the one in brackets, that begins at `at`."""
    begin = typed[at : at + 1]
    if begin in {"[", "{"}:
        return _in_flow(route, typed[at:], typed)
    if begin in {'"', "'"}:
        is_open = begin not in typed[at + 1 :]
        return TypingPlace(route, at + 1, False, True, begin) if is_open else None
    if begin in {"|", ">", "&", "*", "!"} or _COMMENT.search(typed, max(at - 1, 0)):
        return None
    return TypingPlace(route, at, False, True, "")


class _Bracket(msgspec.Struct):
    """A bracket that is open."""

    is_list: bool
    route: Route
    index: int = 0
    key: str | None = None
    keys: set[str] = msgspec.field(default_factory=set)


def _in_flow(route: Route, text: str, typed: str) -> TypingPlace | None:
    """Return what is typed at the end of a value in brackets, of which `typed` is the last line."""
    brackets, start, quote = _walk_flow(route, text)
    if not brackets:
        return None
    # A word that began on an earlier line is replaced from where this line begins it.
    begin = max(0, len(typed) - (len(text) - start))
    top = brackets[-1]
    if top.is_list:
        return TypingPlace((*top.route, top.index), begin, False, True, quote)
    if top.key is None:
        return TypingPlace(top.route, begin, True, False, quote, frozenset(top.keys))
    if not quote and text[start - 1] == ":":
        return None
    return TypingPlace((*top.route, top.key), begin, False, True, quote)


def _walk_flow(route: Route, text: str) -> tuple[list[_Bracket], int, str]:
    """Return the brackets open at the end of a text, where its last word begins, and its quote."""
    brackets: list[_Bracket] = []
    start, quote = 0, ""
    for i, character in enumerate(text):
        top = brackets[-1] if brackets else None
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and not text[start:i].strip():
            quote, start = character, i + 1
        elif character in "[{":
            inner = (
                route if top is None else (*top.route, top.index if top.is_list else top.key or "")
            )
            brackets.append(_Bracket(character == "[", inner))
            start = i + 1
        elif top is None:
            break
        elif character in "]}":
            brackets.pop()
            start = i + 1
        elif character == ",":
            top.index, top.key, start = top.index + 1, None, i + 1
        elif character == ":" and not top.is_list and top.key is None:
            top.key, start = _bare(text[start:i].strip()), i + 1
            top.keys.add(top.key)
        elif character.isspace() and not text[start:i].strip():
            start = i + 1
    return brackets, start, quote


def _closes(text: str) -> bool:
    return not _walk_flow((), text)[0]


def _bare(key: str) -> str:
    return key.strip("\"'")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
