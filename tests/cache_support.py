"""A repository that is judged, and what is remembered of it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkdocs_incident.cache.rows import Rows
from mkdocs_incident.cache.store import Store

ROOT = Path(__file__).parent.parent
CACHE = ".incident_cache"
FIRST = datetime(2025, 10, 1, tzinfo=UTC)
SINGLE = tuple[str | int]
"""Rows of tests."""


@pytest.fixture
def sample(tmp_path):
    """A copy of the sample repository, judged strictly, with a record for each odd case."""
    for name in ("incidents", "runbooks", "monitoring"):
        shutil.copytree(ROOT / name, tmp_path / name)
    policy = (ROOT / "incident.yml").read_text("utf-8")
    (tmp_path / "incident.yml").write_text(f"{policy}profile: strict\n", "utf-8")
    return tmp_path


def checked(run, *options, as_of=FIRST):
    """What the gate says, and how it ends."""
    done = run("check", "--format", "json", "--as-of", f"{as_of:%Y-%m-%dT%H:%MZ}", *options)
    return done.exit_code, done.stdout, done.stderr


def records(root):
    return sorted(p for p in root.rglob("*.md") if CACHE not in p.parts)


def changed(path, old, new, count=1):
    path.write_text(path.read_text("utf-8").replace(old, new, count), "utf-8")


def kept(root, key=b"key"):
    return Rows(Store(root), key, SINGLE).kept
