"""Reads every record of a folder, and hashes it where told so: ``read.py FOLDER [hash]``."""
# ruff: noqa: INP001 - a script

from __future__ import annotations

import sys
from hashlib import blake2b

from records import paths


def main(folder: str, *, hashed: bool) -> None:
    """Read all."""
    for path in paths(folder):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - the least that it can cost
            content = file.read()
        if hashed:
            blake2b(content, digest_size=16).digest()


if __name__ == "__main__":
    main(sys.argv[1], hashed="hash" in sys.argv[2:])
