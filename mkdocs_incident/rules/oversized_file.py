"""Rule oversized-file; the reading layers raise it."""

from mkdocs_incident.rules.rule import documented

oversized_file = documented(
    "SRC008",
    "oversized-file",
    """
    The file is larger than the limit.

    ## Why it matters

    A record is prose. Megabytes are pasted logs, which make the page unusable and every run slow.

    ## Example

    A postmortem with 8 MB of log lines in a code block.

    ## Use instead

    Put the log beside the record and name it under `evidence`. The limit is `max_file_size` in `incident.yml` (bytes, default 5 MiB).
    """,
)
