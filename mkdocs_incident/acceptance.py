"""Whether a value meets a JSON Schema, asked quickly: a validator in Rust says yes, or says nothing.

It may never accept what the library `jsonschema` refuses, whose errors become findings. So it is asked only
for schemas in which the two can't differ: numbers are counted and compared alike in both, but not divided;
a pattern is read by Python in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mkdocs_incident.patterns import regex

Accepts = Callable[[Any], bool]

_EXACT = 2**53
"""Numbers below are the same as an integer and as a float."""

_WORDS = {"$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated",
          "type", "required", "format"}  # fmt: skip
"""Keywords that hold no number and no schema."""
_NUMBERS = {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
            "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}  # fmt: skip
_HOLD_ONE = {"items", "additionalProperties", "if", "then", "else"}
_HOLD_NAMED = {"properties", "patternProperties", "$defs"}
_HOLD_LIST = {"anyOf", "allOf"}
_ANY_VALUE = _WORDS | _HOLD_ONE | _HOLD_NAMED | _HOLD_LIST | {"uniqueItems"}
_BEGINNING = regex(r"\^[A-Za-z0-9_-]+")
"""Expressions that are the same in all languages."""


class _Pattern:
    """The keyword ``pattern`` as Python reads it; Rust knows other expressions."""

    def __init__(self, _parent: Mapping[str, Any], value: str, _path: list[str | int]) -> None:
        self.pattern = re.compile(value)

    def validate(self, value: object) -> None:
        if isinstance(value, str) and not self.pattern.search(value):
            raise ValueError


def acceptance(schema: Any, formats: Mapping[str, Callable[[object], bool]]) -> Accepts | None:
    """Return what tells whether a value, as YAML or JSON hold it, surely meets `schema`.

    Args:
        schema: JSON Schema 2020-12 that needs no other document.
        formats: the names of formats, each with what says whether a value has it; any other name
            asks nothing.

    Returns:
        None where the schema is none, or holds what validators read differently.
    """
    if not _is_read_alike(schema):
        return None
    # It takes longer to load than all that a command without records does.
    import jsonschema_rs  # noqa: PLC0415

    known = {name: formats.get(name, _is_anything) for name in _formats(schema)}
    try:
        validator = jsonschema_rs.Draft202012Validator(
            schema, formats=known, validate_formats=True, keywords={"pattern": _Pattern}
        )
    except ValueError:  # it is no schema
        return None

    def accepts(value: Any) -> bool:
        try:
            return validator.is_valid(value)
        except ValueError:  # a value that no JSON holds
            return False

    return accepts


def _is_anything(_value: object) -> bool:
    return True


def _is_read_alike(schema: Any) -> bool:
    """Whether every validator reads a schema alike, by the keywords in it and their values."""
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict) or ("uniqueItems" in schema and not _holds_texts(schema)):
        return False
    keywords = all(_keyword_is_read_alike(*entry) for entry in schema.items())
    return keywords and all(map(_is_read_alike, _inner(schema)))


def _keyword_is_read_alike(keyword: str, value: Any) -> bool:
    if keyword in _NUMBERS:
        return _is_plain(value)
    is_read_alike = _VALUES.get(keyword)
    return keyword in _ANY_VALUE if is_read_alike is None else is_read_alike(value)


def _is_plain(value: Any) -> bool:
    """Whether a value equals the same ones everywhere: a text, a word of JSON, a small number."""
    if isinstance(value, int | float):
        return abs(value) < _EXACT
    return value is None or isinstance(value, str)


def _is_expression(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


_VALUES: dict[str, Callable[[Any], bool]] = {
    "$ref": lambda value: isinstance(value, str) and value.startswith("#"),
    "enum": lambda value: isinstance(value, list) and all(map(_is_plain, value)),
    "const": _is_plain,
    "pattern": lambda value: isinstance(value, str) and _is_expression(value),
    "patternProperties": lambda value: (
        isinstance(value, dict) and all(map(_BEGINNING.fullmatch, value))
    ),
}
"""Keywords that are read alike where this holds of their value."""


def _holds_texts(schema: Mapping[str, Any]) -> bool:
    """Whether all entries of a list are texts: which others are equal is read differently."""
    entry = schema.get("items")
    if not isinstance(entry, dict):
        return False
    options = entry.get("enum")
    only_texts = isinstance(options, list) and all(isinstance(option, str) for option in options)
    return only_texts or entry.get("type") == "string"


def _inner(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the schemas that a schema holds, one level down."""
    for keyword, value in schema.items():
        if keyword in _HOLD_ONE:
            yield value
        elif keyword in _HOLD_LIST and isinstance(value, list):
            yield from value
        elif keyword in _HOLD_NAMED and isinstance(value, dict):
            yield from value.values()


def _formats(schema: Any) -> Iterator[str]:
    """Yield the names of the formats that a schema asks for, however deep."""
    if isinstance(schema, dict):
        if isinstance(name := schema.get("format"), str):
            yield name
        for part in _inner(schema):
            yield from _formats(part)
