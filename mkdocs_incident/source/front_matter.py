"""Front matter: YAML between two lines of three dashes, read once with every position kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import yaml
from frontmatter.default_handlers import YAMLHandler

from mkdocs_incident.diagnostic import Finding, Location, Related
from mkdocs_incident.patterns import regex
from mkdocs_incident.wording import clip

if TYPE_CHECKING:
    from mkdocs_incident.source.text import SourceText

Route = tuple[str | int, ...]
"""Keys and indices from the record's root to a value."""

MAX_DEPTH = 64
"""Deeper nesting is refused: no record needs it, and YAML's own limit is the machine's stack."""

MAX_VALUES = 200_000
"""More written values are refused: 10,000 alerts have fewer, and reading them takes seconds."""

MAX_ADDED = 20_000
"""Aliases may add this many values, or as many as are written if those are more."""

_OPENING = regex(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_CLOSING = regex(r"(?:(?<=\n)|(?<=\r)|\A)(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)")
_OPENED_EARLIER = regex("end of stream|could not find expected|did not find expected")
_DEEP = regex(rf"^[ \t\-?:]{{{MAX_DEPTH},}}", re.MULTILINE)
_ALLOWED_TAGS = {"!", "?", *(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map", "null"))}
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = regex(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = regex(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}(?:[eE][-+]?[0-9]{1,2})?")


class _Loader(yaml.CSafeLoader):
    """Composes nodes; plain scalars stay text until `_scalar` gives them YAML 1.2's core types.

    YAML 1.1 would make ``2025-06-15`` a date, ``12:30`` 750, ``010`` 8 and ``yes`` true.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own interface


class Positions(msgspec.Struct):
    """Where each value and each key of a record stands, by its route."""

    values: dict[Route, Location] = msgspec.field(default_factory=dict)
    keys: dict[Route, Location] = msgspec.field(default_factory=dict)

    def scalars(self) -> list[Location]:
        """Return the places of the values that hold no others."""
        parents = {route[:-1] for route in self.values}
        return [place for route, place in self.values.items() if route not in parents]


class FrontMatter(msgspec.Struct):
    """What stands between the dashes; `data` is None where it could not be read."""

    data: dict[str, Any] | None
    positions: Positions
    findings: list[Finding]
    present: bool
    """Whether the file starts with three dashes at all."""
    body_start: int
    """Offset of the first character after the front matter."""
    location: Location
    """The opening dashes: where a missing field is reported."""


class RecordHandler(YAMLHandler):
    """python-frontmatter's handler with exact offsets, three dashes only, and our loader."""

    FM_BOUNDARY = _CLOSING

    def bounds(self, text: str) -> tuple[int, int, int] | None:
        """Return start and end of the YAML and the start of the body, or None if unterminated."""
        opening = _OPENING.match(text)
        if opening is None:
            return None
        closing = _CLOSING.search(text, opening.end())
        if closing is None:
            return None
        body = re.compile(r"\r\n|\r|\n|\Z").match(text, closing.end())
        return opening.end(), closing.start(), body.end() if body else closing.end()

    def detect(self, text: str) -> bool:
        """Return whether the text opens with three dashes on a line of their own."""
        return _OPENING.match(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """Return the YAML and the body."""
        bounds = self.bounds(text)
        return ("", text) if bounds is None else (text[bounds[0] : bounds[1]], text[bounds[2] :])

    def load(self, fm: str, **kwargs: object) -> Any:  # noqa: ARG002 - the library's signature
        """Return the root node of the YAML, None when there is no document."""
        if _DEEP.search(fm) or fm.count("[") + fm.count("{") > MAX_DEPTH:
            _refuse_depth(fm)
        loader = _Loader(fm)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()


class _TooDeepError(Exception):
    """Nesting beyond `MAX_DEPTH`, at this offset."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def _refuse_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _TooDeepError(event.start_mark.index if event.start_mark else 0)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def read_front_matter(source: SourceText) -> FrontMatter:
    """Read the front matter of a file; what is wrong with it is in `findings`, never raised."""
    text = source.text
    handler = RecordHandler()
    top = Location(source.path, 1, 1, 1, 4 if text.startswith("---") else 1)
    if not handler.detect(text):
        return FrontMatter(None, Positions(), [], present=False, body_start=0, location=top)
    bounds = handler.bounds(text)
    if bounds is None:
        finding = Finding(
            top,
            "Front matter opened by `---` is never closed",
            hint="End the front matter with a line of three dashes",
            rule="unterminated-front-matter",
        )
        return FrontMatter(
            None, Positions(), [finding], present=True, body_start=len(text), location=top
        )
    start, end, body = bounds
    result = FrontMatter({}, Positions(), [], present=True, body_start=body, location=top)
    read_yaml(source, start, end, handler, result)
    return result


def read_yaml(
    source: SourceText, start: int, end: int, handler: RecordHandler, result: FrontMatter
) -> None:
    """Read the YAML mapping at ``[start:end]`` of `source` into `result`."""
    yaml_text = source.text[start:end]
    try:
        root = handler.load(yaml_text)
    except _TooDeepError as error:
        at = start + error.offset
        _fail(result, source.location(at, at + 1), "invalid-yaml",
              f"Nesting is deeper than {MAX_DEPTH} levels", "Flatten the value")  # fmt: skip
        return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and _OPENED_EARLIER.search(error.problem or ""):
            mark = error.context_mark
        at = start + min(mark.index if mark else 0, len(yaml_text))
        _fail(result, source.location(at, at), "invalid-yaml", _sentence(error), _remedy(error))
        return
    except yaml.reader.ReaderError as error:
        at = start + _unreadable_offset(yaml_text, error)
        character = f"U+{ord(source.text[at]):04X}" if at < len(source.text) else "a character"
        _fail(result, source.location(at, at + 1), "invalid-yaml",
              f"{character} is not allowed in YAML", "Remove the character")  # fmt: skip
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        if isinstance(root, yaml.ScalarNode) and root.value in _NULL and not root.style:
            return
        what = "a list" if isinstance(root, yaml.SequenceNode) else "text"
        whole = "Front matter" if start else f"`{source.path}`"
        begin, finish = start + root.start_mark.index, start + root.end_mark.index
        _fail(result, source.location(begin, finish), "not-a-mapping",
              f"{whole} is {what}, expected `key: value` lines",
              "Write each field as `name: value` on a line of its own")  # fmt: skip
        return
    builder = _Builder(source, start, result)
    # There are at most two values and keys more than characters: `?` alone has three.
    is_small = len(yaml_text) + 2 <= MAX_VALUES and "&" not in yaml_text
    if is_small or builder.size_is_sane(root):
        result.data = builder.mapping(root, ())


def _fail(result: FrontMatter, place: Location, rule: str, message: str, hint: str) -> None:
    result.data = None
    result.findings.append(Finding(place, message, hint=hint, rule=rule))


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    text = clip(", ".join(parts), 120)
    return f"YAML can't be read: {text}"


def _remedy(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "cannot start any token" in problem:
        return "Put the value in quotes; `@`, a backtick, `%` and a tab cannot start one"
    if "mapping values are not allowed" in problem:
        return "Put a value that contains `: ` in quotes"
    if "undefined alias" in problem:
        return "Put a value that starts with `*` in quotes"
    return "Check indentation, quotes and brackets near this place"


def _unreadable_offset(text: str, error: yaml.reader.ReaderError) -> int:
    """Return the offset of the refused character: libyaml's own position counts bytes."""
    if isinstance(error.character, int) and 0 <= error.character < 0x110000:
        found = text.find(chr(error.character))
        if found >= 0:
            return found
    return min(int(error.position or 0), max(len(text) - 1, 0))


class _Builder:
    """Walks composed nodes once: data, positions, duplicate keys."""

    def __init__(self, source: SourceText, start: int, result: FrontMatter) -> None:
        self.source = source
        self.start = start
        self.result = result

    def place(self, node: yaml.Node) -> Location:
        """Return where a node stands; a block value's trailing white space is not part of it."""
        begin, end = self.start + node.start_mark.index, self.start + node.end_mark.index
        while end > begin and self.source.text[end - 1].isspace():
            end -= 1
        return self.source.location(begin, end)

    def report(self, node: yaml.Node, rule: str, message: str, hint: str) -> None:
        self.result.findings.append(Finding(self.place(node), message, hint=hint, rule=rule))

    def size_is_sane(self, root: yaml.Node) -> bool:
        """Count values; refuse too many, a bomb of aliases, and a value that holds itself."""
        sizes: dict[int, int] = {}
        recursive = False

        def size(node: yaml.Node) -> int:
            nonlocal recursive
            known = sizes.get(id(node))
            if known is not None:
                recursive |= not known  # met again before it is done
                return known
            sizes[id(node)] = 0
            total = 1
            if isinstance(node, yaml.MappingNode):
                total += sum(size(part) for pair in node.value for part in pair)
            elif isinstance(node, yaml.SequenceNode):
                total += sum(map(size, node.value))
            sizes[id(node)] = total
            return total

        added = size(root) - len(sizes)
        if len(sizes) > MAX_VALUES:
            _fail(self.result, self.place(root), "oversized-file",
                  f"YAML has {len(sizes):,} values, the limit is {MAX_VALUES:,}",
                  "Split the file, or move bulk data to an evidence file")  # fmt: skip
            return False
        if recursive or added > max(MAX_ADDED, len(sizes)):
            _fail(self.result, self.place(root), "alias-bomb",
                  f"Aliases expand to more than {MAX_ADDED:,} values",
                  "Write the values out, or move bulk data to an evidence file")  # fmt: skip
            return False
        return True

    def value(self, node: yaml.Node, route: Route) -> Any:
        self.result.positions.values[route] = self.place(node)
        if node.tag not in _ALLOWED_TAGS:
            self.report(node, "invalid-yaml", f"Tag `{clip(node.tag)}` is not allowed",
                        "Write the value without a tag")  # fmt: skip
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, route)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*route, i)) for i, child in enumerate(node.value)]
        return self.scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def mapping(self, node: yaml.MappingNode, route: Route) -> dict[str, Any]:
        data: dict[str, Any] = {}
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.report(key_node, "invalid-yaml", "A key is a list or a mapping, expected text",
                            "Write the key as plain text")  # fmt: skip
                continue
            key = key_node.value
            if key == "<<" and not key_node.style:
                merged.append(value_node)
                continue
            here = (*route, key)
            if key in data:
                first = self.result.positions.keys[here]
                self.result.findings.append(
                    Finding(
                        self.place(key_node),
                        f"Key `{clip(key)}` is given twice",
                        hint="Keep one of the two",
                        related=(Related(first, "first given here"),),
                        rule="duplicate-key",
                    )
                )
                continue
            self.result.positions.keys[here] = self.place(key_node)
            data[key] = self.value(value_node, here)
        for node_merged in merged:
            self.merge(node_merged, route, data)
        return data

    def merge(self, node: yaml.Node, route: Route, data: dict[str, Any]) -> None:
        """Apply ``<<``: keys that the mapping has itself win."""
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for mapping in sources:
            if not isinstance(mapping, yaml.MappingNode):
                self.report(node, "invalid-yaml", "`<<` merges a value that is no mapping",
                            "Merge a mapping, such as `<<: *defaults`")  # fmt: skip
                return
            for key_node, value_node in mapping.value:
                if isinstance(key_node, yaml.ScalarNode) and key_node.value not in data:
                    here = (*route, key_node.value)
                    self.result.positions.keys[here] = self.place(key_node)
                    data[key_node.value] = self.value(value_node, here)

    def scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        if node.style or node.tag == "!":  # quoted or a block: text, whatever it looks like
            return text
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return text


def read_mapping(source: SourceText) -> tuple[dict[str, Any] | None, Positions, list[Finding]]:
    """Read a YAML file that holds one mapping, such as ``incident.yml``; empty is an empty one."""
    result = FrontMatter(
        {}, Positions(), [], present=True, body_start=0, location=Location(source.path)
    )
    read_yaml(source, 0, len(source.text), RecordHandler(), result)
    return result.data, result.positions, result.findings
