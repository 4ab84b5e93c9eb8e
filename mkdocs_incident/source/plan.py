"""Mitigation plans: three horizons of actions, risks, communication, verification, rollback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.analysis import items_of, prose
from mkdocs_incident.source.blocks import Block, Fence, Item, List, Paragraph, Table
from mkdocs_incident.source.labels import (
    Joined,
    Label,
    bare,
    columns_of,
    labelled_lines,
    labels_in,
    split_list,
    without_bold,
)
from mkdocs_incident.source.synonyms import normalised, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_incident.source.draft import Draft, Fields
    from mkdocs_incident.source.outline import Section
    from mkdocs_incident.source.text import Fragment

_MONITOR = regex(r"monitor(?:ing)? for (?P<period>.{1,60}?)(?: after\b.*)?[:.]?$", re.IGNORECASE)
_INSIDE = {"", "part", "plan_actions", "plan_goal", "plan_success_criteria"}
_ONE_LINE = {"owner", "priority", "due", "eta"}


def read_plan_section(draft: Draft, section: Section) -> None:
    """Read one section of a plan by its kind."""
    kind = section.kind
    if kind.startswith("horizon_"):
        _Horizon(draft, section, kind.removeprefix("horizon_")).read()
    elif kind in {"plan_risks", "plan_risk_of_inaction"}:
        for block in _blocks(section):
            if isinstance(block, Table):
                _read_risks(draft, block)
    elif kind == "plan_communication":
        _read_communication(draft, section)
    elif kind == "plan_verification":
        _read_verification(draft, section)
    elif kind == "plan_rollback":
        _Rollback(draft).read(section)
    elif kind == "summary":
        _read_summary(draft, section)
    elif kind == "root_cause":
        text, where = prose(section.flow())
        if where is not None and not synonyms().is_missing(text):
            draft.append_text("root_cause", text, where)


def _parts(section: Section) -> Iterator[Section]:
    """Yield a section and those below it that are not read on their own."""
    yield section
    for child in section.children:
        if child.kind in _INSIDE:
            yield from _parts(child)


def _blocks(section: Section) -> Iterator[Block]:
    for part in _parts(section):
        yield from part.blocks


def _named(lines: Iterable[Fragment | Joined], context: str) -> Iterator[tuple[str, Label]]:
    """Yield the labels of lines that `context` knows, with the field each one names."""
    names = synonyms().labels[context]
    for line in lines:
        for label in labels_in(line, names):
            if name := names.get(normalised(label.name.text)):
                yield name, label


class _Horizon:
    """Goal, actions and success criteria of one horizon."""

    def __init__(self, draft: Draft, section: Section, name: str) -> None:
        self.draft = draft
        self.section = section
        self.route = ("horizons", name)
        if section.heading is not None and not draft.says(*self.route):
            draft.put(self.route, {}, section.heading)

    @property
    def actions(self) -> list[dict[str, Any]]:
        horizon: dict[str, Any] = self.draft.data["horizons"][self.route[1]]
        found: list[dict[str, Any]] = horizon.get("actions", [])
        return found

    def read(self) -> None:
        for part in _parts(self.section):
            into = "success_criteria" if part.kind == "plan_success_criteria" else "actions"
            subject = part.heading if part.kind == "" and part is not self.section else None
            for block in part.blocks:
                if isinstance(block, Paragraph):
                    into = self.paragraph(block, part.kind) or into
                elif isinstance(block, List) and into == "success_criteria":
                    for _, text in items_of([block]):
                        self.draft.append((*self.route, into), without_bold(text.text), text.whole)
                elif isinstance(block, List):
                    for item in block.items:
                        subject = self.item(item, subject)
                elif isinstance(block, Table) and into == "actions":
                    self.table(block)

    def paragraph(self, block: Paragraph, kind: str) -> str | None:
        """Read a goal; return what a label such as ``Success criteria:`` says comes next."""
        into = None
        for name, label in _named(block.lines, "plan_horizon"):
            if name == "goal" and label.value.text:
                self.draft.put((*self.route, name), without_bold(label.value.text), label.value)
            elif name != "goal":
                into = name
        if kind == "plan_goal":
            whole = Joined.of(block.lines).whole
            self.draft.put((*self.route, "goal"), whole.text, whole)
        return into

    def item(self, item: Item, subject: Fragment | None) -> Fragment | None:
        """Read an action, or a detail of the last one at the same depth; return the open subject.

        A box below another entry is an action, too, unless it is a detail such as ``[ ] Rollback: …``.
        ``- What: …`` stands beside its action in flattened documents, below its heading in others.
        """
        text = Joined.of(item.lines)
        details = list(_named([text], "plan_action")) if item.checked is None else []
        if details and subject is not None:
            self.begin(subject, None)
            subject = None
        if not details or not self.actions:
            self.begin(text.whole, item.checked)
            details = []
        details += _named(_detail_lines(item), "plan_action")
        for name, label in details:
            self.detail(name, label.value)
        for entry, below in items_of(item.children):
            if _is_action(entry, below):
                self.item(entry, None)
        return subject

    def begin(self, title: Fragment, done: bool | None) -> None:  # noqa: FBT001 - a box's state
        """Begin an action with its title."""
        route = (*self.route, "actions")
        if not self.draft.says(*route):
            self.draft.put(route, [], title)
        positions = self.draft.positions.values
        here = (*route, len(self.actions))
        positions[here] = positions[*here, "title"] = self.draft.place(title)
        self.actions.append({"title": without_bold(title.text)})
        if done is not None:
            self.actions[-1]["done"] = done
            positions[*here, "done"] = self.draft.place(title)

    def detail(self, name: str, value: Fragment) -> None:
        """Set a field of the last action; owner, priority and date may be unknown yet."""
        action = self.actions[-1]
        value = bare(value) if name in _ONE_LINE else value
        text = value.text
        unknown = name in {"owner", "priority", "due"} and synonyms().is_missing(text)
        if name == "title" or not text or name in action or unknown:
            return
        if name == "due":
            text = self.draft.read_due(text)
        action[name] = text if name in _ONE_LINE else without_bold(text)
        here = (*self.route, "actions", len(self.actions) - 1)
        self.draft.positions.values[*here, name] = self.draft.place(value)

    def table(self, table: Table) -> None:
        columns = columns_of(table, synonyms().labels["plan_action"])
        title = columns.pop("title", columns.get("what", 0))
        for row in table.rows:
            if title < len(row) and row[title].text:
                self.begin(row[title], None)
                for name, i in columns.items():
                    if i < len(row) and i != title:
                        self.detail(name, row[i])


def _detail_lines(item: Item) -> Iterator[Fragment | Joined]:
    for child in item.children:
        if isinstance(child, Paragraph):
            yield from child.lines
        elif isinstance(child, List):
            yield from (text for entry, text in items_of([child]) if not _is_action(entry, text))


def _is_action(item: Item, text: Joined) -> bool:
    """Return whether a nested entry is an action of its own: it has a box and is no detail."""
    return item.checked is not None and not any(_named([text], "plan_action"))


def _read_risks(draft: Draft, table: Table) -> None:
    inaction = columns_of(table, synonyms().labels["plan_inaction"])
    name, columns = "risks", columns_of(table, synonyms().labels["plan_risk"])
    if "probability" in inaction and "risk" in inaction:
        name, columns = "risk_of_inaction", inaction
    for row in table.rows:
        entry: Fields = {
            field: (without_bold(row[i].text), row[i])
            for field, i in columns.items()
            if i < len(row) and row[i].text
        }
        if entry:
            draft.add(name, entry, row[0])


def _read_communication(draft: Draft, section: Section) -> None:
    """Read channel, cadence and whom to tell; what is said of the public comes second."""
    names = synonyms().labels["plan"]
    for part in _parts(section):
        current = ""
        if part.heading is not None and part is not section:
            current = names.get(normalised(part.heading.text), "")
        for block in part.blocks:
            if isinstance(block, Paragraph):
                for name, label in _named(block.lines, "plan"):
                    current = name
                    _put_communication(draft, name, label)
            elif isinstance(block, List) and current == "communication/stakeholders":
                for _, text in items_of([block]):
                    draft.append(("communication", "stakeholders"), text.text, text.whole)
            elif isinstance(block, List):
                for name, label in _named(labelled_lines(block, names), "plan"):
                    _put_communication(draft, name, label)


def _put_communication(draft: Draft, name: str, label: Label) -> None:
    route = tuple(name.split("/"))
    if route[0] != "communication" or not label.value.text or draft.says(*route):
        return
    if route[1] == "stakeholders":
        for entry in split_list(label.value):
            draft.append(route, entry.text, entry)
    else:
        value = bare(label.value)
        draft.put(route, value.text, value)


def _read_verification(draft: Draft, section: Section) -> None:
    for part in _parts(section):
        lines = [part.heading] if part.heading else []
        for block in part.blocks:
            if isinstance(block, Paragraph):
                lines += block.lines
            for _, text in items_of([block]):
                draft.append(("verification",), without_bold(text.text), text.whole)
        for line in lines:
            match = _MONITOR.search(line.text[:400].replace("*", " "))
            if match and "monitor_for" not in draft.data:
                period = line.cut(match.start("period"), match.end("period"))
                draft.put(("monitor_for",), period.text.strip("* "), period)


class _Rollback:
    """When to roll back, and how: lists and code below one label or the other."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.current = ""
        self.steps: list[tuple[str, Fragment]] = []

    def read(self, section: Section) -> None:
        names = synonyms().labels["plan"]
        for part in _parts(section):
            if part.heading is not None and part is not section:
                self.current = names.get(normalised(part.heading.text), "")
            for block in part.blocks:
                self.block(block)
        if self.steps:
            steps = "\n".join(text for text, _ in self.steps)
            self.draft.put(("rollback", "steps"), steps, self.steps[0][1])

    def block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            for name, label in _named(block.lines, "plan"):
                self.current = name
                if name == "rollback/when" and label.value.text:
                    self.draft.append(("rollback", "when"), label.value.text, label.value)
        elif isinstance(block, Fence):
            self.steps += [(line.text, line.cut(0)) for line in block.lines if line.text.strip()]
        for _, text in items_of([block]):
            if self.current == "rollback/when":
                self.draft.append(("rollback", "when"), without_bold(text.text), text.whole)
            else:
                self.steps.append((text.text, text.whole))


def _read_summary(draft: Draft, section: Section) -> None:
    names = synonyms().labels["plan"]
    for block in section.flow():
        for name, label in _named(labelled_lines(block, names), "plan"):
            route = tuple(name.split("/"))
            if route[0] == "summary" and label.value.text and not draft.says(*route):
                draft.put(route, without_bold(label.value.text), label.value)
