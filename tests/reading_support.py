"""A document's body, read: all of it, its timeline's times, or its one entry."""

from mkdocs_incident.source.document import ReadOptions, read_document

DATED = "# INC-2025-0150: Gate stays shut\n\n**Date:** 2025-06-15\n\n"


def read(body, **options):
    return read_document("incidents/a/incident.md", body.encode(), ReadOptions(**options))


def times(body, **options):
    return [entry["at"] for entry in read(body, **options).record["timeline"]]


def entry(line, before=DATED, heading="## Timeline"):
    (found,) = read(f"{before}{heading}\n\n{line}\n").record["timeline"]
    return {name: value for name, value in found.items() if name != "milestone"}
