"""Sorts records by kind, as other tools want them: ``extract.py FOLDER TARGET``.

``TARGET/records/KIND/00001.md`` is the record, ``TARGET/yaml/KIND/00001.yaml`` its front matter.
"""
# ruff: noqa: INP001 - a script

from __future__ import annotations

import re
import sys
from pathlib import Path

from records import front_matter, paths


def main(folder: str, target: str) -> None:
    """Write all."""
    for number, path in enumerate(paths(folder)):
        content = Path(path).read_bytes()
        data = front_matter(content)
        said = re.search(rb"^kind: (\S+)$", data, re.MULTILINE)
        kind = said[1].decode() if said else "incident"
        for place, text in (
            (f"records/{kind}/{number:05}.md", content),
            (f"yaml/{kind}/{number:05}.yaml", data),
        ):
            file = Path(target, place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
