"""A schema in force, and what it finds in a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mkdocs_incident.acceptance import Accepts, acceptance
from mkdocs_incident.diagnostic import Finding, Location
from mkdocs_incident.schema.bundling import bundled
from mkdocs_incident.schema.explanation import Explanation
from mkdocs_incident.schema.formats import FORMATS, format_checker
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Positions

if TYPE_CHECKING:
    import jsonschema


class RecordSchema:
    """One schema, ready to judge; say what it finds as findings at the values' places.

    A record that is surely valid is not looked at again. Only to say what is wrong with another is the
    library `jsonschema` loaded: that takes longer than to read some hundred records.
    """

    def __init__(
        self,
        name: str,
        levels: Sequence[str] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self._levels = levels
        self._fields = fields

    @cached_property
    def document(self) -> dict[str, Any]:
        """The schema itself, with all it refers to."""
        return bundled(self.name, self._levels, self._fields)

    @cached_property
    def _accepts(self) -> Accepts | None:
        return acceptance(self.document, FORMATS)

    @cached_property
    def _validator(self) -> jsonschema.protocols.Validator:
        import jsonschema  # noqa: PLC0415 - see above

        return jsonschema.Draft202012Validator(self.document, format_checker=format_checker())

    def findings(
        self, record: Mapping[str, Any], places: Callable[[], Positions], top: Location
    ) -> list[Finding]:
        """Return what is wrong with `record`, each at its place.

        Args:
            record: what is judged.
            places: tells where values stand; not asked where nothing is wrong.
            top: where a field that is missing altogether is reported.
        """
        if self._accepts is not None and self._accepts(record):
            return []
        explanation = Explanation(self.name, self.document, places(), top)
        return explanation.findings(self._validator.iter_errors(record))


def judge(document: Document, schema: RecordSchema) -> list[Finding]:
    """Return what the schema finds in a document's merged record."""
    return schema.findings(document.record, lambda: document.positions, document.top)
