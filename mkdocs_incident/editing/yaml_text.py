"""Values as YAML text that reads as exactly these values, in a given style."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from mkdocs_incident.patterns import regex
from mkdocs_incident.source.front_matter import read_mapping
from mkdocs_incident.source.layout import is_text_everywhere
from mkdocs_incident.source.text import SourceText
from mkdocs_incident.source.times import iso

Scalar = str | int | bool | date | datetime
Value = Scalar | Sequence[str] | Mapping[str, Scalar]

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_TO_ESCAPE = regex('[\\\\"\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')
_UNPRINTABLE = regex("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LITERAL = regex("[^ \\n][^\\n]*(?:\\n+[^\\n]+)*\\n?")


def canonical(value: Value) -> Any:
    """Return a value as a record holds it: a date or an instant as text, a sequence as a list."""
    if isinstance(value, datetime):
        offset = value.strftime("%z")
        zone = f"{offset[:3]}:{offset[3:5]}" if offset else None
        zone = "Z" if value.tzinfo is UTC or zone == "+00:00" else zone
        return iso(value.date(), value.time().replace(microsecond=0, tzinfo=None), zone)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: canonical(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return value


def scalar_text(value: Any, style: str = "", quote: str = '"', *, in_flow: bool = False) -> str:
    """Return a canonical scalar as one line of YAML.

    Args:
        value: text, a whole number, true or false.
        style: how text is written: plain where that reads as the same text, or in these quotes.
        quote: the quotes of text that can't be plain.
        in_flow: whether it stands in brackets.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if style not in {"'", '"'}:
        if _is_plain(value, in_flow=in_flow):
            return value
        style = quote
    if style == "'" and not _UNPRINTABLE.search(value):
        return "'" + value.replace("'", "''") + "'"
    return '"' + _TO_ESCAPE.sub(_escaped, value) + '"'


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or (
        f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
    )


def _is_plain(text: str, *, in_flow: bool) -> bool:
    """Whether text without quotes is read as itself, here and by others."""
    if not text or _UNPRINTABLE.search(text) or not is_text_everywhere(text):
        return False
    yaml = f"k: [{text}, z]\nm: {{k: {text}, z: z}}\n" if in_flow else f"k: {text}\nz: [z]\nm: z\n"
    data, _, findings = read_mapping(SourceText("", yaml))
    if in_flow:
        return not findings and data == {"k": [text, "z"], "m": {"k": text, "z": "z"}}
    return not findings and data == {"k": text, "z": ["z"], "m": "z"}


def literal_text(value: str, indent: str, line_break: str) -> str | None:
    """Return lines of text as a literal block, None where that would not read as the same."""
    if "\n" not in value or not _LITERAL.fullmatch(value):
        return None
    if _UNPRINTABLE.search(value.replace("\n", "")):
        return None
    header = "|" if value.endswith("\n") else "|-"
    lines = value.removesuffix("\n").split("\n")
    return line_break.join([header, *(indent + line if line else "" for line in lines)])
