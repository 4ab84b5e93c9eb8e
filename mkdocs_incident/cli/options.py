"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mkdocs_incident.file_names import CONFIG_NAME

F = TypeVar("F", bound=Callable[..., Any])

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"The policy file; default: {CONFIG_NAME} in the current folder or above.",
)


def format_option(*formats: str, what: str) -> Callable[[F], F]:
    """Return the option ``--format``, of which the first format is the default."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help=f"How {what} printed.",
    )


class Moment(click.ParamType[Any]):
    """A day or an instant given on the command line."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the instant in UTC."""
        from mkdocs_incident.source.times import parse_as_of  # noqa: PLC0415 - a wrong option waits for nothing

        try:
            return parse_as_of(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)
