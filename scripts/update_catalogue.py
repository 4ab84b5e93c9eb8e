"""Write the template of all texts, and bring the shipped languages up to it.

``messages.pot`` holds what pages say: the texts of the code and of the templates, and the values that schemas
list. ``de.po`` and ``ja.po`` keep what is translated and gain what is new without a translation, which a
test then asks for. ``update_catalogue.py --check`` names what is out of date.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import mkdocs_incident
from mkdocs_incident.diagnostic import Level
from mkdocs_incident.language.catalogue import CATALOGUES
from mkdocs_incident.schema.bundling import bundled
from mkdocs_incident.source.title import KINDS
from mkdocs_incident.wording import words

PACKAGE = Path(mkdocs_incident.__file__).parent
TEMPLATE = CATALOGUES / "messages.pot"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "marked": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TOLD = (*KINDS, "action-item", "timeline-event")
"""Schemas whose values pages show as words."""
_UNTOLD = (
    '"Project-',
    '"Report-',
    '"POT-',
    '"PO-',
    '"Last-',
    '"Language-Team',
    '"MIME',
    '"Generated-',
)
"""Lines of a catalogue's head that say nothing here."""
NOT_TERMS = {"severity"}
"""Fields whose values are names, the same in every language."""


def template() -> Catalog:
    """Return every text that pages may say."""
    catalogue = Catalog(project="mkdocs-incident", charset="utf-8", fuzzy=False)
    catalogue.header_comment = "# Texts of the pages of mkdocs-incident."
    found = extract_from_dir(str(PACKAGE), METHODS, OPTIONS, KEYWORDS)
    for path, line, message, comments, context in found:
        text = message if isinstance(message, str) else tuple(part for part in message if part)
        catalogue.add(
            text,
            locations=[(f"mkdocs_incident/{path}", line)],
            auto_comments=comments,
            context=context,
        )
    for name in TOLD:
        for value in _terms(bundled(name)):
            catalogue.add(words(value), locations=[(f"schemas/{name}.schema.json", 0)])
    for level in Level:
        catalogue.add(str(level), locations=[("mkdocs_incident/diagnostic.py", 0)])
    return catalogue


def _terms(schema: Any, name: str = "") -> Iterator[str]:
    if isinstance(schema, dict):
        values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
        if name not in NOT_TERMS:
            yield from (value for value in values if isinstance(value, str))
        for key, value in schema.items():
            yield from _terms(value, key)
    elif isinstance(schema, list):
        for value in schema:
            yield from _terms(value, name)


def files() -> dict[Path, str]:
    """Return what each catalogue shall hold."""
    current = template()
    wanted = {TEMPLATE: _written(current)}
    for path in sorted(CATALOGUES.glob("*.po")):
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=path.stem)
        catalogue.update(current, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        wanted[path] = _written(catalogue)
    return wanted


def _written(catalogue: Catalog) -> str:
    """Return a catalogue as text; without lines and dates, which change with no text."""
    written = io.BytesIO()
    write_po(written, catalogue, width=100, omit_header=False, include_lineno=False)
    lines = written.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_UNTOLD))


def main() -> int:
    """Write the catalogues, or with ``--check`` say which are out of date."""
    changed = [
        (path, text)
        for path, text in files().items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    for path, text in changed:
        if "--check" in sys.argv:
            print(f"{path.name} is out of date: run `make generate`")
        else:
            path.write_text(text, "utf-8")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
