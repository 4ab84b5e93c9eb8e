"""What an incident did to users, business and objectives: labelled facts, the rest as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, List, Table
from mkdocs_incident.source.labels import (
    Joined,
    Label,
    bare,
    labelled_lines,
    labels_in,
    split_list,
    without_bold,
)
from mkdocs_incident.source.synonyms import normalised, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mkdocs_incident.source.draft import Draft
    from mkdocs_incident.source.outline import Section
    from mkdocs_incident.source.text import Fragment

_DIGITS = r"\d{1,3}(?:[., ]\d{3})+|\d+(?:[.,]\d+)?"
_COUNT = regex(
    rf"[^\w<>≤≥]{{0,5}}(?:(?:all|about|around|approx\.?|approximately|roughly|ca\.?|circa|etwa|rund)\s)?"
    rf"\s?~?(?P<digits>{_DIGITS})\s?(?P<unit>[km]\b)?"
    r"(?![\w.,%]|\s?%|\s?(?:[–—/-]|to|of|in|or|and|out|von|bis|und|oder)\s?~?\d)",
    re.IGNORECASE,
)
_SHARE = regex(rf"(?<![\d.,<>≤≥–—-])(?<![<>≤≥–—-]\s)(?P<digits>{_DIGITS})\s?%(?!\s?[–—-]\s?\d)")


def read_impact(draft: Draft, section: Section) -> None:
    """Read labelled facts into ``impact``, and all other prose into its summary."""
    for block in section.flow():
        if isinstance(block, Table) and len(block.header) == 2:
            rows = [row for row in block.rows if len(row) == 2]
            for name, value in rows:
                if not _read_fact(draft, Label(name, value)):
                    draft.add_impact(f"{name.text}: {value.text}", name)
            continue
        for line in _lines(block):
            _read_line(draft, line)


def _lines(block: Block) -> Iterable[Joined]:
    yield from labelled_lines(block, _known_labels())
    if isinstance(block, List):
        for item in block.items:
            for child in item.children:
                yield from _lines(child)


def _read_line(draft: Draft, line: Joined) -> None:
    found = labels_in(line, _known_labels())
    read = [_read_fact(draft, label) for label in found]
    is_caption = bool(found) and not any(label.value.text for label in found)
    if line.text and not is_caption and not (found and all(read)):
        draft.add_impact(without_bold(line.text), line.whole)


def _known_labels() -> Mapping[str, str]:
    return synonyms().labels["impact"]


def _read_fact(draft: Draft, label: Label) -> bool:
    """Set the field that a label names, if its value certainly gives one."""
    name = _known_labels().get(normalised(label.name.text))
    value = bare(label.value)
    if name is None or not value.text:
        return False
    route = ("impact", name)
    words = synonyms()
    if name == "users_affected":
        return put_users(draft, value)
    if name in {"requests_failed", "users_affected_percent"}:
        number = _count(value.text) if name == "requests_failed" else _share(value.text)
        if number is not None:
            draft.put(route, number, value)
        return number is not None
    if name == "affected_systems":
        if "affected_systems" not in draft.data:
            for entry in split_list(value):
                draft.append((name,), entry.text, entry)
    elif name in {"level", "urgency"}:
        draft.put(route, words.value("level", value.text) or value.text, value)
    elif name in {"data_loss", "compliance"}:
        word = words.value("boolean", value.text)
        draft.put(route, value.text if word is None else word == "true", value)
    else:
        draft.put(route, value.text, value)
    return True


def put_users(draft: Draft, value: Fragment) -> bool:
    """Read ``4,210 users (9 % of user base)`` into the number and the share; False if neither."""
    count, share = _count(value.text), _share(value.text)
    if count is not None:
        draft.put(("impact", "users_affected"), count, value)
    if share is not None:
        draft.put(("impact", "users_affected_percent"), share, value)
    return count is not None or share is not None


def _count(text: str) -> int | None:
    """Return the whole number that a text begins with; a range or a limit is no number."""
    match = _COUNT.match(text[:400])
    if match is None:
        return None
    number = _number(match["digits"], thousands=True)
    number *= {"k": 1_000, "m": 1_000_000}.get((match["unit"] or "").lower(), 1)
    return int(number) if number.is_integer() else None


def _share(text: str) -> float | int | None:
    """Return the first percentage in a text, if it is one of at most all."""
    match = _SHARE.search(text[:400])
    number = _number(match["digits"], thousands=False) if match else 101.0
    if number > 100:
        return None
    return int(number) if number.is_integer() else number


def _number(digits: str, *, thousands: bool) -> float:
    """Read digits with either separator: ``5.400`` users are thousands, ``5.400 %`` a fraction."""
    digits = digits.replace(" ", "")
    separators = re.findall(r"[.,]", digits)
    groups = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
    if groups and (thousands or len(separators) > 1):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))
