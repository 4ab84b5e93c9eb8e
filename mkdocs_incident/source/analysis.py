"""Whys, contributing factors, lessons, impact, mitigations and runbook updates, from the body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mkdocs_incident.source.blocks import Block, Fence, Heading, Item, List, Paragraph, Table
from mkdocs_incident.source.draft import Draft
from mkdocs_incident.source.labels import Joined, Label, bare, labels_in, without_bold
from mkdocs_incident.source.outline import Section
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment

_ARROW = re.compile(r"^(?:→|⇒|->|=>|-->|[-–—])\s*")
_WHY_LABEL = re.compile(r"^(?:\*\*)?why\s*#?\s*\d\s*[:.)]?\s*(?:\*\*)?\s*[:.)]?\s*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:[,.\s]\d{3})+|\d+(?:\.\d+)?)\s?(k\b|m\b|%)?", re.IGNORECASE
)
_RUNBOOK_ID = re.compile(r"\bRB-[A-Za-z0-9][\w-]*")


def items_of(blocks: Iterable[Block]) -> Iterator[tuple[Item, Joined]]:
    """Yield the entries of all lists, one level."""
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                yield item, Joined.of(item.lines)


def prose(blocks: Iterable[Block], *, with_lists: bool = False) -> tuple[str, Fragment | None]:
    """Return paragraphs (and lists) as text, soft line breaks joined, and where they begin."""
    pieces: list[str] = []
    first: Fragment | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            whole = Joined.of(block.lines).whole
            pieces.append(whole.text)
            first = first or whole
        elif isinstance(block, List) and with_lists:
            lines = [Joined.of(item.lines).whole for item in block.items]
            pieces.append("\n".join(f"- {line.text}" for line in lines))
            first = first or (lines[0] if lines else None)
    return "\n\n".join(piece for piece in pieces if piece), first


def read_texts(draft: Draft, name: str, section: Section) -> None:
    """Read a section's entries into the list of texts `name`: list items, else paragraphs."""
    blocks = list(section.flow())
    entries = [text.whole for _, text in items_of(blocks)]
    for block in blocks:
        if isinstance(block, Table):
            entries += [row[-1] for row in block.rows if row]
    if not entries:
        entries = [Joined.of(b.lines).whole for b in blocks if isinstance(b, Paragraph)]
    for entry in entries:
        if entry.text and not synonyms().is_missing(entry.text):
            draft.add(name, without_bold(entry.text), entry)


def read_lessons(draft: Draft, section: Section, kind: str = "") -> None:
    """Read lessons; ``**What went well:** …`` among them goes where it belongs."""
    blocks = list(section.flow())
    entries = [text.whole for _, text in items_of(blocks)] or [
        Joined.of(b.lines).whole for b in blocks if isinstance(b, Paragraph)
    ]
    for entry in entries:
        if not entry.text or synonyms().is_missing(entry.text):
            continue
        for label in labels_in(entry, synonyms().sections_as_labels)[:1]:
            target = synonyms().sections_as_labels.get(normalised(label.name.text))
            if target in {"what_went_well", "what_went_poorly", "where_we_got_lucky"}:
                draft.add(target, without_bold(label.value.text), label.value)
                break
        else:
            fields: dict[str, tuple[object, Fragment]] = {"text": (without_bold(entry.text), entry)}
            if kind and section.heading is not None:
                fields["kind"] = (kind, section.heading)
            draft.add("lessons", fields, entry)


def read_five_whys(draft: Draft, blocks: Iterable[Block]) -> None:
    """Read numbered questions with their answers, in the forms that people use."""
    question: Fragment | None = None
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                _why(draft, item)
        elif isinstance(block, Table):
            _why_table(draft, block)
        elif isinstance(block, Heading) and _is_question(block.text.text):
            question = block.text
        elif isinstance(block, Paragraph):
            text = Joined.of(block.lines)
            if question is not None:
                _add_why(draft, question, _answer(text.whole))
                question = None
            elif _is_question(text.text):
                why, because = _split_question(text)
                if because is None:
                    question = why
                else:
                    _add_why(draft, why, because)


def _is_question(text: str) -> bool:
    plain = without_bold(text).strip()
    plain = re.sub(r"^\d{1,2}[.)]\s+", "", _WHY_LABEL.sub("", plain, count=1) or plain)
    first = re.match(r"[^\W\d_]+", plain.lower())
    return bool(first and first[0] in synonyms().words["why"]) or bool(_WHY_LABEL.match(text))


def is_why_list(block: Block) -> bool:
    """Return whether a numbered list asks why, which makes it the five whys wherever it stands."""
    return (
        isinstance(block, List)
        and len(block.items) >= 2
        and sum(_is_question(Joined.of(item.lines).text) for item in block.items) * 2
        >= len(block.items)
        and block.items[0].ordered
    )


def _why(draft: Draft, item: Item) -> None:
    text = Joined.of(item.lines)
    why, because = _split_question(text)
    for child in item.children:
        if because is not None:
            break
        if isinstance(child, List) and child.items:
            because = _answer(Joined.of(child.items[0].lines).whole)
        elif isinstance(child, Paragraph):
            because = _answer(Joined.of(child.lines).whole)
    if because is None and "?" not in why.text:
        _add_why(draft, None, _answer(why))
    else:
        _add_why(draft, why, because)


def _split_question(text: Joined) -> tuple[Fragment, Fragment | None]:
    """Split ``Why …? → answer`` at the question mark, an arrow or a label's end."""
    start = 0
    label = _WHY_LABEL.match(text.text)
    if label and label.end() < len(text.text):
        start = label.end()
    for pattern in (r"\?(?:\*\*|__|\*)?:?\s*", r"\s(?:→|⇒|->|=>)\s*"):
        match = re.search(pattern, text.text[start:])
        if match:
            cut = start + match.start() + (1 if match[0].startswith("?") else 0)
            answer = text.cut(start + match.end())
            return text.cut(start, cut), _answer(answer) if answer.text else None
    return text.cut(start), None


def _answer(value: Fragment) -> Fragment:
    """Strip the arrow and the word ``Because``, which the field's name says already."""
    match = _ARROW.match(value.text)
    if match:
        value = value.cut(match.end())
    for word in sorted(synonyms().words["because"], key=len, reverse=True):
        if value.text.lower().startswith(word + " "):
            return value.cut(len(word))
    return value


def _add_why(draft: Draft, why: Fragment | None, because: Fragment | None) -> None:
    fields: dict[str, tuple[object, Fragment]] = {}
    if why is not None and why.text:
        fields["why"] = (without_bold(why.text).strip("* "), why)
    if because is not None and because.text:
        fields["because"] = (without_bold(because.text), because)
    where = why or because
    if fields and where is not None:
        draft.add("five_whys", fields, where)


def _why_table(draft: Draft, table: Table) -> None:
    labels = synonyms().labels["five_whys"]
    columns = {labels.get(normalised(cell.text)): i for i, cell in enumerate(table.header)}
    for row in table.rows:
        why = row[columns["why"]] if columns.get("why", 99) < len(row) else None
        because = row[columns["because"]] if columns.get("because", 99) < len(row) else None
        _add_why(draft, why, because)


def read_factors(draft: Draft, section: Section, category: str = "") -> None:
    """Read contributing factors: plain, below a category's heading, or with a bold category."""
    heading = section.heading
    blocks = list(section.flow())
    found = False
    for block in blocks:
        if isinstance(block, Table):
            found = True
            _factor_table(draft, block)
    for item, text in items_of(blocks):
        found = True
        label = next(iter(labels_in(text.whole, synonyms().factors)), None)
        name = synonyms().factors.get(normalised(label.name.text)) if label else None
        if label is not None and name is not None:
            if label.value.text:
                _add_factor(draft, label.value, name, label.name)
            for _, sub in items_of(item.children):
                _add_factor(draft, sub.whole, name, label.name)
        elif name := synonyms().factors.get(normalised(text.text)):
            for _, sub in items_of(item.children):
                _add_factor(draft, sub.whole, name, text.whole)
        else:
            _add_factor(draft, text.whole, category, heading)
    if not found:
        for block in blocks:
            if isinstance(block, Paragraph):
                _add_factor(draft, Joined.of(block.lines).whole, category, heading)


def _add_factor(draft: Draft, factor: Fragment, category: str, where: Fragment | None) -> None:
    if not factor.text or synonyms().is_missing(factor.text):
        return
    fields: dict[str, tuple[object, Fragment]] = {"factor": (without_bold(factor.text), factor)}
    if category and where is not None:
        fields["category"] = (category, where)
    draft.add("contributing_factors", fields, factor)


def _factor_table(draft: Draft, table: Table) -> None:
    labels = synonyms().labels["contributing_factors"]
    columns = {labels.get(normalised(cell.text)): i for i, cell in enumerate(table.header)}
    for row in table.rows:
        at = columns.get("factor", len(row) - 1)
        kind = columns.get("category")
        category = bare(row[kind]) if kind is not None and kind < len(row) else None
        if at < len(row):
            name = category.text.lower() if category else ""
            _add_factor(draft, row[at], synonyms().factors.get(name, name), category)


def read_impact(draft: Draft, section: Section) -> None:
    """Read labelled facts into ``impact``, and all other prose into its summary."""
    labels = synonyms().labels["impact"]
    rest: list[Fragment] = []
    for block in section.flow():
        lines: list[Fragment] = []
        if isinstance(block, Paragraph):
            found = [label for line in block.lines for label in labels_in(line, labels)]
            lines = list(block.lines) if found else [Joined.of(block.lines).whole]
        elif isinstance(block, List):
            lines = [Joined.of(item.lines).whole for item in block.items]
        elif isinstance(block, Table) and len(block.header) == 2:
            for row in block.rows:
                if len(row) == 2 and not _impact_fact(draft, Label(row[0], bare(row[1])), labels):
                    rest.append(
                        Fragment(f"{row[0].text}: {row[1].text}", row[0].line, row[0].column)
                    )
        for line in lines:
            found = labels_in(line, labels)
            if not found or not all([_impact_fact(draft, label, labels) for label in found]):
                rest.append(line)
    text = "\n".join(without_bold(line.text) for line in rest if line.text)
    if text:
        summary = draft.data.get("impact", {}).get("summary")
        if not summary:
            draft.put(("impact", "summary"), text, rest[0])
        elif text not in summary:
            draft.data["impact"]["summary"] = f"{summary}\n{text}"


def _impact_fact(draft: Draft, label: Label, labels: dict[str, str]) -> bool:
    """Set the field that a label names, if its value certainly gives one."""
    name = labels.get(normalised(label.name.text))
    value = bare(label.value)
    if name is None or not value.text:
        return False
    if name == "users_affected":
        return put_users(draft, value)
    if name == "requests_failed":
        numbers = _numbers(value.text)
        if not numbers:
            return False
        draft.put(("impact", name), int(numbers[0][0]), value)
        return True
    if name == "users_affected_percent":
        shares = [number for number, unit in _numbers(value.text) if unit == "%"]
        if not shares:
            return False
        draft.put(("impact", name), shares[0], value)
        return True
    if name in {"level", "urgency"}:
        draft.put(("impact", name), synonyms().value("level", value.text) or value.text, value)
        return True
    if name in {"data_loss", "compliance"}:
        word = synonyms().value("boolean", value.text)
        draft.put(("impact", name), value.text if word is None else word == "true", value)
        return True
    draft.put(("impact", name), value.text, value)
    return True


def put_users(draft: Draft, value: Fragment) -> bool:
    """Read ``4,210 users (9 % of user base)`` into the number and the share; False if neither."""
    numbers = _numbers(value.text)
    counts = [number for number, unit in numbers if unit != "%"]
    shares = [number for number, unit in numbers if unit == "%"]
    if counts:
        draft.put(("impact", "users_affected"), int(counts[0]), value)
    if shares and shares[0] <= 100:
        draft.put(("impact", "users_affected_percent"), shares[0], value)
    return bool(counts or shares)


def _numbers(text: str) -> list[tuple[float | int, str]]:
    found: list[tuple[float | int, str]] = []
    for match in _NUMBER.finditer(text[:400]):
        digits = re.sub(r"[,\s]", "", match[1])
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits) and match[1].count(".") > 1:
            digits = digits.replace(".", "")
        unit = (match[2] or "").lower()
        number = float(digits) * {"k": 1_000, "m": 1_000_000}.get(unit, 1)
        found.append((int(number) if number.is_integer() else number, unit))
    return found


def read_mitigations(draft: Draft, section: Section) -> None:
    """Read mitigations: a table, labels of one strategy, a list, or prose as one action."""
    labels = synonyms().labels["mitigation"]
    blocks = list(section.flow())
    labelled: dict[str, tuple[object, Fragment]] = {}
    rest: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            _mitigation_table(draft, block, labels)
            continue
        found: list[Label] = []
        if isinstance(block, Paragraph):
            found = [label for line in block.lines for label in labels_in(line, labels)]
        elif isinstance(block, List):
            per_item = [labels_in(Joined.of(item.lines).whole) for item in block.items]
            known = [ls[0] for ls in per_item if ls and normalised(ls[0].name.text) in labels]
            found = known if len(known) == len(per_item) else []
        for label in found:
            name = labels.get(normalised(label.name.text))
            if name and label.value.text:
                labelled.setdefault(name, (_mitigation_value(name, label.value), bare(label.value)))
        if not any(normalised(label.name.text) in labels for label in found):
            rest.append(block)
    if labelled:
        draft.add("mitigations", labelled, next(iter(labelled.values()))[1])
        return
    items = list(items_of(rest))
    for _, text in items:
        draft.add("mitigations", {"action": (without_bold(text.text), text.whole)}, text.whole)
    if not items:
        text, where = prose(rest)
        if text and where is not None and not synonyms().is_missing(text):
            draft.add("mitigations", {"action": (without_bold(text), where)}, where)


def _mitigation_value(name: str, value: Fragment) -> str:
    text = bare(value).text
    if name != "strategy":
        return without_bold(text)
    text = re.sub(r"^option \d+\s*[:.]\s*", "", text, flags=re.IGNORECASE)
    return synonyms().value("strategy", text) or text


def _mitigation_table(draft: Draft, table: Table, labels: dict[str, str]) -> None:
    columns: dict[str, int] = {}
    for i, cell in enumerate(table.header):
        name = labels.get(normalised(cell.text))
        if name and name not in columns:
            columns[name] = i
    if "action" not in columns and "strategy" not in columns:
        return
    for row in table.rows:
        fields: dict[str, tuple[object, Fragment]] = {}
        for name, i in columns.items():
            if i < len(row) and row[i].text and not synonyms().is_missing(row[i].text):
                fields[name] = (_mitigation_value(name, row[i]), bare(row[i]))
        if fields:
            draft.add("mitigations", fields, row[0])


def read_runbook_update(draft: Draft, section: Section) -> None:
    """Read a section ``Runbook update: …`` with its labels or subsections as one suggestion."""
    labels = synonyms().labels["runbook_update"]
    fields: dict[str, tuple[object, Fragment]] = {}
    heading = section.heading
    if heading is not None:
        match = _RUNBOOK_ID.search(heading.text)
        if match:
            fields["runbook"] = (match[0], heading.cut(match.start(), match.end()))
        elif ":" in heading.text:
            scenario = heading.cut(heading.text.index(":") + 1)
            if scenario.text:
                fields["scenario"] = (scenario.text, scenario)
    current: tuple[str, Fragment] | None = None
    for part in section.walk():
        if part is not section and part.heading is not None:
            name = labels.get(normalised(part.heading.text))
            current = (name, part.heading) if name else None
        for block in part.blocks:
            current = _update_block(fields, block, labels, current)
    if fields:
        where = next(iter(fields.values()))[1]
        draft.add("runbook_updates", fields, where)


def _update_block(
    fields: dict[str, tuple[object, Fragment]],
    block: Block,
    labels: dict[str, str],
    current: tuple[str, Fragment] | None,
) -> tuple[str, Fragment] | None:
    if isinstance(block, Paragraph):
        for line in block.lines:
            found = [
                label for label in labels_in(line, labels) if normalised(label.name.text) in labels
            ]
            for label in found:
                current = (labels[normalised(label.name.text)], label.name)
                if label.value.text:
                    value: object = bare(label.value).text
                    if current[0] == "runbook" and (match := _RUNBOOK_ID.search(label.value.text)):
                        value = match[0]
                    fields[current[0]] = (value, label.value)
            if not found and current is not None:
                _extend(fields, current, [without_bold(line.text)], line)
    elif isinstance(block, List) and current is not None:
        texts = [Joined.of(item.lines) for item in block.items]
        _extend(fields, current, [without_bold(text.text) for text in texts], texts[0].whole)
    elif isinstance(block, Fence) and current is not None:
        lines = [line for line in block.lines if line.text.strip()]
        if lines:
            _extend(fields, current, [f"`{line.text.strip()}`" for line in lines], lines[0].cut(0))
    return current


def _extend(
    fields: dict[str, tuple[object, Fragment]],
    current: tuple[str, Fragment],
    texts: list[str],
    where: Fragment,
) -> None:
    name = current[0]
    if name in {"runbook", "status", "reason", "scenario"}:
        fields.setdefault(name, (" ".join(texts), where))
        return
    known = fields.get(name)
    before = [] if known is None else known[0] if isinstance(known[0], list) else [known[0]]
    fields[name] = ([*before, *texts], known[1] if known else where)
