"""Installs what records are compared with, each in a folder of its own below a cache folder."""
# ruff: noqa: INP001, S603 - scripts that run programs

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PEERS = Path(__file__).parent / "peers"


@dataclass
class Installed:
    """What could be installed."""

    python: Path | None = None
    """The interpreter that has the peers written in Python."""
    node: dict[str, Path] = field(default_factory=dict)
    """Folder of each peer that runs on Node."""
    missing: list[str] = field(default_factory=list)
    """Sentences on what is not there, and why."""


def install(cache: Path, *, node: bool) -> Installed:
    """Install the peers of Python, and on request those of Node.

    What a folder has from an earlier run is used again, unless other versions are wanted now.
    """
    found = Installed()
    _try(found, "Python", lambda: _python(cache))
    for name in ("remark", "astro") if node else ():
        _try(found, name, lambda name=name: _node(cache, name))
    return found


def _try(found: Installed, name: str, installation: Any) -> None:
    try:
        path = installation()
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        found.missing.append(f"The peers of {name} are not there: {said.strip().splitlines()[-1]}")
        return
    if name == "Python":
        found.python = path
    else:
        found.node[name] = path


def _python(cache: Path) -> Path:
    folder, wanted = cache / "python", PEERS / "requirements.txt"
    python = folder / "bin" / "python"
    if not _is_there(folder, wanted):
        _run(sys.executable, "-m", "venv", "--clear", folder)
        _run(python, "-m", "pip", "install", "--quiet", "--requirement", wanted)
        _mark(folder, wanted)
    return python


def _node(cache: Path, name: str) -> Path:
    folder, wanted = cache / name, PEERS / name / "package.json"
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("there is no npm")
    if not _is_there(folder, wanted):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(PEERS / name, folder)
        _run(npm, "install", "--no-audit", "--no-fund", folder=folder)
        _mark(folder, wanted)
    shutil.copytree(PEERS / name, folder, dirs_exist_ok=True)
    return folder


def _is_there(folder: Path, wanted: Path) -> bool:
    mark = folder / ".installed"
    return mark.is_file() and mark.read_bytes() == wanted.read_bytes()


def _mark(folder: Path, wanted: Path) -> None:
    shutil.copy(wanted, folder / ".installed")


def _run(*command: str | Path, folder: Path | None = None) -> None:
    subprocess.run(list(map(str, command)), cwd=folder, check=True, capture_output=True, text=True)


def versions(installed: Installed) -> str:
    """Return the versions of the peers."""
    names = [
        line
        for line in (PEERS / "requirements.txt").read_text("utf-8").splitlines()
        if "==" in line
    ]
    said = [name.replace("==", " ") for name in names] if installed.python else []
    for name in installed.node:
        package = json.loads((PEERS / name / "package.json").read_text("utf-8"))
        said += [f"{key} {value}" for key, value in package["dependencies"].items()]
    return ", ".join(said)
