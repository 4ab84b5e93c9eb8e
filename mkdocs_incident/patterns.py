"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """A regular expression that becomes what it compiles to, name by name as it is asked."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """Return the compiled expression's own, at hand from then on."""
        if name.startswith("__"):  # asked of what is no pattern yet, to copy it
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, found)
        return found


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression of a module.

    There are hundreds. A run needs few of them, and compiling those of `check` takes 30 ms.
    """
    return cast("re.Pattern[str]", _Pattern(pattern, flags))
