"""What could be typed next: keys, values of fields, ids, services, people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from lsprotocol import types

from mkdocs_incident.editing.yaml_text import scalar_text
from mkdocs_incident.lsp.names import Name
from mkdocs_incident.lsp.typing_place import TypingPlace
from mkdocs_incident.lsp.view import View
from mkdocs_incident.patterns import regex
from mkdocs_incident.rules import RULES
from mkdocs_incident.schema.bundling import field_schema
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.source.title import KINDS

LIMIT = 200
"""More proposals are not sent at once: the client asks again as the word grows."""

TRIGGERS = ["@", "-", " ", '"', "'", "[", "{"]
"""Characters behind which a client asks without being told to."""

_WORD = regex(r"@[\w./-]*$|(?<![\w/.#@-])[A-Za-z][\w-]*$")
_SAFE = regex(r"[A-Za-z]\w*-[\w-]+")
"""Ids and names of services as they mostly are: nothing else in YAML looks so."""


class _Proposal(msgspec.Struct, frozen=True):
    text: str
    kind: types.CompletionItemKind
    summary: str = ""
    details: str = ""


def completions(view: View, position: types.Position) -> types.CompletionList:
    """Return what could be typed at a position; an empty list where nothing is known."""
    line, character = view.character(position)
    if view.is_in_yaml(line):
        place = view.place(line, character)
        found = [] if place is None else list(_in_yaml(view, place))
        start = character if place is None else place.start
        quoted = place is None or bool(place.quote)
    elif view.is_policy or (view.yaml is not None and line < view.yaml.start):
        return types.CompletionList(is_incomplete=False, items=[])
    else:
        word = _WORD.search(view.lines[line][:character])
        found = list(_in_body(view, word[0])) if word else []
        start = word.start() if word else character
        quoted = True
    typed = view.lines[line][start:character].casefold()
    if len(found) > LIMIT:
        found = [proposal for proposal in found if _fits(proposal.text, typed)]
    span = view.columns.span(view.lines, line, start, character)
    items = [
        _item(proposal, number, span, quoted=quoted)
        for number, proposal in enumerate(found[:LIMIT])
    ]
    return types.CompletionList(is_incomplete=len(found) > LIMIT, items=items)


def _fits(text: str, typed: str) -> bool:
    """Whether all typed characters are in a text in their order: what clients filter by, too."""
    rest = iter(text.casefold())
    return all(character in rest for character in typed)


def _item(
    proposal: _Proposal, number: int, span: types.Range, *, quoted: bool
) -> types.CompletionItem:
    is_key = proposal.kind is types.CompletionItemKind.Property
    if is_key:
        new = proposal.text if quoted else f"{proposal.text}: "
    elif quoted or _SAFE.fullmatch(proposal.text):
        new = proposal.text
    else:
        new = scalar_text(proposal.text, in_flow=True)
    details = types.MarkupContent(types.MarkupKind.Markdown, proposal.details)
    return types.CompletionItem(
        label=proposal.text,
        kind=proposal.kind,
        detail=proposal.summary or None,
        documentation=details if proposal.details else None,
        sort_text=f"{number:04}",
        filter_text=proposal.text,
        text_edit=types.TextEdit(span, new),
    )


def _in_body(view: View, word: str) -> Iterator[_Proposal]:
    if word.startswith("@"):
        yield from _named(view.names.people, types.CompletionItemKind.Constant)
        return
    for ids in (view.names.incidents, view.names.runbooks):
        for ident, name in ids.items():
            if len(word) > 1 and ident.casefold().startswith(word.casefold()):
                yield _reference(name)


def _in_yaml(view: View, place: TypingPlace) -> Iterator[_Proposal]:
    schema = field_schema(view.schema, place.route)
    holds_keys = "properties" in schema or schema.get("type") == "object"
    if place.may_be_key and (holds_keys or not place.may_be_value):
        yield from _keys(view, place, schema)
    elif place.may_be_value:
        yield from _values(view, place.route, schema)


def _keys(view: View, place: TypingPlace, schema: Mapping[str, Any]) -> Iterator[_Proposal]:
    kind = types.CompletionItemKind.Property
    required = schema.get("required", ())
    for key in schema.get("properties", {}):
        if key not in place.keys:
            field = field_schema(view.schema, (*place.route, key))
            summary = field.get("title", "") + (", required" if key in required else "")
            yield _Proposal(key, kind, summary, described(field))
    if view.is_policy and place.route == ("rules",):
        for rule in RULES:
            if rule.name not in place.keys:
                yield _Proposal(rule.name, kind, rule.code, rule.summary)


def _values(view: View, route: Route, schema: Mapping[str, Any]) -> Iterator[_Proposal]:
    names = view.names
    allowed = list(schema.get("enum", ()))
    if route == ("kind",) and not view.is_policy:
        allowed = list(KINDS)
    if route == ("waivers", *route[1:-1], "rule"):
        allowed = [rule.name for rule in RULES]
    field = next((step for step in reversed(route) if isinstance(step, str)), "")
    if schema.get("type") == "boolean":
        allowed = ["true", "false"]
        yield from (_Proposal(word, types.CompletionItemKind.Keyword) for word in allowed)
    elif allowed:
        member = types.CompletionItemKind.EnumMember
        for value in map(str, allowed):
            level = names.levels.get(value) if field == "severity" else None
            yield _Proposal(value, member, "", level.details if level else "")
    elif field in {"services", "alerts"}:
        known = names.services if field == "services" else names.alerts
        yield from _named(known, types.CompletionItemKind.Module)
    elif field == "category" and len(route) == 1:
        yield from _named(names.categories, types.CompletionItemKind.EnumMember)
    elif view.is_policy or route != ("id",):
        yield from _references(view, _examples(view, route))


def _references(view: View, examples: list[str]) -> Iterator[_Proposal]:
    """Yield names of the kind that a field's examples show: handles, incidents or runbooks."""
    names = view.names
    if any(example.startswith("@") for example in examples):
        yield from _named(names.people, types.CompletionItemKind.Constant)
    if any(example.startswith("INC-") for example in examples):
        yield from map(_reference, names.incidents.values())
    if any(example.startswith("RB-") for example in examples):
        yield from map(_reference, names.runbooks.values())


def _examples(view: View, route: Route) -> list[str]:
    """Return the texts among a field's examples; of an entry those of its list."""
    whole = route[:-1] if route and isinstance(route[-1], int) else route
    found: list[str] = []
    for example in field_schema(view.schema, whole).get("examples", ()):
        entries = example if isinstance(example, list) else [example]
        found += [entry for entry in entries if isinstance(entry, str)]
    return found


def _named(names: Mapping[str, Name], kind: types.CompletionItemKind) -> Iterator[_Proposal]:
    for name in names.values():
        yield _Proposal(name.text, kind, name.summary, name.details)


def _reference(name: Name) -> _Proposal:
    return _Proposal(name.text, types.CompletionItemKind.Reference, name.summary, name.details)


def described(field: Mapping[str, Any]) -> str:
    """Return what a schema says of a field, as Markdown."""
    parts = [str(field.get("description", ""))]
    if allowed := field.get("enum"):
        parts.append("One of " + ", ".join(f"`{value}`" for value in allowed))
    elif (examples := field.get("examples")) and isinstance(examples[0], str | int | float | bool):
        parts.append(f"For example `{examples[0]}`")
    return "\n\n".join(filter(None, parts))
