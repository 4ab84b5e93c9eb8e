"""Rule broken-link."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from mkdocs_incident.diagnostic import Finding, Level
from mkdocs_incident.rules.rule import Context, rule
from mkdocs_incident.source.document import Document
from mkdocs_incident.source.links import destination
from mkdocs_incident.wording import clip


@rule("REF007", "broken-link", level=Level.WARNING, strict=Level.ERROR, essential=True)
def broken_link(document: Document, context: Context) -> Iterator[Finding]:
    """A relative link or picture in a record's text leads to a file that does not exist.

    ## Why it matters

    Whoever reads the record later has nothing but its links. Links with a scheme, anchors and absolute paths are not looked at, nor is what stands in code or in a comment.

    ## Example

    ```markdown
    See the [graph](evidence/pool.png).
    ```

    with no such file beside the record.

    ## Use instead

    A path relative to the record's own file. A page of the documentation is linked as the site sees it: as if `docs/` were the root of the repository.
    """
    for link in document.links:
        try:
            parts = urlsplit(destination(link.text))
        except ValueError:
            continue
        path = unquote(parts.path)
        if parts.scheme or path.startswith("/"):
            continue
        bases = (document.path, f"docs/{document.path}")
        if any(context.target(base, path) == "something" for base in bases):
            continue
        yield Finding(
            link.location(document.path),
            f"Link `{clip(link.text, 80)}` leads to no file",
            hint="Name the file relative to this one",
        )
