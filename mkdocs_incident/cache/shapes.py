"""Whether what was kept is what it should be: a file that somebody else has put there may hold anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from types import GenericAlias
from typing import Any

import msgspec


def fits(value: object, kind: Any) -> bool:
    """Return whether a value is of a type, structs that are in it by their own type alone.

    Thousands of rows take a few milliseconds: nothing of them is looked at by Python.
    """
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError):
        return False
    return True


def fits_within(value: object, kind: Any) -> bool:
    """Return whether a value is of a type, with all that its structs hold."""
    try:
        msgspec.convert(msgspec.to_builtins(value, builtin_types=(bytes, date)), kind)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError):
        return False
    return True


def all_fit(values: Sequence[msgspec.Struct], kind: type[msgspec.Struct]) -> bool:
    """Return whether each of many structs of a type holds what its fields say."""
    return fits([msgspec.structs.astuple(value) for value in values], _as_tuples(kind))


@cache
def _as_tuples(kind: type[msgspec.Struct]) -> Any:
    """Return the type of a list of such structs as tuples; to work it out takes longer than to ask it."""
    fields = GenericAlias(tuple, tuple(field.type for field in msgspec.structs.fields(kind)))
    return GenericAlias(list, fields)
