"""Handles that records name, and those that the policy knows."""

from __future__ import annotations

import difflib

from mkdocs_incident.policy import Policy, handle_key
from mkdocs_incident.wording import listed


def is_known(policy: Policy, written: str) -> bool:
    """Return whether everybody named in a text is in the policy; True where it lists no people.

    Several may share a task: ``@payments-team, @sre``.
    """
    if not policy.people:
        return True
    parts = written.replace("/", ",").replace("&", ",").split(",")
    return all(handle_key(part) in policy.handles_and_names for part in parts if part.strip())


def nearest_handle(policy: Policy, written: str) -> str:
    """Return the hint for an unknown handle: the near misses, if there are any."""
    handles = [*(person.handle for person in policy.people), *policy.teams]
    near = difflib.get_close_matches(written, handles, n=3, cutoff=0.7)
    if near:
        return f"Did you mean {listed(near)}?"
    return "Correct it, or add it to `people` or `teams` in incident.yml"
