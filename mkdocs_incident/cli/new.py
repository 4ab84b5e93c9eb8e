"""``mkdocs-incident new``: begin a record, with the next id and in the right place."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from mkdocs_incident.authoring.drafts import (
    Declaration,
    Draft,
    declaration_of,
    incident_text,
    postmortem_draft,
    runbook_draft,
    runbook_id,
    subject_named,
)
from mkdocs_incident.authoring.places import claimed_id, path_form, path_of
from mkdocs_incident.authoring.webhooks import Alerted, PayloadError, read_payload
from mkdocs_incident.cli.incident_argument import find_incident, incident_argument
from mkdocs_incident.cli.new_file import (
    edit_option,
    known_handle,
    known_service,
    open_in_editor,
    refusals,
    write_new,
)
from mkdocs_incident.cli.options import Moment, config_option
from mkdocs_incident.cli.plan import another_option, at_option, author_option, write_plan
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy, read_corpus
from mkdocs_incident.cli.written import WrittenText, refuse_unwritable
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.source.canonical import level_meant
from mkdocs_incident.wording import clip, joined, listed

_LARGEST = 10 * 1024 * 1024
"""Bytes of a payload that are read; webhooks are a few kilobytes."""


@click.group("new")
def command() -> None:
    """Begin an incident, a postmortem, a runbook or a mitigation plan.

    Nothing is ever written over. A file of the same name in `.incident/templates/` replaces the
    template that comes with mkdocs-incident.
    """


@command.command("incident")
@click.option("--title", type=WrittenText(), help="What fails, for whom.")
@click.option("--severity", metavar="LEVEL", help="A level of the policy.")
@click.option("--commander", type=WrittenText(), metavar="HANDLE", help="Who leads the response.")
@click.option(
    "--service",
    "services",
    type=WrittenText(),
    metavar="NAME",
    multiple=True,
    help="A service that is hit.",
)
@click.option(
    "--alert",
    "alerts",
    type=WrittenText(),
    metavar="NAME",
    multiple=True,
    help="An alert that fired.",
)
@click.option("--impact", type=WrittenText(), help="Who is hit, and what they can't do.")
@click.option(
    "--from",
    "source",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="A webhook's body from Alertmanager or PagerDuty; `-` reads standard input.",
)
@click.option(
    "--started-at", type=Moment(), metavar="WHEN", help="When harm began, if it is known."
)
@click.option(
    "--detected-at",
    type=Moment(),
    metavar="WHEN",
    help="When it was noticed; default: the first alert, else now.",
)
@click.option("--at", type=Moment(), metavar="WHEN", help="When it is declared; default: now.")
@edit_option
@config_option
@explain_policy_errors
def incident(  # noqa: PLR0913, PLR0917 - one argument an option
    title: str | None,
    severity: str | None,
    commander: str | None,
    services: tuple[str, ...],
    alerts: tuple[str, ...],
    impact: str | None,
    source: str | None,
    started_at: datetime | None,
    detected_at: datetime | None,
    at: datetime | None,
    edit: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Declare an incident.

    It has the next id, and stands where the repository's other incidents do. What is not given is asked for on a terminal: title, severity, services, commander.
    """
    corpus = read_corpus(find_policy(config))
    alerted = _payload(corpus, source) if source is not None else None
    declared_at = _minute(at or datetime.now(UTC))
    known: dict[str, Any] = {
        "title": title or (alerted.title if alerted else None),
        "severity": severity or (alerted.severity if alerted else None),
        "commander": commander,
        "services": services,
    }
    if sys.stdin.isatty():
        known |= _asked(corpus, known, is_told=bool(alerted and alerted.services))
    _check(corpus, known)
    known |= {
        "declared_at": declared_at,
        "detected_at": _minute(detected_at) if detected_at else None,
        "started_at": _minute(started_at) if started_at else None,
        "alerts": alerts,
        "impact": impact,
    }
    if alerted is not None:
        declared = declaration_of(alerted, **known)
    else:
        known["detected_at"] = known["detected_at"] or declared_at
        declared = Declaration(**known)
    _name_alike(corpus, declared)
    _declare(corpus, declared, edit=edit)


def _payload(corpus: Corpus, source: str) -> Alerted:
    try:
        with click.open_file(source, "rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise click.UsageError(f"`{clip(source)}` can't be read: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise click.UsageError(f"`{clip(source)}` is too large for the body of a webhook")
    try:
        return read_payload(content.decode("utf-8-sig", "replace"), corpus)
    except PayloadError as error:
        raise click.UsageError(f"No incident can be read from `{clip(source)}`: {error}") from None


def _asked(corpus: Corpus, known: dict[str, Any], *, is_told: bool) -> dict[str, Any]:
    """Ask a person for what is not known; what can't be is asked again at once."""
    levels = [level.name for level in corpus.policy.levels]
    given = dict(known)
    given["title"] = known["title"] or click.prompt("What fails, for whom", value_proc=_line)
    given["severity"] = known["severity"] or click.prompt(
        f"Severity ({', '.join(levels)})", value_proc=lambda text: _level(corpus, _line(text))
    )
    if not known["services"] and not is_told:
        given["services"] = click.prompt(
            "Services, with commas",
            default="",
            show_default=False,
            value_proc=lambda text: _services(corpus, text),
        )
    given["commander"] = known["commander"] or click.prompt(
        "Incident commander, as a handle",
        value_proc=lambda text: known_handle(corpus, "--commander", _line(text)),
    )
    return given


def _line(text: str) -> str:
    """Return what somebody typed, on one line.

    Raises:
        click.UsageError: nothing, or what no record may hold.
    """
    refuse_unwritable("The answer", text)
    line = " ".join(text.split())
    if not line:
        raise click.UsageError("Nothing was typed")
    return line


def _services(corpus: Corpus, text: str) -> tuple[str, ...]:
    refuse_unwritable("The answer", text)
    names = (name.strip() for name in text.split(","))
    return tuple(known_service(corpus, "--service", name) for name in names if name)


def _level(corpus: Corpus, written: str) -> str:
    """Return the level that a text means, such as ``sev-2``.

    Raises:
        click.UsageError: the policy has none of that name.
    """
    levels = tuple(level.name for level in corpus.policy.levels)
    meant = level_meant(written, levels)
    if meant is None:
        raise click.UsageError(f"`{clip(written)}` is not one of {', '.join(levels)}")
    return meant


def _check(corpus: Corpus, known: dict[str, Any]) -> None:
    """Refuse what is missing, and names that the policy does not know.

    Raises:
        click.UsageError: what is missing or unknown.
    """
    for name in ("title", "severity", "commander"):
        known[name] = " ".join((known[name] or "").split())
    missing = [f"`--{name}`" for name in ("title", "severity", "commander") if not known[name]]
    if missing:
        raise click.UsageError(f"Give {joined(missing)}: nothing else says it")
    known["severity"] = _level(corpus, known["severity"])
    known_handle(corpus, "--commander", known["commander"])
    for name in known["services"]:
        known_service(corpus, "--service", name)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _name_alike(corpus: Corpus, declared: Declaration) -> None:
    """Say which open incidents have an alert in common: a webhook may come twice."""
    for one in corpus.incidents:
        common = sorted(set(one.alerts) & set(declared.alerts))
        if one.is_live and common:
            click.echo(visible(f"note: {one.id} is open and names {listed(common)}, too"), err=True)


def _declare(corpus: Corpus, declared: Declaration, *, edit: bool) -> None:
    with refusals(), claimed_id(corpus, declared.began.year) as ident:
        path = path_of(path_form(corpus), ident, declared.began, declared.title)
        draft = Draft(path, incident_text(corpus, ident, path, declared))
        then = (
            f'`mkdocs-incident log {ident} "…"` adds to its timeline, '
            f"`mkdocs-incident comms {ident}` writes updates"
        )
        if declared.severity_reason is not None:
            then = f"judge {declared.severity} again, an alert chose it; {then}"
        write_new(corpus, draft, then, ident)
    open_in_editor(corpus, draft.path, wanted=edit)


@command.command("postmortem")
@click.argument("idents", metavar="INC…", nargs=-1, required=True)
@click.option("--title", type=WrittenText(), help="Default: the incident's.")
@click.option(
    "--author",
    "authors",
    type=WrittenText(),
    metavar="HANDLE",
    multiple=True,
    help="Who writes it.",
)
@edit_option
@config_option
@explain_policy_errors
def postmortem(
    idents: Sequence[str],
    title: str | None,
    authors: tuple[str, ...],
    edit: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Begin the postmortem of INC, or of several incidents with one cause.

    It leads to what the incident's record says and repeats nothing of it.
    """
    corpus = read_corpus(find_policy(config))
    incidents = list({id(one): one for one in (find_incident(corpus, i) for i in idents)}.values())
    for one in incidents:
        reviews = corpus.postmortems_of(one)
        if reviews:
            raise click.UsageError(
                f"`{one.id}` has a postmortem, {reviews[0].document.path}. Edit that one"
            )
    for author in authors:
        known_handle(corpus, "--author", author)
    with refusals():
        draft = postmortem_draft(corpus, incidents, title, authors)
        write_new(corpus, draft, "write it with those who were there, then `mkdocs-incident check`")
    open_in_editor(corpus, draft.path, wanted=edit)


@command.command("runbook")
@click.option(
    "--for",
    "subject",
    type=WrittenText(),
    metavar="NAME",
    required=True,
    help="The service or the alert.",
)
@click.option("--title", type=WrittenText(), help="Default: the name of the service or the alert.")
@click.option(
    "--owner", type=WrittenText(), metavar="HANDLE", help="Default: who owns the service."
)
@edit_option
@config_option
@explain_policy_errors
def runbook(
    subject: str,
    title: str | None,
    owner: str | None,
    edit: bool,  # noqa: FBT001 - a flag
    config: Path | None,
) -> None:
    """Begin a runbook for a service or an alert.

    `mkdocs-incident runbook-updates draft INC` fills one with what an incident taught.
    """
    corpus = read_corpus(find_policy(config))
    wanted = subject_named(corpus, subject)
    if wanted is None:
        names = [service.name for service in corpus.policy.services]
        names += [name for service in corpus.policy.services for name in service.alerts]
        names += [alert.name for alert in corpus.alert_rules]
        hint = nearest(subject, names, "Correct it, or add it to `services` in incident.yml")
        raise click.UsageError(f"`{clip(subject)}` is neither a service nor an alert here. {hint}")
    known_as = corpus.runbook_by_id.get(runbook_id(wanted))
    if known_as is not None:
        raise click.UsageError(
            f"`{known_as.id}` exists, in {known_as.document.path}. Edit that one"
        )
    if owner is not None:
        known_handle(corpus, "--owner", owner)
    with refusals():
        draft = runbook_draft(corpus, wanted, title, owner)
        write_new(corpus, draft, "write its steps, then set `status: active`", runbook_id(wanted))
    open_in_editor(corpus, draft.path, wanted=edit)


@command.command("mitigation-plan")
@incident_argument
@another_option
@author_option
@at_option
@edit_option
@config_option
@explain_policy_errors
def mitigation_plan(  # noqa: PLR0913, PLR0917 - one argument an option
    ident: str,
    another: bool,  # noqa: FBT001 - a flag
    author: str | None,
    at: datetime | None,
    edit: bool,  # noqa: FBT001
    config: Path | None,
) -> None:
    """Begin the mitigation plan of INC, as `mkdocs-incident plan` does."""
    corpus = read_corpus(find_policy(config))
    write_plan(corpus, ident, _minute(at or datetime.now(UTC)), author, another=another, edit=edit)
