"""Rule unreadable-path; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

unreadable_path = documented(
    "SRC007",
    "unreadable-path",
    """
    A file or folder in a record folder can't be opened.

    ## Why it matters

    A record that can't be read would be missing from the trackers without anybody noticing: a link that leads nowhere, a folder named like a Markdown file, a file without read permission.

    ## Example

    `incidents/2025/latest.md` is a symbolic link to a file that was moved.

    ## Use instead

    Repair the link, or name it under `exclude` in `incident.yml`.
    """,
)
