"""Mitigation plans: three horizons of actions, risks, communication, verification, rollback."""

from __future__ import annotations

import re
from typing import Any

from mkdocs_incident.source.analysis import items_of, prose
from mkdocs_incident.source.blocks import Block, Fence, Item, List, Paragraph, Table
from mkdocs_incident.source.draft import Draft
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.labels import Joined, bare, labels_in, without_bold
from mkdocs_incident.source.outline import Section
from mkdocs_incident.source.synonyms import normalised, synonyms
from mkdocs_incident.source.text import Fragment
from mkdocs_incident.source.times import read_stamp

_MONITOR = re.compile(
    r"monitor(?:ing)? for (?P<period>.{1,60}?)(?: after\b.*)?[:.]?$", re.IGNORECASE
)


def read_plan_section(draft: Draft, section: Section) -> None:
    """Read one section of a plan by its kind."""
    kind = section.kind
    if kind.startswith("horizon_"):
        _horizon(draft, section, kind.removeprefix("horizon_"))
    elif kind in {"plan_risks", "plan_risk_of_inaction"}:
        for part in section.walk():
            for block in part.blocks:
                if isinstance(block, Table):
                    _risk_table(draft, block)
    elif kind == "plan_communication":
        _communication(draft, section)
    elif kind == "plan_verification":
        for part in section.walk():
            _verification(draft, part)
    elif kind == "plan_rollback":
        _rollback(draft, section)


def _horizon(draft: Draft, section: Section, name: str) -> None:
    if section.heading is not None:
        draft.positions.values.setdefault(("horizons",), draft.place(section.heading))
        draft.positions.values.setdefault(("horizons", name), draft.place(section.heading))
    horizon: dict[str, Any] = draft.data.setdefault("horizons", {}).setdefault(name, {})
    labels = synonyms().labels["plan_horizon"]
    for part in section.walk():
        into = "success_criteria" if part.kind == "plan_success_criteria" else "actions"
        for block in part.blocks:
            if isinstance(block, Paragraph):
                for line in block.lines:
                    for label in labels_in(line, labels):
                        target = labels.get(normalised(label.name.text))
                        if target == "goal" and label.value.text:
                            draft.put(
                                ("horizons", name, "goal"),
                                without_bold(label.value.text),
                                label.value,
                            )
                        elif target is not None:
                            into = target
                if part.kind == "plan_goal":
                    whole = Joined.of(block.lines).whole
                    draft.put(("horizons", name, "goal"), whole.text, whole)
            elif isinstance(block, List):
                if into == "success_criteria":
                    _texts(draft, horizon, ("horizons", name, into), block)
                else:
                    _actions(draft, horizon, ("horizons", name, "actions"), block)
            elif isinstance(block, Table) and into == "actions":
                _action_table(draft, horizon, ("horizons", name, "actions"), block)


def _texts(draft: Draft, parent: dict[str, Any], route: Route, block: List) -> None:
    entries = parent.setdefault(route[-1], [])
    for item in block.items:
        whole = Joined.of(item.lines).whole
        if whole.text:
            draft.positions.values.setdefault(route, draft.place(whole))
            draft.positions.values[*route, len(entries)] = draft.place(whole)
            entries.append(without_bold(whole.text))


def _actions(draft: Draft, parent: dict[str, Any], route: Route, block: List) -> None:
    labels = synonyms().labels["plan_action"]
    actions: list[dict[str, Any]] = parent.setdefault("actions", [])
    for item in block.items:
        text = Joined.of(item.lines)
        found = labels_in(text.whole, labels)
        known = [label for label in found if normalised(label.name.text) in labels]
        if item.checked is None and known and actions:
            # "- What: …" at the same depth as its action, as flattened documents have it
            for label in known:
                _action_field(
                    draft, actions[-1], (*route, len(actions) - 1), label.name, label.value
                )
            continue
        here = (*route, len(actions))
        action: dict[str, Any] = {"title": without_bold(text.text)}
        draft.positions.values.setdefault(route, draft.place(text.whole))
        draft.positions.values[here] = draft.positions.values[*here, "title"] = draft.place(
            text.whole
        )
        if item.checked is not None:
            action["done"] = item.checked
            draft.positions.values[*here, "done"] = draft.place(text.whole)
        actions.append(action)
        _action_details(draft, action, here, item)


def _action_details(draft: Draft, action: dict[str, Any], here: Route, item: Item) -> None:
    labels = synonyms().labels["plan_action"]
    lines: list[Fragment] = []
    for child in item.children:
        if isinstance(child, Paragraph):
            lines += child.lines
        elif isinstance(child, List):
            lines += [Joined.of(sub.lines).whole for sub in child.items]
    for line in lines:
        for label in labels_in(line, labels):
            _action_field(draft, action, here, label.name, label.value)


def _action_field(
    draft: Draft, action: dict[str, Any], here: Route, name: Fragment, value: Fragment
) -> None:
    field = synonyms().labels["plan_action"].get(normalised(name.text))
    value = value if field == "how" else bare(value)
    text = value.text
    if field is None or field == "title" or not text or field in action:
        return
    if field in {"owner", "priority", "due"} and synonyms().is_missing(text):
        return
    if field == "due":
        stamp = read_stamp(text, draft.order)
        day = stamp.on(draft.clock.day) if stamp and not text[stamp.end :].strip() else None
        text = day.isoformat() if day else text
    action[field] = text
    draft.positions.values[*here, field] = draft.place(value)


def _action_table(draft: Draft, parent: dict[str, Any], route: Route, table: Table) -> None:
    labels = synonyms().labels["plan_action"]
    columns = {labels.get(normalised(cell.text)): i for i, cell in enumerate(table.header)}
    title = columns.get("title", columns.get("what", 0))
    actions: list[dict[str, Any]] = parent.setdefault("actions", [])
    for row in table.rows:
        if title >= len(row) or not row[title].text:
            continue
        here = (*route, len(actions))
        action: dict[str, Any] = {"title": without_bold(row[title].text)}
        draft.positions.values.setdefault(route, draft.place(row[title]))
        draft.positions.values[here] = draft.positions.values[*here, "title"] = draft.place(
            row[title]
        )
        actions.append(action)
        for name, i in columns.items():
            if name and i < len(row) and i != title:
                _action_field(draft, action, here, table.header[i], row[i])


def _risk_table(draft: Draft, table: Table) -> None:
    names = {normalised(cell.text) for cell in table.header}
    inaction = synonyms().labels["plan_inaction"]
    fields = {inaction.get(name) for name in names}
    list_name, labels = "risks", synonyms().labels["plan_risk"]
    if "probability" in fields and "risk" in fields:
        list_name, labels = "risk_of_inaction", inaction
    columns: dict[str, int] = {}
    for i, cell in enumerate(table.header):
        name = labels.get(normalised(cell.text))
        if name and name not in columns:
            columns[name] = i
    for row in table.rows:
        entry: dict[str, tuple[object, Fragment]] = {
            name: (without_bold(row[i].text), row[i])
            for name, i in columns.items()
            if i < len(row) and row[i].text
        }
        if entry:
            draft.add(list_name, entry, row[0])


def _communication(draft: Draft, section: Section) -> None:
    labels = synonyms().labels["plan"]
    current = ""
    for part in section.walk():
        if part.heading is not None and part is not section:
            current = labels.get(normalised(part.heading.text), "")
        for block in part.blocks:
            if isinstance(block, Paragraph):
                for line in block.lines:
                    for label in labels_in(line, labels):
                        current = labels.get(normalised(label.name.text), "")
                        route = tuple(current.split("/"))
                        if route[0] != "communication" or not label.value.text:
                            continue
                        if route[1] == "stakeholders":
                            value: Any = [part.strip() for part in label.value.text.split(",")]
                        else:
                            value = bare(label.value).text
                        if route[1] not in draft.data.get("communication", {}):
                            draft.put(route, value, label.value)
            elif isinstance(block, List) and current == "communication/stakeholders":
                parent = draft.data.setdefault("communication", {})
                draft.positions.values.setdefault(
                    ("communication",), draft.place(Joined.of(block.items[0].lines).whole)
                )
                _texts(draft, parent, ("communication", "stakeholders"), block)


def _verification(draft: Draft, part: Section) -> None:
    for heading in [part.heading] if part.heading else []:
        _monitor_for(draft, heading)
    for block in part.blocks:
        if isinstance(block, Paragraph):
            for line in block.lines:
                _monitor_for(draft, line)
        elif isinstance(block, List):
            _texts(draft, draft.data, ("verification",), block)


def _monitor_for(draft: Draft, line: Fragment) -> None:
    match = _MONITOR.search(line.text.replace("*", " "))
    if match and "monitor_for" not in draft.data:
        draft.put(("monitor_for",), match["period"].strip(), line)


def _rollback(draft: Draft, section: Section) -> None:
    labels = synonyms().labels["plan"]
    current = ""
    steps: list[tuple[str, Fragment]] = []
    for part in section.walk():
        if part.heading is not None and part is not section:
            current = labels.get(normalised(part.heading.text), "")
        for block in part.blocks:
            current = _rollback_block(draft, block, current, steps)
    if steps:
        draft.put(("rollback", "steps"), "\n".join(text for text, _ in steps), steps[0][1])


def _rollback_block(
    draft: Draft, block: Block, current: str, steps: list[tuple[str, Fragment]]
) -> str:
    labels = synonyms().labels["plan"]
    if isinstance(block, Paragraph):
        for line in block.lines:
            for label in labels_in(line, labels):
                current = labels.get(normalised(label.name.text), "")
                if current == "rollback/when" and label.value.text:
                    draft.put(("rollback", "when"), [label.value.text], label.value)
    elif isinstance(block, List) and current == "rollback/when":
        parent = draft.data.setdefault("rollback", {})
        first = Joined.of(block.items[0].lines).whole
        draft.positions.values.setdefault(("rollback",), draft.place(first))
        _texts(draft, parent, ("rollback", "when"), block)
    elif isinstance(block, List):
        steps += [(text.text, text.whole) for _, text in items_of([block])]
    elif isinstance(block, Fence):
        steps += [(line.text, line.cut(0)) for line in block.lines if line.text.strip()]
    return current


def plan_prose(draft: Draft, section: Section) -> None:
    """Read a plan's root cause section."""
    text, where = prose(section.flow(), with_lists=True)
    if where is not None:
        draft.append_text("root_cause", text, where)
