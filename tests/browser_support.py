"""The site of the sample knowledge base in a real browser: which pages there are, how they are opened."""

import functools
import os
import re
import shutil
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from site_support import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = os.environ.get("MKDOCS_INCIDENT_REQUIRE_BROWSER") == "1"

PAGES = {
    "overview": "knowledge-base/",
    "postmortems": "knowledge-base/postmortems/",
    "actions": "knowledge-base/action-items/",
    "runbook updates": "knowledge-base/runbook-updates/",
    "runbooks": "knowledge-base/runbooks/",
    "incidents": "knowledge-base/incidents/",
    "trends": "knowledge-base/trends/",
    "services": "knowledge-base/services/",
    "service": "knowledge-base/services/payments-api/",
    "owners": "knowledge-base/owners/",
    "owner": "knowledge-base/owners/platform-team/",
    "causes": "knowledge-base/causes/",
    "cause": "knowledge-base/causes/process/",
    "incident": "incidents/2025/INC-2025-0003/incident/",
    "live incident": "incidents/2025/INC-2025-0031/incident/",
    "incident with a waiver": "incidents/2024/INC-2024-0028/incident/",
    "one-file incident": "incidents/2025/INC-2025-0011-slow-label-print/",
    "postmortem": "incidents/2025/INC-2025-0003/postmortem/",
    "plan": "incidents/2025/INC-2025-0007/mitigation-plan/",
    "runbook": "runbooks/sorting-gateway/",
}
ONE_FILE_REVIEWS = 3
REVIEWS = len(list((ROOT / "incidents").rglob("postmortem.md"))) + ONE_FILE_REVIEWS
PALETTES = {"light": "default", "dark": "slate"}


def chromium():
    """Path of a browser on this machine; the test is skipped, or fails, without one."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"no Chromium on this machine (looked for {', '.join(NAMES)})"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    return path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing: the test's own output counts."""


@contextmanager
def served(folder):
    """Serve a folder on the loopback; gives its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def copy_of_this_repository(folder):
    """The sample knowledge base with this project's own site configuration."""
    for name in ("docs", "incidents", "monitoring", "runbooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "incident.yml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def listening(page, address):
    """Keep on the page what it logs, and what it asks for from elsewhere."""
    page.said, page.outside = [], []
    page.on(
        "console",
        lambda m: page.said.append(m.text) if m.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: page.said.append(error.stack or str(error)))
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((address, "data:", "blob:")) else page.outside.append(r.url)
        ),
    )
    return page


def errors(page):
    """What went wrong on a page, but for two scripts of the plain theme that fail without ours, too."""
    own = re.compile(r"/js/(?:base|darkmode)\.js")
    return [said for said in page.said if not own.search(said)]
