"""A process that has loaded what a build loads, and makes each build in a copy of itself.

Most of the time that a small site takes goes into the loading of MkDocs and of ours, and into the compiling of
our templates. A copy finds both done, and shares nothing with another: it reads its repository, its arguments and
its environment as a process that begins does. `site_support.build` asks it; it ends with who asks.
"""

import json
import os
import runpy
import signal
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

from mkdocs_incident.pages.environment import compile_all, environment
from mkdocs_incident.policy import Policy

LOADED = (
    "jsonschema_rs",
    "markdown.extensions.admonition",
    "markdown.extensions.attr_list",
    "markdown.extensions.codehilite",
    "markdown.extensions.fenced_code",
    "markdown.extensions.tables",
    "material.plugins.search.plugin",
    "material.plugins.tags.plugin",
    "mkdocs.commands.build",
    "mkdocs.config.defaults",
    "mkdocs.contrib.search",
    "mkdocs_incident.plugin",
    "pymdownx.details",
    "pymdownx.superfences",
)
SECONDS = 120
"""After these a build is ended."""


def begin(asked, log):
    """Make this copy what a process is that begins with such a build."""
    signal.alarm(SECONDS)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.path[0] = asked["folder"]
    sys.argv = ["mkdocs", *asked["arguments"]]


def answer(asked):
    """Return how the command ended, and all that it said."""
    with TemporaryFile() as log:
        copy = os.fork()
        if not copy:
            begin(asked, log)
            runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)
            sys.exit()
        code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
        log.seek(0)
        return {"code": code, "log": log.read().decode()}


if __name__ == "__main__":
    for name in LOADED:
        import_module(name)
    compile_all(environment(Policy(Path()).levels))
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(answer(json.loads(line)))}\n")
        sys.stdout.flush()
