"""Rule unknown-service."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.records.values import texts
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.wording import clip, listed


@rule(
    "REF008",
    "unknown-service",
    level=Level.WARNING,
    strict=Level.ERROR,
    essential=True,
    options=("services",),
)
def unknown_service(document: Document, context: Context) -> Iterator[Finding]:
    """A record names a service that the policy does not list.

    ## Why it matters

    Counts by service, similar incidents and owners are found by name: `payment-api` and `payments-api` are two services to a machine. Judged where the policy lists `services`.

    ## Example

    ```yaml title="incident.yml"
    services: [payments-api, checkout]
    ```

    ```yaml
    services: [payment-api]
    ```

    ## Use instead

    ```yaml
    services: [payments-api]
    ```
    """
    known = [service.name for service in context.policy.services]
    if not known:
        return
    for i, name in enumerate(texts(document.record, "services")):
        if name in known:
            continue
        near = [k for k in known if k.casefold() == name.casefold()]
        near = near or difflib.get_close_matches(name, known, n=3, cutoff=0.7)
        yield Finding(
            document.at("services", i),
            f"Service `{clip(name)}` is not among the policy's services",
            hint=f"Did you mean {listed(near)}?"
            if near
            else "Correct it, or add it to `services` in incident.yml",
        )
