"""The schemas themselves, each with all it refers to inside."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.title import KINDS

SCHEMAS = (*KINDS, "config", "action-item", "timeline-event", "incidents")

_URN = "urn:mkdocs-incident:schema:"


def schema_folder() -> Path:
    """Return the folder that holds the schemas: in the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    folder = package / "schemas"
    return folder if folder.is_dir() else package.parent / "schemas"


@cache
def _text(name: str) -> str:
    return (schema_folder() / f"{name}.schema.json").read_text("utf-8")


def _raw(name: str) -> dict[str, Any]:
    """Return a schema as its file has it, the caller's own: parsing takes a third of a deep copy."""
    content: dict[str, Any] = json.loads(_text(name))
    return content


def bundled(
    name: str,
    levels: Sequence[str] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the schema `name` with all it refers to inside, so that any validator can use it.

    Args:
        name: one of `SCHEMAS`.
        levels: severity levels in force; None leaves the schema's own.
        fields: a team's own fields, name to JSON Schema.
    """
    root = _raw(name)
    pending = [root]
    parts: dict[str, Any] = {}
    while pending:
        for node in _nodes(pending.pop()):
            reference = node.get("$ref", "")
            if not reference.startswith(_URN):
                continue
            target, _, pointer = reference.removeprefix(_URN).partition("#")
            if target != name and target not in parts:
                parts[target] = _raw(target)
                pending.append(parts[target])
            base = "#" if target == name else f"#/$defs/{target}"
            node["$ref"] = base + pointer
    for target, part in parts.items():
        part.pop("$id", None)
        part.pop("$schema", None)
        root.setdefault("$defs", {})[target] = part
    if levels is not None:
        for schema in (root, *parts.values()):
            severity = schema.get("properties", {}).get("severity", {})
            if name == "config" or "enum" not in severity:
                continue
            severity["enum"] = list(levels)
            severity["examples"] = [levels[min(1, len(levels) - 1)]]
    root.get("properties", {}).update(copy.deepcopy(dict(fields or {})))
    return root


def field_order(name: str, route: Route = ()) -> list[str]:
    """Return the fields of the mapping at `route` in the order in which the schema `name` has them."""
    return list(field_schema(bundled(name), route).get("properties", {}))


def field_schema(root: dict[str, Any], route: Route) -> dict[str, Any]:
    """Return what a bundled schema says of the value at `route`; empty where it says nothing."""
    node: dict[str, Any] = root
    for step in (*route, None):
        while reference := node.get("$ref"):
            node = root
            for part in reference.removeprefix("#/").split("/"):
                node = node.get(part, {}) if part else node
        if step is not None:
            inner = (
                node.get("items", {})
                if isinstance(step, int)
                else node.get("properties", {}).get(step, node.get("additionalProperties", {}))
            )
            node = inner if isinstance(inner, dict) else {}
    return node


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from _nodes(child)
