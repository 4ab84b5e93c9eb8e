"""The language that pages speak: texts from one catalogue; days and numbers as its readers write them.

Texts are English in the code, as gettext has it. What the command line says is English always.
"""

from mkdocs_incident.language.speech import (
    ENGLISH,
    Language,
    day,
    gettext,
    marked,
    ngettext,
    number,
    pgettext,
    speaking,
    spoken,
)

__all__ = [
    "ENGLISH",
    "Language",
    "day",
    "gettext",
    "marked",
    "ngettext",
    "number",
    "pgettext",
    "speaking",
    "spoken",
]
