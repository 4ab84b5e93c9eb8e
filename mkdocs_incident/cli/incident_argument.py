"""What commands about one incident need: its id as an argument, and the incident."""

from __future__ import annotations

import click

from mkdocs_incident.cli.record_argument import known_id, refuse_unreadable
from mkdocs_incident.corpus import Corpus
from mkdocs_incident.records import Incident
from mkdocs_incident.rules.references import nearest
from mkdocs_incident.wording import clip

incident_argument = click.argument("ident", metavar="INC")


def find_incident(corpus: Corpus, ident: str) -> Incident:
    """Return the incident with an id, in any letter case; of one that does not exist, name the nearest.

    Raises:
        click.UsageError: there is none, or its file can't be read.
    """
    meant = known_id(ident, corpus.incident_by_id)
    if meant is None:
        refuse_unreadable(corpus, ident)
        hint = nearest(ident, corpus.incident_by_id)
        raise click.UsageError(f"`{clip(ident)}` is not the id of an incident here. {hint}")
    return corpus.incident_by_id[meant]
