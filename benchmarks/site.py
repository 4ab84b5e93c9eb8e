"""How large the search index of a site is, and what long tables cost: ``.venv/bin/python benchmarks/site.py``.

Builds a site of 1,000 generated incidents, each with a postmortem, in two themes and prints the size of
``search_index.json``. Then opens tables of incidents of several lengths in the machine's Chromium. Another number
of incidents may be given as an argument.
"""
# ruff: noqa: INP001, S311, S603, T201 - a script that prints, runs mkdocs, and whose chance is repeatable

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

YEARS = range(2021, 2026)
SERVICES = ("orders", "checkout", "label-print", "routing", "payments-api", "tracking")
WORDS = [
    "queue",
    "worker",
    "belt",
    "scanner",
    "timeout",
    "deploy",
    "cache",
    "index",
    "certificate",
    "disk",
    "pool",
    "retry",
]
CAUSES = ("people", "process", "technology", "environment")
CONFIG = """\
site_name: Many
theme: {{name: {theme}}}
plugins: [search, {{incident: {{as_of: 2025-12-31, on_findings: ignore}}}}]
"""
INCIDENT = """\
---
id: {id}
title: {title}
severity: SEV{severity}
status: resolved
incident_commander: "@{service}-lead"
services: [{service}]
---

**Impact:** {number} parcels were late.

## Timeline (UTC)

- {day} 08:00 — alert fires
- {day} 08:10 — acknowledged
- {day} 09:00 — resolved
"""
POSTMORTEM = """\
---
kind: postmortem
incidents: [{id}]
title: Review of {title}
status: final
contributing_factors:
  - {{ factor: Nothing limited it, category: {cause} }}
---

## Root cause

The {service} did not retry.

## Action items

- [x] Limit the {title} (@{service}-team, due {day})
- [ ] Alert on the {title} (@{service}-team, due 2026-01-10)
"""
LENGTHS = (1000, 2000, 5000, 10000)


def generate(folder: Path, count: int) -> None:
    """Write a repository of so many incidents, the same ones in every run."""
    chance = random.Random(7)
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text("# Home\n", "utf-8")
    for number in range(count):
        year = YEARS[number * len(YEARS) // count]
        facts = {
            "id": f"INC-{year}-{number:05}",
            "title": " ".join(chance.sample(WORDS, 3)),
            "severity": number % 4 + 1,
            "service": chance.choice(SERVICES),
            "cause": chance.choice(CAUSES),
            "number": number,
            "day": f"{year}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        }
        place = folder / "incidents" / str(facts["id"])
        place.mkdir(parents=True)
        (place / "incident.md").write_text(INCIDENT.format(**facts), "utf-8")
        (place / "postmortem.md").write_text(POSTMORTEM.format(**facts), "utf-8")


def build(folder: Path, theme: str) -> Path:
    """Build the site in a theme, and return where it is."""
    (folder / "mkdocs.yml").write_text(CONFIG.format(theme=theme), "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", theme]
    subprocess.run(command, cwd=folder, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, check=True)
    return folder / theme


def opened(browser: Browser, path: Path) -> str:
    """Return how long a table takes until its filters are there, to filter and to sort."""
    page = browser.new_page()
    begin = time.monotonic()
    page.goto(path.as_uri())
    page.locator(".inc-filter").wait_for()
    loaded = time.monotonic() - begin
    timed = """([selector, act]) => {
        const part = document.querySelector(selector), begin = performance.now();
        act === "click" ? part.click() : (part.value = act, part.dispatchEvent(new Event("input")));
        document.body.getBoundingClientRect();
        return (performance.now() - begin) / 1000;
    }"""
    filtered = page.evaluate(timed, [".inc-filter input", "q"])
    ordered = page.evaluate(timed, [".inc-sort", "click"])
    page.close()
    return f"{loaded:4.1f} s to open, {filtered:.2f} s to filter, {ordered:.1f} s to sort"


def main() -> None:
    """Print the numbers."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        generate(folder, count)
        for theme in ("mkdocs", "material"):
            site = build(folder, theme)
            size = (site / "search/search_index.json").stat().st_size
            print(f"{count:,} incidents, {theme}: search index {size / 1e6:.1f} MB")
        table = site / "knowledge-base/incidents/index.html"
        text = table.read_text("utf-8")
        rows = re.findall(r'<tr class="inc-row".*?</tr>', text, re.DOTALL)
        begin, end = text.index(rows[0]), text.index(rows[-1]) + len(rows[-1])
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for length in LENGTHS:
            body = "".join((rows * (length // len(rows) + 1))[:length])
            table.write_text(text[:begin] + body + text[end:], "utf-8")
            size = table.stat().st_size
            print(f"{length:6,} rows, {size / 1e6:.1f} MB: {opened(browser, table)}")
        browser.close()


if __name__ == "__main__":
    main()
