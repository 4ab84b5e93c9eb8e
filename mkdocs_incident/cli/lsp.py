"""``mkdocs-incident lsp``: the language server for editors."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import click


@click.command("lsp")
def command() -> None:
    """Serve editors by the Language Server Protocol, on standard input and output.

    Editors start this; it waits for a client and shows nothing by itself. It needs the extra `lsp`:
    pip install 'mkdocs-incident[lsp]'.
    """
    try:
        from mkdocs_incident.lsp.server import serve  # noqa: PLC0415 - an extra, asked for here
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in {"pygls", "lsprotocol", "cattrs", "attrs"}:
            raise
        raise click.UsageError(
            "The language server needs pygls: pip install 'mkdocs-incident[lsp]'"
        ) from None
    gc.enable()  # other commands end soon
    serve(lambda: datetime.now(UTC))
