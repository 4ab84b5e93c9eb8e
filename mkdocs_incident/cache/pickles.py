"""Values as bytes and back, by which nothing but our own data comes in."""

from __future__ import annotations

import io
import pickle
from typing import Any

_MODULES = ("mkdocs_incident.", "datetime")


class _Reader(pickle.Unpickler):
    """Makes our own classes and dates: a file that somebody else has put there runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        if not module.startswith(_MODULES):
            raise pickle.UnpicklingError(f"{module}.{name}")
        found = super().find_class(module, name)
        if not isinstance(found, type) or (found.__module__, found.__name__) != (module, name):
            raise pickle.UnpicklingError(f"{module}.{name}")  # what a module of ours has imported
        return found


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
