"""The MkDocs adapter: records become pages, answers become index pages, findings become log lines."""

from mkdocs_incident.plugin.adapter import IncidentPlugin

__all__ = ["IncidentPlugin"]
