"""How front matter is written: where each value begins and ends, in which style, and what it shares.

Reading needs none of this; edits that keep every other byte do. The YAML is composed by the same handler
that reading uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import yaml

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.front_matter import RecordHandler, Route

if TYPE_CHECKING:
    from mkdocs_incident.source.text import SourceText

_KEEPS_BREAKS = regex(r"[|>][0-9]?\+")


class Written(msgspec.Struct, frozen=True):
    """A value as it stands in the text."""

    kind: Literal["scalar", "mapping", "list"]
    start: int
    """Offset of its first character, an anchor or a tag included."""
    end: int
    """Offset after its last character; white space and comments behind it are not part of it."""
    style: str
    """Of a scalar: empty (plain), ``'``, ``"``, ``|`` or ``>``."""
    is_flow: bool
    """Whether a list or mapping is written in brackets."""
    is_shared: bool
    """Whether an alias or a merge key makes other values of it, or it of another."""
    is_elsewhere: bool
    """Whether only an alias stands here; `start` and `end` are then those of its key, if it has one."""


class Layout(msgspec.Struct):
    """How the YAML between the dashes is written."""

    start: int
    """Offset of the first character after the opening dashes' line."""
    end: int
    """Offset of the closing dashes."""
    values: dict[Route, Written] = msgspec.field(default_factory=dict)
    keys: dict[Route, tuple[int, int]] = msgspec.field(default_factory=dict)
    """Start and end of each key; keys that a merge brings stand where they are merged from."""


def read_layout(source: SourceText) -> Layout:
    """Return how readable front matter is written.

    Raises:
        ValueError: the file has no front matter that is a mapping or empty.
    """
    handler = RecordHandler()
    bounds = handler.bounds(source.text)
    if bounds is None:
        raise ValueError(source.path)
    start, end, _ = bounds
    layout = Layout(start, end)
    root = handler.load(source.text[start:end])
    if isinstance(root, yaml.MappingNode):
        _Walk(source.text, layout, _references(root)).value(root, (), None, shared=False)
    elif root is not None and not (isinstance(root, yaml.ScalarNode) and not root.value):
        raise ValueError(source.path)
    return layout


def is_text_everywhere(text: str) -> bool:
    """Return whether readers of YAML 1.1, too, take this plain scalar for text (or for a day).

    Ours reads ``no`` as text; others would read it as false.
    """
    resolver = yaml.resolver.Resolver()
    tag = resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag in {"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"}


def _references(root: yaml.Node) -> dict[int, int]:
    """Return how often each node is met: more than once where an alias names it."""
    counts: dict[int, int] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        counts[id(node)] = counts.get(id(node), 0) + 1
        if counts[id(node)] == 1 and isinstance(node, yaml.MappingNode):
            pending += [part for pair in node.value for part in pair]
        elif counts[id(node)] == 1 and isinstance(node, yaml.SequenceNode):
            pending += node.value
    return counts


class _Walk:
    """Writes down each value's place, in the order of the text."""

    def __init__(self, text: str, layout: Layout, references: dict[int, int]) -> None:
        self.text = text
        self.layout = layout
        self.references = references
        self.met: set[int] = set()

    def value(
        self, node: yaml.Node, route: Route, key: tuple[int, int] | None, *, shared: bool
    ) -> int:
        """Note a value and what it holds; return where it ends."""
        shared = shared or self.references[id(node)] > 1
        elsewhere = id(node) in self.met
        self.met.add(id(node))
        start = self.layout.start + node.start_mark.index
        end = self.layout.start + node.end_mark.index
        if isinstance(node, yaml.MappingNode):
            inner = self.mapping(node, route, shared=shared)
        elif isinstance(node, yaml.SequenceNode):
            inner = max(
                (
                    self.value(child, (*route, i), None, shared=shared)
                    for i, child in enumerate(node.value)
                ),
                default=start,
            )
        else:
            inner = end
        is_flow = bool(getattr(node, "flow_style", False))
        if not is_flow:
            end = max(inner, start)
        style = str(getattr(node, "style", None) or "")
        if not (style in {"|", ">"} and _KEEPS_BREAKS.match(self.text, start)):
            end = start + len(self.text[start:end].rstrip())
        if elsewhere:
            start = end = key[1] if key else -1
        kind: Literal["scalar", "mapping", "list"] = (
            "mapping"
            if isinstance(node, yaml.MappingNode)
            else "list"
            if isinstance(node, yaml.SequenceNode)
            else "scalar"
        )
        self.layout.values[route] = Written(kind, start, end, style, is_flow, shared, elsewhere)
        return end

    def mapping(self, node: yaml.MappingNode, route: Route, *, shared: bool) -> int:
        ends = [0]
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            place = (
                self.layout.start + key_node.start_mark.index,
                self.layout.start + key_node.end_mark.index,
            )
            ends.append(place[1])
            if not isinstance(key_node, yaml.ScalarNode):
                ends.append(self.layout.start + value_node.end_mark.index)
                continue
            if key_node.value == "<<" and not key_node.style:
                merged.append(value_node)
                if id(value_node) not in self.met:
                    ends.append(self.layout.start + value_node.end_mark.index)
                continue
            here = (*route, key_node.value)
            if here in self.layout.keys:  # given twice: the first one is read
                ends.append(self.layout.start + value_node.end_mark.index)
                continue
            self.layout.keys[here] = place
            ends.append(self.value(value_node, here, place, shared=shared))
        for source in merged:
            self.merge(source, route)
        return max(ends)

    def merge(self, node: yaml.Node, route: Route) -> None:
        """Note what ``<<`` brings: all of it is shared."""
        for mapping in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if not isinstance(mapping, yaml.MappingNode):
                continue
            for key_node, value_node in mapping.value:
                here = (*route, str(key_node.value))
                if isinstance(key_node, yaml.ScalarNode) and here not in self.layout.keys:
                    start = self.layout.start + key_node.start_mark.index
                    self.layout.keys[here] = (start, start + len(str(key_node.value)))
                    self.value(value_node, here, self.layout.keys[here], shared=True)
