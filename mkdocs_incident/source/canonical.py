"""One spelling for each value: what certainly means a canonical value becomes it, with a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mkdocs_incident.diagnostic import Finding, Location, clip
from mkdocs_incident.source.front_matter import Positions, Route
from mkdocs_incident.source.synonyms import synonyms
from mkdocs_incident.source.times import (
    DateOrder,
    canonical_date,
    canonical_instant,
    parse_date,
    parse_instant,
)

_LEVEL = re.compile(r"(SEV|P)(?:ERITY|RIORITY)?[\s_-]*([0-9])", re.IGNORECASE)

# Field → vocabulary of synonyms.yml; `*` is any index or key.
_VOCABULARIES: tuple[tuple[Route, str], ...] = (
    (("incident_status",), "status_incident"),
    (("impact", "level"), "level"),
    (("impact", "urgency"), "level"),
    (("action_items", "*", "status"), "status_action_item"),
    (("action_items", "*", "type"), "type"),
    (("action_items", "*", "horizon"), "horizon"),
    (("runbooks", "*", "verdict"), "verdict"),
    (("mitigations", "*", "strategy"), "strategy"),
)
_INSTANTS: tuple[Route, ...] = (
    ("timeline", "*", "at"), ("communications", "*", "at"), ("communications", "*", "next_update_at"),
    *((f"{name}_at",) for name in (
        "started", "detected", "declared", "classified", "ic_assigned", "acknowledged", "engaged",
        "identified", "mitigated", "resolved", "review_meeting", "created", "updated", "executed",
    )),
)  # fmt: skip
_DATES: tuple[Route, ...] = (
    ("date",), ("published_on",), ("reviewed_on",),
    ("action_items", "*", "due"), ("action_items", "*", "done_on"),
    ("horizons", "*", "actions", "*", "due"),
)  # fmt: skip
_MAY_BE_UNKNOWN = {
    ("severity",), ("incident_commander",), ("owner",), ("action_items", "*", "owner"), *_INSTANTS,
    *_DATES,
}  # fmt: skip


def canonicalise(
    data: dict[str, Any],
    kind: str,
    positions: Positions,
    where: Location,
    order: DateOrder,
    *,
    from_body: bool,
) -> list[Finding]:
    """Change `data` in place; return a note for each spelling that was read as another.

    Empty values are removed: a field that says nothing is missing. In the body, where a sentence
    begins with a capital, letter case alone is no other spelling, except in a severity.
    """
    _drop_empty(data)
    notes: list[Finding] = []

    def change(parent: Any, key: str | int, route: Route, value: str) -> None:
        old = parent[key]
        parent[key] = value
        if from_body and route != ("severity",) and _same_but_case(old, value):
            return
        name = route[-1] if isinstance(route[-1], str) else route[-2]
        notes.append(
            Finding(
                positions.values.get(route, where),
                f"{str(name).replace('_', ' ').capitalize()} `{clip(old)}` is read as `{value}`",
                hint=f"Write `{value}`",
                rule="non-canonical-value",
            )
        )

    for pattern in _MAY_BE_UNKNOWN:
        for parent, key, _ in _matches(data, pattern):
            if synonyms().is_missing(parent[key]):
                del parent[key]
    for parent, key, route in _matches(data, ("severity",)):
        match = _LEVEL.fullmatch(parent[key].strip()) if isinstance(parent[key], str) else None
        if match and parent[key] != (value := f"{match[1].upper()}{match[2]}"):
            change(parent, key, route, value)
    for pattern, vocabulary in ((("status",), f"status_{kind}"), *_VOCABULARIES):
        for parent, key, route in _matches(data, pattern):
            known = (
                synonyms().value(vocabulary, parent[key]) if isinstance(parent[key], str) else None
            )
            if known is not None and known != parent[key]:
                change(parent, key, route, known)
    if not from_body:
        for pattern in _INSTANTS:
            for parent, key, route in _matches(data, pattern):
                text = parent[key]
                if isinstance(text, str) and (not parse_instant(text) or " " in text):
                    value = canonical_instant(text, order)
                    if value is not None and value != text:
                        change(parent, key, route, value)
    for pattern in _DATES:
        for parent, key, route in _matches(data, pattern):
            text = parent[key]
            if isinstance(text, str) and not parse_date(text):
                value = canonical_date(text, order)
                if value is not None and not from_body:
                    change(parent, key, route, value)
                elif value is not None:
                    parent[key] = value
    return notes


def _same_but_case(old: str, new: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[\s_-]+", "-", text).casefold()

    return plain(old) == plain(new)


def _drop_empty(data: Any) -> None:
    if isinstance(data, dict):
        for key in [
            k for k, v in data.items() if v is None or (isinstance(v, str) and not v.strip())
        ]:
            del data[key]
        for value in data.values():
            _drop_empty(value)
    elif isinstance(data, list):
        for value in data:
            _drop_empty(value)


def _matches(data: Any, pattern: Route, route: Route = ()) -> Iterator[tuple[Any, Any, Route]]:
    """Yield parent, key and route of every value that `pattern` names."""
    head, rest = pattern[0], pattern[1:]
    keys: list[Any]
    if isinstance(data, dict):
        keys = list(data) if head == "*" else [head] if head in data else []
    elif isinstance(data, list) and head == "*":
        keys = list(range(len(data)))
    else:
        return
    for key in keys:
        if rest:
            yield from _matches(data[key], rest, (*route, key))
        else:
            yield data, key, (*route, key)
