"""Rule evidence-file-missing."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding
from mkdocs_incident.records.values import mappings
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip


@rule("REF005", "evidence-file-missing", essential=True)
def evidence_file_missing(document: Document, context: Context) -> Iterator[Finding]:
    """A file named as evidence is not there, or lies outside of the repository.

    ## Why it matters

    Logs rotate and dashboards expire; what the review argues from must be archived with it. A path that leaves the repository works on one machine only.

    ## Example

    ```yaml
    evidence:
      - title: Pool usage during the incident
        path: evidence/pool.csv
    ```

    with no such file beside the record.

    ## Use instead

    Put the file beside the record and name it relative to the record, or link what is archived elsewhere with `url`.
    """
    for i, entry in mappings(document.record, "evidence"):
        path = entry.get("path")
        if not isinstance(path, str):
            continue
        target = context.target(document.path, path)
        if path.startswith("/"):
            problem = "is an absolute path"
        elif target == "outside":
            problem = "lies outside of the repository"
        elif target == "nothing":
            problem = "does not exist"
        else:
            continue
        yield Finding(
            document.at("evidence", i, "path"),
            f"Evidence `{clip(path)}` {problem}",
            hint="Put the file beside the record and name it relative to the record, or use `url`",
        )
