"""What a judgement was made from, so that it need not be made again while all of that is the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from mkdocs_incident.records import Incident
from mkdocs_incident.rules.targets import Target
from mkdocs_incident.source.document import Document

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


class Trace(msgspec.Struct):
    """What was asked while something was judged."""

    names: set[str] = msgspec.field(default_factory=set)
    """Ids, paths and the names above: what these mean has to be the same."""
    targets: dict[str, Target] = msgspec.field(default_factory=dict)
    """What is at paths that links and fields lead to."""
    since: datetime = BEGINNING
    """From when on the clock says the same."""
    until: datetime = END
    """The first moment at which it might say something else."""

    def between(self, since: datetime, until: datetime) -> None:
        """Note that nothing was learned of the clock but that it stands from `since` to before `until`."""
        self.since, self.until = max(self.since, since), min(self.until, until)

    def saw(self, documents: Iterable[Document]) -> None:
        """Note that documents were given out."""
        self.names.update(document.path for document in documents)

    def met(self, incident: Incident) -> None:
        """Note that an incident was given out, with all records that tell it."""
        self.names.update({incident.document.path, incident.id or incident.document.path})
        self.saw(incident.reviews)
