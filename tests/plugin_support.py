"""Configurations of MkDocs for the tests of the plugin, and a repository with an error."""

from site_support import CONFIGURED, INCIDENT

MATERIAL = """\
site_name: Test
theme:
  name: material
  font: false
plugins:
  - search
  - tags
  - incident:
      as_of: 2025-04-01
markdown_extensions: [pymdownx.superfences, pymdownx.details, admonition, {toc: {permalink: true}}]
"""


def options(text, extra=""):
    """A mkdocs.yml whose plugin has these options."""
    return f"site_name: Test\n{extra}plugins:\n  - search\n  - incident: {{as_of: 2025-04-01, {text}}}\n"


BROKEN = {**CONFIGURED, "incidents/INC-2025-0001/incident.md": INCIDENT.replace("SEV2", "SEV9")}
