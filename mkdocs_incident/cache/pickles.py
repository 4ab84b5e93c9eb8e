"""Values as bytes and back, by which nothing but our own data comes in."""

from __future__ import annotations

import io
import pickle
from enum import Enum
from typing import Any

import msgspec

_OURS = "mkdocs_incident."
_DATES = "datetime"


class _Reader(pickle.Unpickler):
    """Makes our own values and dates: a file that somebody else has put there runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        if module != _DATES and not module.startswith(_OURS):
            raise pickle.UnpicklingError(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type) or (found.__module__, found.__name__) != (module, name):
            raise pickle.UnpicklingError(f"{module}.{name}")  # what a module of ours has imported
        if module != _DATES and not _is_value(found):
            raise pickle.UnpicklingError(f"{module}.{name}")  # to make one may do something
        return found


def _is_value(made: type) -> bool:
    """Return whether a class only holds what it is made of: a struct, a named tuple, a level."""
    return issubclass(made, (msgspec.Struct, Enum)) or (
        issubclass(made, tuple) and hasattr(made, "_fields")
    )


def dumps(value: object) -> bytes:
    """Return the bytes of plain data, dates and our own structs."""
    return pickle.dumps(value, protocol=5)


def loads(content: bytes | None) -> Any:
    """Return what `dumps` was given; None for none, and for bytes that are something else."""
    if content is None:
        return None
    try:
        return _Reader(io.BytesIO(content)).load()
    except Exception:  # noqa: BLE001 - odd bytes raise anything
        return None
