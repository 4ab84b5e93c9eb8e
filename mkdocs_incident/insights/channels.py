"""The chat channel of an incident: where its responders meet."""

from __future__ import annotations

import re

from mkdocs_incident.corpus import Corpus
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import text
from mkdocs_incident.wording import slug

LONGEST = 80
"""Characters of a channel's name. Source: what Slack allows, the least of the usual chat tools."""


def channel_of(corpus: Corpus, incident: Incident) -> str:
    """Return the channel that a plan names, else the name that the policy's pattern gives."""
    for plan in corpus.plans_of(incident):
        if (named := text(plan.document.record, "communication", "channel")) is not None:
            return named
    began = incident.began
    name = corpus.policy.channel.format(
        date=f"{began:%Y-%m-%d}" if began is not None else "",
        title=slug(incident.title),
        id=slug(incident.id or ""),
        severity=slug(incident.severity or ""),
    )
    return re.sub("--+", "-", name)[:LONGEST].rstrip("-")
