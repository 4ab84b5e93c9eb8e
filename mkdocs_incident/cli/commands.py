"""The commands: one file each, imported when it is called."""

from __future__ import annotations

import importlib

import click

from mkdocs_incident import __version__

COMMANDS = (
    "actions",
    "adopt",
    "baseline",
    "check",
    "comms",
    "explain",
    "log",
    "lsp",
    "new",
    "plan",
    "policy",
    "report",
    "rules",
    "runbook-updates",
    "schema",
    "set",
    "severity",
    "show",
    "similar",
)


class _Commands(click.Group):
    """Finds ``runbook-updates`` in ``cli/runbook_updates.py``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"mkdocs_incident.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mkdocs-incident")
def cli() -> None:
    """Check incidents, runbooks and postmortems that live in git as Markdown.

    Exit status: 0 clean, 1 findings, 2 wrong usage or policy, or an internal error.
    """
