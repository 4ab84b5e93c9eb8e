"""Action items as people write them: task lists, plain lists, tables, under horizon headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mkdocs_incident.source.blocks import Block, Item, List, Table
from mkdocs_incident.source.draft import Draft, Fields
from mkdocs_incident.source.labels import Joined, bare, labels_in, without_bold
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.times import read_stamp

_ID = re.compile(
    r"(?:\*\*|\[|`)?(?P<id>[A-Z]{1,6}-?\d{1,6})"
    r"(?:(?:\*\*|\]|`)?\s*[:.)—–-]|[:.)](?:\*\*|__))\s+"
    r"|\[(?P<id2>[A-Z]{1,6}-\d{1,6})\]\s+"
)
_LINKED_ID = re.compile(r"\[(?P<id>[A-Z]{1,10}-\d{1,6})\]\((?P<url>[^)\s]+)\)\s*[:—–-]?\s*")
_TYPE_PREFIX = re.compile(
    r"(?:\[(?P<a>[A-Za-z-]+)\]|\*\*(?P<b>[A-Za-z-]+)[:*]{2,3}:?|(?P<c>[A-Za-z-]+):)\s+"
)
_TAIL_GROUP = re.compile(
    r"\s*[(\[（](?P<inner>(?:[^()\[\]（）]|\[[^()\[\]]{0,200}\]\([^()\s]{0,400}\)){1,200})[)\]）]\s*\.?$"
)
_TAIL_DASH = re.compile(
    r"\s+(?:—|–|-|\||→)\s+(?P<inner>(?:(?!\s-\s)[^—–|→]){1,120}?)\s*\.?$"
)
_TAIL_OWNER = re.compile(r"(?<=\s)(?P<inner>@[\w./-]+)\s*\.?$")
_PARTS = re.compile(r"\s*[,;|]\s*")
_TICKET = re.compile(r"https?://\S+|#\d+|[A-Z][A-Z0-9]{1,9}-\d+|\[[^\]]+\]\([^)\s]+\)")
_PRIORITY = re.compile(r"P[0-5]", re.IGNORECASE)
_STRIKE = re.compile(r"~~(.+)~~")


def read_action_items(draft: Draft, blocks: Iterable[Block], shared: Fields | None = None) -> None:
    """Read lists and tables into ``action_items``; `shared` comes from the heading above."""
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                _add(draft, _from_item(draft, item), shared, Joined.of(item.lines).whole)
        elif isinstance(block, Table):
            for fields, where in rows_of(draft, block):
                _add(draft, fields, shared, where)


def _add(draft: Draft, fields: Fields, shared: Fields | None, where: Fragment) -> None:
    if not fields.get("title", ("",))[0]:
        return
    for name, value in (shared or {}).items():
        fields.setdefault(name, value)
    draft.add("action_items", fields, where)


def rows_of(draft: Draft, table: Table) -> Iterable[tuple[Fields, Fragment]]:
    """Yield each row of an action table as fields, and its first cell."""
    labels = synonyms().labels["action_item"]
    columns: dict[str, int] = {}
    for i, cell in enumerate(table.header):
        name = labels.get(normalised(cell.text)) or labels.get(cell.text.strip().lower())
        if name is not None and name not in columns:
            columns[name] = i
    if "title" not in columns:
        free = [i for i in range(len(table.header)) if i not in columns.values()]
        if not free:
            return
        columns["title"] = free[0]
    for row in table.rows:
        fields: Fields = {}
        for name, i in columns.items():
            if i < len(row):
                set_field(draft, fields, name, bare(row[i]))
        if "title" in fields:
            title, where = fields["title"]
            match = _LINKED_ID.match(title) or _ID.match(title)
            if match and "id" not in fields:
                _take_id(fields, match, where)
            yield fields, where


def _take_id(fields: Fields, match: re.Match[str], where: Fragment) -> None:
    groups = match.groupdict()
    fields["id"] = (groups["id"] or groups.get("id2"), where)
    if groups.get("url"):
        fields["ticket"] = (groups["url"], where)
    rest = where.cut(match.end())
    fields["title"] = (without_bold(rest.text), rest)


def _from_item(draft: Draft, item: Item) -> Fields:
    text = Joined.of(item.lines)
    fields: Fields = {}
    if item.checked is not None:
        state = "done" if item.checked else "open"
        fields["status"] = (state, text.whole)
    start, end = 0, len(text.text)
    while True:
        for pattern in (_TAIL_GROUP, _TAIL_DASH, _TAIL_OWNER):
            match = pattern.search(text.text, start, end)
            if match and _tail(draft, fields, text, match.start("inner"), match.end("inner")):
                end = match.start()
                break
        else:
            break
    if match := (_LINKED_ID.match(text.text, start, end) or _ID.match(text.text, start, end)):
        groups = match.groupdict()
        name = "id" if groups["id"] else "id2"
        fields["id"] = (groups[name], text.cut(match.start(name), match.end(name)))
        if groups.get("url"):
            fields.setdefault(
                "ticket", (groups["url"], text.cut(match.start("url"), match.end("url")))
            )
        start = match.end()
    if match := _TYPE_PREFIX.match(text.text, start, end):
        word = match["a"] or match["b"] or match["c"]
        kind = synonyms().value("type", word)
        if kind:
            fields.setdefault("type", (kind, text.cut(match.start(), match.end())))
            start = match.end()
    title = text.cut(start, end)
    struck = _STRIKE.fullmatch(title.text)
    if struck:
        title = title.cut(2, len(title.text) - 2)
        fields["status"] = ("wont-do", text.whole) if not item.checked else fields["status"]
    fields["title"] = (without_bold(title.text).rstrip(" —–-:"), title)
    for child in item.children:
        if isinstance(child, List):
            for sub in child.items:
                _nested_label(draft, fields, sub)
    return fields


def _nested_label(draft: Draft, fields: Fields, item: Item) -> None:
    labels = synonyms().labels["action_item"]
    for line in item.lines:
        for label in labels_in(line, labels):
            name = labels.get(normalised(label.name.text))
            if name is not None and name != "title":
                set_field(draft, fields, name, bare(label.value))


def _tail(draft: Draft, fields: Fields, text: Joined, start: int, end: int) -> bool:
    """Read ``@owner, due 06/22`` into `fields`; False where it is not that but part of the title."""
    found: Fields = {}
    unread: list[Fragment] = []
    at = start
    read = 0
    for match in [*_PARTS.finditer(text.text, start, end), None]:
        part = bare(text.cut(at, match.start() if match else end))
        if match:
            at = match.end()
        if not part.text:
            continue
        if _part(draft, found, part):
            read += 1
        else:
            unread.append(part)
    if not read:
        return False
    if unread:
        one_word = len(unread) == 1 and re.fullmatch(r"[\w.-]+(?: team)?", unread[0].text)
        if not one_word or "owner" in found or "due" not in found:
            return False
        found["owner"] = (unread[0].text, unread[0])
    for name, value in found.items():
        fields.setdefault(name, value)
    if "status" in found:
        fields["status"] = found["status"]
    return True


def _part(draft: Draft, found: Fields, part: Fragment) -> bool:
    words = synonyms()
    text = part.text
    match = re.match(
        r"(?P<name>[^\W\d][\w -]*?)\s*[:=]\s*|(?P<word>[^\W\d]+(?: (?:date|on|by|am))?)\s+(?=\S)",
        text,
    )
    if match:
        name = (match["name"] or match["word"]).lower()
        value = bare(part.cut(match.end()))
        for group in ("owner", "due", "ticket"):
            if name in words.words[group]:
                if match["word"] and not _is_plainly(draft, group, value, found):
                    continue
                set_field(draft, found, group, value)
                return True
        field = words.labels["action_item"].get(name)
        if match["name"] and field and field not in {"title", "link"}:
            set_field(draft, found, field, value)
            return True
    if re.fullmatch(r"@[\w./-]+(?:\s*(?:/|\+|&|and)\s*@[\w./-]+)*", text):
        found["owner"] = (text, part)
    elif _says_when(draft, part) and "due" not in found:
        set_field(draft, found, "due", part)
    elif _PRIORITY.fullmatch(text):
        found["priority"] = (text.upper(), part)
    elif _TICKET.fullmatch(text):
        set_field(draft, found, "ticket", part)
    elif text.lower() in words.values["type"]:
        found["type"] = (words.values["type"][text.lower()], part)
    elif text.lower() in words.values["status_action_item"]:
        found["status"] = (words.values["status_action_item"][text.lower()], part)
    else:
        return False
    return True


def _is_plainly(draft: Draft, group: str, value: Fragment, found: Fields) -> bool:
    """Whether ``due …`` or ``owner …`` without a colon is meant so, and is no part of a sentence."""
    if synonyms().is_missing(value.text):
        return True
    if group != "due":
        return value.text.startswith(("@", "#"))
    spoken = "owner" in found and not value.text.startswith("to ")
    return spoken or _says_when(draft, value)


def _says_when(draft: Draft, value: Fragment) -> bool:
    stamp = read_stamp(value.text, draft.order)
    return stamp is not None and stamp.month is not None and not value.text[stamp.end :].strip()


def set_field(draft: Draft, fields: Fields, name: str, value: Fragment) -> None:
    """Set an action item's field from the text of a cell or label; a placeholder sets nothing."""
    words = synonyms()
    text = value.text
    status = words.value("status_action_item", text) if name == "status" else None
    if name in fields or (words.is_missing(text) and status is None):
        return
    if name in {"due", "done_on"}:
        fields[name] = (draft.read_due(text), value)
    elif name == "status":
        symbol = {"✅": "done", "☑": "done", "✔": "done", "✔️": "done", "x": "done", "❌": "wont-do",
                  "🚧": "in-progress", "⏳": "in-progress"}.get(text.strip())  # fmt: skip
        fields[name] = (status or symbol or text, value)
    elif name in {"type", "horizon"}:
        fields[name] = (words.value(name, text) or text, value)
    elif name == "ticket":
        link = re.fullmatch(r"\[[^\]]*\]\(([^)\s]+)\)", text)
        fields[name] = (link[1] if link else text.strip("<>"), value)
    elif name == "tags":
        fields[name] = ([tag.strip(" `#") for tag in text.split(",") if tag.strip()], value)
    elif name == "title":
        fields[name] = (without_bold(text), value)
    else:
        fields[name] = (text, value)
