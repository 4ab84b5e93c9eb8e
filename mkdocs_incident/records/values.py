"""Values out of a merged record; one of the wrong type is absent, the schema has named it."""

from __future__ import annotations

from typing import Any

from mkdocs_incident.source.synonyms import synonyms

LIVE = ("detected", "investigating", "identified", "mitigating", "monitoring")
"""States of an incident that is not over."""


def text(data: Any, *route: str) -> str | None:
    """Return the text at `route`; None where there is none, or only a placeholder such as TBD."""
    for part in route:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, str) and not synonyms().is_missing(data) else None


def texts(data: Any, name: str) -> tuple[str, ...]:
    """Return the list of texts under `name`; a lone text is a list of one."""
    value = data.get(name) if isinstance(data, dict) else None
    if isinstance(value, str):
        value = [value]
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def mappings(data: Any, name: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the mappings in the list under `name`, with their indices."""
    value = data.get(name) if isinstance(data, dict) else None
    return (
        [(i, v) for i, v in enumerate(value) if isinstance(v, dict)]
        if isinstance(value, list)
        else []
    )
