"""Texts given on the command line that a record will hold."""

from __future__ import annotations

import unicodedata
from typing import Any

import click

from mkdocs_incident.patterns import regex

_UNWRITABLE = regex(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Controls that terminals act on, marks that reorder what is read, and what is no character."""
_CONTROLS = {"\x1b": "ESCAPE", "\x7f": "DELETE", "\x08": "BACKSPACE", "\x00": "NULL"}


class TextCommand(click.Command):
    """A command whose arguments are texts: one that begins with a dash is taken for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; of an unknown option, say how it can be a text."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            said = f"{error.format_message()} A text that begins with a dash stands behind `--`"
            raise click.UsageError(said, ctx) from None


class WrittenText(click.ParamType[str]):
    """A text that goes into a record."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, which holds only what may be written."""
        text = str(value)
        found = unwritable(text)
        if found is not None:
            self.fail(f"it holds {found}, which no record may hold", param, ctx)
        return text


def unwritable(text: str) -> str | None:
    """Return the name of the first character of a text that no record may hold: ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    found = _UNWRITABLE.search(text)
    if found is None:
        return None
    character = found[0]
    name = unicodedata.name(character, _CONTROLS.get(character, "a control character"))
    return f"U+{ord(character):04X} ({name})"


def refuse_unwritable(option: str, value: Any) -> None:
    """Refuse a value, or a part of one, that no record may hold.

    Raises:
        click.UsageError: with the character.
    """
    if isinstance(value, dict):
        for key, part in value.items():
            refuse_unwritable(option, key)
            refuse_unwritable(option, part)
    elif isinstance(value, list):
        for part in value:
            refuse_unwritable(option, part)
    elif isinstance(value, str) and (found := unwritable(value)) is not None:
        raise click.UsageError(f"`{option}` holds {found}, which no record may hold")
