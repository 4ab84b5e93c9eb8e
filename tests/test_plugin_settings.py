"""Builds that differ from the usual one: other addresses, tools and templates, again, dirty, of next to nothing."""

import re
import subprocess
import sys
import time

import pytest
from plugin_support import MATERIAL, options
from site_support import (
    CONFIGURED,
    FILES,
    INCIDENT,
    PAGE_OF_INCIDENT,
    broken_links,
    build,
    build_from_nothing,
    environment,
    write,
)


def test_without_directory_urls(tmp_path):
    yml = FILES["mkdocs.yml"] + "use_directory_urls: false\n"
    done = build(write(tmp_path, {**CONFIGURED, "mkdocs.yml": yml}), "--strict")
    assert done.code == 0, done.log
    assert {
        "knowledge-base/postmortems.html",
        "incidents/INC-2025-0001/incident.html",
    } <= done.pages()
    assert broken_links(done.site) == []


def test_under_properdocs(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    write(folder, {"properdocs.yml": MATERIAL, "mkdocs.yml": None})
    done = build_from_nothing(folder, "--strict", tool="properdocs")
    assert done.code == 0, done.log
    assert "A worker that nobody restarted" in done.page("knowledge-base/postmortems/index.html")
    write(folder, {"incidents/INC-2025-0001/incident.md": INCIDENT.replace("severity: SEV2\n", "")})
    done = build_from_nothing(folder, tool="properdocs")
    assert done.code == 1
    assert "[missing-severity]" in done.log


TWICE = """\
import logging, sys
from contextlib import contextmanager
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
def tree():
    return {p: p.read_bytes() for p in Path("site").rglob("*") if p.suffix in {".html", ".json"}}
for folder in sys.argv[1:]:
    import os
    os.chdir(folder)
    config = load_config("mkdocs.yml", strict=True)
    build(config); first = tree()
    build(config); assert tree() == first, "same config, second build"
    build(load_config("mkdocs.yml", strict=True)); assert tree() == first, "new config"
"""


def test_twice_in_a_row_in_one_process(tmp_path):
    one = write(
        tmp_path / "one", {**CONFIGURED, "mkdocs.yml": options("nav: true", "nav: [index.md]\n")}
    )
    other = {p: t.replace("INC-2025-0001", "INC-2025-0007") for p, t in CONFIGURED.items()}
    two = write(tmp_path / "two", {p.replace("0001", "0007"): t for p, t in other.items()})
    done = subprocess.run(
        [sys.executable, "-c", TWICE, str(one), str(two)],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "INC-2025-0001" not in (two / "site/knowledge-base/postmortems/index.html").read_text()


def test_a_dirty_build_loses_nothing(tmp_path):
    folder = write(tmp_path, CONFIGURED)
    whole = build(folder)
    index = "knowledge-base/postmortems/index.html"
    before = whole.page(index)
    time.sleep(0.05)
    write(folder, {"runbooks/orders.md": (folder / "runbooks/orders.md").read_text() + "\nMore.\n"})
    done = build(folder, "--dirty")
    assert done.code == 0, done.log
    kept = [page.split("inc-page")[1] for page in (done.page(index), before)]
    assert kept[0] == kept[1]
    runbook = done.page("runbooks/orders/index.html")
    assert "More." in runbook
    assert "used this runbook" in runbook


def test_a_template_and_the_stylesheet_can_be_replaced(tmp_path):
    files = {
        **CONFIGURED,
        "mkdocs.yml": FILES["mkdocs.yml"] + "theme: {name: mkdocs, custom_dir: ours}\n",
        "ours/incident/findings.html": "",
        "ours/incident/postmortems.html": "{% for row in reviews %}OURS {{ row.review.title }}{% endfor %}",
        "docs/assets/incident.css": "/* ours */",
    }
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "OURS A worker" in done.text("knowledge-base/postmortems/index.html")
    assert done.page("assets/incident.css") == "/* ours */"


@pytest.mark.parametrize(
    ("template", "text", "said"),
    [
        ("look", "plain", r"Template `incident/look.html` has no macro `\w+`, which our `incident/\w+.html`, line \d+, uses"),
        ("action_table", "plain", r"Template `incident/action_table.html` has no macro `table`, which"),
        ("incident_table", "plain", r"Template `incident/incident_table.html` has no macro `table`, which"),
        ("record", '{% import "incident/look.html" as look %}\n{{ look.quagga() }}', r"Template `incident/record.html`, line 2: `incident/look.html` has no macro `quagga`"),
    ],
)  # fmt: skip
def test_a_macro_that_a_template_of_ones_own_lacks_is_named(tmp_path, template, text, said):
    files = {
        **CONFIGURED,
        "mkdocs.yml": FILES["mkdocs.yml"] + "theme: {name: mkdocs, custom_dir: ours}\n",
        f"ours/incident/{template}.html": text,
    }
    done = build(write(tmp_path, files))
    assert done.code == 1
    assert re.search(said, done.log), done.log
    assert "Traceback" not in done.log


@pytest.mark.parametrize("yml", [FILES["mkdocs.yml"], MATERIAL], ids=["mkdocs", "material"])
def test_a_projects_own_colours_come_after_ours(tmp_path, yml):
    files = {**CONFIGURED, "mkdocs.yml": f"{yml}extra_css: [brand.css]\n", "docs/brand.css": ""}
    page = build(write(tmp_path, files)).page(PAGE_OF_INCIDENT)
    assert page.index("/incident.css") < page.index("/brand.css")


@pytest.mark.parametrize("yml", [FILES["mkdocs.yml"], MATERIAL], ids=["mkdocs", "material"])
def test_an_empty_repository_has_pages_that_say_how_to_begin(tmp_path, yml):
    done = build(write(tmp_path, {"mkdocs.yml": yml, "docs/index.md": "# Home\n"}), "--strict")
    assert done.code == 0, done.log
    assert "incidents/INC-2025-0001/postmortem.md" in done.text(
        "knowledge-base/postmortems/index.html"
    )
    assert "No action items yet" in done.text("knowledge-base/action-items/index.html")
    assert "runbooks/checkout.md" in done.text("knowledge-base/runbook-updates/index.html")


def test_a_repository_of_one_bare_incident(tmp_path):
    bare = "---\nid: INC-2025-0001\n---\n"
    yml = options("on_findings: warn")
    files = {"mkdocs.yml": yml, "docs/index.md": "# H\n", "incidents/INC-2025-0001.md": bare}
    done = build(write(tmp_path, files))
    assert done.code == 0, done.log
    words = done.text("incidents/INC-2025-0001/index.html")
    assert "severity not recorded" in words
    assert "duration not recorded" in words


def test_the_same_docs_page_in_a_record_folder_without_findings(tmp_path):
    files = {
        **CONFIGURED,
        "incidents/index.md": "# All incidents\n\n[One](INC-2025-0001/incident.md)\n",
    }
    done = build(write(tmp_path, files), "--strict")
    assert done.code == 0, done.log
    assert "page All incidents" in done.text(PAGE_OF_INCIDENT)
