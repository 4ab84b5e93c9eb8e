"""What the gate has found, as a build tells it: in its log, and to the pages of records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from mkdocs_incident.check import policy_diagnostics
from mkdocs_incident.diagnostic import Diagnostic, Level
from mkdocs_incident.policy import PolicyError
from mkdocs_incident.reporters.text import headline
from mkdocs_incident.waiving import Waived
from mkdocs_incident.wording import counted

log = get_plugin_logger("incident")


class Findings:
    """The findings of a build, and those that are waived."""

    def __init__(self, found: Sequence[Diagnostic] = (), waived: Sequence[Waived] = ()) -> None:
        self._found = found
        self._by_path: dict[str, list[Diagnostic]] = defaultdict(list)
        self._waived: dict[str, list[Waived]] = defaultdict(list)
        for finding in found:
            self._by_path[finding.location.path].append(finding)
        for entry in waived:
            self._waived[entry.diagnostic.location.path].append(entry)

    def of(self, path: str) -> Sequence[Diagnostic]:
        """Return what was found in a file."""
        return self._by_path.get(path, ())

    def waived_in(self, path: str) -> Sequence[Waived]:
        """Return what was found in a file and is waived."""
        return self._waived.get(path, ())

    def log(self, *, may_fail: bool) -> None:
        """Log all findings; errors only where they may end the build.

        Raises:
            PluginError: there are errors, which may end the build.
        """
        for finding in self._found:
            is_error = finding.level is Level.ERROR and may_fail
            emit = (
                log.error if is_error else log.info if finding.level is Level.NOTE else log.warning
            )
            emit("%s", headline(finding))
        errors = sum(finding.level is Level.ERROR for finding in self._found)
        if errors and may_fail:
            raise PluginError(f"incident: {counted(errors, 'error')} in records, nothing was built")


def refusal(error: PolicyError) -> PluginError:
    """Log what is wrong with the policy; return what ends the build."""
    findings = policy_diagnostics(error)
    for finding in findings:
        log.error("%s", headline(finding))
    count = counted(len(findings), "error")
    return PluginError(f"incident: the configuration has {count}, nothing was built")
