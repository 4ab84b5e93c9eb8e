"""Rule hindsight-language."""

from __future__ import annotations

from collections.abc import Iterator

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.rules.language import judgements
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document


@rule("LANG003", "hindsight-language", level=Level.NOTE, strict=Level.WARNING)
def hindsight_language(document: Document, context: Context) -> Iterator[Finding]:
    """A record judges with what is known only now: should have known, could have prevented, if only.

    ## Why it matters

    Once the cause is known, every clue to it looks plain. Whoever writes that somebody should have seen it explains nothing: what helps is which of the clues could be seen at that time, by whom and among what else. What a system should do, and how large an impact could have been, is no hindsight.

    ## Example

    ```markdown
    ## What went poorly

    - We should have known that the pool was too small
    ```

    ## Use instead

    ```markdown
    ## What went poorly

    - The pool's usage is on no dashboard and in no alert
    ```
    """
    yield from judgements(
        document, "hindsight-language", "judges with hindsight, expected what was known at the time"
    )
