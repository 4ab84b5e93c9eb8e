"""Which language the pages speak."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from mkdocs_incident.language import ENGLISH, Language
from mkdocs_incident.language.catalogue import (
    CatalogueError,
    catalogue_language,
    language_of,
    locale_name,
    shipped,
)

if TYPE_CHECKING:
    from mkdocs.theme import Theme

    from mkdocs_incident.plugin.options import IncidentConfig

log = get_plugin_logger("incident")


def chosen_language(options: IncidentConfig, theme: Theme) -> Language:
    """Return what the options say, else what the theme speaks where there are texts for it.

    Raises:
        PluginError: there is no such language, or its catalogue can't be read.
    """
    own = Path(options.catalogue) if options.catalogue else None
    try:
        chosen = options.language or (catalogue_language(own) if own else None)
        if chosen is not None:
            return language_of(chosen, own)
        spoken = str(theme.get("language") or theme.locale)
        name = locale_name(spoken)
        if name is None or name.split("_", maxsplit=1)[0] not in shipped():
            log.info(
                "Pages of incidents are in English: there are no texts for the theme's `%s`; "
                "the option `catalogue` takes some",
                spoken,
            )
            name = ENGLISH.name
        return language_of(name, own)
    except CatalogueError as error:
        raise PluginError(f"incident: {error}") from error
