"""What records' pages are tagged with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_incident.pages.labels import labels_of
from mkdocs_incident.pages.site import Site
from mkdocs_incident.source.document import Document

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


def tags_of(site: Site, document: Document, config: MkDocsConfig) -> tuple[str, ...] | None:
    """Return what a record is listed under, as the language in force says it; None for its own tags alone.

    Args:
        site: all records.
        document: the record.
        config: where Material's plugin may list the tags that it lets through.
    """
    labels = labels_of(site, document)
    allowed = _allowed(config)
    if labels is None or not allowed:
        return labels.tags if labels is not None else None
    return tuple(tag for tag in labels.tags if tag in labels.own or tag in allowed)


def _allowed(config: MkDocsConfig) -> set[str]:
    """Return the tags that Material's plugin may meet without ending the build; empty for any."""
    plugins = [
        plugin for name, plugin in config.plugins.items() if name.startswith("material/tags")
    ]
    return {str(tag) for plugin in plugins for tag in plugin.config.get("tags_allowed", ())}
