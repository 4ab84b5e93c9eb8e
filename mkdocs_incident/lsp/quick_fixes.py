"""Repairs of findings that have one right answer, as edits of the open text."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from mkdocs_incident.diagnostic import Diagnostic
from mkdocs_incident.editing.record_text import EditError, RecordText
from mkdocs_incident.editing.repairs import repaired
from mkdocs_incident.lsp.repository import encoded
from mkdocs_incident.lsp.view import View
from mkdocs_incident.wording import clip, counted

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.mkdocs-incident"
"""What editors may run on save."""


def quick_fixes(
    view: View,
    asked: types.CodeActionParams,
    found: Sequence[tuple[Diagnostic, types.Diagnostic]],
) -> list[types.CodeAction]:
    """Return the repairs of the findings in a range, and one of all of the record.

    Args:
        view: the record.
        asked: the range, and which kinds of actions are wanted.
        found: the record's findings, each as it was sent.
    """
    wanted = [(ours, sent) for ours, sent in found if ours.repair is not None]
    if not wanted:
        return []
    try:
        record = RecordText.of(view.reading.corpus, view.path, encoded(view.text))
    except EditError:
        return []
    actions: list[types.CodeAction] = []
    if _is_wanted(asked.context.only, types.CodeActionKind.QuickFix.value):
        for ours, sent in wanted:
            if ours.repair is not None and _meet(asked.range, sent.range):
                after, done = repaired(record, [ours])
                if done:
                    action = _action(view, f"Write `{clip(ours.repair.new)}`", after)
                    action.kind = types.CodeActionKind.QuickFix
                    action.diagnostics = [sent]
                    action.is_preferred = True
                    actions.append(action)
    if _is_wanted(asked.context.only, FIX_ALL):
        after, done = repaired(record, [ours for ours, _ in wanted])
        if done:
            action = _action(view, f"Repair {counted(len(done), 'finding')} of this record", after)
            action.kind = FIX_ALL
            actions.append(action)
    return actions


def _is_wanted(only: Sequence[str | types.CodeActionKind] | None, kind: str) -> bool:
    """Whether a client asks for a kind of action: for all, for it, or for one that it is part of."""
    if only is None:
        return True
    asked = [part.value if isinstance(part, types.CodeActionKind) else part for part in only]
    return any(kind == part or kind.startswith(f"{part}.") for part in asked)


def _meet(one: types.Range, other: types.Range) -> bool:
    def at(position: types.Position) -> tuple[int, int]:
        return position.line, position.character

    return at(one.start) <= at(other.end) and at(other.start) <= at(one.end)


def _action(view: View, title: str, after: RecordText) -> types.CodeAction:
    edits = []
    # A repair replaces words of one line: lines stay as many as they are.
    for number, (old, new) in enumerate(zip(view.lines, after.source.lines, strict=True)):
        if old != new:
            shortest = min(len(old), len(new))
            head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
            left = shortest - head
            tail = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
            span = view.columns.span(view.lines, number, head, len(old) - tail)
            edits.append(types.TextEdit(span, new[head : len(new) - tail]))
    return types.CodeAction(title=title, edit=types.WorkspaceEdit(changes={view.uri: edits}))
