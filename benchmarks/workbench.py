"""Generated repositories and sites, and what is run in them, in a folder that is there during a run only."""
# ruff: noqa: INP001 - a script's neighbour

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from installation import PEERS, Installed
from processes import Place, Spent

GENERATOR = Path(__file__).with_name("repository.py")
COMMAND = Path(sys.executable).with_name("mkdocs-incident")
AS_OF = "2026-01-01"
KINDS = ("incident", "postmortem", "runbook", "mitigation-plan")
SITE = """\
site_name: Speed
theme: {{name: {theme}}}
plugins: {plugins}
"""
OURS = f"[search, {{incident: {{as_of: {AS_OF}}}}}]"
PLAIN = "[search]\nnav: [index.md]\nnot_in_nav: |\n  /incidents/\n  /runbooks/\n"


@dataclass(frozen=True)
class Size:
    """How much is measured, and how often."""

    incidents: int = 10_000
    """For the gate."""
    records: int = 2_000
    """For the site; its growth is measured from a quarter to the double."""
    rounds: int = 5

    @property
    def for_others(self) -> int:
        """Incidents for slow tools: a tenth, but enough for their start not to count."""
        return min(self.incidents, max(self.incidents // 10, 300))

    @property
    def few(self) -> int:
        """Rounds of what takes minutes."""
        return (self.rounds + 1) // 2

    @property
    def many(self) -> int:
        """Rounds of what takes less than a second."""
        return self.rounds * 4


class Repository:
    """Generated records, and the commands that are run beside them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.kept = {path.name for path in place.folder.iterdir()}

    @cached_property
    def records(self) -> list[Path]:
        """Paths of all records."""
        return sorted(self.place.folder.glob("incidents/**/*.md")) + sorted(
            self.place.folder.glob("runbooks/*.md")
        )

    @cached_property
    def edited(self) -> Path:
        """The record that is edited: an incident amid the others."""
        incidents = [path for path in self.records if path.name == "incident.md"]
        return incidents[len(incidents) // 2]

    def edit(self) -> None:
        """Add a line to one record."""
        with self.edited.open("a", encoding="utf-8") as file:
            file.write("\nOne line more.\n")

    def forget(self) -> None:
        """Remove what runs have left: caches, and sites."""
        shutil.rmtree(self.place.environment["XDG_CACHE_HOME"], ignore_errors=True)
        for path in self.place.folder.iterdir():
            if path.name not in self.kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def check(self, *arguments: str | Path, out: Path | None = None) -> Spent:
        """Run the gate."""
        command = (COMMAND, "check", "--as-of", AS_OF, *arguments)
        return self.place.run(*command, codes=(0, 1), out=out)

    def cold_check(self) -> Spent:
        """Run the gate as if for the first time."""
        self.forget()
        return self.check()

    def check_after_edit(self) -> Spent:
        """Edit a record, and run the gate."""
        self.edit()
        return self.check()

    def build(self) -> Spent:
        """Build the site."""
        return self.place.run(sys.executable, "-m", "mkdocs", "build", "--quiet")

    def first_build(self) -> Spent:
        """Build the site as if for the first time."""
        self.forget()
        return self.build()

    def build_after_edit(self) -> Spent:
        """Edit a record, and build the site again."""
        self.edit()
        return self.build()


@dataclass
class Bench:
    """Where everything is, while it is measured."""

    folder: Path
    """For what is there during the run only."""
    size: Size
    installed: Installed
    theme: str
    skipped: list[str] = field(default_factory=list)
    """Sentences on what was not measured, and why."""

    def __post_init__(self) -> None:
        self.environment = {
            **os.environ,
            "NO_COLOR": "1",
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # an installed package is compiled
            "SOURCE_DATE_EPOCH": "1767225600",
        }

    def place(self, name: str) -> Place:
        """Return an empty folder of the run; programs in it have a cache folder of their own."""
        (self.folder / name).mkdir()
        cache = {"XDG_CACHE_HOME": str(self.folder / f"{name}.cache")}
        return Place(self.folder / name, {**self.environment, **cache})

    def repository(self, name: str, incidents: int, faults: float = 0) -> Repository:
        """Generate a repository for the gate."""
        place = self.place(name)
        self._generate(place, incidents, faults)
        return Repository(place)

    def site(self, name: str, records: int, *, plain: bool = False) -> Repository:
        """Generate a repository of about so many records for a site, ours or one of MkDocs alone."""
        place = self.place(name)
        docs = place.folder / "docs"
        docs.mkdir()
        (docs / "index.md").write_text("# Home\n", "utf-8")
        source = Place(docs, self.environment) if plain else place
        self._generate(source, incidents_for(records))
        config = SITE.format(theme=self.theme, plugins=PLAIN if plain else OURS)
        (place.folder / "mkdocs.yml").write_text(config, "utf-8")
        return Repository(place)

    def _generate(self, place: Place, incidents: int, faults: float = 0) -> None:
        place.run(sys.executable, GENERATOR, ".", str(incidents), str(faults))

    @cached_property
    def schemas(self) -> Path:
        """Folder of the schemas, each complete in itself."""
        place = self.place("schemas")
        for kind in KINDS:
            place.run(COMMAND, "schema", kind, out=place.folder / f"{kind}.json")
        return place.folder

    @cached_property
    def python(self) -> Path:
        """The interpreter of the peers; ours, where they are not installed."""
        return self.installed.python or Path(sys.executable)

    @cached_property
    def has_no_cache(self) -> bool:
        """Whether the gate can be told to use no cache."""
        said = self.folder / "help.txt"
        self.here.run(COMMAND, "check", "--help", out=said)
        return "--no-cache" in said.read_text("utf-8")

    def peer(self, script: str, folder: Path, *arguments: str | Path) -> Callable[[], Spent]:
        """Return what runs a script of ``peers/`` on a folder."""
        return partial(self.here.run, self.python, PEERS / script, folder, *arguments)

    @cached_property
    def here(self) -> Place:
        """Where scripts are run."""
        return Place(self.folder, self.environment)


def incidents_for(records: int) -> int:
    """Return how many incidents come with about so many records in all."""
    incidents = 0
    while incidents * (1 + 1 / 3 + 1 / 50) + 200 * (1 - 0.995 ** (0.9 * incidents)) < records:
        incidents += 1
    return max(incidents, 1)
