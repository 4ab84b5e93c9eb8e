"""Rule undecodable-file; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

undecodable_file = documented(
    "SRC006",
    "undecodable-file",
    """
    The file is not UTF-8 text.

    ## Why it matters

    Another encoding would turn names into rubbish on the site; a NUL character means that the file is binary or UTF-16.

    ## Example

    A file that an editor saved as UTF-16 or Latin-1.

    ## Use instead

    The same file saved as UTF-8, with or without a byte order mark.
    """,
)
