"""What was done about the incident, and what the runbook should say the next time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.analysis import full_text, items_of, prose
from mkdocs_incident.source.blocks import Block, Fence, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import (
    Joined,
    bare,
    columns_of,
    labelled_lines,
    labels_in,
    without_bold,
)
from mkdocs_incident.source.outline import bare_name
from mkdocs_incident.source.synonyms import normalised, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs_incident.source.draft import Draft, Fields
    from mkdocs_incident.source.outline import Section
    from mkdocs_incident.source.text import Fragment

_SCENARIO = regex(r"(?::\w+:\s*)?[^:]+:\s*(?=\S)")
RUNBOOK_ID = regex(r"\bRB-[A-Za-z0-9]\w*(?:(?:-+|\.(?!md\b))\w+)*")
"""A runbook's id, or the name of the file that is named after it."""
_FOR_RUNBOOK = regex(
    rf"\A[\W_]*{RUNBOOK_ID.pattern}(?:(?:\.md)?\]\([^)]*\))?[\W_]*?(?:[:：;→]|->|\s[—–-]\s|\Z)[*_]*\s*"
)
_STRUCK_OUT = regex(r"~~(?:(?!~~).)+~~")
_OPTION = regex(r"^option \d+\s*[:.]\s*", re.IGNORECASE)
_ONE_LINE = {"runbook", "status", "reason", "scenario"}


def read_mitigations(draft: Draft, section: Section) -> None:
    """Read mitigations: a table, labels of one strategy, a list, or prose as one action."""
    labelled: Fields = {}
    rest: list[Block] = []
    tabled = False
    current = ""
    for block in section.flow():
        if isinstance(block, Table):
            tabled = _read_table(draft, block) or tabled
        elif isinstance(block, List) and current and current not in labelled:
            texts = [Joined.of(item.lines) for item in block.items]
            steps = "\n".join(without_bold(text.text) for text in texts)
            labelled[current] = (steps, texts[0].whole)
        elif (found := _read_labels(labelled, block)) is not None:
            current = found
        else:
            rest.append(block)
    if labelled:
        draft.add("mitigations", labelled, next(iter(labelled.values()))[1])
    elif items := list(items_of(rest)):
        for _, text in items:
            draft.add("mitigations", {"action": (without_bold(text.text), text.whole)}, text.whole)
    elif not tabled:
        words, where = prose(rest)
        if where is not None and not synonyms().is_missing(words):
            draft.add("mitigations", {"action": (without_bold(words), where)}, where)


def _read_labels(labelled: Fields, block: Block) -> str | None:
    """Read a block of labels; return the last one's field, None if the block is something else."""
    labels = synonyms().labels["mitigation"]
    lines = labelled_lines(block, labels)
    found = [label for line in lines for label in labels_in(line, labels)]
    names = [labels.get(normalised(label.name.text), "") for label in found]
    if not any(names) or (isinstance(block, List) and not all(labels_in(x, labels) for x in lines)):
        return None
    for name, label in zip(names, found, strict=True):
        if name and label.value.text and not synonyms().is_missing(label.value.text):
            labelled.setdefault(name, (_value(name, label.value), bare(label.value)))
    return names[-1]


def _value(name: str, value: Fragment) -> str:
    text = bare(value).text
    if name != "strategy":
        return without_bold(text)
    text = _OPTION.sub("", text)
    return synonyms().value("strategy", text) or text


def _read_table(draft: Draft, table: Table) -> bool:
    columns = columns_of(table, synonyms().labels["mitigation"])
    if "action" not in columns and "strategy" not in columns:
        return False
    for row in table.rows:
        fields: Fields = {}
        for name, i in columns.items():
            if i < len(row) and row[i].text and not synonyms().is_missing(row[i].text):
                fields[name] = (_value(name, row[i]), bare(row[i]))
        if fields:
            draft.add("mitigations", fields, row[0])
    return True


def read_runbook_update(draft: Draft, section: Section) -> None:
    """Read a section ``Runbook update: …`` with its labels or subsections as one suggestion.

    Where neither its heading nor a label says what to do, each entry of its lists that names a
    runbook is one; labels then tell the reason and the status of all of them. A subsection that is
    named for a runbook is a suggestion, too.
    """
    readers = [_RunbookUpdate(section.heading)]
    for part in section.walk():
        if part is not section and part.heading is not None:
            if "runbook" not in readers[0].fields and _FOR_RUNBOOK.match(part.heading.text):
                readers.append(_RunbookUpdate(part.heading))
            else:
                readers[-1].begin(part.heading)
        for block in part.blocks:
            readers[-1].read(block)
    for fields in (fields for reader in readers for fields in reader.suggestions()):
        draft.add("runbook_updates", fields, next(iter(fields.values()))[1])


class _RunbookUpdate:
    """The fields of one suggestion; text below a label or heading belongs to it.

    What stands below none of them is for whoever reviews the suggestion: it is kept in ``reason``.
    """

    def __init__(self, heading: Fragment | None) -> None:
        self.fields: Fields = {}
        self.labels = synonyms().labels["runbook_update"]
        self.current = ""
        self.unplaced: list[tuple[str, Fragment]] = []
        self.entries: list[tuple[str, Fragment, bool | None]] = []
        if heading is None:
            return
        if match := RUNBOOK_ID.search(heading.text):
            self.fields["runbook"] = (match[0], heading.cut(match.start(), match.end()))
        elif match := _SCENARIO.match(heading.text):
            scenario = heading.cut(match.end())
            self.fields["scenario"] = (scenario.text, scenario)

    def begin(self, heading: Fragment) -> None:
        self.current = self.labels.get(normalised(heading.text), "")
        if not self.current:
            self.extend(f"{without_bold(heading.text)}:", heading)

    def read(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            for line in block.lines:
                self.line(line)
        elif isinstance(block, List):
            for item in block.items:
                self.item(item)
        elif isinstance(block, Fence):
            for line in block.lines:
                if line.text.strip():
                    self.extend(f"`{line.text.strip()}`", line.cut(0))

    def item(self, item: Item) -> None:
        """Read an entry: a label with what stands behind and below it, or a step with its parts."""
        text = Joined.of(item.lines)
        labelled = self.label(text)
        if not labelled:
            said = full_text(item)
            if not self.current and not synonyms().is_missing(said):
                self.entries.append((said, text.whole, item.checked))
            self.extend(said, text.whole)
        for child in item.children:
            if labelled or not isinstance(child, List):
                self.read(child)

    def line(self, line: Fragment) -> None:
        if not self.label(line):
            self.extend(without_bold(line.text), line)

    def label(self, line: Fragment | Joined) -> bool:
        """Read the labels of a line, with a colon or alone and bold; whether there is one."""
        known = [
            label
            for label in labels_in(line, self.labels)
            if normalised(label.name.text) in self.labels
        ]
        for label in known:
            self.current = self.labels[normalised(label.name.text)]
            if label.value.text:
                self.put(self.current, label.value)
        if known:
            return True
        name = bare_name(line.cut(0))
        if name is None or normalised(name.text) not in self.labels:
            return False
        self.current = self.labels[normalised(name.text)]
        return True

    def put(self, name: str, value: Fragment) -> None:
        text: Any = without_bold(bare(value).text)
        if name == "runbook" and (match := RUNBOOK_ID.search(value.text)):
            text = match[0]
        if name in self.fields and name not in _ONE_LINE:
            self.extend(text, value)
        else:
            self.fields[name] = (text, value)

    def extend(self, text: str, where: Fragment) -> None:
        """Add a line to what stands below the current label."""
        name = self.current
        if not text:
            return
        if not name:
            self.unplaced.append((text, where))
            return
        known, first = self.fields.get(name, ([], where))
        if name in _ONE_LINE:
            joined = f"{known} {text}" if known else text
            self.fields[name] = (joined, first)
        else:
            before = known if isinstance(known, list) else [known]
            self.fields[name] = ([*before, text], first)

    def _finish(self) -> Fields:
        """Return the fields; text of no label is the reason of a suggestion that says something else."""
        if self.fields:
            self.current = "reason"
            for text, where in self.unplaced:
                if not synonyms().is_missing(text):
                    self.extend(text, where)
        return self.fields

    def suggestions(self) -> list[Fields]:
        """Return what is suggested: what headings and labels say, or each entry of the lists."""
        if not self.fields.keys() - {"reason", "status"} and (entries := list(self._each())):
            return entries
        return [fields] if (fields := self._finish()) else []

    def _each(self) -> Iterator[Fields]:
        """Yield the entries that name a runbook as suggestions; what is struck out is none."""
        why = self.fields.get("reason", ("",))[0]
        for written, where, checked in self.entries:
            text = _STRUCK_OUT.sub("", written)
            match = RUNBOOK_ID.search(text)
            if match is None:
                continue
            entry = {"runbook": (match[0], where), **self.fields}
            if checked:
                entry["status"] = ("applied", where)
            if reason := " — ".join(part for part in (_FOR_RUNBOOK.sub("", text), why) if part):
                entry["reason"] = (reason, where)
            if len(entry) > 1:
                yield entry
