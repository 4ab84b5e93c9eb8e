"""The command line: ``main`` runs it, ``commands.py`` lists it, each command has a file."""

from __future__ import annotations

import gc
import sys

from mkdocs_incident import __version__


def main() -> None:
    """Run the command line; text that a terminal can't show is escaped, never an error.

    Raises:
        SystemExit: always; 2 for an internal error, with its traceback on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if sys.argv[1:] == ["--version"]:  # answered before anything is imported
        print(f"mkdocs-incident, version {__version__}")  # noqa: T201
        raise SystemExit
    gc.disable()  # a command ends before cycles matter; looking for them takes a fifth of its time
    try:
        from mkdocs_incident.cli.commands import cli  # noqa: PLC0415

        cli(prog_name="mkdocs-incident")
    except Exception:  # noqa: BLE001 - whatever it is, it must not look like a finding
        sys.excepthook(*sys.exc_info())
        from mkdocs_incident.cache.store import forget_all  # noqa: PLC0415 - nothing before needs it

        forget_all()
        print(  # noqa: T201
            "mkdocs-incident: internal error. What was remembered of the records is forgotten:"
            " run it again, and report it if it comes back",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    finally:
        gc.freeze()  # nor does the interpreter, as it ends
