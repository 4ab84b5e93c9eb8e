"""``mkdocs-incident similar``: what happened before that is like this, and what would have prevented it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from mkdocs_incident.cli.options import config_option, format_option
from mkdocs_incident.cli.record_argument import refuse_unreadable
from mkdocs_incident.cli.repository import explain_policy_errors, find_policy, read_corpus
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.insights.recurrence import MissedPrevention, missed_prevention
from mkdocs_incident.insights.similarity import LIMIT, Similar, Similarity
from mkdocs_incident.records import Incident
from mkdocs_incident.reporters.json import dumps
from mkdocs_incident.reporters.text import visible
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.source.document import Document, read_document


@click.command("similar")
@click.argument("record", metavar="FILE_OR_ID")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=LIMIT,
    show_default=True,
    help="How many incidents to show.",
)
@format_option("text", "json", what="incidents are")
@config_option
@explain_policy_errors
def command(record: str, limit: int, output: str, config: Path | None) -> None:
    """List the incidents most like one, each with the reasons.

    FILE_OR_ID is the id of an incident, or the file of an incident or postmortem; a draft may lie
    anywhere. Where the incident repeats an earlier one, the earlier preventive actions are told as
    they stood when it began.
    """
    corpus, incident = _find(read_corpus(find_policy(config)), record)
    similarity = Similarity(corpus)
    matches = similarity.similar(incident, limit)
    missed = missed_prevention(incident, similarity)
    if output == "json":
        click.echo(dumps(_as_json(incident, matches, missed)), nl=False)
        return
    click.echo("\n\n".join(_blocks(incident, matches, missed)))


def _find(corpus: Corpus, name: str) -> tuple[Corpus, Incident]:
    """Return the incident that an id or a file means, and the corpus with it."""
    if name in corpus.incident_by_id:
        return corpus, corpus.incident_by_id[name]
    try:
        real = Path(name).resolve()
        is_file = real.is_file()
    except (OSError, ValueError):  # a name that no file can have
        is_file = False
    if not is_file:
        refuse_unreadable(corpus, name)
        hint = nearest(name, corpus.incident_by_id)
        raise click.UsageError(f"`{name}` is neither a file nor the id of an incident here. {hint}")
    root = corpus.policy.root
    document = next((d for d in corpus.documents if (root / d.path).resolve() == real), None)
    if document is None:
        document = read_document(name, _content(real), corpus.policy.read_options)
        corpus = replace(corpus, documents=(*corpus.documents, document))
    return corpus, _incident_in(corpus, document)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"`{file}` can't be read: {error.strerror}") from None


def _incident_in(corpus: Corpus, document: Document) -> Incident:
    """Return the incident that a document tells, its own or the first that its review covers."""
    if not document.is_record:
        raise click.UsageError(
            f"`{document.path}` can't be read as a record; `mkdocs-incident check` says why"
        )
    own = (incident for incident in corpus.incidents if incident.document is document)
    reviewed = (
        incident
        for review in corpus.postmortems
        if review.document is document
        for incident in corpus.incidents_of(review)
    )
    found = next(own, None) or next(reviewed, None)
    if found is None:
        raise click.UsageError(
            f"`{document.path}` is a {document.kind} and tells no incident, expected an incident or a postmortem"
        )
    return found


def _blocks(
    incident: Incident, matches: list[Similar], missed: list[MissedPrevention]
) -> Iterator[str]:
    """Yield a block an incident: the similar ones, then earlier ones whose prevention was missed."""
    earlier: dict[str, list[MissedPrevention]] = {}
    for item in missed:
        earlier.setdefault(item.earlier.document.path, []).append(item)
    for match in matches:
        again = match.looks_like and not match.is_declared
        said = f"looks like the same again: {match.words}" if again else match.words
        yield _block(match.incident, said, earlier.pop(match.incident.document.path, []))
    for items in earlier.values():
        yield _block(items[0].earlier, "came back here as well", items)
    if not matches and not missed:
        yield visible(f"No incident is like {incident.id or incident.document.path}")


def _block(incident: Incident, said: str, missed: list[MissedPrevention]) -> str:
    facts = (incident.id or incident.document.path, incident.severity, incident.day)
    known = "  ".join(str(fact or "not recorded") for fact in facts)
    lines = [f"{known}  {incident.title}", f"  {said}", *(f"  {item.words}" for item in missed)]
    return "\n".join(map(visible, lines))


def _as_json(
    incident: Incident, matches: list[Similar], missed: list[MissedPrevention]
) -> dict[str, Any]:
    return {
        "version": 1,
        "id": incident.id,
        "path": incident.document.path,
        "similar": [
            {
                **_summary(match.incident),
                "score": match.score,
                "looks_like": match.looks_like,
                "reasons": [
                    {"kind": reason.kind, "values": reason.values} for reason in match.reasons
                ],
                "words": match.words,
            }
            for match in matches
        ],
        "missed_prevention": [
            {
                "earlier": item.earlier.id,
                "declared": item.is_declared,
                "id": item.action.id,
                "title": item.action.title,
                "owner": item.action.owner,
                "due": item.action.due and item.action.due.isoformat(),
                "state": item.state,
                "days_open": item.days_open,
                "days_overdue": item.days_overdue,
                "path": item.action.location.path,
                "line": item.action.location.line,
                "words": item.words,
            }
            for item in missed
        ],
    }


def _summary(incident: Incident) -> dict[str, str | None]:
    day = incident.day
    return {
        "id": incident.id,
        "path": incident.document.path,
        "title": incident.title,
        "severity": incident.severity,
        "date": day.isoformat() if day else None,
    }
