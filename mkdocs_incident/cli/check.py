"""``mkdocs-incident check``: its options; what they ask for is in ``gate.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mkdocs_incident.cli.options import Moment, config_option, format_option
from mkdocs_incident.file_names import BASELINE_NAME, CACHE_NAME
from mkdocs_incident.reporters import FORMATS
from mkdocs_incident.wording import joined

LEVELS = click.Choice(["note", "warning", "error"])


class ReportFile(click.ParamType[Any]):
    """A format and the file that gets it, as ``junit=junit.xml``."""

    name = "report"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the format's name and the path."""
        output, _, path = value.partition("=")
        if output not in FORMATS or not path:
            self.fail(f"`{value}` is not FORMAT=FILE with {joined([*FORMATS], 'or')}", param, ctx)
        return output, Path(path)


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@config_option
@format_option(*FORMATS, what="findings are")
@click.option(
    "--as-of",
    type=Moment(),
    metavar="WHEN",
    help="Day (2025-10-01) or time (2025-10-01T12:00Z) that deadlines are judged at; default: now.",
)
@click.option(
    "--fail-on",
    type=LEVELS,
    default="error",
    show_default=True,
    help="Exit with 1 when a finding is at least this grave.",
)
@click.option(
    "--clock",
    type=LEVELS,
    help="Level of findings that the passing of time decides; default: note.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Only these rules: names, codes or beginnings of codes.",
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules.")
@click.option(
    "--fix",
    is_flag=True,
    help="Repair first what has one right answer, such as `Sev-1` for `SEV1`.",
)
@click.option("--diff", is_flag=True, help="Print what `--fix` would change, and write nothing.")
@click.option(
    "--since",
    metavar="REF",
    help="Count what the baseline holds, too, in records changed since REF, such as origin/main; "
    "in the format markdown, tell what the change brings.",
)
@click.option(
    "--baseline/--no-baseline",
    "with_baseline",
    default=True,
    help=f"Leave out what {BASELINE_NAME} holds, where there is one; default: yes.",
)
@click.option(
    "--cache/--no-cache",
    "with_cache",
    default=True,
    help=f"Judge only what may have changed since the last run, as {CACHE_NAME}/ remembers it; "
    "default: yes.",
)
@click.option(
    "--report",
    "files",
    type=ReportFile(),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write the findings to a file, too; may be given again.",
)
def command(output: str, **options: Any) -> None:
    """Check all records; PATH narrows what is reported, never what is read.

    Records are the Markdown files in incidents/ and runbooks/, or in the folders that
    incident.yml names under `sources`.
    """
    from mkdocs_incident.cli.gate import Asked, run  # noqa: PLC0415 - a wrong option waits for nothing

    run(Asked(**options), output=output)
