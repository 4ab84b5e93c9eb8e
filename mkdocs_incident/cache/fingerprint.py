"""What results depend on beside files and policy: this tool and what it reads with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

import mkdocs_incident
from mkdocs_incident.schema.bundling import schema_folder

_PACKAGE = Path(mkdocs_incident.__file__).parent
_DECIDING = (".py", ".yml", ".json", ".txt")
_NOT_DECIDING = {
    "pages",
    "plugin",
    "lsp",
    "authoring",
    "adopting",
    "reporters",
    "__pycache__",
}
"""Parts of the package that neither read records nor judge them."""
_LIBRARIES = (
    "pyyaml-",
    "python_frontmatter-",
    "jsonschema-",
    "jsonschema_rs-",
    "jsonschema_specifications-",
    "referencing-",
    "rpds_py-",
    "msgspec-",
    "tzdata-",
)
"""Beginnings of the folders in which installers note name and version of what reads, judges and is kept."""


@cache
def fingerprint() -> bytes:
    """Return 16 bytes that are others as soon as the tool might read or judge anything differently.

    The code itself is in it, beside its version: who develops the tool runs the same version all day.
    """
    found = blake2b(digest_size=16)
    parts = (sys.version, mkdocs_incident.__version__, *_libraries())
    found.update("\0".join(parts).encode())
    for folder in dict.fromkeys((_PACKAGE, schema_folder())):
        for path in _files(str(folder)):
            found.update(path[len(str(folder)) :].encode())
            with open(path, "rb") as file:  # noqa: PTH123 - 200 times at each start
                found.update(file.read())
    return found.digest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if entry.name not in _NOT_DECIDING:
                yield from _files(entry.path)
        elif entry.name.endswith(_DECIDING):
            yield entry.path


def _libraries() -> Iterator[str]:
    """Yield what is installed; asking `importlib.metadata` would take longer than reading the records."""
    for folder in sys.path:
        try:
            names = sorted(os.listdir(folder or "."))  # noqa: PTH208 - names are all it takes
        except OSError:
            continue  # an archive, or a folder that is not there
        yield from (name for name in names if name.lower().startswith(_LIBRARIES))
