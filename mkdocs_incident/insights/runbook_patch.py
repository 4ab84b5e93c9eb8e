"""Suggestions as text: each runbook's file with them, and the diff that brings them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from mkdocs_incident.insights.runbook_suggestion import Suggestion


def edited_runbooks(suggestions: Iterable[Suggestion]) -> dict[str, tuple[str, str]]:
    """Return the text of each runbook's file as it is, empty for a new one, and with its suggestions."""
    texts: dict[str, tuple[str, str]] = {}
    for suggestion in sorted(suggestions, key=_adds_to_others):
        before = ""
        if suggestion.runbook is not None:
            before = suggestion.runbook.document.source.raw
        old, new = texts.get(suggestion.path, (before, before))
        texts[suggestion.path] = (old, suggestion.edit(new))
    return dict(sorted(texts.items()))


def _adds_to_others(suggestion: Suggestion) -> bool:
    """Whether an edit adds to a text: all but a draft, which is the first text of a new file."""
    return suggestion.runbook is not None or suggestion.reason == "declared"


def patch(suggestions: Iterable[Suggestion]) -> str:
    """Return one unified diff a runbook, all its suggestions in it, as ``git apply`` takes it."""
    texts = edited_runbooks(suggestions)
    return "".join(_diff(path, old, new) for path, (old, new) in texts.items())


def _diff(path: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(
        _git_lines(old),
        _git_lines(new),
        fromfile="/dev/null" if not old else _git_name(f"a/{path}"),
        tofile=_git_name(f"b/{path}"),
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _git_name(path: str) -> str:
    """Return a path as git writes it in a diff: quoted where it holds what would end the line."""
    if re.search(r'[\x00-\x1f"\\]', path):
        named = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        return '"' + "".join(named.get(c, c if c >= " " else f"\\{ord(c):03o}") for c in path) + '"'
    return f"{path}\t" if " " in path else path


def _git_lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
