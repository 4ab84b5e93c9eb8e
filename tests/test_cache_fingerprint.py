"""What was remembered counts no longer once the tool might read or judge anything differently."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mkdocs_incident
from mkdocs_incident.cache.fingerprint import fingerprint

PACKAGE = Path(mkdocs_incident.__file__).parent
READING_AND_JUDGING = ("judging.memory", "cache.documents", "check")


def module_of(name):
    """The file of a module or package; None for what is a name within one, or somebody else's."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    files = (path / "__init__.py", path.with_suffix(".py"))
    return next((file for file in files if file.is_file()), None)


def with_parents(name):
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def imports(module):
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reached(names):
    """Modules of ours that are imported, within functions, too, by these or by what they import."""
    found = set()
    pending = list(names)
    while pending:
        for name in with_parents(pending.pop()):
            module = module_of(name) if name.startswith("mkdocs_incident") else None
            if module is not None and module not in found:
                found.add(module)
                pending += imports(module)
    return found


CHANGE_EACH = """
import sys
from pathlib import Path
from mkdocs_incident.cache.fingerprint import fingerprint
first = fingerprint()
for name in sys.argv[1:]:
    path = Path(name)
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    fingerprint.cache_clear()
    if fingerprint() == first:
        print(name)
    path.write_bytes(content)
"""


def unnoticed(folder, names):
    """Those files of a copy of the package that may change while the key stays."""
    shutil.copytree(
        PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__", "assets")
    )
    shutil.copytree(PACKAGE.parent / "schemas", folder / "schemas")
    done = subprocess.run(
        [sys.executable, "-c", CHANGE_EACH, *names],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_no_module_that_reads_or_judges_can_change_unnoticed(tmp_path):
    modules = reached(f"mkdocs_incident.{name}" for name in READING_AND_JUDGING)
    names = sorted(path.relative_to(PACKAGE.parent).as_posix() for path in modules)
    known = (
        "source/prose.py",
        "rules/broken_link.py",
        "insights/demands.py",
        "language/speech.py",
    )
    assert {f"mkdocs_incident/{name}" for name in known} <= {*names}
    data = ["mkdocs_incident/records/stop_words.txt", "schemas/incident.schema.json"]
    pages = ["mkdocs_incident/pages/plots.py"]
    assert unnoticed(tmp_path, names + data + pages) == pages


@pytest.mark.parametrize(
    ("name", "decides"),
    [
        ("PyYAML-9.0.dist-info", True),
        ("python_frontmatter-9.0.dist-info", True),
        ("jsonschema-9.0.dist-info", True),
        ("jsonschema_rs-9.0.dist-info", True),
        ("jsonschema_specifications-9.0.dist-info", True),
        ("referencing-9.0.dist-info", True),
        ("rpds_py-9.0.dist-info", True),
        ("msgspec-9.0.dist-info", True),
        ("tzdata-9.0.dist-info", True),
        ("click-9.0.dist-info", False),
        ("jsonschema", False),  # its command, which stands where ours does
    ],
)
def test_another_version_of_a_library_is_noticed_where_it_decides(
    tmp_path, monkeypatch, name, decides
):
    monkeypatch.syspath_prepend(tmp_path)
    first = fingerprint.__wrapped__()
    (tmp_path / name).mkdir()
    assert (fingerprint.__wrapped__() != first) == decides
