"""What a record is listed and filtered under, whatever kind it is."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mkdocs_incident.language import gettext
from mkdocs_incident.pages.site import Site, gravest
from mkdocs_incident.records import Incident
from mkdocs_incident.records.values import texts
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import words


class Labels(msgspec.Struct, frozen=True):
    """A record in a few words; what is not recorded is None or empty."""

    kind: str
    """As people read it: ``mitigation plan``."""
    severity: str | None
    """For a postmortem the gravest of its incidents, for a plan its incident's."""
    status: str
    """As people read it: ``in review``."""
    services: tuple[str, ...]
    year: str | None
    """In which the incident began."""
    own: tuple[str, ...]
    """The record's own tags."""

    @property
    def tags(self) -> tuple[str, ...]:
        """The record's own tags, then severity, status and services.

        A status is named as one, since ``monitoring`` may be a subject, too.
        """
        severity = [self.severity] if self.severity else []
        tags = [
            *self.own,
            *severity,
            gettext("status: %(status)s", status=self.status),
            *self.services,
        ]
        return tuple(dict.fromkeys(tags))


def labels_of(site: Site, document: Document) -> Labels | None:
    """Return the labels of a record, None for a file that is none."""
    path = document.path
    if review := site.corpus.review_by_path.get(path):
        incidents = tuple(site.corpus.incidents_of(review))
        return _told(document, gravest(site, incidents), review.status, incidents)
    if incident := site.corpus.incident_by_path.get(path):
        return _told(document, incident.severity, incident.status, [incident])
    if plan := site.corpus.plan_by_path.get(path):
        whole = site.corpus.incident_by_id.get(plan.incident_id or "")
        severity = plan.severity or (whole.severity if whole else None)
        return _told(document, severity, plan.status, [whole] if whole else [])
    if state := site.runbooks.get(path):
        return _told(document, None, state.runbook.status, (), state.runbook.services)
    return None


def _told(
    document: Document,
    severity: str | None,
    status: str,
    incidents: Sequence[Incident],
    services: Sequence[str] = (),
) -> Labels:
    named = [*services, *(name for incident in incidents for name in incident.services)]
    years = [str(incident.began.year) for incident in incidents if incident.began]
    return Labels(
        kind=words(document.kind),
        severity=severity,
        status=words(status),
        services=tuple(dict.fromkeys(named)),
        year=min(years, default=None),
        own=texts(document.record, "tags"),
    )
