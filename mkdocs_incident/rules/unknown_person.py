"""Rule unknown-person."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records.values import mappings, text, texts
from mkdocs_incident.rules.people import is_known, nearest_handle
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.front_matter import Route
from mkdocs_incident.wording import clip


@rule(
    "REF009",
    "unknown-person",
    level=Level.WARNING,
    strict=Level.ERROR,
    essential=True,
    options=("people", "teams"),
)
def unknown_person(document: Document, context: Context) -> Iterator[Finding]:
    """A record names somebody who is neither among the policy's people nor among its teams.

    ## Why it matters

    A misspelt handle reaches nobody, and one person under two spellings leads half as many incidents. Judged where the policy lists `people`: the incident commander, roles, responders, authors, approvals, and the owners of runbooks. Owners of action items have a rule of their own, unknown-owner.

    ## Example

    ```yaml title="incident.yml"
    people: ["@payments-lead"]
    ```

    ```yaml
    incident_commander: "@paymnets-lead"
    ```

    ## Use instead

    ```yaml
    incident_commander: "@payments-lead"
    ```
    """
    for route, handle in _people(document):
        if not is_known(context.policy, handle):
            yield Finding(
                document.at(*route),
                f"`{clip(handle)}` is not among the policy's people and teams",
                hint=nearest_handle(context.policy, handle),
            )


def _people(document: Document) -> Iterator[tuple[Route, str]]:
    record = document.record
    for name in ("incident_commander", "author", "owner"):
        if handle := text(record, name):
            yield (name,), handle
    roles = record.get("roles")
    for name in roles if isinstance(roles, dict) else ():
        if handle := text(record, "roles", name):
            yield ("roles", name), handle
    for name in ("responders", "authors"):
        for i, handle in enumerate(texts(record, name)):
            yield (name, i), handle
    for i, mitigation in mappings(record, "mitigations"):
        if (handle := text(mitigation, "approved_by")) and handle.startswith("@"):
            yield ("mitigations", i, "approved_by"), handle
