"""A report for the tests of reporters, and what a runner of GitHub does with what is printed."""

from __future__ import annotations

import re

from msgspec.structs import replace

from mkdocs_incident.diagnostic import Diagnostic, Level, Location, Related
from mkdocs_incident.reporters.report import Report, RuleInfo

PATH = "incidents/INC-2025-0142/incident.md"

SOURCE = """\
---
id: INC-2025-0142
severity: SEV9
---
# Café checkout down

- [ ] Alert at 80%
"""

RULES = [
    RuleInfo(
        code="INC002",
        name="unknown-severity",
        level=Level.ERROR,
        summary="An incident's severity is a level of the policy.",
        description="Deadlines follow from the severity.\n\n## Example\n\n    severity: SEV9\n",
        help_uri="https://example.org/rules/unknown-severity/",
    ),
    RuleInfo("ACT001", "action-without-owner", Level.WARNING, "Action items have owners.", ""),
]

UNKNOWN_SEVERITY = Diagnostic(
    Location(PATH, 3, 11, 3, 15),
    "INC002",
    "unknown-severity",
    Level.ERROR,
    "`SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4`",
    hint="Write a level of the policy, or add `SEV9` to it.",
    related=(Related(Location("incident.yml", 4, 1, 4, 7), "the levels are set here"),),
)

WITHOUT_OWNER = Diagnostic(
    Location(PATH, 7, 7, 7, 19),
    "ACT001",
    "action-without-owner",
    Level.WARNING,
    "Action item `Alert at 80%` has no owner",
    hint="Write `(@owner)` behind it.",
)

BLAME = Diagnostic(
    Location("postmortems/2025.md", 40, 3, 41, 5),
    "LANG001",
    "blaming-language",
    Level.NOTE,
    "`human error` names no cause",
)

REPORT = Report(
    diagnostics=(UNKNOWN_SEVERITY, WITHOUT_OWNER, BLAME),
    records=14,
    sources={PATH: SOURCE},
    rules=RULES,
)

EMPTY = replace(REPORT, diagnostics=())


def findings(level, count, *, files):
    return tuple(
        Diagnostic(
            Location(f"{number % files}.md", number, 1, number, 2), "X001", "x", level, f"m{number}"
        )
        for number in range(1, count + 1)
    )


# Text


TEXT = """\
incidents/INC-2025-0142/incident.md:3:11: error INC002 `SEV9` is not one of `SEV1`, `SEV2`, `SEV3`, `SEV4` [unknown-severity]
  3 | severity: SEV9
    |           ^^^^
  hint: Write a level of the policy, or add `SEV9` to it.
  see incident.yml:4:1 the levels are set here

incidents/INC-2025-0142/incident.md:7:7: warning ACT001 Action item `Alert at 80%` has no owner [action-without-owner]
  7 | - [ ] Alert at 80%
    |       ^^^^^^^^^^^^
  hint: Write `(@owner)` behind it.

postmortems/2025.md:40:3: note LANG001 `human error` names no cause [blaming-language]

1 error, 1 warning and 1 note in 14 records
"""


# GitHub


def parsed_command(line, registered):
    """Read a line as the Actions runner does: `::command::` at its start, `##[command]` anywhere."""
    match = re.match(r"\s*::([^\s:]*)(?: .*?)?::", line) or re.search(r"##\[([^\s\]]*).*?\]", line)
    return match[1] if match and match[1] in registered else None


def executed(output):
    """Return the lines that a runner executes, and those that it prints."""
    registered = {"error", "warning", "notice", "group", "endgroup", "stop-commands", "add-mask"}
    commands, printed, token = [], [], None
    for line in re.split(r"\r\n|\r|\n", output.removesuffix("\n")):
        command = parsed_command(line, registered)
        if token is not None:
            if command == token:
                token = None
            else:
                printed.append(line)
        elif command == "stop-commands":
            token = line.rpartition("::")[2]
            registered.add(token)
        elif command is not None:
            commands.append(line)
        else:
            printed.append(line)
    assert token is None
    return commands, printed
