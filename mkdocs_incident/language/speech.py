"""Texts in the language in force: English unless a site says otherwise.

The language is context, as it is in Django and Sphinx: whoever words an answer does not hand it on,
and texts stand where they are used, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from gettext import NullTranslations
from typing import NamedTuple


class Language(NamedTuple):
    """A language with its texts.

    No struct: a wrong option, which is answered in it, does not wait for msgspec.
    """

    name: str
    """As Babel writes it: ``de``, ``pt_BR``."""
    translations: NullTranslations = NullTranslations()
    number: Callable[[float], str] = "{:,}".format
    """Writes a number with its thousands apart."""
    day: Callable[[date], str] = date.isoformat
    """Writes a day; the command line's English writes it as records do."""


ENGLISH = Language("en")
"""What the command line speaks."""

_SPOKEN: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def spoken() -> Language:
    """Return the language in force."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language within a ``with`` block."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def marked(message: str) -> str:
    """Return a text as it is, marked for the catalogue: whoever shows it calls `gettext`."""
    return message


def gettext(message: str, **values: object) -> str:
    """Return a text with its values, which it names as ``%(name)s``; ``%%`` is a percent sign."""
    return spoken().translations.gettext(message) % values


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a text that fits a number, which it names as ``%(num)s``."""
    text = spoken().translations.ngettext(singular, plural, num)
    return text % {"num": number(num), **values}


def number(value: float) -> str:
    """Return a number with its thousands apart: ``212,400``."""
    return spoken().number(value)


def day(value: date) -> str:
    """Return a day as the language in force writes it: ``15 Jun 2025`` on pages."""
    return spoken().day(value)


def pgettext(context: str, message: str, **values: object) -> str:
    """Return a text that says different things in different places; `context` tells which is meant."""
    return spoken().translations.pgettext(context, message) % values
