"""Rule blaming-language."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.rules.language import judgements
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document


@rule("LANG001", "blaming-language", level=Level.NOTE, strict=Level.ERROR)
def blaming_language(document: Document, context: Context) -> Iterator[Finding]:
    """A record judges a person: human error, carelessness, a duty that somebody forgot.

    ## Why it matters

    A judgement ends the search for causes: nobody asks what made the mistake easy, and the next responder keeps quiet about theirs. Whole phrases are looked for, in English and German, in the text of incidents and postmortems. Quotations, quoted speech and code are not judged, nor are machines: "the node failed to start" is fine.

    ## Example

    ```markdown
    ## Root cause

    The outage was caused by human error: the on-call engineer forgot to drain the node.
    ```

    ## Use instead

    ```markdown
    ## Root cause

    The reboot tool accepts a node that still serves traffic, and no step of the runbook drains it first.
    ```
    """
    yield from judgements(
        document, "blaming-language", "judges a person, expected what the system allowed"
    )
