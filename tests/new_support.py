"""A repository in which records are begun."""

import pytest
from authoring_support import FILES, PATH

from mkdocs_incident.file_names import CACHE_NAME

AT = ("--at", "2025-06-15T14:30Z")
KNOWN = ("--title", "Cards are declined", "--severity", "SEV2", "--commander", "@payments-lead")


@pytest.fixture
def repository(repository_of):
    """A repository; gives a command's outcome, and a file's text."""
    return repository_of(FILES, PATH)


def files(folder):
    """All but what is remembered of them."""
    found = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] != CACHE_NAME)
