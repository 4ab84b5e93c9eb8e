"""Values as bytes and back, of types that are asked for: a file that somebody else has put there may hold anything."""

from __future__ import annotations

import io
import pickle
from datetime import date
from typing import Any

import msgspec


class _Reader(pickle.Unpickler):
    """Makes plain values and dates, and runs no code: no other class is ever looked up.

    A pickle, for paths may hold what is no UTF-8, which JSON and MessagePack can't.
    """

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) != (date.__module__, date.__name__):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return date


def dumps(value: object) -> bytes:
    """Return the bytes of plain data, dates, tuples with names and structs."""
    plain = msgspec.to_builtins(value, builtin_types=(bytes, date))
    return pickle.dumps(plain, protocol=5)


def loads(content: bytes | None, kind: Any) -> Any:
    """Return what `dumps` was given, of a type; None for none, and for bytes that are something else.

    Structs, tuples with names and all that they hold are made by msgspec: thousands of rows take milliseconds.
    """
    if content is None:
        return None
    try:
        return msgspec.convert(_Reader(io.BytesIO(content)).load(), kind)
    except Exception:  # noqa: BLE001 - odd bytes raise anything
        return None
