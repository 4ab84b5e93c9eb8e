"""Small repositories, built for real, and their sites as a reader's browser would follow them."""

import atexit
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parent.parent

INCIDENT = """\
---
kind: incident
id: INC-2025-0001
title: Orders stay in the queue
severity: SEV2
status: closed
incident_commander: "@orders-lead"
services: [orders]
alerts: [OrderQueueAge]
runbooks:
  - id: RB-orders
    verdict: missing-step
    note: Nothing in it says how to drain the queue.
evidence:
  - title: Queue age
    path: evidence/queue.csv
tags: [queue]
---

# INC-2025-0001: Orders stay in the queue

**Impact:** Orders were late.

![Age of the queue](evidence/queue.svg)

## Timeline

| Time (UTC) | Event |
| --- | --- |
| 2025-03-03 08:00 | Detected: alert `OrderQueueAge` |
| 2025-03-03 08:10 | Acknowledged by @orders-oncall |
| 2025-03-03 08:12 | @orders-lead assigned as incident commander |
| 2025-03-03 08:40 | Cause identified: the worker hangs |
| 2025-03-03 09:02 | Mitigated: worker restarted |
| 2025-03-03 09:24 | Resolved |

See [the review](postmortem.md#root-cause) and [the numbers](evidence/queue.csv).
"""

POSTMORTEM = """\
---
kind: postmortem
incidents: [INC-2025-0001]
title: A worker that nobody restarted
status: final
published_on: 2025-03-04
action_items:
  - title: Restart the worker by itself
    type: preventive
    owner: "@orders-team"
    due: 2025-03-20
    status: open
  - title: Page when the oldest order waits for ten minutes
    type: detective
    owner: "@orders-team"
    due: 2025-03-14
    status: done
    done_on: 2025-03-12
---

# Postmortem: A worker that nobody restarted

## Root cause

The worker of INC-2025-0001 had no liveness check, see `INC-2025-0001` and INC-2025-9999.

## Lessons learned

- A process that runs is not yet one that works
"""

RUNBOOK = """\
---
id: RB-orders
title: Orders
owner: "@orders-team"
services: [orders]
alerts: [OrderQueueAge]
---

# Orders

## Mitigation

1. Restart the worker.
"""

FILES = {
    "mkdocs.yml": "site_name: Test\nplugins:\n  - search\n  - incident:\n      as_of: 2025-04-01\n",
    "docs/index.md": "# Home\n\nWhat INC-2025-0001 taught is in RB-orders.\n",
    "incidents/INC-2025-0001/incident.md": INCIDENT,
    "incidents/INC-2025-0001/postmortem.md": POSTMORTEM,
    "incidents/INC-2025-0001/evidence/queue.csv": "time,age\n08:00,600\n",
    "incidents/INC-2025-0001/evidence/queue.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "runbooks/orders.md": RUNBOOK,
}
"""A repository that has one of each and builds under --strict, but for one warning.

The warning is runbook-not-updated: `SILENT` turns it off.
"""
SILENT = "rules:\n  runbook-not-updated: off\n"
CONFIGURED = {**FILES, "incident.yml": SILENT}

PAGE_OF_INCIDENT = "incidents/INC-2025-0001/incident/index.html"
PAGE_OF_POSTMORTEM = "incidents/INC-2025-0001/postmortem/index.html"


def write(folder, files):
    """Write files, given as path → text; a text of None removes one."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink()
        else:
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@dataclass
class Built:
    """What a build said and wrote."""

    code: int
    log: str
    site: Path

    def page(self, path):
        return (self.site / path).read_text(encoding="utf-8")

    def text(self, path):
        """The words of a page, without its markup and outer theme."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.page(path)).split())

    def pages(self):
        return {p.relative_to(self.site).as_posix() for p in self.site.rglob("*.html")}


def build(folder, *arguments):
    """Build a repository in a process of its own, which finds what builds load already loaded."""
    copies = build_copies()
    asked = {
        "folder": str(folder),
        "arguments": ["build", "--site-dir", "site", *arguments],
        "environment": environment(),
    }
    copies.stdin.write(f"{json.dumps(asked)}\n")
    copies.stdin.flush()
    return outcome(folder, **json.loads(copies.stdout.readline()))


def build_from_nothing(folder, *arguments, tool="mkdocs"):
    """Build a repository as somebody does who types the command."""
    done = subprocess.run(
        [sys.executable, "-m", tool, "build", "--site-dir", "site", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return outcome(folder, done.returncode, done.stdout)


def outcome(folder, code, log):
    """What a build came to; one that MkDocs did not end by itself is a failure."""
    assert code in {0, 1, 2}, (code, log)
    assert "Traceback" not in log, log
    return Built(code, log, folder / "site")


@cache
def build_copies():
    """The process that makes builds in copies of itself, for all tests of this one."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("build_copies.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)  # it ends where there is no more to read
    return process


def environment():
    return {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "NO_COLOR": "1",
        "SOURCE_DATE_EPOCH": "1743465600",
    }


def tree(site):
    """The files of a site, by path; what of them tells when they were built is left out."""
    dated = re.compile(rb"Build Date UTC : [^\n]*")
    return {
        path.relative_to(site).as_posix(): dated.sub(b"", path.read_bytes())
        for path in sorted(site.rglob("*"))
        if path.is_file() and not path.name.startswith("sitemap.xml")
    }


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.targets = []
        self.ids = set()
        self.handlers = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids |= {values[name] for name in ("id", "name") if values.get(name)}
        self.handlers += [f"{tag} {name}" for name in values if name.startswith("on")]
        for name in ("href", "src"):
            if values.get(name):
                self.targets.append(values[name])


def event_handlers(html):
    """Every attribute that runs a script, as a browser would read the page."""
    parser = _Links()
    parser.feed(html)
    return parser.handlers


def broken_links(site):
    """Every link inside a site that leads to no file, or to no such place in it."""
    parsed = {}
    for path in site.rglob("*.html"):
        parser = _Links()
        parser.feed(path.read_text(encoding="utf-8"))
        parsed[path] = parser
    broken = []
    for path, parser in parsed.items():
        if path.name == "404.html":
            continue
        for target in parser.targets:
            scheme, host, relative, _, fragment = urlsplit(target)
            if scheme or host:
                continue
            file = (path.parent / unquote(relative)).resolve() if relative else path
            if file.is_dir():
                file /= "index.html"
            known = parsed.get(file)
            if not file.is_file() or (fragment and known and unquote(fragment) not in known.ids):
                broken.append((path.relative_to(site).as_posix(), target))
    return broken
