"""One open file as its handlers see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from mkdocs_incident.lsp.names import Names
from mkdocs_incident.lsp.positions import Columns
from mkdocs_incident.lsp.repository import Reading
from mkdocs_incident.lsp.typing_place import TypingPlace, front_matter, typing_place
from mkdocs_incident.schema.validation import RecordSchema
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Positions, read_mapping
from mkdocs_incident.source.text import SourceText

if TYPE_CHECKING:
    from lsprotocol import types


class View(msgspec.Struct, frozen=True, dict=True):
    """A record or the policy as it is typed now, among the records as they were last read."""

    uri: str
    path: str
    """Relative to the root."""
    text: str
    reading: Reading
    names: Names
    columns: Columns

    @property
    def is_policy(self) -> bool:
        """Whether the file is ``incident.yml`` and no record."""
        return self.path == self.reading.policy_text.path

    @cached_property
    def source(self) -> SourceText:
        """The text in lines."""
        return SourceText(self.path, self.text)

    @property
    def lines(self) -> Sequence[str]:
        """The lines without their ends."""
        return self.source.lines

    @cached_property
    def document(self) -> Document:
        """The record that the text is."""
        return self.reading.document(self.path, self.text)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """What the fields of the file are."""
        if self.is_policy:
            return RecordSchema("config").document
        return self.reading.policy.schemas[self.document.kind].document

    @cached_property
    def positions(self) -> Positions:
        """Where keys and values of the file stand; of a record those of its body, too."""
        return read_mapping(self.source)[1] if self.is_policy else self.document.positions

    @cached_property
    def yaml(self) -> range | None:
        """The lines, from 0, that are YAML; None where the record has no front matter."""
        return range(len(self.lines)) if self.is_policy else front_matter(self.lines)

    def is_in_yaml(self, line: int) -> bool:
        """Return whether a line is one of front matter or of the policy."""
        return self.yaml is not None and line in self.yaml

    def place(self, line: int, character: int) -> TypingPlace | None:
        """Return what is typed at a place in YAML."""
        return None if self.yaml is None else typing_place(self.lines, self.yaml, line, character)

    def character(self, position: types.Position) -> tuple[int, int]:
        """Return line and character, from 0, of a client's position; at most the end of the text."""
        if position.line >= len(self.lines):
            return len(self.lines) - 1, len(self.lines[-1])
        return position.line, self.columns.characters(self.lines[position.line], position.character)
