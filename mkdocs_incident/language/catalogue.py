"""Catalogues of texts: gettext's ``.po`` files, read as they are written."""

from __future__ import annotations

import gettext
import io
import re
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from mkdocs_incident.language import formats
from mkdocs_incident.language.speech import ENGLISH, Language
from mkdocs_incident.patterns import regex

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

CATALOGUES = Path(__file__).parent / "catalogues"
"""``de.po`` and so on; ``messages.pot`` lists what there is to translate."""

_PLACEHOLDER = regex(r"%(?:\((\w+)\)s|%)")


class CatalogueError(Exception):
    """A language without a catalogue, or a catalogue that can't be used; says which, where and why."""


def shipped() -> list[str]:
    """Return the languages that texts are shipped in."""
    return sorted([ENGLISH.name, *(path.stem for path in CATALOGUES.glob("*.po"))])


def locale_name(name: str) -> str | None:
    """Return a language's name such as ``pt-BR`` as Babel writes it, None if Babel knows none such."""
    try:
        return str(Locale.parse(name, sep="-" if "-" in name else "_"))
    except (ValueError, UnknownLocaleError):
        return None


def language_of(name: str, own: Path | None = None) -> Language:
    """Return a language with its texts, those of the file `own` before the shipped ones.

    Args:
        name: such as ``de``, ``de-AT`` or ``pt_BR``; German texts serve ``de-AT``, too.
        own: a catalogue in gettext's ``.po`` format.

    Raises:
        CatalogueError: the language is unknown or has no catalogue, or `own` can't be used.
    """
    locale = locale_name(name)
    if locale is None:
        raise CatalogueError(f"`{name}` is no language that is known, expected such as `de`")
    general = locale.split("_", maxsplit=1)[0]
    ours = next((n for n in (locale, general) if n in shipped()), None)
    if ours is None and own is None:
        raise CatalogueError(
            f"There are no texts for `{name}`, only for {', '.join(f'`{n}`' for n in shipped())}; "
            "the option `catalogue` takes some"
        )
    base: gettext.NullTranslations = gettext.NullTranslations()
    if ours is not None and ours != ENGLISH.name:
        base = _translations(CATALOGUES / f"{ours}.po", locale)
    if own is None:
        return _language(locale, base)
    translations = _translations(own, locale)
    translations.add_fallback(base)
    return _language(locale, translations)


def _language(locale: str, translations: gettext.NullTranslations) -> Language:
    # The pages of a site name the same numbers many times.
    written = lru_cache(maxsize=4096, typed=True)(partial(format_decimal, locale=locale))
    return Language(locale, translations, written, formats.day)


def catalogue_language(own: Path) -> str:
    """Return the language that a catalogue's head names.

    Raises:
        CatalogueError: the file can't be read, or names none.
    """
    locale = _read(own, None).locale
    if locale is None:
        raise CatalogueError(
            f"Catalogue `{own.name}` names no language; say it in its head, `Language: fr`, "
            "or in the option `language`"
        )
    return str(locale)


def _translations(path: Path, locale: str) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, _checked(path, _read(path, locale)))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _known() -> dict[str, set[str]]:
    """Return the placeholders that each text is given values for."""
    template = _read(CATALOGUES / "messages.pot", None)
    found: dict[str, set[str]] = {}
    for message in template:
        for text in _texts(message.id):
            found.setdefault(text, set()).update(*map(_placeholders, _texts(message.id)))
    return found


def _read(path: Path, locale: str | None) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except (OSError, ValueError, LookupError, PoFileError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise CatalogueError(f"Catalogue `{path.name}` can't be read: {why}") from error


def _checked(path: Path, catalogue: Catalog) -> Catalog:
    """Refuse a translation that could not be filled in: a page would break on it."""
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        named = _known().get(_texts(message.id)[0])
        if named is None:
            continue  # of another version: nothing asks for it
        for text in filter(None, _texts(message.string)):
            if strange := _placeholders(text) - named:
                expected = ", ".join(f"`%({name})s`" for name in sorted(named)) or "none"
                raise CatalogueError(
                    f"Catalogue `{path.name}`, line {message.lineno}: the text has "
                    f"`{min(strange)}`, expected of {expected} and `%%` for a percent sign"
                )
    return catalogue


def _texts(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _placeholders(text: str) -> set[str]:
    """Return the names in a text, and as written what is neither a name nor a percent sign."""
    names = {match[1] for match in _PLACEHOLDER.finditer(text) if match[1]}
    return names | set(re.findall(r"%.?", _PLACEHOLDER.sub("", text)))
