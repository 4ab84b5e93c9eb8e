"""One spelling for each value: what certainly means a canonical value becomes it, with a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.diagnostic import Finding, Location, Repair
from mkdocs_incident.patterns import regex
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import (
    OTHER_ORDER,
    canonical_date,
    canonical_instant,
    parse_date,
    parse_instant,
)
from mkdocs_incident.wording import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_incident.source.front_matter import Positions, Route
    from mkdocs_incident.source.times import DateOrder

_LEVEL = regex(r"(SEV|P)(?:ERITY|RIORITY)?[\s_-]*([0-9])", re.IGNORECASE)

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


def _bare(level: str) -> str:
    return "".join(filter(str.isalnum, level)).casefold()


def level_meant(text: str, levels: tuple[str, ...]) -> str | None:
    """Return the severity level that `text` certainly means, else None.

    Args:
        text: such as ``sev-1``.
        levels: those in force; empty where any scheme's may stand.
    """
    if text in levels:
        return text
    known = {_bare(level): level for level in levels}
    match = _LEVEL.fullmatch(text.strip())
    short = f"{match[1].upper()}{match[2]}" if match else text
    return known.get(_bare(text), known.get(_bare(short), None if levels else short))


class Spelling(msgspec.Struct):
    """Brings a record's values, read from one half of a document, into the record's own spelling."""

    kind: str
    positions: Positions
    where: Location
    """Place of a value that has none of its own."""
    order: DateOrder
    levels: tuple[str, ...]
    """Severity levels in force; empty where any scheme's may stand."""
    from_body: bool
    """There, where a sentence begins with a capital, letter case alone is no other spelling."""
    notes: list[Finding] = msgspec.field(default_factory=list)

    def apply(self, data: dict[str, Any]) -> list[Finding]:
        """Change `data` in place; return a note for each spelling that was read as another.

        Empty values are removed: a field that says nothing is missing.
        """
        _drop_empty(data)
        for pattern in _MAY_BE_UNKNOWN:
            for parent, key, _ in _matches(data, pattern) if pattern[0] in data else ():
                if synonyms().is_missing(parent[key]):
                    del parent[key]
        for parent, key, route in _texts(data, ("severity",)):
            self.change(parent, key, route, level_meant(parent[key], self.levels))
        for pattern, vocabulary in ((("status",), f"status_{self.kind}"), *_VOCABULARIES):
            for parent, key, route in _texts(data, pattern):
                old = parent[key]
                value = synonyms().value(vocabulary, old)
                is_certain = normalised(old) not in synonyms().words["another_state"]
                is_certain = is_certain or (value is not None and _same_but_case(old, value))
                self.change(parent, key, route, value, is_certain=is_certain)
        if not self.from_body:  # the body's readers complete their instants themselves
            self.instants(data)
        self.dates(data)
        return self.notes

    def instants(self, data: dict[str, Any]) -> None:
        """Write each moment as ``2025-06-15T14:23Z``, where a whole value certainly means one."""
        for pattern in _INSTANTS:
            for parent, key, route in _texts(data, pattern):
                text = parent[key]
                if not parse_instant(text) or " " in text:
                    value, other = (canonical_instant(text, o) for o in self._orders)
                    self.change(parent, key, route, value, is_certain=value == other)

    def dates(self, data: dict[str, Any]) -> None:
        """Write each day as ``2025-06-15``, where a whole value certainly means one."""
        for pattern in _DATES:
            for parent, key, route in _texts(data, pattern):
                if parse_date(parent[key]):
                    continue
                value, other = (canonical_date(parent[key], order) for order in self._orders)
                if self.from_body:
                    parent[key] = value or parent[key]
                else:
                    self.change(parent, key, route, value, is_certain=value == other)

    @property
    def _orders(self) -> tuple[DateOrder, DateOrder]:
        """The order of day and month in force, then the other one."""
        return self.order, OTHER_ORDER[self.order]

    def change(
        self,
        parent: Any,
        key: str | int,
        route: Route,
        value: str | None,
        *,
        is_certain: bool = True,
    ) -> None:
        """Set a value, and note it if it is another spelling; None is no certain reading.

        What only the order of day and month decides, `06/07/2025`, is read and not repaired, and neither is a
        state that says something else than ours, `Mitigated`.
        """
        old = parent[key]
        if value is None or value == old:
            return
        parent[key] = value
        if self.from_body and route != ("severity",) and _same_but_case(old, value):
            return
        name = str(route[-1] if isinstance(route[-1], str) else route[-2])
        self.notes.append(
            Finding(
                self.positions.values.get(route, self.where),
                f"{name.replace('_', ' ').capitalize()} `{clip(old)}` is read as `{value}`",
                hint=f"Write `{value}`",
                rule="non-canonical-value",
                repair=Repair(old, value) if is_certain else None,
            )
        )


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


def _texts(data: dict[str, Any], pattern: Route) -> Iterable[tuple[Any, Any, Route]]:
    if pattern[0] not in data:  # as most are
        return ()
    return (match for match in _matches(data, pattern) if isinstance(match[0][match[1]], str))


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
