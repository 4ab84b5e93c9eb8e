"""Action items as people write them: task lists, plain lists, tables, under horizon headings."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.blocks import Block, Item, List, Table
from mkdocs_incident.source.labels import Joined, bare, columns_of, labels_in, without_bold
from mkdocs_incident.source.outline import kind_of_group
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.times import read_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_incident.source.draft import Draft, Fields
    from mkdocs_incident.source.text import Fragment

_ID = regex(
    r"(?:\*\*|\[|`)?(?P<id>[A-Z]{1,6}-?\d{1,6})"
    r"(?:(?:\*\*|\]|`)?\s*[:.)—–-]|[:.)](?:\*\*|__))\s+"
    r"|\[(?P<id2>[A-Z]{1,6}-\d{1,6})\]\s+"
)
_LINKED_ID = regex(r"\[(?P<id>[A-Z]{1,10}-\d{1,6})\]\((?P<url>[^)\s]+)\)\s*[:—–-]?\s*")
_TYPE_PREFIX = regex(
    r"(?:\[(?P<a>[A-Za-z-]+)\]|\*\*(?P<b>[A-Za-z-]+)[:*]{2,3}:?|(?P<c>[A-Za-z-]+):)\s+"
)
_MAX_TAILS = 8
_TAIL_LINK = regex(
    r"(?<!\s)\s*[(\[]?(?P<inner>\[(?P<name>[^\[\]]{1,40})\]\((?P<url>[^()\s]{1,400})\))[)\]]?\s*\.?$"
)
_TAIL_GROUP = regex(
    r"(?<!\s)\s*[(\[（](?P<inner>(?:[^()\[\]（）]|\[[^()\[\]]{0,200}\]\([^()\s]{0,400}\)){1,200})[)\]）]\s*\.?$"
)
_TAIL_DASH = regex(r"(?<!\s)\s+(?:—|–|-|\||→)\s+(?P<inner>(?:(?!\s-\s)[^—–|→]){1,120}?)\s*\.?$")
_TAIL_OWNER = regex(r"(?<=\s)(?P<inner>@[\w./-]+(?:,?\s+(?:\w+\s+)?\d{4}-\d\d-\d\d)?)\s*\.?$")
_TAIL_DUE = regex(r"(?<=\s)(?P<inner>[^\W\d]+\s+\d{4}-\d\d-\d\d)\s*\.?$")
_TAIL_LABEL = regex(
    r"(?:[.;,]|(?<=[!?]))\s+(?P<inner>[^\W\d][\w ]{0,20}:\s*[^:.;()]{1,60}?)\s*[.;]?$"
)
_TAIL_UNREAD_DUE = regex(r"(?<=[)\],])\s*(?P<word>[^\W\d]+):?\s+(?P<inner>[^()@]{2,20})\.?$")
_LIKE_A_DAY = regex(r"\bQ[1-4]\b|\b20\d\d\b|\d[./-]\d")
_NAME = regex(r"[^\W\d_a-z][\w'’-]+ [^\W\d_a-z][\w'’-]+")
_LEADING_OWNER = regex(r"(?P<owner>@[\w/-]+(?:\.[\w/-]+)*)(?:\s*[:—–-]\s+|\s+(?P<word>\w+)\s+)")
_PARTS = regex(r"\s*[,;|、](?!\s*\d{4}\b(?!-))\s*")
"""Between pieces of a tail; a year after a comma belongs to its day: ``May 20, 2025``."""
_TICKET = regex(r"https?://\S+|#\d+|[A-Z][A-Z0-9]{1,9}-\d+|\[[^\]]+\]\([^)\s]+\)")
_LEADS_TO_TICKET = regex(r"/(?:issues|pull|merge_requests|browse|tickets?)/[\w-]*\d")
_PRIORITY = regex(r"P[0-5]", re.IGNORECASE)
_NAMED = regex(
    r"(?P<name>[^\W\d][\w -]{0,40}?)\s*[:=：]\s*|(?P<word>[^\W\d]+(?: (?:date|on|by|am))?)\s+(?=\S)"
)
_OWNERS = regex(r"@[\w./-]+(?:\s*(?:/|\+|&|and)\s*@[\w./-]+)*")
_OWNER_ALONE = regex(r"(?P<owner>@[\w./-]+)\s+(?=[^\W\d]*\s*\d)")
_STRIKE = regex(r"~~(.+)~~")
_ENDS_IN_HANDLE = regex(r"\w['’)]?\s+@[\w./-]+(?:,?\s+\d{4}-\d\d-\d\d)?\s*\.?$")
_PASSED_ON = ("owner", "due", "horizon", "type")
_ROW_NUMBER = regex(r"\d{1,4}\.?")


def read_action_items(draft: Draft, blocks: Iterable[Block], shared: Fields | None = None) -> None:
    """Read lists and tables into ``action_items``; `shared` comes from the heading above."""
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                _add_entry(draft, _entry_of(draft, item), shared or {})
        elif isinstance(block, Table):
            numbers = _has_row_numbers(block)
            for fields, where in _rows(draft, block):
                if numbers and _ROW_NUMBER.fullmatch(fields.get("id", ("",))[0]):
                    number, cell = fields["id"]
                    fields["id"] = (number.removesuffix("."), cell)
                    draft.row_numbers.add(len(draft.data.get("action_items", ())))
                _add(draft, fields, shared, where)


def told_by_name(kind: str, name: Fragment) -> Fields:
    """Return the type or the horizon that a heading, or a group's name, of that kind tells of items below."""
    group, _, value = kind.partition("_")
    return {group: (value.replace("_", "-") if group == "horizon" else value, name)}


class _Entry(msgspec.Struct):
    """An entry of a list with what is nested below it, details such as ``Owner: …`` taken for its own."""

    text: Joined
    fields: Fields
    has_box: bool
    nested: list[_Entry]

    @property
    def group(self) -> str:
        """What its name says of the entries below it, as a heading does; empty where it says nothing."""
        return "" if self.has_box else kind_of_group(self.fields["title"][1])

    @property
    def is_item(self) -> bool:
        """Whether it is an item whatever stands below it: it says its state, or who does it and by when."""
        return "status" in self.fields or {"owner", "due"} <= self.fields.keys()

    @property
    def items(self) -> list[_Entry]:
        """Those below it that are items of their own, or groups of some: all in a group, which is no item itself.

        Below an item, the others are notes.
        """
        if not self.nested or self.group:
            return self.nested
        says_one = not self.fields.keys().isdisjoint({"status", "owner", "due"})
        in_full = says_one and not any(entry.promises(in_full=True) for entry in self.nested)
        found = [e for e in self.nested if e.has_box or e.items or e.promises(in_full=in_full)]
        return self.nested if found and not self.is_item else found

    def promises(self, *, in_full: bool) -> bool:
        """Whether it says who does it or by when, in a form that no note has; `in_full`, whether both.

        ``agreed with @a`` and ``tried (2025-06-15)`` are notes. Of an entry without a box and without
        either there is no telling.
        """
        text, fields = self.text.text, self.fields
        is_owned = "owner" in fields and _ENDS_IN_HANDLE.search(text) is None
        if in_full:
            return is_owned and "due" in fields
        before = text[: text.rfind(fields["due"][1].text)] if "due" in fields else ""
        word = before.rstrip(" :").rpartition(" ")[2].lstrip("([").lower()
        is_due = "due" in fields and ("owner" in fields or word in synonyms().words["due"])
        return is_owned or is_due


def _entry_of(draft: Draft, item: Item) -> _Entry:
    text = Joined.of(item.lines)
    fields = _from_item(draft, item, text)
    lists = (block for block in item.children if isinstance(block, List))
    below = [child for block in lists for child in block.items]
    nested = [_entry_of(draft, child) for child in below if not _nested_label(draft, fields, child)]
    return _Entry(text, fields, item.checked is not None, nested)


def _add_entry(draft: Draft, entry: _Entry, shared: Fields) -> None:
    """Add an entry and the items below it, or these alone where it only names their group.

    What an item below does not say itself is as above: a part of somebody's task is theirs, too, and
    to be done by the same day.
    """
    fields, items = entry.fields, entry.items
    kind = entry.group if items else ""
    if kind:
        shared = {**shared, **told_by_name(kind, fields["title"][1])}
    elif entry.is_item or not items:
        _add(draft, fields, shared, entry.text.whole)
    below = {**shared, **{name: fields[name] for name in _PASSED_ON if name in fields}}
    for item in items:
        _add_entry(draft, item, below)


def drop_row_numbers(draft: Draft) -> None:
    """Take the numbers of rows for no ids where a record has one of them twice."""
    items = draft.data.get("action_items", [])
    times = Counter(item["id"] for item in items if "id" in item)
    if all(times[items[i]["id"]] == 1 for i in draft.row_numbers):
        return
    for i in draft.row_numbers:
        del items[i]["id"]
        draft.positions.values.pop(("action_items", i, "id"), None)


def _has_row_numbers(table: Table) -> bool:
    """Whether the ids of a table stand in a column ``No.`` or ``#``."""
    column = columns_of(table, synonyms().labels["action_item"]).get("id")
    return (
        column is not None
        and normalised(table.header[column].text) in synonyms().words["row_number"]
    )


def _add(draft: Draft, fields: Fields, shared: Fields | None, where: Fragment) -> None:
    if not fields.get("title", ("",))[0]:
        return
    for name, value in (shared or {}).items():
        fields.setdefault(name, value)
    draft.add("action_items", fields, where)


def _rows(draft: Draft, table: Table) -> Iterable[tuple[Fields, Fragment]]:
    """Yield each row of an action table as fields, and its first cell."""
    labels = synonyms().labels["action_item"]
    columns = columns_of(table, labels)
    if "yes" in {normalised(cell.text) for cell in table.header}:
        columns.pop("id", None)  # the column `No` is the other answer
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
            where = fields["title"][1]
            start = 0 if "id" in fields else _read_id(fields, where, len(where.text))
            rest = where.cut(start)
            fields["title"] = (without_bold(rest.text), rest)
            yield fields, where


def _from_item(draft: Draft, item: Item, text: Joined) -> Fields:
    """Read an entry from its ends to its middle: box, tail, id, type; what remains is the title."""
    fields: Fields = {}
    if item.checked is not None:
        fields["status"] = ("done" if item.checked else "open", text.whole)
    end = _read_tails(draft, fields, text)
    start = _read_id(fields, text, end)
    if match := _TYPE_PREFIX.match(text.text, start, end):
        kind = synonyms().value("type", match["a"] or match["b"] or match["c"])
        if kind:
            fields.setdefault("type", (kind, text.cut(match.start(), match.end())))
            start = match.end()
    start = _read_leading_owner(fields, text, start, end)
    title = text.cut(start, end)
    if _STRIKE.fullmatch(title.text):
        title = title.cut(2, len(title.text) - 2)
        if not item.checked:
            fields["status"] = ("wont-do", text.whole)
    fields["title"] = (without_bold(title.text).rstrip(" —–-:,;"), title)
    if not fields["title"][0] and "id" in fields:
        fields["title"] = fields["id"]
    return fields


def _read_tails(draft: Draft, fields: Fields, text: Joined) -> int:
    """Read ``(@owner) — due 06/22`` from the end; return where the rest ends."""
    end = len(text.text)
    for _ in range(_MAX_TAILS):
        if _LINKED_ID.fullmatch(text.text, 0, end):
            break  # the ticket is all that there is to do
        start = _read_tail(draft, fields, text, end)
        if start is None:
            break
        end = start
    return end


def _read_tail(draft: Draft, fields: Fields, text: Joined, end: int) -> int | None:
    """Read the last piece before `end`; return where it starts, None if it is part of the title."""
    link = _TAIL_LINK.search(text.text, 0, end)
    if link is not None:
        return _read_tail_link(fields, text, link)
    for pattern in (_TAIL_LABEL, _TAIL_GROUP, _TAIL_DASH, _TAIL_OWNER, _TAIL_DUE):
        match = pattern.search(text.text, 0, end)
        if match is None or match.start() == 0:
            continue  # nothing would be left to be done
        inner = text.cut(match.start("inner"), match.end("inner"))
        if pattern is _TAIL_DASH and _is_owners_name(fields, inner):
            fields["owner"] = (inner.text, inner)
            return match.start()
        if _tail(draft, fields, inner):
            return match.start()
    match = _TAIL_UNREAD_DUE.search(text.text, 0, end)
    if match is None or "due" in fields or match["word"].lower() not in synonyms().words["due"]:
        return None
    value = text.cut(match.start("inner"), match.end("inner"))
    if not _LIKE_A_DAY.search(value.text):
        return None
    set_field(draft, fields, "due", value)  # as written: that it can't be read is said there
    return match.start()


def _read_tail_link(fields: Fields, text: Joined, link: re.Match[str]) -> int | None:
    """Read ``[Issue](https://…)``; a link of other words is part of the sentence, whatever it leads to."""
    name = link["name"].strip().lower().removesuffix(" here")
    says_ticket = _TICKET.fullmatch(name.upper()) or name in synonyms().words["ticket_link"]
    if says_ticket or _LEADS_TO_TICKET.search(link["url"]):
        url = text.cut(link.start("url"), link.end("url"))
        fields.setdefault("ticket", (url.text, url))
    return link.start() if says_ticket and link.start() > 0 else None


def _is_owners_name(fields: Fields, inner: Fragment) -> bool:
    """Whether ``Jane Doe`` between the title and a due date is who will do it."""
    return "due" in fields and "owner" not in fields and _NAME.fullmatch(inner.text) is not None


def _read_id(fields: Fields, text: Fragment | Joined, end: int) -> int:
    """Read a leading ``AI-1:`` or linked ticket; return where the rest starts."""
    match = _LINKED_ID.match(text.text, 0, end) or _ID.match(text.text, 0, end)
    if match is None:
        return 0
    groups = match.groupdict()
    name = "id" if groups["id"] else "id2"
    fields["id"] = (groups[name], text.cut(match.start(name), match.end(name)))
    if groups.get("url"):
        link = text.cut(match.start("url"), match.end("url"))
        fields.setdefault("ticket", (link.text, link))
    return match.end()


def _read_leading_owner(fields: Fields, text: Joined, start: int, end: int) -> int:
    """Read ``@alice: `` or ``@alice to `` before what is to be done; return where that starts."""
    match = _LEADING_OWNER.match(text.text, start, end)
    if match is None or "owner" in fields:
        return start
    if match["word"] and match["word"].lower() not in synonyms().words["owner_is"]:
        return start
    fields["owner"] = (match["owner"], text.cut(match.start("owner"), match.end("owner")))
    return match.end()


def _nested_label(draft: Draft, fields: Fields, item: Item) -> bool:
    """Read ``Owner: …`` below an entry as a field of it; return whether that is what `item` is."""
    if item.checked is not None:
        return False
    labels = synonyms().labels["action_item"]
    is_label = False
    for line in item.lines:
        for label in labels_in(line, labels):
            name = labels.get(normalised(label.name.text))
            if name is not None and name != "title":
                is_label = True
                set_field(draft, fields, name, bare(label.value))
    return is_label


def _tail(draft: Draft, fields: Fields, inner: Fragment) -> bool:
    """Read ``@owner, due 06/22`` into `fields`; False where it is not that but part of the title."""
    found: Fields = {}
    unread: list[Fragment] = []
    read = 0
    for part in _split(inner):
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
    status = found.get("status", fields.get("status"))
    for name, value in found.items():
        fields.setdefault(name, value)
    if status is not None:
        fields["status"] = status
    return True


def _split(inner: Fragment) -> Iterator[Fragment]:
    handle = _OWNER_ALONE.match(inner.text)
    at = handle.end() if handle else 0
    if handle:
        yield inner.cut(0, handle.end("owner"))
    for match in _PARTS.finditer(inner.text):
        yield bare(inner.cut(at, match.start()))
        at = match.end()
    yield bare(inner.cut(at))


def _part(draft: Draft, found: Fields, part: Fragment) -> bool:
    """Read one piece of a tail; False if it says nothing that an item has."""
    if not part.text:
        return True
    match = _NAMED.match(part.text)
    if match and _named_part(draft, found, match, bare(part.cut(match.end()))):
        return True
    words = synonyms()
    text = part.text
    word = text.lower()
    if _OWNERS.fullmatch(text):
        found["owner"] = (text, part)
    elif _says_when(draft, part) and "due" not in found:
        set_field(draft, found, "due", part)
    elif _PRIORITY.fullmatch(text):
        found["priority"] = (text.upper(), part)
    elif _TICKET.fullmatch(text):
        set_field(draft, found, "ticket", part)
    elif word in words.values["type"]:
        found["type"] = (words.values["type"][word], part)
    elif word in words.values["status_action_item"]:
        found["status"] = (words.values["status_action_item"][word], part)
    else:
        return False
    return True


def _named_part(draft: Draft, found: Fields, match: re.Match[str], value: Fragment) -> bool:
    """Read ``owner: …``, ``due …`` or any field of an item with a colon."""
    words = synonyms()
    name = (match["name"] or match["word"]).lower()
    for group in ("owner", "due", "ticket"):
        if name in words.words[group] and (
            match["name"] or _is_plainly(draft, group, value, found)
        ):
            set_field(draft, found, group, value)
            return True
    field = words.labels["action_item"].get(name)
    if match["name"] and field and field not in {"title", "link"}:
        set_field(draft, found, field, value)
        return True
    return False


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
