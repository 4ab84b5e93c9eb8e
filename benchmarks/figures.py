"""Prints how fast this is, as ratios inside one run: ``.venv/bin/python benchmarks/figures.py [--quick]``.

Each figure is the median of whole processes; both sides of a ratio are run in turn. The table is Markdown.
"""
# ruff: noqa: INP001, T201 - a script that prints

from __future__ import annotations

import argparse
import filecmp
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import requires, version
from pathlib import Path

from installation import Installed, install, versions
from processes import Place, Spent, medians
from table import HEAD, Row, as_ratio, compared, mebibytes, same
from workbench import COMMAND, KINDS, Bench, Repository, Size

CACHE = Path(__file__).parent.parent / ".cache" / "benchmarks"
QUICK = Size(500, 200, 3)
NOTHING = (sys.executable, "-c", "pass")
SAME_SIZE = 1.05
"""How far two mean sizes of a page may be apart to be called the same."""


def gate(bench: Bench) -> Iterator[Row]:
    """The gate on a large repository."""
    repository = bench.repository("gate", bench.size.incidents)
    folder, all_records = repository.place.folder, f"{len(repository.records):,} records"
    subjects = {
        "read": bench.peer("read.py", folder),
        "hash": bench.peer("read.py", folder, "hash"),
        "cold": repository.cold_check,
        "edited": repository.check_after_edit,
        "unchanged": repository.check,
    }
    if bench.installed.python:
        subjects["base"] = bench.peer("base.py", folder, bench.schemas)
    else:
        bench.skipped.append("The base is not measured: its libraries are not installed")
    found = medians(bench.size.rounds, subjects)
    cold, unchanged = found["cold"], found["unchanged"]
    if "base" in found:
        base = found["base"]
        yield compared(f"`check` of {all_records}, cold, against the base", cold, base, 0.9)
        yield compared("reading all files, against the base", found["read"], base)
        yield compared("reading and hashing all files, against the base", found["hash"], base)
    yield Row(f"`check` of {all_records}, cold: memory at most", mebibytes(cold.peak))
    figure = "`check`, nothing changed, against reading and hashing all files"
    yield compared(figure, unchanged, found["hash"], 2)
    yield Row(
        "`check`, nothing changed: memory at most",
        mebibytes(unchanged.peak),
        target="≤ 100 MiB",
        is_met=unchanged.peak <= 100 * 2**20,
    )
    figure = "`check`, one record changed, against nothing changed"
    yield compared(figure, found["edited"], unchanged, 1.2)


def peers(bench: Bench) -> Iterator[Row]:
    """Other tools on fewer of the same records."""
    if bench.installed.python is None:
        bench.skipped.append("Other tools are not measured: none is installed")
        return
    ours = bench.repository("ours", bench.size.incidents)
    theirs = bench.repository("theirs", bench.size.for_others)
    subjects = _python_peers(bench, theirs) | _node_peers(bench, theirs)
    found = medians(1, {"check": ours.cold_check, **subjects})
    many, few = len(ours.records), len(theirs.records)
    mine = _each(found.pop("check"), many)
    for name, spent in found.items():
        at_most = 1 / 20 if name == "check-jsonschema" else None
        figure = f"a record in `check` of {many:,}, cold, against one in {name} of {few:,}"
        yield compared(figure, mine, _each(spent, few), at_most)


def _each(spent: Spent, count: int) -> Spent:
    """Return the time of one record."""
    return Spent(spent.wall / count, spent.processor / count, spent.peak)


def _python_peers(bench: Bench, repository: Repository) -> dict[str, Callable[[], Spent]]:
    naive = bench.peer("naive.py", repository.place.folder, bench.schemas)
    extracted = bench.folder / "extracted"
    bench.peer("extract.py", repository.place.folder, extracted)()
    program = bench.python.with_name("check-jsonschema")

    def check_jsonschema() -> Spent:
        total = Spent(0, 0, 0)
        for kind in KINDS:
            files = sorted((extracted / "yaml" / kind).glob("*"))
            if files:
                schema = bench.schemas / f"{kind}.json"
                total += bench.here.run(program, "--schemafile", schema, *files, codes=(0, 1))
        return total

    return {"check-jsonschema": check_jsonschema, "python-frontmatter and jsonschema": naive}


def _node_peers(bench: Bench, repository: Repository) -> dict[str, Callable[[], Spent]]:
    subjects: dict[str, Callable[[], Spent]] = {}
    for name, folder in bench.installed.node.items():
        for part in ("records", "yaml", "schemas", ".astro", "node_modules/.astro"):
            shutil.rmtree(folder / part, ignore_errors=True)
        bench.peer("extract.py", repository.place.folder, folder)()
        place = Place(folder, {**bench.environment, "ASTRO_TELEMETRY_DISABLED": "1"})
        run = partial(place.run, folder / "node_modules" / ".bin" / name)
        if name == "remark":
            _without_dialect(bench.schemas, folder / "schemas")
            subjects["remark-lint-frontmatter-schema"] = partial(run, "--quiet", "records")
        else:
            subjects["Astro's content collections"] = partial(run, "sync")
    return subjects


def _without_dialect(schemas: Path, target: Path) -> None:
    """Write schemas that do not say in which dialect they are: remark's validator knows an older one only."""
    target.mkdir()
    for path in schemas.iterdir():
        text = path.read_text("utf-8")
        dialect = json.dumps(json.loads(text)["$schema"])
        (target / path.name).write_text(text.replace(f'"$schema": {dialect},', ""), "utf-8")


def start(bench: Bench) -> Iterator[Row]:
    """What a run costs that has nothing to do."""
    place = bench.place("start")
    subjects = {
        "nothing": partial(place.run, *NOTHING),
        "version": partial(place.run, COMMAND, "--version"),
        "mistake": partial(place.run, COMMAND, "check", "--no-such-option", codes=(2,)),
    }
    found = medians(bench.size.many, subjects)
    nothing = found["nothing"]
    yield compared("`--version`, against `python -c pass`", found["version"], nothing, 3)
    yield compared("a usage error, against `python -c pass`", found["mistake"], nothing, 3)


def new_file(bench: Bench) -> Iterator[Row]:
    """One new record in a small repository, as a hook before a commit asks about it."""
    repository = bench.repository("small", 5)
    numbers = iter(range(10_000, 20_000))
    model = repository.edited
    text = model.read_text("utf-8")

    def check_new_file() -> Spent:
        ident = f"INC-2025-{next(numbers)}"
        path = repository.place.folder / "incidents" / "2025" / ident / "incident.md"
        path.parent.mkdir(parents=True)
        path.write_text(text.replace(model.parent.name, ident), "utf-8")
        spent = repository.check(path)
        shutil.rmtree(path.parent)
        return spent

    repository.check()
    nothing = partial(repository.place.run, *NOTHING)
    found = medians(bench.size.many, {"nothing": nothing, "new": check_new_file})
    count = len(repository.records)
    figure = f"`check` of one new file in a repository of {count}, against `python -c pass`"
    yield compared(figure, found["new"], found["nothing"], 12)


def site(bench: Bench) -> Iterator[Row]:
    """A site against MkDocs alone, and against itself a second time."""
    ours = bench.site("ours-site", bench.size.records)
    plain = bench.site("plain-site", bench.size.records, plain=True)
    subjects = {
        "plain": plain.first_build,
        "first": ours.first_build,
        "second": ours.build_after_edit,
    }
    found = medians(bench.size.few, subjects)
    first = found["first"]
    build = f"build, {len(ours.records):,} records"
    figure = f"{build}, against MkDocs with the same pages out of the nav"
    yield compared(figure, first, found["plain"], 1.25)
    figure = f"{build}: memory at most"
    yield Row(figure, mebibytes(first.peak), mebibytes(found["plain"].peak))
    figure = "build, one record changed, against the first build"
    yield compared(figure, found["second"], first, 0.6)
    second = bench.folder / "second"
    (ours.place.folder / "site").rename(second)
    ours.first_build()
    figure = "files of that second site, against a first build of the same"
    yield same(figure, differences(second, ours.place.folder / "site"))


def differences(one: Path, other: Path) -> int:
    """Return how many files of two folders are not the same, or in one of them only."""
    first, second = (
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    )
    _, different, unread = filecmp.cmpfiles(one, other, first & second, shallow=False)
    return len(first ^ second) + len(different) + len(unread)


def growth(bench: Bench) -> Iterator[Row]:
    """A small site, and one of eight times its records."""
    small = bench.site("small-site", bench.size.records // 4)
    large = bench.site("large-site", bench.size.records * 2)
    found = medians(1, {"small": small.first_build, "large": large.first_build})
    counts = f"{len(small.records):,} to {len(large.records):,} records"
    yield compared(f"growth of a build from {counts}", found["large"], found["small"], 9)
    few, many = _pages(small), _pages(large)
    common = few.keys() & many.keys()
    mean_of_many, mean_of_few = (
        sum(size[key] for key in common) / len(common) for size in (many, few)
    )
    ratio = mean_of_many / mean_of_few
    yield Row(
        f"bytes of a record's page, mean of the same {len(common):,}, from {counts}",
        f"{mean_of_many:,.0f}",
        f"{mean_of_few:,.0f}",
        as_ratio(ratio),
        target=f"≤ {SAME_SIZE}",
        is_met=ratio <= SAME_SIZE,
    )


def _pages(repository: Repository) -> dict[tuple[str, str], int]:
    """Return the size of each page of an incident's folder, by the incident's number: years differ."""
    pages = (repository.place.folder / "site").glob("incidents/*/*/*/index.html")
    return {(page.parts[-3].split("-")[-1], page.parts[-2]): page.stat().st_size for page in pages}


def findings(bench: Bench) -> Iterator[Row]:
    """Whether a run says the same with what an earlier one has left, and without."""
    repository = bench.repository("faults", max(bench.size.incidents // 10, 10), faults=0.2)

    def said(name: str, *options: str) -> Path:
        path = bench.folder / f"{name}.json"
        repository.check("--format", "json", *options, out=path)
        return path

    cold, unchanged = said("cold"), said("unchanged")
    count = len(json.loads(cold.read_text("utf-8"))["diagnostics"])
    yield same(f"{count:,} findings: nothing changed, against cold", _differ(unchanged, cold))
    repository.edit()
    repository.records[-1].unlink()
    after = said("after")
    figure = "findings: one record changed and a runbook removed, against {}"
    if bench.has_no_cache:
        yield same(figure.format("`--no-cache`"), _differ(after, said("off", "--no-cache")))
    else:
        bench.skipped.append("`check` has no `--no-cache`: findings are compared with cold ones")
    repository.forget()
    yield same(figure.format("cold"), _differ(after, said("cold-after")))


def _differ(one: Path, other: Path) -> bool:
    return not filecmp.cmp(one, other, shallow=False)


FIGURES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "gate": gate,
    "peers": peers,
    "start": start,
    "new-file": new_file,
    "site": site,
    "growth": growth,
    "findings": findings,
}


def machine(bench: Bench) -> Iterator[str]:
    """Yield sentences on what this was measured with."""
    wanted = [said for said in requires("mkdocs-incident") or () if "extra ==" not in said]
    names = [re.split(r"[^\w.-]", said, maxsplit=1)[0] for said in wanted]
    libraries = ", ".join(f"{name} {version(name)}" for name in names)
    yield (
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, {platform.system()}, "
        f"Python {platform.python_version()}; {libraries}."
    )
    if bench.installed.python:
        yield f"Other tools: {versions(bench.installed)}."
    size = bench.size
    yield (
        f"{size.incidents:,} incidents; sites of about {size.records:,} records in the theme {bench.theme}. "
        f"Medians of whole processes: rounds {size.rounds}; {size.many} of what takes less than a second, "
        f"{size.few} of builds, 1 of their growth and of other tools."
    )
    yield from (f"{said}." for said in [*bench.skipped, *bench.installed.missing])


def options() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    named = ", ".join(FIGURES)
    add = parser.add_argument
    add("figures", nargs="*", metavar="FIGURE", help=f"{named}; default: all")
    add("--quick", action="store_true", help="fewer records and rounds, for a first look")
    add("--incidents", type=int, metavar="N", help="incidents of the gate's repository")
    add("--records", type=int, metavar="N", help="records of the site")
    add("--rounds", type=int, metavar="N", help="how often each process is run")
    add(
        "--peers",
        choices=("none", "python", "all"),
        default="python",
        help="other tools to install and compare with: from PyPI (default), from npm, too, or none",
    )
    add("--theme", default="material", help="of both sites; default: material")
    add("--cache", type=Path, default=CACHE, metavar="FOLDER", help="keeps the installed tools")
    chosen = parser.parse_args()
    for figure in chosen.figures:
        if figure not in FIGURES:
            parser.error(f"`{figure}` is no figure, expected some of {named}")
    return chosen


def main() -> None:
    """Print the table."""
    chosen = options()
    usual = QUICK if chosen.quick else Size()
    size = Size(
        chosen.incidents or usual.incidents,
        chosen.records or usual.records,
        chosen.rounds or usual.rounds,
    )
    installed = Installed()
    if chosen.peers != "none":
        installed = install(chosen.cache.resolve(), node=chosen.peers == "all")
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name).resolve(), size, installed, chosen.theme)
        if size != Size():
            print("**A first look, not the figures**: fewer records or rounds.\n")
        print(HEAD)
        for figure in chosen.figures or FIGURES:
            print(f"measuring: {figure}", file=sys.stderr)
            for row in FIGURES[figure](bench):
                print(row, flush=True)
        print()
        for sentence in machine(bench):
            print(f"- {sentence}")


if __name__ == "__main__":
    main()
