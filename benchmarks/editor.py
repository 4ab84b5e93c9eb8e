"""How long the language server takes after an edit: ``.venv/bin/python benchmarks/editor.py [RECORDS]``.

The records are copies of the sample knowledge base under other ids, and their timelines are told on other
days, in a temporary folder. Prints seconds of processor time.
"""
# ruff: noqa: INP001, T201 - a script that prints

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from mkdocs_incident.lsp.repository import Repository

ROOT = Path(__file__).parent.parent
AS_OF = datetime(2025, 10, 1, tzinfo=UTC)
EDITED = "incidents/2025/INC-2025-0022/incident.md"

T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    """Do something and print how long it took."""
    start = time.process_time()
    result = work()
    print(f"{time.process_time() - start:7.3f} s  {what}")
    return result


def fill(folder: Path, wanted: int) -> int:
    """Write the sample and copies of its incidents; return how many records there are."""
    for name in ("incidents", "runbooks", "monitoring"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "incident.yml", folder)
    originals = sorted(path for path in (folder / "incidents").rglob("INC-*") if path.is_dir())
    count = len(list(folder.rglob("*.md")))
    number = 0
    while count < wanted:
        original = originals[number % len(originals)]
        year = 1990 + number // len(originals)
        copy = folder / "incidents" / str(year) / f"INC-{year}-{number:04}"
        shutil.copytree(original, copy)
        for path in copy.rglob("*.md"):
            text = path.read_text("utf-8").replace(original.name, copy.name)
            path.write_text(re.sub(r"\b202[45]-(?=\d\d-\d\d)", f"{year}-", text), "utf-8")
            count += 1
        number += 1
    return count


def main() -> None:
    """Read and judge a repository, edit one record of it, and do both again."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        print(fill(folder, int(sys.argv[1]) if len(sys.argv) > 1 else 300), "records")
        repository = Repository(folder)
        reading = timed("reading all, once", lambda: repository.read({}))
        found = timed("judging all, the first time", lambda: reading.findings(AS_OF))
        text = (folder / EDITED).read_text("utf-8") + "\nAnd one line more.\n"
        before, lines = found.get(EDITED, []), reading.lines(EDITED)
        now = timed("reading the edited record", lambda: reading.with_text(EDITED, text))
        timed("judging it", lambda: now.findings_in(EDITED, AS_OF, before, lines))
        again = timed("reading again what changed", lambda: repository.read({EDITED: text}))
        timed("judging all", lambda: again.findings(AS_OF))


if __name__ == "__main__":
    main()
