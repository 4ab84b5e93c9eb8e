"""`mkdocs serve` with the plugin: it goes on, shows findings and follows changes."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from plugin_support import BROKEN, options
from site_support import (
    environment,
    write,
)


def test_serve_goes_on_shows_findings_and_follows_changes(tmp_path):
    folder = write(tmp_path, {**BROKEN, "mkdocs.yml": options("nav: true")})
    shutil.rmtree(folder / "runbooks")  # a folder that is not there must not stop the watching
    incident = folder / "incidents/INC-2025-0001/incident.md"
    incident.write_text(
        incident.read_text().split("runbooks:")[0] + "tags: [q]\n---\n\nFirst text.\n"
    )
    with served(folder, tmp_path / "log") as (address, serving):
        page = wait_for(address, "First text.", serving)
        assert "in this record" in page
        assert "SEV9" in page
        incident.write_text(incident.read_text().replace("First text.", "Second text."))
        wait_for(address, "Second text.", serving)
    said = (tmp_path / "log").read_text()
    assert re.search(r"WARNING -  incident: .+ error .+`SEV9`", said)


def test_a_template_that_comes_while_a_site_is_served_is_drawn_by(tmp_path):
    mkdocs = options("nav: true", "theme: {name: mkdocs, custom_dir: overrides}\n")
    folder = write(tmp_path, {**BROKEN, "mkdocs.yml": mkdocs, "overrides/incident/none.html": ""})
    own = folder / "overrides/incident/record.html"
    incident = folder / "incidents/INC-2025-0001/incident.md"

    def wait_after_an_edit(text):
        with incident.open("a") as file:
            file.write("\n")  # MkDocs watches no template
        wait_for(address, text, serving)

    with served(folder, tmp_path / "log") as (address, serving):
        wait_for(address, "inc-record-page", serving)
        own.write_text("Mine. {{ heading }}{{ body }}")
        wait_after_an_edit("Mine.")
        own.write_text("Mine, too. {{ heading }}{{ body }}")
        wait_after_an_edit("Mine, too.")
        own.unlink()
        wait_after_an_edit("inc-record-page")


@contextmanager
def served(folder, log):
    """Serve a folder; give the address of an incident's page, and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w") as output:
        serving = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=folder, env=environment(), stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}/incidents/INC-2025-0001/incident/", serving
        finally:
            serving.terminate()
            serving.wait(10)


def wait_for(address, text, process, seconds=90):
    """The page at `address` once it holds `text`."""
    end = time.monotonic() + seconds
    page = ""
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback
                page = answer.read().decode()
        except OSError:  # refused, reset or slow: not there yet
            page = ""
        if text in page:
            return page
        time.sleep(0.2)
    raise AssertionError(f"{text!r} did not appear (exit {process.poll()}): {page[-500:]}")
